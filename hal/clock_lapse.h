/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock_lapse.h -- a calendar that runs faster than the world, for demos and simulations:
 * months in minutes. Several processes of one machine that are given the same spec share the
 * calendar. */
#pragma once

#include "clock.h"
#include "diag.h"

#define CLOCK_LAPSE_TEXT_SIZE 96
#define CLOCK_LAPSE_SPEED_MAX INT64_C(2000000000) /* 2,000,000 times: a day in 43 ms */

struct clock_lapse_spec {
    int64_t start_ms;       /* the simulated wall time at the origin */
    int64_t speed_permille; /* 1000 is the world's pace */
    int64_t origin_mono_ms; /* on the machine's CLOCK_MONOTONIC */
};

/* Reads "lapse:START_MS:SPEED_PERMILLE:ORIGIN_MONO_MS". -EINVAL with *reterr for anything else. */
NODISCARD int clock_lapse_parse(const char *text, struct clock_lapse_spec *ret,
                                struct diag *reterr);

/* Writes it. Returns buf. */
const char *clock_lapse_format(const struct clock_lapse_spec *spec,
                               char buf[CLOCK_LAPSE_TEXT_SIZE]);

/* The simulated instant at mono_ms of the machine. Pure. mono_ms of a reading is hurried by the
 * same factor, so that differences of the two clocks agree. */
struct clock_reading clock_lapse_at(const struct clock_lapse_spec *spec, int64_t mono_ms);

/* The simulated calendar is the true one: its trust is CLOCK_RELAY. -EINVAL for a spec out of
 * range, -EIO as clock_system_open(), -ENOMEM. */
NODISCARD int clock_lapse_open(const struct clock_lapse_spec *spec, struct clock **ret);
