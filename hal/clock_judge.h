/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock_judge.h -- which of the appliance's sources of time is believed. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clock_trust.h"

/* No release is still running so long after it was built: a clock beyond it is wrong. */
#define CLOCK_LIFE_MS (INT64_C(20) * 365 * 86400000)

struct clock_evidence {
    int64_t mono_ms;
    int64_t system_ms;     /* CLOCK_REALTIME, which NTP or the RTC has set, or nobody */
    bool ntp_synced;       /* the kernel says that its clock is disciplined */
    bool rtc_valid;        /* the kernel set its clock from a battery-backed one at boot */
    int64_t build_ms;      /* of the release: it cannot be earlier */
    int64_t restored_ms;   /* the last time that was persisted; 0: none */
    int64_t began_mono_ms; /* when restored_ms was read */
    bool anchored;         /* by the relay, in this boot */
    int64_t anchor_wall_ms;
    int64_t anchor_mono_ms;
};

/* The best source wins: relay, NTP, RTC, the persisted time, the build time. What is not anchored
 * or synchronised is never before the persisted time and the build time, both carried forward since
 * the start; an RTC that says so, or is implausible, has lost its battery and is not believed. */
enum clock_trust clock_judge(const struct clock_evidence *e, int64_t *ret_wall_ms);
