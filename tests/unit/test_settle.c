/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "settle.h"

#define STEPS_MAX 8

struct step {
    int64_t at_ms;
    int64_t counts;
    enum scale_status status;
};

struct row {
    const char *name;
    struct step steps[STEPS_MAX]; /* ended by at_ms 0 */
    int64_t now_ms;
    const char *want;
};

static struct row rows[] = {
    {"nothing was read yet", {{0}}, 100, "nothing"},
    {"one stable reading may be booked", {{100, 5, SCALE_STABLE}}, 150, "bookable"},
    {"a moving load may not", {{100, 5, SCALE_STABLE}, {200, 5, SCALE_MOTION}}, 250, "moving"},
    {"without a status two equal readings are too few",
     {{100, 5, SCALE_UNKNOWN}, {1200, 5, SCALE_UNKNOWN}},
     1250,
     "moving"},
    {"three equal readings over less than a second are too short",
     {{100, 5, SCALE_UNKNOWN}, {200, 5, SCALE_UNKNOWN}, {1099, 5, SCALE_UNKNOWN}},
     1100,
     "moving"},
    {"three equal readings over a second settle",
     {{100, 5, SCALE_UNKNOWN}, {600, 5, SCALE_UNKNOWN}, {1100, 5, SCALE_UNKNOWN}},
     1100,
     "bookable"},
    {"another weight starts the run again",
     {{100, 5, SCALE_UNKNOWN},
      {600, 6, SCALE_UNKNOWN},
      {1100, 6, SCALE_UNKNOWN},
      {1500, 6, SCALE_UNKNOWN}},
     1500,
     "moving"},
    {"a gap starts the run again",
     {{100, 5, SCALE_UNKNOWN}, {200, 5, SCALE_UNKNOWN}, {2300, 5, SCALE_UNKNOWN}},
     2300,
     "moving"},
    {"a stable weight grows stale", {{100, 5, SCALE_STABLE}}, 2101, "stale"},
    {"a weight from the future is not live", {{100, 5, SCALE_STABLE}}, 99, "stale"},
    {"an overload is refused", {{100, 5, SCALE_STABLE}, {200, 0, SCALE_OVERLOAD}}, 250, "refused"},
    {"not ready is refused", {{200, 0, SCALE_NOT_READY}}, 250, "refused"},
};

static void settle_row(void **state)
{
    const struct row *r = *state;
    struct settle s = settle_init(settle_conf_default());
    int64_t last = 0;
    for (size_t i = 0; i < STEPS_MAX && r->steps[i].at_ms > 0; i++) {
        last = r->steps[i].counts;
        struct scale_reading reading = {
            .counts = last, .status = r->steps[i].status, .at_mono_ms = r->steps[i].at_ms};
        settle_feed(&s, &reading);
    }
    struct scale_reading got = {.counts = 4711};
    enum settle_state judged = settle_judge(&s, r->now_ms, &got);
    assert_string_equal(settle_state_name(judged), r->want);
    assert_int_equal(got.counts, judged == SETTLE_BOOKABLE ? last : 4711);
}

static void a_lost_scale_leaves_nothing_to_replay(void **state)
{
    (void)state;
    struct settle s = settle_init(settle_conf_default());
    settle_feed(&s, &(struct scale_reading){.counts = 5, .at_mono_ms = 100});
    assert_int_equal(settle_judge(&s, 100, NULL), SETTLE_BOOKABLE);
    settle_lost(&s);
    assert_int_equal(settle_judge(&s, 100, NULL), SETTLE_NOTHING);
}

static void a_configuration_cannot_go_below_the_rule(void **state)
{
    (void)state;
    struct settle s = settle_init((struct settle_conf){1, 0, 2000});
    assert_int_equal(s.conf.equal_needed, SETTLE_EQUAL_MIN);
    assert_int_equal(s.conf.span_ms, SETTLE_SPAN_MIN_MS);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, settle_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] =
        (struct CMUnitTest)cmocka_unit_test(a_lost_scale_leaves_nothing_to_replay);
    tests[ARRAY_LEN(rows) + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_configuration_cannot_go_below_the_rule);
    return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
