/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "attr.h"
#include "csv_table.h"
#include "demand.h"
#include "rng.h"

#define ITEMS 300
#define MONTHS 51
#define HORIZON 6
#define TRAIN (MONTHS - HORIZON)

struct carparts {
    double y[ITEMS][MONTHS];
    uint32_t n;
};

static int on_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct carparts *c = context;
    (void)reterr;
    if (c->n == ITEMS)
        return -E2BIG;
    for (unsigned m = 0; m < MONTHS; m++) {
        char column[16];
        snprintf(column, sizeof(column), "m%02u", m + 1);
        c->y[c->n][m] = strtod(csv_row_get(row, column), NULL);
    }
    c->n++;
    return 0;
}

static void load(struct carparts *c)
{
    static const char *const required[] = {"id", "m01", "m51", NULL};
    struct diag diag = {0};
    c->n = 0;
    assert_int_equal(
        csv_table_read_file("tests/data/demand/carparts_monthly.csv", required, on_row, c, &diag),
        0);
    assert_int_equal(c->n, ITEMS);
}

static struct demand_pool fit_pool(const struct carparts *c, uint32_t n)
{
    static struct demand_series series[ITEMS];
    static struct demand_hurdle_item items[ITEMS];
    static struct demand_bgbb_history histories[ITEMS];
    static struct demand_points points[ITEMS];
    static struct logistic_example examples[ITEMS * DEMAND_POOL_ORIGINS];
    double blocks[MONTHS];
    for (uint32_t i = 0; i < n; i++)
        series[i] = (struct demand_series){c->y[i], TRAIN};
    struct demand_pool_work work = {items, histories, points, examples, blocks};
    return demand_pool_fit(series, n, HORIZON, &work);
}

/* The figures of this engine on these series, to six places: a change of any model is noticed here.
 * What the figures are worth is measured by tests/bench/forecast. */
static void figures_on_car_parts_are_as_they_were(void **state)
{
    (void)state;
    static struct carparts c;
    load(&c);
    struct demand_pool pool = fit_pool(&c, ITEMS);
    double median_loss = 0;
    double unsold = 0;
    double dead = 0;
    for (uint32_t i = 0; i < ITEMS; i++) {
        double work[MONTHS];
        struct demand d = demand_fit(c.y[i], TRAIN, &pool, work);
        double sold = 0;
        for (unsigned t = TRAIN; t < MONTHS; t++)
            sold += c.y[i][t];
        struct demand_nb ahead = demand_over(&d, HORIZON);
        median_loss += fabs(sold - (double)demand_nb_quantile(ahead, .5)) / ITEMS;
        unsold += demand_nb_short(ahead, 5).unsold / ITEMS;
        dead += demand_no_sale(&d, &pool, HORIZON) / ITEMS;
    }
    char got[160];
    snprintf(got, sizeof(got), "weight %.2f drift %.2f median %.6f unsold %.6f dead %.6f",
             pool.hurdle.weight, pool.drift, median_loss, unsold, dead);
    assert_string_equal(got,
                        "weight 0.95 drift 0.20 median 1.673333 unsold 3.047422 dead 0.368387");
}

static void a_zero_without_stock_is_left_out(void **state)
{
    (void)state;
    static const int64_t units[] = {3, 0, -2, 0, 4};
    static const uint8_t stocked[] = {1, 0, 1, 1, 1};
    double y[5];
    assert_int_equal(demand_in_stock(units, stocked, 5, y), 4);
    assert_true(y[0] == 3 && y[1] == 0 && y[2] == 0 && y[3] == 4);
    assert_int_equal(demand_in_stock(units, NULL, 5, y), 5);
}

static void an_order_beyond_the_cap_is_cut_to_it(void **state)
{
    (void)state;
    struct demand_pool pool = demand_pool_vague();
    pool.hurdle.size_cap = 50;
    double y[] = {3, 74215, 0, 50};
    demand_cut_outliers(y, ARRAY_LEN(y), &pool);
    assert_true(y[0] == 3 && y[1] == 50 && y[2] == 0 && y[3] == 50);
}

static void empty_shelves_do_not_lower_the_forecast(void **state)
{
    (void)state;
    int64_t units[40];
    uint8_t stocked[40];
    for (int t = 0; t < 40; t++) {
        units[t] = t < 30 ? 5 + t % 3 : 0;
        stocked[t] = t < 30;
    }
    struct demand_pool pool = demand_pool_vague();
    double y[40];
    double work[40];
    struct demand masked = demand_fit(y, demand_in_stock(units, stocked, 40, y), &pool, work);
    struct demand blind = demand_fit(y, demand_in_stock(units, NULL, 40, y), &pool, work);
    assert_true(masked.rate > 5);
    assert_true(blind.rate < masked.rate);
    assert_true(demand_no_sale(&masked, &pool, 8) < .1);
    assert_true(demand_no_sale(&blind, &pool, 8) > .5);
}

static void a_new_item_has_what_the_pool_expects(void **state)
{
    (void)state;
    static struct carparts c;
    load(&c);
    struct demand_pool pool = fit_pool(&c, ITEMS);
    struct demand d = demand_fit(NULL, 0, &pool, NULL);
    const struct demand_hurdle_pool *h = &pool.hurdle;
    assert_true(fabs(d.rate - h->a / (h->a + h->b) * (1 + h->excess)) < 1e-12);
    assert_int_equal(d.periods, 0);
    assert_true(demand_no_sale(&d, &pool, 1) > demand_no_sale(&d, &pool, HORIZON));
}

static void a_pool_of_nothing_is_the_vague_one(void **state)
{
    (void)state;
    struct demand_pool got = fit_pool(&(struct carparts){0}, 0);
    struct demand_pool want = demand_pool_vague();
    assert_true(got.drift == want.drift && got.bgbb.d == want.bgbb.d);
}

static void a_long_history_of_runs_is_trusted_less_than_one_without(void **state)
{
    (void)state;
    /* The same months, once in runs of eight good and eight bad ones, once alternating. */
    enum { MONTHS_LONG = 480 };
    static double runs[MONTHS_LONG];
    static double even[MONTHS_LONG];
    static double work[MONTHS_LONG];
    for (int t = 0; t < MONTHS_LONG; t++) {
        runs[t] = t / 8 % 2 ? 9 : 1;
        even[t] = t % 2 ? 9 : 1;
    }
    struct demand_pool pool = demand_pool_vague();
    pool.drift = 0;
    struct demand of_runs = demand_fit(runs, MONTHS_LONG, &pool, work);
    struct demand of_even = demand_fit(even, MONTHS_LONG, &pool, work);
    assert_true(of_even.drift == 0);
    /* Sums of four: 4 and 36 by turns, variance 256 * 120 / 119, less 4 * 16; over 20 squared; 120
     * sums against a prior worth 60. */
    double share = of_runs.drift / (of_runs.rate * of_runs.rate);
    assert_true(fabs(share - (256.0 * 120 / 119 - 64) / 400 * 120 / 180) < 1e-9);
}

static void no_horizon_means_no_demand(void **state)
{
    (void)state;
    struct demand d = {.rate = 4, .smooth_sd = 2};
    assert_true(demand_nb_mean(demand_over(&d, 0)) == 0);
    assert_true(demand_nb_mean(demand_over(&d, -3)) == 0);
    assert_true(fabs(demand_nb_mean(demand_over(&d, 2.5)) - 10) < 1e-12);
}

static void demand_grows_with_the_horizon_in_every_quantile(void **state)
{
    (void)state;
    struct rng rng = rng_seed(11);
    struct demand_pool pool = demand_pool_vague();
    for (int i = 0; i < 300; i++) {
        double y[60];
        double work[60];
        uint32_t n = 1 + (uint32_t)rng_below(&rng, 60);
        double chance = rng_unit(&rng);
        for (uint32_t t = 0; t < n; t++)
            y[t] = rng_unit(&rng) < chance ? (double)rng_below(&rng, 200) : 0;
        struct demand d = demand_fit(y, n, &pool, work);
        uint64_t units = 1 + rng_below(&rng, 3000);
        struct demand_nb_short before = {1, (double)units};
        for (int periods = 1; periods < 60; periods++) {
            struct demand_nb_short s = demand_nb_short(demand_over(&d, periods), units);
            assert_true(s.below <= before.below + 1e-9);
            assert_true(s.unsold <= before.unsold + 1e-6);
            before = s;
        }
    }
}

static void an_item_stays_small_in_memory(void **state)
{
    (void)state;
    assert_true(sizeof(struct demand) <= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_on_car_parts_are_as_they_were),
        cmocka_unit_test(a_zero_without_stock_is_left_out),
        cmocka_unit_test(an_order_beyond_the_cap_is_cut_to_it),
        cmocka_unit_test(empty_shelves_do_not_lower_the_forecast),
        cmocka_unit_test(a_new_item_has_what_the_pool_expects),
        cmocka_unit_test(a_pool_of_nothing_is_the_vague_one),
        cmocka_unit_test(a_long_history_of_runs_is_trusted_less_than_one_without),
        cmocka_unit_test(no_horizon_means_no_demand),
        cmocka_unit_test(demand_grows_with_the_horizon_in_every_quantile),
        cmocka_unit_test(an_item_stays_small_in_memory),
    };
    return cmocka_run_group_tests_name("demand", tests, NULL, NULL);
}
