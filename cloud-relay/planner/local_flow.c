/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "local_flow.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct local_flow {
    const struct plan_problem *p;
    const struct plan_sku *sku;
    struct netflow *flow;
    int64_t *supply; /* a node, as things are carried */
};

void local_flow_free(struct local_flow *f)
{
    if (!f)
        return;
    netflow_free(f->flow);
    free(f->supply);
    free(f);
}

void local_flow_carry(struct local_flow *f, size_t arc, int64_t cases)
{
    assert(f && arc >= f->sku->arc_at && arc - f->sku->arc_at < f->sku->arcs);
    const struct netflow_arc *a = &f->p->arc[arc];
    f->supply[a->tail] -= cases;
    f->supply[a->head] += cases;
    netflow_set_supply(f->flow, a->tail, f->supply[a->tail]);
    netflow_set_supply(f->flow, a->head, f->supply[a->head]);
    local_flow_bound(f, arc, 0);
}

void local_flow_bound(struct local_flow *f, size_t arc, int64_t capacity)
{
    assert(f && arc >= f->sku->arc_at && arc - f->sku->arc_at < f->sku->arcs);
    netflow_set_capacity(f->flow, (uint32_t)(arc - f->sku->arc_at), capacity);
}

int64_t local_flow_cost(struct local_flow *f)
{
    assert(f);
    enum netflow_answer answer = netflow_solve(f->flow);
    assert(answer == NETFLOW_OPTIMAL); /* the plan is one, and so is staying */
    return netflow_value(f->flow);
}

void local_flow_prices(const struct local_flow *f, int64_t *ret_lowest, int64_t *ret_highest)
{
    assert(f && ret_lowest && ret_highest);
    netflow_lowest_prices(f->flow, f->sku->nodes - 1, ret_lowest);
    netflow_highest_prices(f->flow, f->sku->nodes - 1, ret_highest);
}

int local_flow_open(const struct plan_problem *p, const int64_t *cases, uint32_t sku,
                    struct local_flow **ret)
{
    assert(p && cases && sku < p->skus && ret);
    AUTO(local_flow) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->p = p;
    f->sku = &p->sku[sku];
    f->supply = calloc(f->sku->nodes, sizeof(*f->supply));
    if (!f->supply)
        return -ENOMEM;
    struct netflow_network n = {f->sku->nodes, f->sku->arcs, p->supply + f->sku->node_at,
                                p->arc + f->sku->arc_at};
    int err = netflow_open(&n, &f->flow);
    if (err < 0)
        return err;
    memcpy(f->supply, n.supply, f->sku->nodes * sizeof(*f->supply));
    for (size_t a = f->sku->arc_at; a < f->sku->arc_at + f->sku->arcs; a++)
        if (p->arc_lane[a] >= 0)
            local_flow_carry(f, a, cases[a]);
    (void)local_flow_cost(f);
    *ret = TAKE(f);
    return 0;
}
