/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_driver.h -- for drivers only: embed struct scale first, fill ops and capacity_g. */
#pragma once

#include "scale.h"

struct scale_ops {
    /* Required. May block for twice its timeout. Any status may be returned with 0: scale.c turns
     * those without a weight into errors. Fills raw bytes; at_mono_ms when it knows better than
     * "now". Errors as in scale.h. */
    int (*read)(struct scale *s, struct scale_reading *ret);
    /* NULL: not supported. Returns 0 only when the effect was seen. */
    int (*tare)(struct scale *s);
    int (*zero)(struct scale *s);
    /* Required. */
    void (*free)(struct scale *s);
};

struct scale {
    const struct scale_ops *ops;
    int64_t capacity_g; /* 0: not checked */
    enum scale_status last_status;
};
