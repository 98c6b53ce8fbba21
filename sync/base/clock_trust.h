/* SPDX-License-Identifier: Apache-2.0 */
/* base/clock_trust.h -- how far a wall clock is to be believed. The numbers travel in entries: they
 * never change their meaning. */
#pragma once

enum clock_trust {
    CLOCK_UNSET = 0,    /* nothing known: the build time stands in */
    CLOCK_RESTORED = 1, /* the last persisted time: not before this, maybe long after */
    CLOCK_RTC = 2,      /* a battery-backed clock that was plausible */
    CLOCK_NTP = 3,
    CLOCK_RELAY = 4, /* anchored by the relay */
};
#define CLOCK_TRUST_COUNT 5

/* At or below this, decisions on dates are made on the safe side, and say so. */
#define CLOCK_TRUST_DOUBTFUL CLOCK_RESTORED
