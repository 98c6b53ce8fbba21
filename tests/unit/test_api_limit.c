/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>

#include "api_limit.h"

static const struct api_limit two_a_second = {.per_s = 2, .burst = 3};

static void a_bucket_gives_its_burst_and_then_its_rate(void **state)
{
    (void)state;
    AUTO(api_limits) l = NULL;
    assert_int_equal(api_limits_open(64, &l), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(api_limits_take(l, "a", &two_a_second, 1000), 0);
    assert_int_equal(api_limits_take(l, "a", &two_a_second, 1000), 1);
    assert_int_equal(api_limits_take(l, "a", &two_a_second, 1499), 1);
    assert_int_equal(api_limits_take(l, "a", &two_a_second, 1500), 0);
    assert_int_equal(api_limits_take(l, "a", &two_a_second, 1500), 1);
}

static void a_bucket_never_holds_more_than_its_burst(void **state)
{
    (void)state;
    AUTO(api_limits) l = NULL;
    assert_int_equal(api_limits_open(64, &l), 0);
    assert_int_equal(api_limits_take(l, "a", &two_a_second, 0), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(api_limits_take(l, "a", &two_a_second, INT64_MAX / 4), 0);
    assert_int_equal(api_limits_take(l, "a", &two_a_second, INT64_MAX / 4), 1);
}

static void names_do_not_take_from_each_other(void **state)
{
    (void)state;
    AUTO(api_limits) l = NULL;
    assert_int_equal(api_limits_open(64, &l), 0);
    for (int i = 0; i < 10; i++)
        assert_true(api_limits_take(l, "a", &two_a_second, 5) >= 0);
    assert_int_equal(api_limits_take(l, "b", &two_a_second, 5), 0);
}

static void a_slow_rate_says_how_long(void **state)
{
    (void)state;
    static const struct api_limit slow = {.per_s = 1, .burst = 1};
    AUTO(api_limits) l = NULL;
    assert_int_equal(api_limits_open(64, &l), 0);
    assert_int_equal(api_limits_take(l, "a", &slow, 0), 0);
    assert_int_equal(api_limits_take(l, "a", &slow, 0), 1);
    assert_int_equal(api_limits_take(l, "a", &slow, 999), 1);
    assert_int_equal(api_limits_take(l, "a", &slow, 1000), 0);
}

static void a_full_table_still_limits_who_asks_on(void **state)
{
    (void)state;
    AUTO(api_limits) l = NULL;
    assert_int_equal(api_limits_open(16, &l), 0);
    for (int i = 0; i < 1000; i++) { /* strangers pass by, one after the other */
        char name[16];
        snprintf(name, sizeof(name), "s%d", i);
        assert_int_equal(api_limits_take(l, name, &two_a_second, i), 0);
    }
    int refused = 0;
    for (int i = 0; i < 10; i++)
        refused += api_limits_take(l, "a", &two_a_second, 1000) > 0;
    assert_int_equal(refused, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_gives_its_burst_and_then_its_rate),
        cmocka_unit_test(a_bucket_never_holds_more_than_its_burst),
        cmocka_unit_test(names_do_not_take_from_each_other),
        cmocka_unit_test(a_slow_rate_says_how_long),
        cmocka_unit_test(a_full_table_still_limits_who_asks_on),
    };
    return cmocka_run_group_tests_name("api_limit", tests, NULL, NULL);
}
