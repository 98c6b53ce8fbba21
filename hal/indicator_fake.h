/* SPDX-License-Identifier: Apache-2.0 */
/* hal/indicator_fake.h -- an indicator that records what it is told; the test's side of it. */
#pragma once

#include <stddef.h>

#include "indicator.h"
#include "indicator_driver.h"

#define INDICATOR_FAKE_CHANGES_MAX 256

struct indicator_fake_change {
    int64_t mono_ms;
    struct indicator_out out;
};

struct indicator_fake_record {
    int err; /* what the driver returns: 0, or a negative errno that a test has set */
    size_t n;
    struct indicator_fake_change changes[INDICATOR_FAKE_CHANGES_MAX]; /* the first so many */
};

/* Borrows *record: it must outlive the indicator. -ENOMEM. */
NODISCARD int indicator_fake_open(struct indicator_fake_record *record, struct indicator **ret);
