/* SPDX-License-Identifier: Apache-2.0 */
/* hal/printer_driver.h -- for drivers only: embed struct printer first, fill ops. */
#pragma once

#include <stdint.h>

#include "printer.h"

struct printer_ops {
    /* Required. May block until the deadline (monotonic ms). Errors as in printer.h. */
    int (*send)(struct printer *p, const uint8_t *label, size_t len, int64_t deadline_ms);
    /* NULL: the wire goes one way. May block until the deadline. */
    int (*status)(struct printer *p, int64_t deadline_ms, struct printer_status *ret);
    /* Required. */
    void (*free)(struct printer *p);
};

struct printer {
    const struct printer_ops *ops;
};

/* Writes all bytes to a non-blocking descriptor. The errors of printer_send(). */
NODISCARD int printer_write(int fd, const uint8_t *bytes, size_t len, int64_t deadline_ms);

/* Sends ~HS and reads the answer, on a non-blocking descriptor. 0 with PRINTER_SILENT when none
 * comes; -ENOTCONN when the link is gone. */
NODISCARD int printer_ask(int fd, int64_t deadline_ms, struct printer_status *ret);
