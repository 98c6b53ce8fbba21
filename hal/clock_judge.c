/* SPDX-License-Identifier: Apache-2.0 */
#include "clock_judge.h"

#include <assert.h>

#include "clock.h"

static bool plausible(const struct clock_evidence *e, int64_t wall_ms)
{
    return wall_ms >= e->build_ms && wall_ms <= e->build_ms + CLOCK_LIFE_MS;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

enum clock_trust clock_judge(const struct clock_evidence *e, int64_t *ret_wall_ms)
{
    assert(e && ret_wall_ms);

    if (e->anchored) {
        *ret_wall_ms = e->anchor_wall_ms + (e->mono_ms - e->anchor_mono_ms);
        return CLOCK_RELAY;
    }
    if (e->ntp_synced && plausible(e, e->system_ms)) {
        *ret_wall_ms = e->system_ms;
        return CLOCK_NTP;
    }
    bool restored = e->restored_ms > 0 && plausible(e, e->restored_ms);
    int64_t known_ms = restored ? e->restored_ms : e->build_ms;
    int64_t floor_ms = known_ms + (e->mono_ms - e->began_mono_ms);
    *ret_wall_ms = plausible(e, e->system_ms) ? later(e->system_ms, floor_ms) : floor_ms;
    if (e->rtc_valid && plausible(e, e->system_ms) && e->system_ms >= floor_ms - CLOCK_SLACK_MS)
        return CLOCK_RTC;
    return restored ? CLOCK_RESTORED : CLOCK_UNSET;
}
