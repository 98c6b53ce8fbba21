/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock_fake.h -- a clock that stands still until its test moves it; the test's side of it. */
#pragma once

#include "clock.h"

struct clock_fake_state {
    int err; /* 0, or the negative errno that clock_now() returns */
    struct clock_reading reading;
};

/* Borrows *state, which the test changes as it likes: it must outlive the clock. An anchor moves
 * reading.wall_ms as the relay says, with trust CLOCK_RELAY. -ENOMEM. */
NODISCARD int clock_fake_open(struct clock_fake_state *state, struct clock **ret);
