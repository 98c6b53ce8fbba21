/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The properties of a plan, on small random distributors; each test prints what its cases reached,
 * so that none passes on empty ones. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "lots_draw.h"
#include "market.h"
#include "plan.h"

#define CASES 150
#define HEAVY_DRAWS 3000

static struct lots *build(const struct draw_lots *d)
{
    struct lots *l = NULL;
    struct diag why = {0};
    if (lots_build(&d->in, &l, &why) < 0)
        fail_msg("%s", why.text);
    return l;
}

static struct plan *solve(const struct plan_problem *p, const struct plan_limits *limits)
{
    struct plan *plan = NULL;
    struct diag why = {0};
    if (plan_solve(p, limits, &plan, &why) < 0 || plan_verify(p, plan, &why) < 0)
        fail_msg("%s", why.text);
    return plan;
}

static const struct plan_limits quick = {.bound_rounds = 60, .search_rounds = 30, .nodes = 200};

static int64_t value_of(const struct draw_lots *d)
{
    AUTO(lots) l = build(d);
    AUTO(plan) plan = solve(lots_problem(l), &quick);
    return plan->value_paise;
}

static int64_t pure_flows(const struct plan_problem *p)
{
    int64_t sum = 0;
    for (uint32_t k = 0; k < p->skus; k++) {
        struct netflow_network n = {p->sku[k].nodes, p->sku[k].arcs, p->supply + p->sku[k].node_at,
                                    p->arc + p->sku[k].arc_at};
        AUTO(netflow) f = NULL;
        assert_int_equal(netflow_open(&n, &f), 0);
        assert_int_equal(netflow_solve(f), NETFLOW_OPTIMAL);
        sum -= netflow_value(f);
    }
    return sum;
}

/* --- the oracle: every number of cases on every transfer arc, and what is left by single flows */

#define TRANSFERS_MAX 7
#define TRIES_MAX 60000

struct oracle {
    const struct plan_problem *p;
    size_t transfer[TRANSFERS_MAX];
    uint32_t sku_of[TRANSFERS_MAX];
    size_t count;
    int64_t cases[TRANSFERS_MAX];
    int64_t best;
};

static int64_t local_cost(const struct oracle *o, uint32_t k)
{
    const struct plan_sku *sku = &o->p->sku[k];
    struct netflow_network n = {sku->nodes, sku->arcs, o->p->supply + sku->node_at,
                                o->p->arc + sku->arc_at};
    AUTO(netflow) f = NULL;
    assert_int_equal(netflow_open(&n, &f), 0);
    int64_t *supply = malloc(sku->nodes * sizeof(*supply));
    assert_non_null(supply);
    memcpy(supply, n.supply, sku->nodes * sizeof(*supply));
    int64_t cost = 0;
    for (uint32_t a = 0; a < sku->arcs; a++) {
        if (o->p->arc_lane[sku->arc_at + a] >= 0)
            netflow_set_capacity(f, a, 0);
    }
    for (size_t t = 0; t < o->count; t++) {
        if (o->sku_of[t] != k)
            continue;
        const struct netflow_arc *arc = &o->p->arc[o->transfer[t]];
        supply[arc->tail] -= o->cases[t];
        supply[arc->head] += o->cases[t];
        cost += arc->cost * o->cases[t];
    }
    for (uint32_t v = 0; v < sku->nodes; v++)
        netflow_set_supply(f, v, supply[v]);
    free(supply);
    return netflow_solve(f) == NETFLOW_OPTIMAL ? cost + netflow_value(f) : INT64_MAX;
}

static bool fits(const struct oracle *o, int64_t *ret_trucks_cost)
{
    int64_t lane_mg[DRAW_LANES_MAX] = {0};
    int64_t site_mg[DRAW_SITES_MAX] = {0};
    for (size_t t = 0; t < o->count; t++) {
        int32_t l = o->p->arc_lane[o->transfer[t]];
        if (o->cases[t] > 0 && o->p->sku[o->sku_of[t]].case_mg > o->p->lane[l].truck_mg)
            return false;
        lane_mg[l] += o->cases[t] * o->p->sku[o->sku_of[t]].case_mg;
        site_mg[o->p->lane[l].to] += o->cases[t] * o->p->sku[o->sku_of[t]].case_mg;
        for (size_t u = 0; u < t; u++) {
            const struct plan_lane *a = &o->p->lane[l];
            const struct plan_lane *b = &o->p->lane[o->p->arc_lane[o->transfer[u]]];
            if (o->cases[t] > 0 && o->cases[u] > 0 && o->sku_of[t] == o->sku_of[u] &&
                a->from == b->to && a->to == b->from)
                return false;
        }
    }
    *ret_trucks_cost = 0;
    for (uint32_t l = 0; l < o->p->lanes; l++) {
        const struct plan_lane *lane = &o->p->lane[l];
        int64_t trucks = (lane_mg[l] + lane->truck_mg - 1) / lane->truck_mg;
        if (trucks > lane->trucks_max || lane_mg[l] < trucks * lane->least_mg)
            return false;
        *ret_trucks_cost += trucks * lane->truck_paise;
    }
    for (uint32_t j = 0; j < o->p->sites; j++) {
        if (site_mg[j] > o->p->room_mg[j])
            return false;
    }
    return true;
}

static void try_all(struct oracle *o, size_t t)
{
    if (t < o->count) {
        for (int64_t n = 0; n <= o->p->arc[o->transfer[t]].capacity; n++) {
            o->cases[t] = n;
            try_all(o, t + 1);
        }
        return;
    }
    int64_t cost = 0;
    if (!fits(o, &cost))
        return;
    for (uint32_t k = 0; k < o->p->skus; k++) {
        int64_t local = local_cost(o, k);
        if (local == INT64_MAX)
            return;
        cost += local;
    }
    o->best = cost < o->best ? cost : o->best;
}

/* False: too large to try all. */
static bool try_problem(const struct plan_problem *p, int64_t *ret_value)
{
    struct oracle o = {.p = p, .best = INT64_MAX};
    int64_t tries = 1;
    for (uint32_t k = 0; k < p->skus; k++) {
        for (size_t a = p->sku[k].arc_at; a < p->sku[k].arc_at + p->sku[k].arcs; a++) {
            if (p->arc_lane[a] < 0)
                continue;
            if (o.count == TRANSFERS_MAX)
                return false;
            o.transfer[o.count] = a;
            o.sku_of[o.count++] = k;
            tries *= p->arc[a].capacity + 1;
        }
    }
    if (tries > TRIES_MAX)
        return false;
    try_all(&o, 0);
    *ret_value = -o.best;
    return true;
}

struct tried {
    int problems;
    int with_transfers;
    int found;
    int straddling; /* whose plan has more on some lane than whole cases would fill its trucks with
                     */
};

static bool straddles(const struct plan_problem *p, const struct plan *plan)
{
    for (uint32_t k = 0; k < p->skus; k++) {
        for (size_t a = p->sku[k].arc_at; a < p->sku[k].arc_at + p->sku[k].arcs; a++) {
            int32_t l = p->arc_lane[a];
            if (l >= 0 &&
                plan->cases[a] > plan->trucks[l] * (p->lane[l].truck_mg / p->sku[k].case_mg))
                return true;
        }
    }
    return false;
}

static void try_draws(struct rng *rng, int draws, bool heavy, struct tried *all)
{
    for (int i = 0; i < draws; i++) {
        struct draw_lots d;
        draw_lots(rng, &d);
        if (heavy)
            draw_make_heavy(rng, &d);
        AUTO(lots) l = build(&d);
        int64_t best = 0;
        if (!try_problem(lots_problem(l), &best))
            continue;
        AUTO(plan) plan = solve(lots_problem(l), &quick);
        if (plan->value_paise > best || best > plan->bound_paise)
            fail_msg("draw %d: %lld is not between %lld and %lld", i, (long long)best,
                     (long long)plan->value_paise, (long long)plan->bound_paise);
        all->problems++;
        all->with_transfers += best > plan->alone_paise;
        all->found += plan->value_paise == best;
        all->straddling += straddles(lots_problem(l), plan);
    }
    printf("tried %d, with transfers %d, optimum found %d, straddling %d\n", all->problems,
           all->with_transfers, all->found, all->straddling);
}

static void the_best_of_all_plans_lies_between_value_and_bound(void **state)
{
    (void)state;
    struct rng rng = rng_seed(11);
    struct tried all = {0};
    try_draws(&rng, 2 * CASES, false, &all);
    assert_true(all.problems >= 100 && all.with_transfers >= 30 &&
                all.found * 100 >= all.problems * 97);
}

static void so_it_does_where_cases_straddle_trucks(void **state)
{
    (void)state;
    struct rng rng = rng_seed(22);
    struct tried all = {0};
    try_draws(&rng, HEAVY_DRAWS, true, &all);
    assert_true(all.problems >= HEAVY_DRAWS / 3 && all.with_transfers >= 100 &&
                all.straddling >= 30 && all.found * 100 >= all.problems * 97);
}

/* --- single flows */

static void with_free_trucks_it_is_the_sum_of_single_flows(void **state)
{
    (void)state;
    struct rng rng = rng_seed(12);
    int moved = 0;
    for (int i = 0; i < CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        draw_make_free(&d);
        for (size_t n = 0; n < d.in.lanes; n++) /* one way only: going both ways is ruled out */
            d.lane[n].lane.trucks_max = d.lane[n].lane.from < d.lane[n].lane.to ? 1000 : 0;
        AUTO(lots) l = build(&d);
        AUTO(plan) plan = solve(lots_problem(l), &quick);
        struct plan_problem p = *lots_problem(l);
        struct netflow_arc *arc = malloc((plan_arcs(&p) + 1) * sizeof(*arc));
        assert_non_null(arc);
        memcpy(arc, p.arc, plan_arcs(&p) * sizeof(*arc));
        for (size_t a = 0; a < plan_arcs(&p); a++) {
            if (p.arc_lane[a] >= 0 && p.lane[p.arc_lane[a]].trucks_max == 0)
                arc[a].capacity = 0;
        }
        p.arc = arc;
        assert_int_equal(plan->value_paise, pure_flows(&p));
        assert_int_equal(plan->bound_paise, plan->value_paise);
        moved += plan->value_paise > plan->alone_paise;
        free(arc);
    }
    assert_true(moved >= 40);
}

static void trucks_that_cannot_pay_or_go_leave_all_where_it_lies(void **state)
{
    (void)state;
    struct rng rng = rng_seed(13);
    for (int i = 0; i < CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        for (size_t n = 0; n < d.in.lanes; n++) {
            d.lane[n].lane.truck_paise = i % 3 == 0 ? PLAN_PAISE_MAX : 100;
            d.lane[n].lane.trucks_max = i % 3 == 1 ? 0 : 2;
            d.lane[n].lead_days = i % 3 == 2 ? 200 : d.lane[n].lead_days;
        }
        AUTO(lots) l = build(&d);
        AUTO(plan) plan = solve(lots_problem(l), &quick);
        assert_int_equal(plan->value_paise, plan->alone_paise);
        for (uint32_t n = 0; n < plan->lanes; n++)
            assert_int_equal(plan->trucks[n], 0);
    }
}

/* What is changed for the better, and must not lower the optimum; back and it must not raise it. */
static void improve(struct draw_lots *d, int what)
{
    for (size_t i = 0; i < d->in.demands; i++) {
        for (uint32_t b = 0; what == 0 && b < d->in.buckets; b++)
            d->demand[i].mean_units[b] *= 1.5;
        if (what == 1)
            d->demand[i].guard_days /= 2;
    }
    for (size_t i = 0; i < d->in.lots; i++) {
        if (what == 2)
            d->lot[i].days_left += d->lot[i].days_left >= 0 ? 20 : 0;
        for (size_t t = 0; what == 3 && t < LOTS_TIERS_MAX; t++)
            d->lot[i].tier[t].paise += 200;
    }
    for (size_t i = 0; i < d->in.lanes; i++) {
        if (what == 4)
            d->lane[i].lead_days /= 2;
        if (what == 5)
            d->lane[i].tonne_paise /= 2;
    }
    if (what == 6) {
        d->lane[d->in.lanes] = d->lane[0];
        d->lane[d->in.lanes].lane.id = 9999;
        d->lane[d->in.lanes].lane.to = (d->lane[0].lane.to + 1) % d->in.sites;
        if (d->lane[d->in.lanes].lane.to != d->lane[0].lane.from)
            d->in.lanes++;
    }
}
#define IMPROVEMENTS 7

static void what_can_only_help_never_lowers_the_optimum(void **state)
{
    (void)state;
    struct rng rng = rng_seed(14);
    int better[IMPROVEMENTS] = {0};
    for (int i = 0; i < 2 * CASES; i++) {
        for (int what = 0; what < IMPROVEMENTS; what++) {
            struct rng again = rng;
            struct draw_lots d;
            draw_lots(&again, &d);
            draw_make_free(&d);
            AUTO(lots) l = build(&d);
            int64_t before = pure_flows(lots_problem(l));
            improve(&d, what);
            AUTO(lots) improved = build(&d);
            int64_t after = pure_flows(lots_problem(improved));
            /* each segment's worth is rounded down to whole paise */
            assert_true(after >= before - 64);
            better[what] += after > before;
        }
        struct draw_lots skip;
        draw_lots(&rng, &skip);
    }
    for (int what = 0; what < IMPROVEMENTS; what++)
        assert_true(better[what] >= 5);
}

static void a_lot_in_two_halves_is_worth_the_same(void **state)
{
    (void)state;
    struct rng rng = rng_seed(15);
    for (int i = 0; i < CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        draw_make_free(&d);
        AUTO(lots) l = build(&d);
        int64_t whole = pure_flows(lots_problem(l));
        struct lots_lot *half = &d.lot[d.in.lots++];
        *half = d.lot[0];
        half->id = 1;
        half->cases = d.lot[0].cases / 2;
        d.lot[0].cases -= half->cases;
        /* The source's own quotas are for both together: only where they bind would it differ. */
        for (size_t t = 0; t < LOTS_TIERS_MAX; t++)
            half->tier[t].cases = d.lot[0].tier[t].cases = 0;
        half->return_cases = d.lot[0].return_cases = 0;
        AUTO(lots) halves = build(&d);
        d.in.lots--;
        d.lot[0].cases += half->cases;
        AUTO(lots) without = build(&d);
        assert_int_equal(pure_flows(lots_problem(halves)), pure_flows(lots_problem(without)));
        assert_true(whole >= pure_flows(lots_problem(without)));
    }
}

/* --- coupled plans */

static void money_in_another_unit_scales_the_value(void **state)
{
    (void)state;
    struct rng rng = rng_seed(16);
    int coupled = 0;
    for (int i = 0; i < CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        AUTO(lots) l = build(&d);
        struct plan_problem p = *lots_problem(l);
        int64_t best = 0;
        int64_t scaled_best = 0;
        if (!try_problem(&p, &best))
            continue;
        AUTO(plan) plan = solve(&p, &quick);
        struct netflow_arc *arc = malloc((plan_arcs(&p) + 1) * sizeof(*arc));
        struct plan_lane *lane = malloc((p.lanes + 1) * sizeof(*lane));
        assert_true(arc && lane);
        memcpy(arc, p.arc, plan_arcs(&p) * sizeof(*arc));
        memcpy(lane, p.lane, p.lanes * sizeof(*lane));
        for (size_t a = 0; a < plan_arcs(&p); a++)
            arc[a].cost *= 1000;
        for (uint32_t n = 0; n < p.lanes; n++)
            lane[n].truck_paise *= 1000;
        p.arc = arc;
        p.lane = lane;
        AUTO(plan) scaled = solve(&p, &quick);
        assert_true(try_problem(&p, &scaled_best));
        assert_int_equal(scaled_best, best * 1000);
        if (plan->value_paise == best)
            coupled += scaled->value_paise == scaled_best;
        free(arc);
        free(lane);
    }
    assert_true(coupled >= 60);
}

static void shuffle(struct rng *rng, void *items, size_t count, size_t size)
{
    char *at = items;
    char swap[512];
    assert_true(size <= sizeof(swap));
    for (size_t i = count; i > 1; i--) {
        size_t n = (size_t)rng_below(rng, i);
        memcpy(swap, at + n * size, size);
        memcpy(at + n * size, at + (i - 1) * size, size);
        memcpy(at + (i - 1) * size, swap, size);
    }
}

static void the_same_input_in_any_order_gives_the_same_plan(void **state)
{
    (void)state;
    struct rng rng = rng_seed(17);
    for (int i = 0; i < CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        AUTO(lots) l = build(&d);
        AUTO(plan) plan = solve(lots_problem(l), &quick);
        AUTO(plan) again = solve(lots_problem(l), &quick);
        assert_memory_equal(plan->cases, again->cases, plan->arcs * sizeof(*plan->cases));
        shuffle(&rng, d.lot, d.in.lots, sizeof(*d.lot));
        shuffle(&rng, d.demand, d.in.demands, sizeof(*d.demand));
        shuffle(&rng, d.lane, d.in.lanes, sizeof(*d.lane));
        AUTO(lots) other = build(&d);
        AUTO(plan) shuffled = solve(lots_problem(other), &quick);
        assert_int_equal(shuffled->arcs, plan->arcs);
        assert_memory_equal(plan->cases, shuffled->cases, plan->arcs * sizeof(*plan->cases));
        assert_int_equal(shuffled->bound_paise, plan->bound_paise);
    }
}

static bool count_down(void *context)
{
    int *left = context;
    return --*left < 0;
}

static void stopped_at_any_time_it_is_a_plan_with_a_bound(void **state)
{
    (void)state;
    struct rng rng = rng_seed(18);
    for (int i = 0; i < CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        AUTO(lots) l = build(&d);
        int left = i % 40;
        struct plan_limits limits = quick;
        limits.stop = count_down;
        limits.context = &left;
        AUTO(plan) plan = solve(lots_problem(l), &limits);
        assert_true(plan->value_paise >= plan->alone_paise);
    }
}

/* --- the market */

static void nobody_loses_and_the_books_balance(void **state)
{
    (void)state;
    struct rng rng = rng_seed(19);
    size_t trades = 0;
    int rents = 0;
    for (int i = 0; i < 6 * CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        AUTO(lots) l = build(&d);
        const struct plan_problem *p = lots_problem(l);
        AUTO(plan) plan = solve(p, &quick);
        AUTO(market) m = NULL;
        assert_int_equal(market_clear(p, plan, &m), 0);
        int64_t paid[DRAW_LANES_MAX] = {0};
        for (size_t t = 0; t < m->trades; t++) {
            const struct market_trade *trade = &m->trade[t];
            assert_int_equal(trade->cases, plan->cases[trade->arc]);
            assert_int_equal(trade->bid_paise + trade->push_paise,
                             trade->ask_paise + trade->transport_paise + trade->rent_paise +
                                 trade->surplus_paise);
            assert_true(trade->push_paise >= 0 && trade->rent_paise >= 0 &&
                        trade->surplus_paise >= 0);
            assert_true(trade->truck_paise <= trade->gain_paise);
            assert_true(trade->gain_paise < 0 || trade->truck_paise >= 0);
            assert_true(trade->push_paise == 0 || p->lane[trade->lane].least_mg > 0);
            paid[trade->lane] += trade->truck_paise;
            rents += trade->rent_paise > 0;
        }
        trades += m->trades;
        for (uint32_t n = 0; n < p->lanes; n++) {
            assert_int_equal(m->lane[n].uplift_paise, 0);
            assert_int_equal(paid[n], p->lane[n].truck_paise * plan->trucks[n]);
        }
    }
    printf("trades %zu, with rent %d\n", trades, rents);
    assert_true(trades >= 200 && rents >= 5);
}

/* --- outcomes */

static void outcomes_sum_to_each_lot_and_to_the_value(void **state)
{
    (void)state;
    struct rng rng = rng_seed(20);
    int seen[LOTS_KINDS] = {0};
    for (int i = 0; i < 2 * CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        AUTO(lots) l = build(&d);
        AUTO(plan) plan = solve(lots_problem(l), &quick);
        struct lots_outcome *out = NULL;
        size_t count = 0;
        assert_int_equal(lots_outcomes(l, plan->cases, &out, &count), 0);
        int64_t cases[DRAW_LOTS_MAX] = {0};
        int64_t value = 0;
        for (size_t n = 0; n < count; n++) {
            const struct lots_lot *lot = &d.lot[out[n].lot];
            assert_true(out[n].cases > 0);
            cases[out[n].lot] += out[n].cases;
            value += out[n].revenue_paise - out[n].cost_paise;
            seen[out[n].kind]++;
            assert_true(out[n].kind != LOTS_TRANSFER ||
                        (lot->order == LOTS_FREE && d.lane[out[n].lane].lane.from == lot->site &&
                         lot->days_left > d.lane[out[n].lane].lead_days));
            assert_true(out[n].kind == LOTS_WRITE_OFF || lot->order != LOTS_DESTROY_ONLY);
        }
        for (size_t n = 0; n < d.in.lots; n++)
            assert_int_equal(cases[n], d.lot[n].cases);
        for (uint32_t n = 0; n < plan->lanes; n++)
            value -= plan->trucks[n] * lots_problem(l)->lane[n].truck_paise;
        assert_int_equal(value, plan->value_paise);
        free(out);
    }
    for (size_t k = 0; k < LOTS_KINDS; k++)
        assert_true(seen[k] >= 5);
}

static void a_barred_lane_carries_nothing_of_that_sku(void **state)
{
    (void)state;
    struct rng rng = rng_seed(21);
    int barred = 0;
    for (int i = 0; i < CASES; i++) {
        struct draw_lots d;
        draw_lots(&rng, &d);
        draw_make_free(&d);
        AUTO(lots) l = build(&d);
        AUTO(plan) plan = solve(lots_problem(l), &quick);
        struct lots_outcome *out = NULL;
        size_t count = 0;
        assert_int_equal(lots_outcomes(l, plan->cases, &out, &count), 0);
        for (size_t n = 0; n < count; n++) {
            if (out[n].kind != LOTS_TRANSFER)
                continue;
            struct lots_bar bar = {d.lot[out[n].lot].sku, d.lane[out[n].lane].lane.id};
            d.in.bar = &bar;
            d.in.bars = 1;
            AUTO(lots) without = build(&d);
            for (uint32_t k = 0; k < d.in.skus; k++) {
                const struct plan_problem *p = lots_problem(without);
                for (size_t a = p->sku[k].arc_at; a < p->sku[k].arc_at + p->sku[k].arcs; a++)
                    assert_false(p->arc_lane[a] >= 0 && p->sku[k].id == d.sku[bar.sku].id &&
                                 p->lane[p->arc_lane[a]].id == bar.lane_id);
            }
            assert_true(value_of(&d) <= plan->value_paise);
            d.in.bars = 0;
            barred++;
            break;
        }
        free(out);
    }
    assert_true(barred >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_of_all_plans_lies_between_value_and_bound),
        cmocka_unit_test(so_it_does_where_cases_straddle_trucks),
        cmocka_unit_test(with_free_trucks_it_is_the_sum_of_single_flows),
        cmocka_unit_test(trucks_that_cannot_pay_or_go_leave_all_where_it_lies),
        cmocka_unit_test(what_can_only_help_never_lowers_the_optimum),
        cmocka_unit_test(a_lot_in_two_halves_is_worth_the_same),
        cmocka_unit_test(money_in_another_unit_scales_the_value),
        cmocka_unit_test(the_same_input_in_any_order_gives_the_same_plan),
        cmocka_unit_test(stopped_at_any_time_it_is_a_plan_with_a_bound),
        cmocka_unit_test(nobody_loses_and_the_books_balance),
        cmocka_unit_test(outcomes_sum_to_each_lot_and_to_the_value),
        cmocka_unit_test(a_barred_lane_carries_nothing_of_that_sku),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
