/* SPDX-License-Identifier: Apache-2.0 */
/* base/lapse.h -- a calendar that runs faster than the world, for demos and simulations: months in
 * minutes. Processes of one machine that are given the same text share the calendar. Until its
 * origin it runs at the world's pace, so that what is set up before takes minutes and not days.
 * Pure: it reads no clock. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define LAPSE_TEXT_SIZE 96
#define LAPSE_SPEED_MAX INT64_C(2000000000) /* 2,000,000 times: a day in 43 ms */

struct lapse {
    int64_t start_ms;       /* the simulated wall time at the origin */
    int64_t speed_permille; /* 1000 is the world's pace */
    int64_t origin_mono_ms; /* on the machine's CLOCK_MONOTONIC */
};

/* Whether it is within its ranges: 0 or -EINVAL. */
NODISCARD int lapse_check(const struct lapse *lapse);

/* Reads "lapse:START_MS:SPEED_PERMILLE:ORIGIN_MONO_MS". -EINVAL with *reterr for anything else. */
NODISCARD int lapse_parse(const char *text, struct lapse *ret, struct diag *reterr);

/* Writes it. Returns buf. */
const char *lapse_format(const struct lapse *lapse, char buf[LAPSE_TEXT_SIZE]);

/* How much simulated time has gone by since the origin at mono_ms of the machine; negative before
 * it. */
int64_t lapse_gone_ms(const struct lapse *lapse, int64_t mono_ms);
