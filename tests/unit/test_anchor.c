/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "anchor.h"
#include "attr.h"

#define WALL INT64_C(1790000000000)

static void the_middle_of_the_round_trip_is_taken(void **state)
{
    (void)state;
    struct anchor a;
    assert_int_equal(anchor_measure(4, 1000, 1301, WALL, &a), 0);
    assert_int_equal(a.boot, 4);
    assert_true(a.mono_ms == 1301 && a.wall_ms == WALL + 150);
    assert_int_equal(a.error_ms, 151);
}

static void the_true_time_is_never_further_off_than_said(void **state)
{
    (void)state;
    for (int64_t there_ms = 0; there_ms <= 300; there_ms += 7) { /* the rest is the way back */
        struct anchor a;
        int64_t true_wall_ms = WALL + (300 - there_ms);
        assert_int_equal(anchor_measure(4, 1000, 1300, WALL, &a), 0);
        int64_t off_ms = a.wall_ms - true_wall_ms;
        assert_in_range(off_ms + a.error_ms, 0, 2 * a.error_ms);
    }
}

static void an_answer_that_took_too_long_says_nothing(void **state)
{
    (void)state;
    struct anchor a = {.boot = 9};
    assert_int_equal(anchor_measure(4, 1000, 1000 + ANCHOR_RTT_MAX_MS + 1, WALL, &a), -ERANGE);
    assert_int_equal(anchor_measure(4, 1000, 999, WALL, &a), -ERANGE);
    assert_int_equal(a.boot, 9);
}

static void doubt_grows_with_the_distance(void **state)
{
    (void)state;
    struct anchor a = {.boot = 1, .mono_ms = 10000000, .wall_ms = WALL, .error_ms = 50};
    assert_true(anchor_wall_ms(&a, 10000000 + 3600000) == WALL + 3600000);
    assert_true(anchor_wall_ms(&a, 9000000) == WALL - 1000000);
    assert_int_equal(anchor_error_ms(&a, 10000000), 50);
    assert_int_equal(anchor_error_ms(&a, 10000000 + 3600000), 50 + 360);
    assert_int_equal(anchor_error_ms(&a, 9000000), 50 + 100);
}

struct worth_row {
    const char *name;
    struct anchor last;
    struct anchor next;
    bool worth;
};

static struct worth_row worth_rows[] = {
    {"worth: the first of a boot", {1, 0, WALL, 5}, {2, 0, WALL, 5000}, true},
    {"worth: twice as sure", {1, 0, WALL, 100}, {1, 10, WALL + 10, 50}, true},
    {"not worth: hardly surer", {1, 0, WALL, 100}, {1, 10, WALL + 10, 51}, false},
    {"worth: the last has become old", {1, 0, WALL, 100}, {1, 4000000, WALL + 4000000, 250}, true},
    {"worth: it contradicts the last", {1, 0, WALL, 100}, {1, 10, WALL + 211, 100}, true},
    {"worth: it contradicts it backwards", {1, 0, WALL, 100}, {1, 10, WALL - 191, 100}, true},
    {"not worth: it agrees within both doubts", {1, 0, WALL, 100}, {1, 10, WALL + 210, 100}, false},
};

static void an_anchor_is_judged(void **state)
{
    const struct worth_row *r = *state;
    assert_int_equal(anchor_worth(&r->last, &r->next), r->worth);
    assert_true(anchor_worth(NULL, &r->next));
}

int main(void)
{
    const struct CMUnitTest measures[] = {
        cmocka_unit_test(the_middle_of_the_round_trip_is_taken),
        cmocka_unit_test(the_true_time_is_never_further_off_than_said),
        cmocka_unit_test(an_answer_that_took_too_long_says_nothing),
        cmocka_unit_test(doubt_grows_with_the_distance),
    };
    struct CMUnitTest tests[ARRAY_LEN(measures) + ARRAY_LEN(worth_rows)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(measures); i++)
        tests[n++] = measures[i];
    for (size_t i = 0; i < ARRAY_LEN(worth_rows); i++)
        tests[n++] = (struct CMUnitTest){worth_rows[i].name, an_anchor_is_judged, NULL, NULL,
                                         &worth_rows[i]};
    return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
