/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "clock.h"
#include "clock_judge.h"

/* Milliseconds, small enough to read: built at 1 day, started at mono 1,000, now 5 s later. */
#define DAY INT64_C(86400000)
#define EARLY 0 /* what a machine without a battery believes at boot */

struct row {
    const char *name;
    struct clock_evidence e;
    enum clock_trust want;
    int64_t want_wall_ms;
};

static struct row rows[] = {
    {"nothing known: the build time and what has passed since",
     {.system_ms = EARLY},
     CLOCK_UNSET,
     DAY + 5000},
    {"a system clock that nobody vouches for is used, not believed",
     {.system_ms = 9 * DAY},
     CLOCK_UNSET,
     9 * DAY},
    {"the persisted time is carried forward",
     {.system_ms = EARLY, .restored_ms = 5 * DAY},
     CLOCK_RESTORED,
     5 * DAY + 5000},
    {"a persisted time before the build is not believed",
     {.system_ms = EARLY, .restored_ms = DAY / 2},
     CLOCK_UNSET,
     DAY + 5000},
    {"a persisted time of the far future is not believed",
     {.system_ms = EARLY, .restored_ms = DAY + CLOCK_LIFE_MS + 1},
     CLOCK_UNSET,
     DAY + 5000},
    {"a plausible RTC is believed",
     {.system_ms = 9 * DAY, .rtc_valid = true, .restored_ms = 5 * DAY},
     CLOCK_RTC,
     9 * DAY},
    {"an RTC that drifted behind the persisted time does not go back",
     {.system_ms = 5 * DAY, .rtc_valid = true, .restored_ms = 5 * DAY},
     CLOCK_RTC,
     5 * DAY + 5000},
    {"an RTC far behind the persisted time has lost its battery",
     {.system_ms = 4 * DAY, .rtc_valid = true, .restored_ms = 5 * DAY},
     CLOCK_RESTORED,
     5 * DAY + 5000},
    {"an RTC of the far future is not believed",
     {.system_ms = DAY + CLOCK_LIFE_MS + 1, .rtc_valid = true},
     CLOCK_UNSET,
     DAY + 5000},
    {"NTP may put the time back",
     {.system_ms = 4 * DAY, .ntp_synced = true, .rtc_valid = true, .restored_ms = 5 * DAY},
     CLOCK_NTP,
     4 * DAY},
    {"NTP before the build is not believed",
     {.system_ms = EARLY, .ntp_synced = true, .restored_ms = 5 * DAY},
     CLOCK_RESTORED,
     5 * DAY + 5000},
    {"the relay is believed before all others",
     {.system_ms = 4 * DAY,
      .ntp_synced = true,
      .anchored = true,
      .anchor_wall_ms = 7 * DAY,
      .anchor_mono_ms = 4000},
     CLOCK_RELAY,
     7 * DAY + 2000},
    {"an anchor holds for the time before it too",
     {.anchored = true, .anchor_wall_ms = 7 * DAY, .anchor_mono_ms = 8000},
     CLOCK_RELAY,
     7 * DAY - 2000},
};

static void judge_row(void **state)
{
    const struct row *r = *state;
    struct clock_evidence e = r->e;
    e.build_ms = DAY;
    e.began_mono_ms = 1000;
    e.mono_ms = 6000;
    int64_t wall_ms = 0;
    assert_int_equal(clock_judge(&e, &wall_ms), r->want);
    assert_int_equal(wall_ms, r->want_wall_ms);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, judge_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("clock_judge", tests, NULL, NULL);
}
