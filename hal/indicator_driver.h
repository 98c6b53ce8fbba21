/* SPDX-License-Identifier: Apache-2.0 */
/* hal/indicator_driver.h -- for drivers only: embed struct indicator first, and fill ops. */
#pragma once

#include "indicator.h"

struct indicator_out {
    bool green;
    bool red;
    uint16_t tone_hz; /* 0: silent */
};

struct indicator_ops {
    /* Required. Called only when something changes. Must not block. 0, or -errno when anything
     * could not be set; what can be set is set all the same. */
    int (*set)(struct indicator *i, const struct indicator_out *out, int64_t now_ms);
    void (*free)(struct indicator *i); /* required; everything is off already */
};

struct indicator {
    const struct indicator_ops *ops;
    struct indicator_out out; /* as set last; all off at the start */
    bool playing;             /* a signal that plays once */
    enum indicator_signal signal;
    int64_t began_ms[INDICATOR_SIGNALS];
    bool standing[INDICATOR_SIGNALS];
    uint64_t failures;
};
