/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "rank.h"

static const struct rank_weights equal = {333334, 333333, 333333};

struct row {
    const char *name;
    struct rank_facts facts;
    struct rank_score want; /* but for the sum */
};

static struct row rows[] = {
    {"next door, sold at once, on its last day",
     {1, 0, 10000, 10, 0, 90},
     {1000000, 1000000, 1000000, 0}},
    {"far away, never sold, quite fresh", {1, 1000000, 0, 10, 90, 90}, {0, 0, 0, 0}},
    {"300 km is 1/e", {1, 300, 5000, 10, 45, 90}, {367879, 500000, 375000, 0}},
    {"a third of its life is half urgent", {1, 300, 5000, 10, 30, 90}, {367879, 500000, 500000, 0}},
    {"below a third it is twice as steep", {1, 300, 5000, 10, 15, 90}, {367879, 500000, 750000, 0}},
    {"more sold than there is counts as all",
     {1, 0, 99999999, 1, 30, 90},
     {1000000, 1000000, 500000, 0}},
    {"past its life is as urgent as can be", {1, -5, -5, 0, -9, 0}, {1000000, 0, 1000000, 0}},
};

static void score_row(void **state)
{
    const struct row *r = *state;
    struct rank_score got = rank_score(&r->facts, &equal);
    assert_int_equal(got.proximity, r->want.proximity);
    assert_int_equal(got.velocity, r->want.velocity);
    assert_int_equal(got.urgency, r->want.urgency);
    int64_t sum = (int64_t)equal.proximity * got.proximity +
                  (int64_t)equal.velocity * got.velocity + (int64_t)equal.urgency * got.urgency;
    assert_int_equal(got.score, sum / RANK_PPM);
}

static void weights_are_a_whole(void **state)
{
    (void)state;
    assert_int_equal(rank_weights_check(&equal), 0);
    assert_int_equal(rank_weights_check(&(struct rank_weights){RANK_PPM, 0, 0}), 0);
    assert_int_equal(rank_weights_check(&(struct rank_weights){RANK_PPM, 1, 0}), -EINVAL);
    assert_int_equal(rank_weights_check(&(struct rank_weights){RANK_PPM + 1, -1, 0}), -EINVAL);
    assert_int_equal(rank_weights_check(&(struct rank_weights){INT32_MAX, INT32_MAX, 1000002}),
                     -EINVAL);
}

static void ties_fall_to_the_lower_lot(void **state)
{
    (void)state;
    struct rank_score a = {.score = 5};
    struct rank_score b = {.score = 6};
    assert_true(rank_compare(&b, 9, &a, 1) < 0);
    assert_true(rank_compare(&a, 1, &a, 9) < 0);
    assert_true(rank_compare(&a, 9, &a, 1) > 0);
    assert_int_equal(rank_compare(&a, 9, &a, 9), 0);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, score_row, NULL, NULL, &rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(weights_are_a_whole);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(ties_fall_to_the_lower_lot);
    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
