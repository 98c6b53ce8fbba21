/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "attr.h"
#include "forecast.h"
#include "rng.h"

#define PERIODS 120

static double work[2 * PERIODS];

static struct forecast choose(const double *y, uint32_t n, uint32_t season, uint32_t horizon)
{
    return forecast_choose(y, n, season, horizon, work);
}

static void without_history_nothing_is_foreseen(void **state)
{
    (void)state;
    struct forecast f = choose(NULL, 0, 0, 4);
    assert_int_equal(f.origins, 0);
    assert_true(f.units == 0);
    assert_int_equal(forecast_error_permille(&f), -1);
}

static void a_short_history_is_averaged_and_not_judged(void **state)
{
    (void)state;
    const double y[] = {4, 4, 4, 4, 4};
    struct forecast f = choose(y, ARRAY_LEN(y), 0, 4);
    assert_int_equal(f.origins, 0);
    assert_string_equal(forecast_method_name(f.chosen), "average");
    assert_true(fabs(f.units - 16) < 1e-6);
}

static void a_walk_without_memory_falls_back_to_the_naive_forecast(void **state)
{
    (void)state;
    double y[48]; /* a step in each of the last four horizons: only the last period tells */
    for (uint32_t t = 0; t < ARRAY_LEN(y); t++)
        y[t] = t < 32 ? 1000 : 1000 - 200 * (double)(((t - 32) / 4) + 1);
    for (uint32_t t = 32; t < ARRAY_LEN(y); t++)
        y[t] = y[t - t % 4];
    struct forecast f = choose(y, ARRAY_LEN(y), 0, 4);
    assert_int_equal(f.origins, FORECAST_ORIGINS);
    for (int m = 0; m < FORECAST_METHODS; m++)
        assert_true(f.error[m] < 0 || f.error[m] >= f.error[f.chosen]);
    assert_true(forecast_error_permille(&f) <= 1000);
}

static void a_trend_is_found(void **state)
{
    (void)state;
    double y[60];
    for (uint32_t t = 0; t < ARRAY_LEN(y); t++)
        y[t] = 10 + 3 * (double)t;
    struct forecast f = choose(y, ARRAY_LEN(y), 0, 4);
    assert_string_equal(forecast_method_name(f.chosen), "holt");
    assert_true(f.units > 4 * y[59]);
}

static void a_season_is_found(void **state)
{
    (void)state;
    static const double shape[7] = {10, 10, 10, 12, 20, 60, 80};
    struct rng rng = rng_seed(7);
    double y[PERIODS];
    for (uint32_t t = 0; t < PERIODS; t++)
        y[t] = shape[t % 7] + rng_unit(&rng) * 4;
    struct forecast f = choose(y, PERIODS, 7, 3); /* ends with a Monday: three quiet days */
    assert_string_equal(forecast_method_name(f.chosen), "holt_winters");
    assert_true(f.error[FORECAST_HOLT_WINTERS] < f.error[FORECAST_SES] / 4);
}

static void what_fades_is_not_crostons(void **state)
{
    (void)state;
    double y[60] = {0};
    for (uint32_t t = 0; t < 36; t += 3)
        y[t] = 6;
    struct forecast f = choose(y, ARRAY_LEN(y), 0, 6);
    assert_true(f.chosen != FORECAST_CROSTON);
    assert_true(f.error[FORECAST_CROSTON] > f.error[f.chosen]);
    assert_true(f.units < 6);
}

static void nothing_negative_is_ever_foreseen(void **state)
{
    (void)state;
    struct rng rng = rng_seed(3);
    for (int round = 0; round < 300; round++) {
        double y[PERIODS];
        uint32_t n = 1 + (uint32_t)(rng_unit(&rng) * (PERIODS - 1));
        double fall = rng_unit(&rng);
        for (uint32_t t = 0; t < n; t++)
            y[t] = rng_unit(&rng) < 0.5 ? 0 : floor(rng_unit(&rng) * 50 * pow(fall, t / 10.0));
        uint32_t horizon = 1 + (uint32_t)(rng_unit(&rng) * 12);
        struct forecast f = choose(y, n, round % 2 ? 7 : 0, horizon);
        assert_true(f.units >= 0 && isfinite(f.units));
        if (f.origins > 0)
            assert_true(f.error[f.chosen] <= f.error[FORECAST_NAIVE]);
    }
}

static void life_is_new_going_or_over(void **state)
{
    (void)state;
    double y[40] = {0};
    assert_int_equal(forecast_life(y, 40, 8, 12), FORECAST_NEW); /* never sold */
    y[36] = 5;
    assert_int_equal(forecast_life(y, 40, 8, 12), FORECAST_NEW);
    for (uint32_t t = 0; t < 40; t++)
        y[t] = t % 4 == 0 ? 5 : 0;
    assert_int_equal(forecast_life(y, 40, 8, 12), FORECAST_GOING);
    for (uint32_t t = 20; t < 40; t++)
        y[t] = 0;
    assert_int_equal(forecast_life(y, 40, 8, 12), FORECAST_DISCONTINUED);
    assert_int_equal(forecast_life(y, 40, 8, 30), FORECAST_GOING); /* not silent for long enough */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_history_nothing_is_foreseen),
        cmocka_unit_test(a_short_history_is_averaged_and_not_judged),
        cmocka_unit_test(a_walk_without_memory_falls_back_to_the_naive_forecast),
        cmocka_unit_test(a_trend_is_found),
        cmocka_unit_test(a_season_is_found),
        cmocka_unit_test(what_fades_is_not_crostons),
        cmocka_unit_test(nothing_negative_is_ever_foreseen),
        cmocka_unit_test(life_is_new_going_or_over),
    };
    return cmocka_run_group_tests_name("forecast", tests, NULL, NULL);
}
