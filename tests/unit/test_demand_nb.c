/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "attr.h"
#include "demand_nb.h"

/* Shape 1 and odds 1 is the geometric distribution of a fair coin: P(D < k) = 1 - 2^-k. */
static const struct demand_nb coin = {1, 1};

struct short_row {
    const char *name;
    struct demand_nb d;
    uint64_t units;
    double below;
    double unsold;
};

static struct short_row short_rows[] = {
    {"of nothing, nothing is left", {1, 1}, 0, 0, 0},
    {"without demand all is left", {0, 1}, 40, 1, 40},
    {"one piece is left when the coin falls at once", {1, 1}, 1, .5, .5},
    {"three pieces against a coin", {1, 1}, 3, .875, 3 - .875},
    {"plenty against a coin", {1, 1}, 60, 1, 59},
    {"beyond the walk against a coin", {1, 1}, 100, 1, 99},
};

static void short_row(void **state)
{
    const struct short_row *r = *state;
    struct demand_nb_short got = demand_nb_short(r->d, r->units);
    assert_true(fabs(got.below - r->below) < 1e-12);
    assert_true(fabs(got.unsold - r->unsold) < 1e-9);
}

/* Both ways to compute must agree; the sum here is the definition. */
static void the_continued_fraction_agrees_with_the_sum(void **state)
{
    (void)state;
    static const struct demand_nb cases[] = {{.01, 5000}, {.4, 300}, {3, 100},
                                             {20, 10},    {200, 2},  {4000, .06}};
    for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
        struct demand_nb d = cases[c];
        double p = exp(-d.shape * log(1 + d.odds));
        double below = 0;
        double unsold = 0;
        for (uint64_t k = 1; k <= 2000; k++) {
            below += p;
            unsold += below;
            p *= (d.shape + (double)(k - 1)) / (double)k * (d.odds / (1 + d.odds));
            struct demand_nb_short got = demand_nb_short(d, k);
            assert_true(fabs(got.below - below) < 1e-9);
            assert_true(fabs(got.unsold - unsold) < 1e-6 * (double)k);
        }
    }
}

static void thousands_of_tonnes_in_grams_end_and_make_sense(void **state)
{
    (void)state;
    struct demand_nb d = demand_nb_of(1e9, 4e16); /* sd 2e8 */
    struct demand_nb_short half = demand_nb_short(d, 1000000000);
    assert_true(half.below > .5 && half.below < .55);
    assert_true(half.unsold > 7e7 && half.unsold < 9e7);
    uint64_t q = demand_nb_quantile(d, .99);
    assert_true(q > 1400000000 && q < 1600000000);
}

static void mean_and_variance_come_back(void **state)
{
    (void)state;
    struct demand_nb d = demand_nb_of(12, 60);
    assert_true(fabs(demand_nb_mean(d) - 12) < 1e-12);
    assert_true(fabs(demand_nb_mean(d) * (1 + d.odds) - 60) < 1e-12);
    d = demand_nb_sum(d, 7);
    assert_true(fabs(demand_nb_mean(d) - 84) < 1e-12);
    assert_true(fabs(demand_nb_mean(d) * (1 + d.odds) - 420) < 1e-9);
}

static void a_variance_below_the_mean_counts_as_a_little_above(void **state)
{
    (void)state;
    struct demand_nb d = demand_nb_of(10, 3);
    assert_true(fabs(d.odds - .05) < 1e-12);
    assert_true(demand_nb_of(0, 3).shape == 0);
}

static void the_forecast_s_distance_from_history_adds_variance(void **state)
{
    (void)state;
    struct demand_nb d = demand_nb_of_forecast(4, 10, 30); /* 30 + 36 / 2 */
    assert_true(fabs(demand_nb_mean(d) * (1 + d.odds) - 48) < 1e-12);
}

static void the_quantile_is_the_first_to_reach_its_probability(void **state)
{
    (void)state;
    assert_int_equal(demand_nb_quantile(coin, 0), 0);
    assert_int_equal(demand_nb_quantile(coin, .5), 0);
    assert_int_equal(demand_nb_quantile(coin, .500001), 1);
    assert_int_equal(demand_nb_quantile(coin, .75), 1);
    assert_int_equal(demand_nb_quantile(coin, .9), 3);
    assert_int_equal(demand_nb_quantile((struct demand_nb){0, 1}, .99), 0);
    static const double q[] = {.01, .3, .5, .9, .999};
    static const struct demand_nb cases[] = {{.02, 900}, {2, 30}, {50, 40}, {30, 5000}};
    for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
        for (size_t i = 0; i < ARRAY_LEN(q); i++) {
            uint64_t k = demand_nb_quantile(cases[c], q[i]);
            assert_true(demand_nb_short(cases[c], k + 1).below >= q[i] - 1e-9);
            assert_true(k == 0 || demand_nb_short(cases[c], k).below < q[i] + 1e-9);
        }
    }
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(the_continued_fraction_agrees_with_the_sum),
        cmocka_unit_test(thousands_of_tonnes_in_grams_end_and_make_sense),
        cmocka_unit_test(mean_and_variance_come_back),
        cmocka_unit_test(a_variance_below_the_mean_counts_as_a_little_above),
        cmocka_unit_test(the_forecast_s_distance_from_history_adds_variance),
        cmocka_unit_test(the_quantile_is_the_first_to_reach_its_probability),
    };
    struct CMUnitTest tests[ARRAY_LEN(short_rows) + ARRAY_LEN(fixed)];
    size_t n = 0;
    for (; n < ARRAY_LEN(short_rows); n++)
        tests[n] = (struct CMUnitTest){short_rows[n].name, short_row, NULL, NULL, &short_rows[n]};
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        tests[n++] = fixed[i];
    return cmocka_run_group_tests_name("demand_nb", tests, NULL, NULL);
}
