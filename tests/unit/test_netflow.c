/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "netflow.h"
#include "network_draw.h"

#define CASES 4000

static struct netflow *open_drawn(const struct draw_network *n)
{
    struct netflow *f = NULL;
    assert_int_equal(netflow_open(&n->network, &f), 0);
    return f;
}

static void check_against_oracle(struct netflow *f, const struct draw_network *n, int *optimal)
{
    int64_t least = 0;
    bool solvable = draw_least_cost(n, &least);
    enum netflow_answer answer = netflow_solve(f);
    assert_int_equal(answer == NETFLOW_OPTIMAL, solvable);
    if (!solvable)
        return;
    assert_int_equal(netflow_value(f), least);
    assert_true(draw_is_optimal(f, n));
    ++*optimal;
}

static void any_network_is_solved_as_cycle_cancelling_does(void **state)
{
    (void)state;
    struct rng rng = rng_seed(1);
    int optimal = 0;
    for (int i = 0; i < CASES; i++) {
        struct draw_network n;
        draw_network(&rng, &n);
        AUTO(netflow) f = open_drawn(&n);
        check_against_oracle(f, &n, &optimal);
    }
    assert_true(optimal > CASES / 10 && optimal < CASES);
}

static void after_changes_the_last_tree_leads_to_the_new_optimum(void **state)
{
    (void)state;
    struct rng rng = rng_seed(2);
    int optimal = 0;
    for (int i = 0; i < CASES / 8; i++) {
        struct draw_network n;
        draw_network(&rng, &n);
        if (n.network.arcs == 0)
            continue;
        AUTO(netflow) f = open_drawn(&n);
        for (int change = 0; change < 12; change++) {
            check_against_oracle(f, &n, &optimal);
            uint32_t a = (uint32_t)rng_below(&rng, n.network.arcs);
            uint32_t v = (uint32_t)rng_below(&rng, n.network.nodes);
            switch (rng_below(&rng, 3)) {
            case 0:
                n.arc[a].cost = (int64_t)rng_below(&rng, 60) - 10;
                netflow_set_cost(f, a, n.arc[a].cost);
                break;
            case 1:
                n.arc[a].capacity = (int64_t)rng_below(&rng, 16);
                netflow_set_capacity(f, a, n.arc[a].capacity);
                break;
            default:
                n.supply[v]++;
                n.supply[0]--;
                netflow_set_supply(f, v, n.supply[v]);
                netflow_set_supply(f, 0, n.supply[0]);
            }
        }
    }
    assert_true(optimal > 500);
}

static void a_copy_goes_on_where_the_original_stood(void **state)
{
    (void)state;
    struct rng rng = rng_seed(3);
    for (int i = 0; i < 200; i++) {
        struct draw_network n;
        draw_network(&rng, &n);
        AUTO(netflow) f = open_drawn(&n);
        AUTO(netflow) kept = open_drawn(&n);
        if (netflow_solve(f) != NETFLOW_OPTIMAL || n.network.arcs == 0)
            continue;
        netflow_copy(kept, f);
        int64_t value = netflow_value(f);
        netflow_set_capacity(f, 0, 0);
        if (netflow_solve(f) == NETFLOW_OPTIMAL)
            assert_true(netflow_value(f) >= value);
        netflow_copy(f, kept);
        for (uint32_t a = 0; a < n.network.arcs; a++)
            assert_int_equal(netflow_units(f, a), netflow_units(kept, a));
        assert_int_equal(netflow_solve(f), NETFLOW_OPTIMAL);
        assert_int_equal(netflow_value(f), value);
    }
}

/* The worth of one more unit at a node is what the optimum gains when there is one more. */
static void lowest_prices_are_what_one_more_unit_is_worth(void **state)
{
    (void)state;
    struct rng rng = rng_seed(4);
    int checked = 0;
    for (int i = 0; i < 600; i++) {
        struct draw_network n;
        draw_network(&rng, &n);
        AUTO(netflow) f = open_drawn(&n);
        if (netflow_solve(f) != NETFLOW_OPTIMAL)
            continue;
        uint32_t sink = n.network.nodes - 1;
        int64_t price[DRAW_NODES_MAX];
        netflow_lowest_prices(f, sink, price);
        int64_t value = netflow_value(f);
        for (uint32_t v = 0; v < sink; v++) {
            n.supply[v]++;
            n.supply[sink]--;
            int64_t more = 0;
            bool fits = draw_least_cost(&n, &more);
            assert_int_equal(fits, price[v] != NETFLOW_NO_PRICE);
            if (fits)
                assert_int_equal(value - more, price[v]);
            n.supply[v]--;
            n.supply[sink]++;
            checked += fits;
        }
    }
    assert_true(checked > 100);
}

static void tell_unbounded_and_infeasible(void **state)
{
    (void)state;
    const int64_t none[2] = {0, 0};
    const int64_t some[2] = {3, -3};
    const int64_t uneven[2] = {3, -2};
    const struct netflow_arc loop[] = {{0, 1, NETFLOW_UNITS_MAX, -2}, {1, 0, NETFLOW_UNITS_MAX, 1}};
    const struct netflow_arc thin[] = {{0, 1, 2, 5}};
    struct row {
        struct netflow_network network;
        enum netflow_answer want;
    } rows[] = {{{2, 2, none, loop}, NETFLOW_UNBOUNDED},
                {{2, 1, some, thin}, NETFLOW_INFEASIBLE},
                {{2, 1, uneven, thin}, NETFLOW_INFEASIBLE},
                {{2, 0, none, NULL}, NETFLOW_OPTIMAL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO(netflow) f = NULL;
        assert_int_equal(netflow_open(&rows[i].network, &f), 0);
        assert_int_equal(netflow_solve(f), rows[i].want);
    }
}

static void numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    const int64_t none[2] = {0, 0};
    const int64_t large[2] = {NETFLOW_UNITS_MAX + 1, 0};
    const struct netflow_arc arcs[] = {
        {0, 2, 1, 0}, {0, 1, -1, 0}, {0, 1, 1, NETFLOW_COST_MAX + 1}};
    struct netflow *f = NULL;
    for (size_t i = 0; i < ARRAY_LEN(arcs); i++) {
        struct netflow_network n = {2, 1, none, &arcs[i]};
        assert_int_equal(netflow_open(&n, &f), -EINVAL);
    }
    struct netflow_network n = {2, 0, large, NULL};
    assert_int_equal(netflow_open(&n, &f), -EINVAL);
    assert_null(f);
}

static void money_and_units_at_their_largest_stay_exact(void **state)
{
    (void)state;
    const int64_t supply[3] = {4000000, 0, -4000000};
    const struct netflow_arc arcs[] = {{0, 1, 3000000, -NETFLOW_COST_MAX},
                                       {0, 1, NETFLOW_UNITS_MAX, NETFLOW_COST_MAX},
                                       {1, 2, NETFLOW_UNITS_MAX, 1}};
    struct netflow_network n = {3, 3, supply, arcs};
    AUTO(netflow) f = NULL;
    assert_int_equal(netflow_open(&n, &f), 0);
    assert_int_equal(netflow_solve(f), NETFLOW_OPTIMAL);
    assert_int_equal(netflow_value(f), -2000000 * NETFLOW_COST_MAX + 4000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_network_is_solved_as_cycle_cancelling_does),
        cmocka_unit_test(after_changes_the_last_tree_leads_to_the_new_optimum),
        cmocka_unit_test(a_copy_goes_on_where_the_original_stood),
        cmocka_unit_test(lowest_prices_are_what_one_more_unit_is_worth),
        cmocka_unit_test(tell_unbounded_and_infeasible),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(money_and_units_at_their_largest_stay_exact),
    };
    return cmocka_run_group_tests_name("netflow", tests, NULL, NULL);
}
