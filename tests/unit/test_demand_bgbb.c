/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "attr.h"
#include "demand_bgbb.h"

static const struct demand_bgbb even = {1, 1, 1, 1};

static double likelihood(const struct demand_bgbb *m, struct demand_bgbb_history h)
{
    return exp(demand_bgbb_log_likelihood(m, &h));
}

static void history_counts_behind_the_first_sale(void **state)
{
    (void)state;
    static const double y[] = {0, 0, 5, 0, 1, 2, 0, 0};
    struct demand_bgbb_history h = {0};
    assert_int_equal(demand_bgbb_history(y, ARRAY_LEN(y), &h), 1);
    assert_int_equal(h.sales, 2);
    assert_int_equal(h.last, 3);
    assert_int_equal(h.periods, 5);
}

static void without_a_sale_there_is_no_history(void **state)
{
    (void)state;
    static const double y[] = {0, 0};
    struct demand_bgbb_history h = {.sales = 77};
    assert_int_equal(demand_bgbb_history(y, ARRAY_LEN(y), &h), 0);
    assert_int_equal(h.sales, 77);
}

static void one_silent_period_by_hand(void **state)
{
    (void)state;
    /* Alive and silent: 1/2 * 1/2. Dead: 1/2. */
    assert_true(fabs(likelihood(&even, (struct demand_bgbb_history){0, 0, 1}) - .75) < 1e-14);
    struct demand_bgbb_history first = {0, 0, 0};
    assert_true(fabs(demand_bgbb_no_sale(&even, &first, 1) - .75) < 1e-14);
    struct demand_bgbb_history silent = {0, 0, 1};
    assert_true(fabs(demand_bgbb_alive(&even, &silent) - 1.0 / 3) < 1e-14);
    assert_true(fabs(demand_bgbb_expected_sales(&even, &first, 1) - .25) < 1e-14);
}

static void all_histories_together_are_certain(void **state)
{
    (void)state;
    static const struct demand_bgbb models[] = {{1, 1, 1, 1}, {.7, 2, .3, 9}, {5, 1, 20, 900}};
    for (size_t m = 0; m < ARRAY_LEN(models); m++) {
        double sum = 0;
        for (uint32_t bits = 0; bits < 1u << 8; bits++) { /* bit t - 1: a sale in period t */
            struct demand_bgbb_history h = {.periods = 8};
            for (uint32_t t = 1; t <= 8; t++) {
                if (bits >> (t - 1) & 1) {
                    h.sales++;
                    h.last = t;
                }
            }
            sum += likelihood(&models[m], h);
        }
        assert_true(fabs(sum - 1) < 1e-10);
    }
}

static void expected_sales_are_those_of_all_futures(void **state)
{
    (void)state;
    static const struct demand_bgbb m = {.7, 2, .3, 9};
    struct demand_bgbb_history now = {2, 5, 7};
    double expected = 0;
    for (uint32_t bits = 1; bits < 1u << 6; bits++) {
        struct demand_bgbb_history h = {2, 5, 13};
        uint32_t sales = 0;
        for (uint32_t t = 1; t <= 6; t++) {
            if (bits >> (t - 1) & 1) {
                sales++;
                h.last = 7 + t;
            }
        }
        h.sales += sales;
        expected += sales * likelihood(&m, h) / likelihood(&m, now);
    }
    assert_true(fabs(demand_bgbb_expected_sales(&m, &now, 6) - expected) < 1e-10);
}

static void the_longer_it_is_silent_the_deader_it_is(void **state)
{
    (void)state;
    static const struct demand_bgbb m = {.8, 2.5, .5, 10};
    double before = 0;
    for (uint32_t n = 10; n < 60; n++) {
        struct demand_bgbb_history h = {5, 10, n};
        double p = demand_bgbb_no_sale(&m, &h, 8);
        assert_true(p > before);
        before = p;
    }
    assert_true(before > .9);
}

static void the_fit_is_as_likely_as_the_truth_at_least(void **state)
{
    (void)state;
    /* Every history of 8 periods, as often as the model of the truth says. */
    static const struct demand_bgbb truth = {1.2, 2, .6, 5};
    enum { TOTAL = 20000 };
    static struct demand_bgbb_history h[TOTAL + 256];
    uint32_t n = 0;
    for (uint32_t bits = 0; bits < 1u << 8; bits++) {
        struct demand_bgbb_history one = {.periods = 8};
        for (uint32_t t = 1; t <= 8; t++) {
            if (bits >> (t - 1) & 1) {
                one.sales++;
                one.last = t;
            }
        }
        uint32_t times = (uint32_t)lround(TOTAL * likelihood(&truth, one));
        for (uint32_t i = 0; i < times && n < ARRAY_LEN(h); i++)
            h[n++] = one;
    }
    struct demand_bgbb fit = demand_bgbb_fit(h, n);
    double of_fit = 0;
    double of_truth = 0;
    for (uint32_t i = 0; i < n; i++) {
        of_fit += demand_bgbb_log_likelihood(&fit, &h[i]);
        of_truth += demand_bgbb_log_likelihood(&truth, &h[i]);
    }
    assert_true(of_fit > of_truth - 2);
    assert_true(fabs(fit.a / (fit.a + fit.b) - .375) < .02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history_counts_behind_the_first_sale),
        cmocka_unit_test(without_a_sale_there_is_no_history),
        cmocka_unit_test(one_silent_period_by_hand),
        cmocka_unit_test(all_histories_together_are_certain),
        cmocka_unit_test(expected_sales_are_those_of_all_futures),
        cmocka_unit_test(the_longer_it_is_silent_the_deader_it_is),
        cmocka_unit_test(the_fit_is_as_likely_as_the_truth_at_least),
    };
    return cmocka_run_group_tests_name("demand_bgbb", tests, NULL, NULL);
}
