/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>
#include <stdbool.h>

#include "attr.h"
#include "demand_hurdle.h"
#include "rng.h"

static bool near(double got, double want, double tolerance)
{
    return fabs(got - want) <= tolerance;
}

static void only_occurrence_is_discounted(void **state)
{
    (void)state;
    static const double y[] = {4, 0, 0, 7};
    struct demand_hurdle_item i = demand_hurdle_item(y, ARRAY_LEN(y), .5, 100);
    assert_true(near(i.periods, 1 + .5 + .25 + .125, 1e-12));
    assert_true(near(i.sold, 1 + .125, 1e-12));
    assert_true(near(i.sales, 2, 0));
    assert_true(near(i.excess, 3 + 6, 0));
    assert_true(near(i.excess_sq, 9 + 36, 0));
}

static void a_size_beyond_the_cap_counts_as_the_cap(void **state)
{
    (void)state;
    static const double y[] = {1000000, 3};
    struct demand_hurdle_item i = demand_hurdle_item(y, ARRAY_LEN(y), 1, 50);
    assert_true(near(i.excess, 49 + 2, 0));
}

static void the_cap_lies_three_and_a_half_deviations_up(void **state)
{
    (void)state;
    struct demand_hurdle_sizes s = {0};
    static const double y[] = {1, 0, 100, 0}; /* mean of logs ln 10, deviation ln 10 */
    demand_hurdle_sizes_add(&s, y, ARRAY_LEN(y));
    assert_true(near(demand_hurdle_size_cap(&s) / pow(10, 4.5), 1, 1e-12));
}

static void an_item_is_shrunk_by_the_weight_of_its_evidence(void **state)
{
    (void)state;
    struct demand_hurdle_pool pool = {
        .weight = 1, .size_cap = 100, .a = 1, .b = 3, .excess = 2, .dispersion = 1, .evidence = 4};
    static const double y[] = {9, 0, 9, 0};
    struct demand_hurdle_item i = demand_hurdle_item(y, ARRAY_LEN(y), 1, 100);
    struct demand_hurdle h = demand_hurdle_of(&i, &pool);
    assert_true(near(h.a, 3, 1e-12));
    assert_true(near(h.b, 5, 1e-12));
    assert_true(near(h.excess, (16 + 4 * 2) / 6.0, 1e-12)); /* 4 */
    /* own: 2 sales of 8 around 4: (2 * 16 - 2 * 4) / 16 = 1.5; with ten sales' worth of 1 */
    assert_true(near(h.dispersion, (1.5 + 10) / 12, 1e-12));
}

static void moments_are_those_of_the_exact_distribution(void **state)
{
    (void)state;
    struct demand_hurdle h = {.a = 2, .b = 5, .excess = 3, .dispersion = .7};
    struct demand_hurdle_moments m = demand_hurdle_moments(&h);
    const uint32_t periods = 6;
    double mean = 0;
    double square = 0;
    for (uint64_t k = 0; k < 600; k++) { /* E X = sum P(X > k), E X^2 = sum (2k + 1) P(X > k) */
        double above = 1 - demand_hurdle_cdf(&h, periods, k);
        mean += above;
        square += (double)(2 * k + 1) * above;
    }
    assert_true(near(mean, periods * m.rate, 1e-6));
    assert_true(near(square - mean * mean, periods * m.noise + periods * periods * m.drift, 1e-4));
}

static void single_pieces_are_beta_binomial(void **state)
{
    (void)state;
    /* A uniform chance makes every number of sales in three periods equally likely. */
    struct demand_hurdle h = {.a = 1, .b = 1, .excess = 1e-9, .dispersion = .01};
    for (uint64_t k = 0; k <= 3; k++)
        assert_true(near(demand_hurdle_cdf(&h, 3, k), (double)(k + 1) / 4, 1e-6));
}

static void the_pool_finds_what_items_were_drawn_from(void **state)
{
    (void)state;
    struct rng rng = rng_seed(7);
    enum { ITEMS = 400, PERIODS = 100 };
    static struct demand_hurdle_item items[ITEMS];
    for (int i = 0; i < ITEMS; i++) {
        double y[PERIODS];
        double chance = i % 2 ? .2 : .4; /* mean .3 */
        for (int t = 0; t < PERIODS; t++)
            y[t] = rng_unit(&rng) < chance ? (double)(1 + rng_below(&rng, 9)) : 0; /* mean 5 */
        items[i] = demand_hurdle_item(y, PERIODS, 1, 100);
    }
    struct demand_hurdle_pool p = demand_hurdle_pool_fit(items, ITEMS, 1, 100);
    assert_true(near(p.a / (p.a + p.b), .3, .01));
    assert_true(near(p.excess, 4, .2));
    assert_true(p.evidence > 10); /* items differ little in size: much weight to the pool */
}

static void a_pool_of_nothing_is_vague(void **state)
{
    (void)state;
    struct demand_hurdle_pool p = demand_hurdle_pool_fit(NULL, 0, .98, 100);
    assert_true(p.a + p.b <= 2);
    assert_true(p.evidence > 0 && p.evidence <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_occurrence_is_discounted),
        cmocka_unit_test(a_size_beyond_the_cap_counts_as_the_cap),
        cmocka_unit_test(the_cap_lies_three_and_a_half_deviations_up),
        cmocka_unit_test(an_item_is_shrunk_by_the_weight_of_its_evidence),
        cmocka_unit_test(moments_are_those_of_the_exact_distribution),
        cmocka_unit_test(single_pieces_are_beta_binomial),
        cmocka_unit_test(the_pool_finds_what_items_were_drawn_from),
        cmocka_unit_test(a_pool_of_nothing_is_vague),
    };
    return cmocka_run_group_tests_name("demand_hurdle", tests, NULL, NULL);
}
