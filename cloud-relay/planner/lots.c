/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lots.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lots_build.h"

static void lots_build_free(struct lots_build *b)
{
    if (!b)
        return;
    free(b->lanes_of);
    free(b->reached);
    free(b->node_of);
    free(b);
}
DEFINE_AUTO(lots_build);

int lots_push_arc(struct lots_build *b, struct netflow_arc arc, int32_t lane,
                  struct lots_arc meaning)
{
    struct lots *l = b->l;
    if (l->arcs == l->arcs_max) {
        size_t max = l->arcs_max * 2 + 64;
        void *arcs = realloc(l->arc, max * sizeof(*l->arc));
        l->arc = arcs ? arcs : l->arc;
        void *lanes = realloc(l->arc_lane, max * sizeof(*l->arc_lane));
        l->arc_lane = lanes ? lanes : l->arc_lane;
        void *meanings = realloc(l->meaning, max * sizeof(*l->meaning));
        l->meaning = meanings ? meanings : l->meaning;
        if (!arcs || !lanes || !meanings)
            return -ENOMEM;
        l->arcs_max = max;
    }
    if (arc.cost < -NETFLOW_COST_MAX || arc.cost > NETFLOW_COST_MAX)
        return lots_refuse(b->reterr, "SKU", b->sku->id,
                           "a case is worth more than can be counted");
    l->arc[l->arcs] = arc;
    l->arc_lane[l->arcs] = lane;
    l->meaning[l->arcs++] = meaning;
    return 0;
}

static size_t lane_end(const struct lots_build *b, const struct lots_lot *lot)
{
    return b->lanes_of[lot->site + 1];
}

static void find_reach(struct lots_build *b)
{
    b->saleable = 0;
    for (size_t i = 0; i < b->lots; i++) {
        const struct lots_lot *lot = b->lot[i];
        bool sells = false;
        struct lots_way own = lots_way_of(b, lot, LOTS_HELD);
        if (own.buckets > b->reached[lot->site])
            b->reached[lot->site] = own.buckets;
        sells = own.demand != NULL;
        for (size_t n = b->lanes_of[lot->site]; n < lane_end(b, lot); n++) {
            struct lots_way w = lots_way_of(b, lot, n);
            if (w.demand && w.buckets > b->reached[w.demand->site])
                b->reached[w.demand->site] = w.buckets;
            sells = sells || w.demand;
        }
        if (sells)
            b->saleable += lot->cases;
    }
}

static int push_nodes(struct lots_build *b)
{
    uint32_t nodes = (uint32_t)b->lots;
    for (size_t i = 0; i < b->demands; i++) {
        uint32_t site = b->demand[i]->site;
        b->node_of[site] = nodes;
        nodes += b->reached[site];
    }
    b->sink = nodes++;
    struct lots *l = b->l;
    if (nodes > NETFLOW_NODES_MAX)
        return -ERANGE;
    if (l->nodes + nodes > l->nodes_max) {
        size_t max = (l->nodes + nodes) * 2;
        void *grown = realloc(l->supply, max * sizeof(*l->supply));
        if (!grown)
            return -ENOMEM;
        l->supply = grown;
        l->nodes_max = max;
    }
    int64_t sum = 0;
    for (uint32_t v = 0; v < nodes; v++) {
        l->supply[l->nodes + v] = v < b->lots ? b->lot[v]->cases : 0;
        sum += l->supply[l->nodes + v];
    }
    if (sum > NETFLOW_UNITS_MAX)
        return -ERANGE;
    l->supply[l->nodes + b->sink] = -sum;
    l->nodes += nodes;
    return 0;
}

static int push_way(struct lots_build *b, uint32_t node, const struct lots_way *w)
{
    const struct lots_lot *lot = b->lot[node];
    if (!w->demand)
        return 0;
    size_t lane = w->lane ? (size_t)(w->lane - b->in->lane) : 0;
    struct netflow_arc arc = {.tail = node,
                              .head = b->node_of[w->demand->site] + w->buckets - 1,
                              .capacity = lot->cases,
                              .cost = lots_way_cost(b, lot, w)};
    struct lots_arc meaning = {.kind = w->lane ? LOTS_TRANSFER : LOTS_HOLD,
                               .lot = (uint32_t)(lot - b->in->lot),
                               .detail = (uint32_t)lane};
    return lots_push_arc(b, arc, w->lane ? (int32_t)w->lane_at : PLAN_LOCAL, meaning);
}

static int push_local(struct lots_build *b, uint32_t node, enum lots_kind kind, uint32_t detail,
                      int64_t cases, int64_t cost)
{
    const struct lots_lot *lot = b->lot[node];
    if (cases <= 0)
        return 0;
    struct netflow_arc arc = {.tail = node,
                              .head = b->sink,
                              .capacity = cases < lot->cases ? cases : lot->cases,
                              .cost = cost};
    struct lots_arc meaning = {
        .kind = (uint8_t)kind, .lot = (uint32_t)(lot - b->in->lot), .detail = detail};
    return lots_push_arc(b, arc, PLAN_LOCAL, meaning);
}

static int push_lot(struct lots_build *b, uint32_t node)
{
    const struct lots_lot *lot = b->lot[node];
    struct lots_way own = lots_way_of(b, lot, LOTS_HELD);
    int err = push_way(b, node, &own);
    for (size_t n = b->lanes_of[lot->site]; err == 0 && n < lane_end(b, lot); n++) {
        struct lots_way w = lots_way_of(b, lot, n);
        err = push_way(b, node, &w);
    }
    bool may_sell = lot->days_left >= 0 && (lot->order == LOTS_FREE || lot->order == LOTS_STAY);
    for (uint32_t t = 0; err == 0 && may_sell && t < LOTS_TIERS_MAX; t++)
        err = push_local(b, node, LOTS_LIQUIDATE, t, lot->tier[t].cases, -lot->tier[t].paise);
    if (err == 0 && lot->order != LOTS_DESTROY_ONLY)
        err = push_local(b, node, LOTS_RETURN, 0, lot->return_cases, -lot->return_paise);
    if (err == 0)
        err = push_local(b, node, LOTS_WRITE_OFF, 0, lot->cases, lot->write_off_paise);
    return err;
}

static int push_sku(struct lots_build *b, size_t k)
{
    struct plan_sku *out = &b->l->sku[k];
    *out = (struct plan_sku){
        .id = b->sku->id, .case_mg = b->sku->case_mg, .node_at = b->l->nodes, .arc_at = b->l->arcs};
    for (size_t i = 0; i < b->demands; i++)
        b->reached[b->demand[i]->site] = 0;
    find_reach(b);
    int err = push_nodes(b);
    for (uint32_t v = 0; err == 0 && v < b->lots; v++)
        err = push_lot(b, v);
    for (size_t i = 0; err == 0 && i < b->demands; i++)
        err = lots_push_demand(b, b->demand[i]);
    out->nodes = (uint32_t)(b->l->nodes - out->node_at);
    out->arcs = (uint32_t)(b->l->arcs - out->arc_at);
    return err;
}

static int push_all(struct lots_build *b)
{
    const struct lots_input *in = b->in;
    /* Lots and demands are sorted by the SKU's index, the networks by the SKU's id. */
    size_t *lot_at = calloc(in->skus + 2, sizeof(*lot_at));
    size_t *demand_at_sku = calloc(in->skus + 2, sizeof(*demand_at_sku));
    int err = lot_at && demand_at_sku ? 0 : -ENOMEM;
    if (err == 0) {
        for (size_t i = 0; i < in->lots; i++)
            lot_at[in->lot[i].sku + 1]++;
        for (size_t i = 0; i < in->demands; i++)
            demand_at_sku[in->demand[i].sku + 1]++;
        for (size_t k = 0; k < in->skus; k++) {
            lot_at[k + 1] += lot_at[k];
            demand_at_sku[k + 1] += demand_at_sku[k];
        }
    }
    for (size_t k = 0; err == 0 && k < in->skus; k++) {
        size_t i = (size_t)(b->s->sku[k] - in->sku);
        b->sku = b->s->sku[k];
        b->lot = b->s->lot + lot_at[i];
        b->lots = lot_at[i + 1] - lot_at[i];
        b->demand = b->s->demand + demand_at_sku[i];
        b->demands = demand_at_sku[i + 1] - demand_at_sku[i];
        err = push_sku(b, k);
    }
    free(lot_at);
    free(demand_at_sku);
    return err;
}

static int copy_frame(const struct lots_input *in, const struct lots_sorted *s, struct lots *l)
{
    l->room_mg = malloc(in->sites * sizeof(*l->room_mg));
    l->lane = malloc((in->lanes + 1) * sizeof(*l->lane));
    l->sku = calloc(in->skus + 1, sizeof(*l->sku));
    l->supply = calloc(1, sizeof(*l->supply));
    l->nodes_max = 1;
    if (!l->room_mg || !l->lane || !l->sku || !l->supply)
        return -ENOMEM;
    memcpy(l->room_mg, in->room_mg, in->sites * sizeof(*l->room_mg));
    for (size_t i = 0; i < in->lanes; i++)
        l->lane[i] = s->lane[i]->lane;
    l->problem = (struct plan_problem){.sites = in->sites,
                                       .room_mg = l->room_mg,
                                       .lanes = (uint32_t)in->lanes,
                                       .lane = l->lane,
                                       .sku = l->sku};
    return 0;
}

int lots_build(const struct lots_input *in, struct lots **ret, struct diag *reterr)
{
    assert(in && ret);
    int err = lots_check(in, reterr);
    if (err < 0)
        return err;
    AUTO(lots_sorted) s = NULL;
    err = lots_sort(in, &s);
    if (err == 0)
        err = lots_check_doubles(in, s, reterr);
    if (err < 0)
        return err;
    AUTO(lots) l = calloc(1, sizeof(*l));
    AUTO(lots_build) b = calloc(1, sizeof(*b));
    if (!l || !b)
        return -ENOMEM;
    err = copy_frame(in, s, l);
    if (err < 0)
        return err;
    *b = (struct lots_build){.in = in, .s = s, .l = l, .reterr = reterr};
    b->lanes_of = calloc((size_t)in->sites + 1, sizeof(*b->lanes_of));
    b->reached = calloc(in->sites, sizeof(*b->reached));
    b->node_of = calloc(in->sites, sizeof(*b->node_of));
    if (!b->lanes_of || !b->reached || !b->node_of)
        return -ENOMEM;
    /* The lanes' own sites are judged here, before anything is looked up by them. */
    err = plan_check(&l->problem, reterr) == 0 ? 0 : -EINVAL;
    if (err < 0)
        return err;
    for (size_t i = 0; i < in->lanes; i++)
        b->lanes_of[in->lane[i].lane.from + 1]++;
    for (uint32_t j = 0; j < in->sites; j++)
        b->lanes_of[j + 1] += b->lanes_of[j];
    err = push_all(b);
    if (err < 0)
        return err;
    l->problem.skus = (uint32_t)in->skus;
    l->problem.supply = l->supply;
    l->problem.arc = l->arc;
    l->problem.arc_lane = l->arc_lane;
    *ret = TAKE(l);
    return 0;
}

const struct plan_problem *lots_problem(const struct lots *l)
{
    assert(l);
    return &l->problem;
}

void lots_free(struct lots *l)
{
    if (!l)
        return;
    free(l->room_mg);
    free(l->lane);
    free(l->sku);
    free(l->supply);
    free(l->arc);
    free(l->arc_lane);
    free(l->meaning);
    free(l);
}
