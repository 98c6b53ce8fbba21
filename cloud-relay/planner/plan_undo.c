/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loads of the plan at hand, and the way back from each step. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "plan_state.h"

/* --- loads */

static void add_load(struct plan_state *s, const struct plan_move *m, int64_t cases)
{
    if (cases == 0)
        return;
    const struct plan_lane *lane = &s->p->lane[m->lane];
    int64_t before = plan_trucks(lane, s->lane_mg[m->lane]);
    s->lane_mg[m->lane] += cases * m->case_mg;
    s->site_mg[m->site] += cases * m->case_mg;
    int64_t after = plan_trucks(lane, s->lane_mg[m->lane]);
    s->total += (after - before) * lane->truck_paise;
}

void plan_take_off(struct plan_state *s, uint32_t sku)
{
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++) {
        add_load(s, &s->move[i], -s->cases[i]);
        s->cases[i] = 0;
    }
    s->total -= s->cost[sku];
}

void plan_put_on(struct plan_state *s, uint32_t sku, int64_t cost)
{
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++) {
        s->cases[i] = netflow_units(s->flow[sku], s->move[i].arc);
        add_load(s, &s->move[i], s->cases[i]);
    }
    s->cost[sku] = cost;
    s->total += cost;
}

/* --- steps back */

struct plan_mark plan_mark(const struct plan_state *s)
{
    return (struct plan_mark){s->undos, s->undo_lanes, s->total};
}

static struct netflow *take_spare(struct plan_state *s, uint32_t sku)
{
    if (s->spares[sku] > 0)
        return s->spare[sku][--s->spares[sku]];
    const struct plan_sku *of = &s->p->sku[sku];
    struct netflow_network n = {of->nodes, of->arcs, s->p->supply + of->node_at,
                                s->p->arc + of->arc_at};
    struct netflow *f = NULL;
    return netflow_open(&n, &f) == 0 ? f : NULL;
}

static void give_spare(struct plan_state *s, uint32_t sku, struct netflow *f)
{
    if (s->spares[sku] == s->spares_max[sku]) {
        uint32_t max = s->spares_max[sku] * 2 + 1;
        void *grown = realloc(s->spare[sku], max * sizeof(struct netflow *));
        if (!grown) {
            netflow_free(f);
            return;
        }
        s->spare[sku] = grown;
        s->spares_max[sku] = max;
    }
    s->spare[sku][s->spares[sku]++] = f;
}

/* Keeps the SKU's flow once a mark. */
int plan_save(struct plan_state *s, struct plan_mark mark, uint32_t sku)
{
    if (s->last_undo[sku] > mark.undos)
        return 0;
    if (s->undos == s->undos_max) {
        size_t max = s->undos_max * 2 + 64;
        void *grown = realloc(s->undo, max * sizeof(*s->undo));
        if (!grown)
            return -ENOMEM;
        s->undo = grown;
        s->undos_max = max;
    }
    struct netflow *copy = take_spare(s, sku);
    if (!copy)
        return -ENOMEM;
    netflow_copy(copy, s->flow[sku]);
    s->undo[s->undos++] = (struct plan_undo){
        .sku = sku, .before = s->last_undo[sku], .cost = s->cost[sku], .flow = copy};
    s->last_undo[sku] = s->undos;
    return 0;
}

void plan_undo_to(struct plan_state *s, struct plan_mark mark)
{
    while (s->undos > mark.undos) {
        struct plan_undo *u = &s->undo[--s->undos];
        plan_take_off(s, u->sku);
        give_spare(s, u->sku, s->flow[u->sku]);
        s->flow[u->sku] = u->flow;
        plan_put_on(s, u->sku, u->cost);
        s->last_undo[u->sku] = u->before;
    }
    while (s->undo_lanes > mark.undo_lanes) {
        struct plan_undo_lane *u = &s->undo_lane[--s->undo_lanes];
        s->trucks[u->lane] = u->trucks;
        s->push[u->lane] = u->push;
    }
    assert(s->total == mark.total);
}

void plan_keep(struct plan_state *s)
{
    while (s->undos > 0) {
        struct plan_undo *u = &s->undo[--s->undos];
        give_spare(s, u->sku, u->flow);
        s->last_undo[u->sku] = 0;
    }
    s->undo_lanes = 0;
}

void plan_allow(struct plan_state *s, uint32_t lane, int64_t trucks, int64_t push)
{
    if (s->undo_lanes == s->undo_lanes_max) {
        size_t max = s->undo_lanes_max * 2 + 64;
        void *grown = realloc(s->undo_lane, max * sizeof(*s->undo_lane));
        if (!grown) {
            s->err = -ENOMEM;
            return;
        }
        s->undo_lane = grown;
        s->undo_lanes_max = max;
    }
    s->undo_lane[s->undo_lanes++] = (struct plan_undo_lane){lane, s->trucks[lane], s->push[lane]};
    s->trucks[lane] = trucks;
    s->push[lane] = push;
}
