/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock_driver.h -- for drivers only: embed struct clock first, and fill ops. */
#pragma once

#include "clock.h"

struct clock_ops {
    /* Required. Fills all of *ret, without regard to the floor. 0, or -EIO. Must not block. */
    int (*now)(struct clock *c, struct clock_reading *ret);
    /* NULL: the clock takes no anchor. */
    void (*anchor)(struct clock *c, int64_t wall_ms, int64_t mono_ms);
    /* Stores wall_ms durably; may block for the flash. NULL: nothing to store. */
    int (*persist)(struct clock *c, int64_t wall_ms);
    void (*free)(struct clock *c); /* required */
};

struct clock {
    const struct clock_ops *ops;
    int64_t floor_ms;
};

/* The boot of this machine, for drivers without one of their own. -EIO when the kernel does not
 * say. */
NODISCARD int clock_read_boot_id(char ret[CLOCK_BOOT_ID_SIZE]);
