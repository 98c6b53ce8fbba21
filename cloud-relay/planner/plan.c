/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan_state.h"

#define ROUNDS_BEFORE 40
#define SMALL_LANES 550 /* between 400 and 700 branch and cut ceases to end */

struct plan_limits plan_limits_default(void)
{
    return (struct plan_limits){.bound_rounds = 200, .search_rounds = 200, .nodes = 2000};
}

static int copy_out(struct plan_state *s, struct plan **ret)
{
    const struct plan_problem *p = s->p;
    AUTO(plan) plan = calloc(1, sizeof(*plan));
    if (!plan)
        return -ENOMEM;
    plan->arcs = plan_arcs(p);
    plan->lanes = p->lanes;
    plan->cases = calloc(plan->arcs + 1, sizeof(*plan->cases));
    plan->trucks = calloc((size_t)p->lanes + 1, sizeof(*plan->trucks));
    if (!plan->cases || !plan->trucks)
        return -ENOMEM;
    int64_t cost = 0;
    for (uint32_t k = 0; k < p->skus; k++) {
        const struct plan_sku *sku = &p->sku[k];
        for (uint32_t a = 0; a < sku->arcs; a++) {
            int64_t cases = netflow_units(s->flow[k], a);
            plan->cases[sku->arc_at + a] = cases;
            cost += p->arc[sku->arc_at + a].cost * cases;
        }
    }
    for (uint32_t l = 0; l < p->lanes; l++) {
        plan->trucks[l] = plan_trucks(&p->lane[l], s->lane_mg[l]);
        cost += plan->trucks[l] * p->lane[l].truck_paise;
    }
    plan->value_paise = -cost;
    plan->alone_paise = -s->alone_cost;
    plan->bound_paise = -s->bound_cost;
    /* A proof by exact search may meet the bound from the other side by a rounding. */
    assert(plan->value_paise <= plan->bound_paise && cost == s->total);
    *ret = TAKE(plan);
    return 0;
}

static uint32_t lanes_in_use(const struct plan_state *s)
{
    uint32_t count = 0;
    for (uint32_t l = 0; l < s->p->lanes; l++)
        count += s->lane_first[l] < s->lane_first[l + 1];
    return count;
}

int plan_solve(const struct plan_problem *p, const struct plan_limits *limits, struct plan **ret,
               struct diag *reterr)
{
    assert(p && limits && ret);
    int err = plan_check(p, reterr);
    if (err < 0)
        return err;
    /* Where branch and cut can end, it proves its plan, and a good one before saves it much work.
     * In larger problems it hardly gets anywhere and hears a stop late: there small neighbourhoods,
     * which bring most for their time, come first. */
    uint64_t before = limits->search_rounds < ROUNDS_BEFORE ? limits->search_rounds : ROUNDS_BEFORE;
    AUTO(plan_state) s = NULL;
    err = plan_state_open(p, limits, &s, reterr);
    if (err == 0)
        err = plan_bound(s);
    if (err == 0)
        err = plan_search_first(s);
    if (err == 0)
        err = plan_search_more(s, before);
    bool small = err == 0 && lanes_in_use(s) <= SMALL_LANES;
    if (err == 0 && small)
        err = plan_parts(s);
    if (err == 0)
        err = plan_parts_around(s, limits->search_rounds - before);
    if (err == 0 && !small)
        err = plan_parts(s);
    if (err == 0)
        err = plan_search_more(s, limits->search_rounds - before);
    if (err == 0)
        err = plan_search_last(s);
    return err < 0 ? err : copy_out(s, ret);
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    free(plan->cases);
    free(plan->trucks);
    free(plan);
}
