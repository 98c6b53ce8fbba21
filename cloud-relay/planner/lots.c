/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lots.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "demand_nb.h"
#include "lots_input.h"
#include "lots_state.h"

#define MG_PER_TONNE 1000000000
#define TAIL 0.999     /* demand beyond this quantile gets no segment */
#define SHAPE_MIN 1e-6 /* below it practically all mass is at 0 */
#define NONE UINT32_MAX

struct build {
    const struct lots_input *in;
    const struct lots_sorted *s;
    struct lots *l;
    size_t *lanes_of;  /* by site: first in s->lane; one more at the end */
    uint32_t *reached; /* by site: buckets that lots of the present SKU reach */
    uint32_t *node_of; /* by site: node of its first bucket */
    /* the present SKU */
    const struct lots_sku *sku;
    const struct lots_lot **lot;
    size_t lots;
    const struct lots_demand **demand;
    size_t demands;
    uint32_t sink;
    int64_t saleable; /* cases that may be sold at all */
    struct diag *reterr;
};

static void build_free(struct build *b)
{
    if (!b)
        return;
    free(b->lanes_of);
    free(b->reached);
    free(b->node_of);
    free(b);
}
DEFINE_AUTO(build);

static int push_arc(struct build *b, struct netflow_arc arc, int32_t lane, struct lots_arc meaning)
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

static const struct lots_demand *demand_at(const struct build *b, uint32_t site)
{
    size_t low = 0;
    for (size_t high = b->demands; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (b->demand[middle]->site < site)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->demands && b->demand[low]->site == site ? b->demand[low] : NULL;
}

static bool is_barred(const struct build *b, uint32_t sku, uint32_t lane_id)
{
    const struct lots_bar wanted = {sku, lane_id};
    const struct lots_bar *key = &wanted;
    return bsearch(&key, b->s->bar, b->in->bars, sizeof(*b->s->bar), lots_by_bar) != NULL;
}

/* Buckets that END while the lot can still be sold at the site after lead days. */
static uint32_t buckets_open(const struct build *b, const struct lots_lot *lot,
                             const struct lots_demand *d, int32_t lead_days)
{
    int64_t days = (int64_t)lot->days_left - lead_days - d->guard_days;
    uint32_t n = 0;
    while (n < b->in->buckets && b->in->bucket_end[n] <= days)
        n++;
    return n;
}

/* One way of a lot to a demand: its own site's, or over a lane. */
struct way {
    const struct lots_demand *demand; /* NULL: none that it reaches in time */
    const struct lots_lane *lane;     /* NULL: held */
    size_t lane_at;                   /* its place among the sorted ones */
    uint32_t buckets;
};

#define HELD SIZE_MAX

/* The way over a lane by its place among the sorted ones, or HELD. */
static struct way way_of(const struct build *b, const struct lots_lot *lot, size_t lane_at)
{
    const struct lots_lane *lane = lane_at == HELD ? NULL : b->s->lane[lane_at];
    struct way w = {.lane = lane, .lane_at = lane_at};
    bool allowed = lane ? lot->order == LOTS_FREE && lot->days_left > lane->lead_days &&
                              !is_barred(b, lot->sku, lane->lane.id)
                        : lot->order == LOTS_FREE || lot->order == LOTS_STAY;
    if (!allowed)
        return w;
    const struct lots_demand *d = demand_at(b, lane ? lane->lane.to : lot->site);
    if (!d)
        return w;
    w.buckets = buckets_open(b, lot, d, lane ? lane->lead_days : 0);
    if (w.buckets > 0)
        w.demand = d;
    return w;
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* What a case costs on its way; a price above the lot's own ceiling is given up in full. */
static int64_t way_cost(const struct build *b, const struct lots_lot *lot, const struct way *w)
{
    int64_t cost = lot->carry_paise;
    int64_t price = w->demand->price_paise;
    if (price > lot->ceiling_paise)
        cost += (price - lot->ceiling_paise) * b->sku->case_units;
    if (w->lane) {
        /* in 64 bits: 2^45 mg of at most 2^32 paise a tonne do not fit, so tonnes come first */
        int64_t tonnes = b->sku->case_mg / MG_PER_TONNE;
        int64_t rest_mg = b->sku->case_mg % MG_PER_TONNE;
        cost += w->lane->case_paise + tonnes * w->lane->tonne_paise +
                divide_up(rest_mg * w->lane->tonne_paise, MG_PER_TONNE) +
                divide_up(price * b->sku->case_units, 1000) * w->lane->value_permille;
    }
    return cost;
}

static size_t lane_end(const struct build *b, const struct lots_lot *lot)
{
    return b->lanes_of[lot->site + 1];
}

static void find_reach(struct build *b)
{
    b->saleable = 0;
    for (size_t i = 0; i < b->lots; i++) {
        const struct lots_lot *lot = b->lot[i];
        bool sells = false;
        struct way own = way_of(b, lot, HELD);
        if (own.buckets > b->reached[lot->site])
            b->reached[lot->site] = own.buckets;
        sells = own.demand != NULL;
        for (size_t n = b->lanes_of[lot->site]; n < lane_end(b, lot); n++) {
            struct way w = way_of(b, lot, n);
            if (w.demand && w.buckets > b->reached[w.demand->site])
                b->reached[w.demand->site] = w.buckets;
            sells = sells || w.demand;
        }
        if (sells)
            b->saleable += lot->cases;
    }
}

static int push_nodes(struct build *b)
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

static int push_way(struct build *b, uint32_t node, const struct way *w)
{
    const struct lots_lot *lot = b->lot[node];
    if (!w->demand)
        return 0;
    size_t lane = w->lane ? (size_t)(w->lane - b->in->lane) : 0;
    struct netflow_arc arc = {.tail = node,
                              .head = b->node_of[w->demand->site] + w->buckets - 1,
                              .capacity = lot->cases,
                              .cost = way_cost(b, lot, w)};
    struct lots_arc meaning = {.kind = w->lane ? LOTS_TRANSFER : LOTS_HOLD,
                               .lot = (uint32_t)(lot - b->in->lot),
                               .detail = (uint32_t)lane};
    return push_arc(b, arc, w->lane ? (int32_t)w->lane_at : PLAN_LOCAL, meaning);
}

static int push_local(struct build *b, uint32_t node, enum lots_kind kind, uint32_t detail,
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
    return push_arc(b, arc, PLAN_LOCAL, meaning);
}

static int push_lot(struct build *b, uint32_t node)
{
    const struct lots_lot *lot = b->lot[node];
    struct way own = way_of(b, lot, HELD);
    int err = push_way(b, node, &own);
    for (size_t n = b->lanes_of[lot->site]; err == 0 && n < lane_end(b, lot); n++) {
        struct way w = way_of(b, lot, n);
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

/* Units expected to sell of the first n that a bucket may take. */
static double expected_sales(struct demand_nb d, int64_t n)
{
    return (double)n - demand_nb_short(d, (uint64_t)n).unsold;
}

/* The segments of one bucket: cases 1..most in equal parts, each worth its mean. */
static int push_segments(struct build *b, const struct lots_demand *row, struct demand_nb d,
                         int64_t ahead_units, uint32_t node)
{
    int64_t unit = b->sku->case_units;
    int64_t far = (int64_t)demand_nb_quantile(d, TAIL) - ahead_units;
    int64_t most = far <= 0 ? 0 : divide_up(far, unit);
    if (most > b->saleable)
        most = b->saleable;
    int64_t parts = most < b->in->segments ? most : b->in->segments;
    int64_t from = 0;
    double sold = expected_sales(d, ahead_units);
    double last = (double)row->price_paise * (double)unit;
    for (int64_t part = 1; part <= parts; part++) {
        int64_t to = most / parts * part + most % parts * part / parts;
        double next = expected_sales(d, ahead_units + to * unit);
        double worth = (double)row->price_paise * (next - sold) / (double)(to - from);
        last = worth < last ? worth : last; /* rounding in the last bits may not make it rise */
        sold = next;
        struct netflow_arc arc = {
            .tail = node, .head = b->sink, .capacity = to - from, .cost = -(int64_t)floor(last)};
        from = to;
        int err = arc.cost == 0
                      ? 0
                      : push_arc(b, arc, PLAN_LOCAL, (struct lots_arc){.kind = LOTS_ARC_SALE});
        if (err < 0)
            return err;
    }
    return 0;
}

/* The buckets of one site. Healthy stock is used up first, from the first bucket on; what it is
 * expected to leave stands in the way of the next. */
static int push_demand(struct build *b, const struct lots_demand *row)
{
    int64_t ahead = row->on_hand_units;
    for (uint32_t n = 0; n < b->reached[row->site]; n++) {
        uint32_t node = b->node_of[row->site] + n;
        struct demand_nb d = {0, 1};
        double mean = row->mean_units[n];
        if (row->shape[n] >= SHAPE_MIN)
            d = demand_nb_of(mean, mean + mean * mean / row->shape[n]);
        int err = push_segments(b, row, d, ahead, node);
        if (err == 0 && n > 0)
            err = push_arc(
                b,
                (struct netflow_arc){
                    .tail = node, .head = node - 1, .capacity = NETFLOW_UNITS_MAX, .cost = 0},
                PLAN_LOCAL, (struct lots_arc){.kind = LOTS_ARC_CHAIN});
        if (err < 0)
            return err;
        ahead = (int64_t)floor(demand_nb_short(d, (uint64_t)ahead).unsold + .5);
    }
    return 0;
}

static int push_sku(struct build *b, size_t k)
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
        err = push_demand(b, b->demand[i]);
    out->nodes = (uint32_t)(b->l->nodes - out->node_at);
    out->arcs = (uint32_t)(b->l->arcs - out->arc_at);
    return err;
}

static int push_all(struct build *b)
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
    AUTO(build) b = calloc(1, sizeof(*b));
    if (!l || !b)
        return -ENOMEM;
    err = copy_frame(in, s, l);
    if (err < 0)
        return err;
    *b = (struct build){.in = in, .s = s, .l = l, .reterr = reterr};
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
