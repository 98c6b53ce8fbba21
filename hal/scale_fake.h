/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_fake.h -- a scale that plays a script; the test's side of the fake. Opens no device. */
#pragma once

#include <stddef.h>

#include "scale.h"

struct scale_fake_step {
    int err; /* 0, or the negative errno the read returns */
    struct scale_reading reading;
};

/* Plays steps in order, then repeats the last. Borrows steps: they must outlive the scale. */
NODISCARD int scale_fake_open(const struct scale_fake_step *steps, size_t n, int64_t capacity_g,
                              struct scale **ret);
