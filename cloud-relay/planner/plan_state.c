/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_state.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SEED 20260101 /* any: fixed, so that a plan can be repeated */
#define TRUCKS_TRIED 16

bool plan_stopped(const struct plan_state *s)
{
    return s->limits->stop && s->limits->stop(s->limits->context);
}

int64_t plan_trucks(const struct plan_lane *lane, int64_t load_mg)
{
    return load_mg > 0 ? (load_mg - 1) / lane->truck_mg + 1 : 0;
}

int64_t plan_trucks_on(const struct plan_state *s, uint32_t lane)
{
    return plan_trucks(&s->p->lane[lane], s->lane_mg[lane]);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The largest of min(cases, floor(y U / w)) w / y over the trucks y that may go. From the number
 * that takes all cases on it only falls; beyond TRUCKS_TRIED it is as good as a whole truck. */
int64_t plan_on_truck_mg(const struct plan_lane *lane, int64_t case_mg, int64_t cases)
{
    int64_t most = 0;
    for (int64_t trucks = 1; trucks <= lane->trucks_max; trucks++) {
        if (trucks > TRUCKS_TRIED)
            return lane->truck_mg;
        int64_t fit = trucks * lane->truck_mg / case_mg;
        int64_t mg = least(cases, fit) * case_mg;
        int64_t each = mg > 0 ? (mg - 1) / trucks + 1 : 0;
        most = each > most ? each : most;
        if (fit >= cases)
            break;
    }
    return most;
}

/* Cases beyond which a transfer arc is of no use: more than fit into the segments that a case
 * reaches from its head over local arcs for less than the cheapest unlimited way from its tail to
 * the sink would cost. Any more could go that way at once. */
struct reach {
    const struct plan_problem *p;
    const struct plan_sku *sku;
    uint32_t *seen;
    size_t *first; /* a node and one more: arcs by tail */
    uint32_t *by_tail;
};

static void index_tails(struct reach *r)
{
    const struct plan_sku *sku = r->sku;
    const struct netflow_arc *arc = r->p->arc + sku->arc_at;
    memset(r->first, 0, ((size_t)sku->nodes + 2) * sizeof(*r->first));
    for (uint32_t a = 0; a < sku->arcs; a++)
        r->first[arc[a].tail + 2]++;
    for (uint32_t v = 0; v < sku->nodes; v++)
        r->first[v + 2] += r->first[v + 1];
    for (uint32_t a = 0; a < sku->arcs; a++)
        r->by_tail[r->first[arc[a].tail + 1]++] = a;
}

static int64_t useful_cases(struct reach *r, uint32_t transfer)
{
    const struct plan_sku *sku = r->sku;
    const struct netflow_arc *arc = r->p->arc + sku->arc_at;
    const int32_t *lane = r->p->arc_lane + sku->arc_at;
    const uint32_t tail = arc[transfer].tail;
    const int64_t supply = r->p->supply[sku->node_at + tail];
    uint32_t sink = sku->nodes - 1;
    int64_t direct = INT64_MAX;
    for (size_t i = r->first[tail]; i < r->first[tail + 1]; i++) {
        const struct netflow_arc *a = &arc[r->by_tail[i]];
        if (a->head == sink && lane[r->by_tail[i]] < 0 && a->capacity >= supply)
            direct = least(direct, a->cost);
    }
    if (direct == INT64_MAX)
        return arc[transfer].capacity;
    uint32_t count = 0;
    int64_t cases = 0;
    bool plain = true;
    r->seen[count++] = arc[transfer].head;
    for (uint32_t at = 0; at < count && plain; at++) {
        uint32_t v = r->seen[at];
        plain = v != tail && r->p->supply[sku->node_at + v] == 0;
        for (size_t i = r->first[v]; i < r->first[v + 1] && plain; i++) {
            const struct netflow_arc *a = &arc[r->by_tail[i]];
            if (a->head == sink) {
                if (arc[transfer].cost + a->cost < direct)
                    cases = least(cases + a->capacity, NETFLOW_UNITS_MAX);
                continue;
            }
            bool known = false;
            for (uint32_t n = 0; n < count; n++)
                known = known || r->seen[n] == a->head;
            plain = a->cost >= 0 && lane[r->by_tail[i]] < 0;
            if (!known && count < sku->nodes)
                r->seen[count++] = a->head;
        }
    }
    return plain ? least(cases, arc[transfer].capacity) : arc[transfer].capacity;
}

/* What flows in could be what flows on: then the supply says nothing about the direct way. */
static bool has_inflow(const struct reach *r, uint32_t node)
{
    const struct netflow_arc *arc = r->p->arc + r->sku->arc_at;
    for (uint32_t a = 0; a < r->sku->arcs; a++) {
        if (arc[a].head == node)
            return true;
    }
    return false;
}

/* --- opening */

static int open_scratch(const struct plan_problem *p, struct reach *r)
{
    size_t nodes = 1;
    size_t arcs = 1;
    for (uint32_t k = 0; k < p->skus; k++) {
        nodes = p->sku[k].nodes > nodes ? p->sku[k].nodes : nodes;
        arcs = p->sku[k].arcs > arcs ? p->sku[k].arcs : arcs;
    }
    *r = (struct reach){.p = p,
                        .seen = calloc(nodes + 1, sizeof(*r->seen)),
                        .first = calloc(nodes + 2, sizeof(*r->first)),
                        .by_tail = calloc(arcs, sizeof(*r->by_tail))};
    return r->seen && r->first && r->by_tail ? 0 : -ENOMEM;
}

static void close_scratch(struct reach *r)
{
    free(r->seen);
    free(r->first);
    free(r->by_tail);
}

/* Most cases on each transfer arc, whatever else happens. */
static int find_moves(struct plan_state *s)
{
    const struct plan_problem *p = s->p;
    struct reach r;
    int err = open_scratch(p, &r);
    for (uint32_t k = 0; err == 0 && k < p->skus; k++) {
        const struct plan_sku *sku = &p->sku[k];
        s->sku_first[k] = s->moves;
        r.sku = sku;
        index_tails(&r);
        for (uint32_t a = 0; a < sku->arcs; a++) {
            int32_t l = p->arc_lane[sku->arc_at + a];
            if (l < 0)
                continue;
            const struct plan_lane *lane = &p->lane[l];
            const struct netflow_arc *arc = &p->arc[sku->arc_at + a];
            int64_t most = least(arc->capacity, p->room_mg[lane->to] / sku->case_mg);
            most = least(most, lane->trucks_max * lane->truck_mg / sku->case_mg);
            if (sku->case_mg > lane->truck_mg)
                most = 0; /* no truck takes it, however many go */
            struct plan_move m = {.sku = k,
                                  .arc = a,
                                  .lane = (uint32_t)l,
                                  .site = lane->to,
                                  .case_mg = sku->case_mg,
                                  .most = most,
                                  .useful = most};
            if (m.most > 0 && !has_inflow(&r, arc->tail))
                m.useful = least(m.most, useful_cases(&r, a));
            m.most_on_truck_mg = plan_on_truck_mg(lane, m.case_mg, m.most);
            m.useful_on_truck_mg = plan_on_truck_mg(lane, m.case_mg, m.useful);
            s->move[s->moves++] = m;
        }
    }
    s->sku_first[p->skus] = s->moves;
    close_scratch(&r);
    return err;
}

/* A lane whose arcs together cannot bring its least load never runs. */
static void drop_thin_lanes(struct plan_state *s)
{
    for (size_t i = 0; i < s->moves; i++) {
        int64_t room = INT64_MAX - s->lane_sum[s->move[i].lane];
        int64_t mg = 0;
        if (__builtin_mul_overflow(s->move[i].most, s->move[i].case_mg, &mg) || mg > room)
            mg = room;
        s->lane_sum[s->move[i].lane] += mg;
    }
    for (size_t i = 0; i < s->moves; i++) {
        if (s->lane_sum[s->move[i].lane] < s->p->lane[s->move[i].lane].least_mg)
            s->move[i].most = s->move[i].useful = 0;
    }
    memset(s->lane_sum, 0, s->p->lanes * sizeof(*s->lane_sum));
    size_t kept = 0;
    uint32_t k = 0;
    for (size_t i = 0; i < s->moves; i++) {
        if (s->move[i].most == 0)
            continue;
        while (k <= s->move[i].sku)
            s->sku_first[k++] = kept;
        s->move[kept++] = s->move[i];
    }
    while (k <= s->p->skus)
        s->sku_first[k++] = kept;
    s->moves = kept;
}

static void index_lanes(struct plan_state *s)
{
    for (size_t i = 0; i < s->moves; i++)
        s->lane_first[s->move[i].lane + 1]++;
    for (uint32_t l = 0; l < s->p->lanes; l++)
        s->lane_first[l + 1] += s->lane_first[l];
    for (size_t i = 0; i < s->moves; i++) {
        uint32_t l = s->move[i].lane;
        s->lane_move[s->lane_first[l] + (size_t)s->lane_sum[l]++] = (uint32_t)i;
    }
    memset(s->lane_sum, 0, s->p->lanes * sizeof(*s->lane_sum));
}

/* Each SKU's network with its transfers shut: what is recovered without any. */
static int open_flows(struct plan_state *s, struct diag *reterr)
{
    const struct plan_problem *p = s->p;
    for (uint32_t k = 0; k < p->skus; k++) {
        const struct plan_sku *sku = &p->sku[k];
        struct netflow_network n = {sku->nodes, sku->arcs, p->supply + sku->node_at,
                                    p->arc + sku->arc_at};
        int err = netflow_open(&n, &s->flow[k]);
        if (err < 0)
            return err;
        for (uint32_t a = 0; a < sku->arcs; a++) {
            if (p->arc_lane[sku->arc_at + a] >= 0)
                netflow_set_capacity(s->flow[k], a, 0);
        }
        enum netflow_answer answer = netflow_solve(s->flow[k]);
        s->cost[k] = answer == NETFLOW_OPTIMAL ? netflow_value(s->flow[k]) : INT64_MAX;
        bool sane = s->cost[k] > INT64_MIN / 4 && s->cost[k] < INT64_MAX / 4;
        if (!sane || __builtin_add_overflow(s->alone_cost, s->cost[k], &s->alone_cost)) {
            diag_set(reterr, 0, "SKU %" PRIu32 ": %s", sku->id,
                     answer == NETFLOW_UNBOUNDED    ? "its local outcomes recover without end"
                     : answer == NETFLOW_INFEASIBLE ? "it has no plan without transfers"
                                                    : "more money than can be counted");
            return -ENOTSUP;
        }
        if (s->sku_first[k] == s->sku_first[k + 1])
            s->fixed_cost += s->cost[k];
    }
    s->total = s->alone_cost;
    return 0;
}

static int take_memory(struct plan_state *s)
{
    const struct plan_problem *p = s->p;
    size_t arcs = 1;
    size_t of_all_skus = plan_arcs(p);
    for (size_t a = 0; a < of_all_skus; a++)
        arcs += p->arc_lane[a] >= 0;
    size_t lanes = (size_t)p->lanes + 1;
    size_t skus = (size_t)p->skus + 1;
    s->flow = calloc(skus, sizeof(struct netflow *));
    s->spare = calloc(skus, sizeof(struct netflow **));
    s->spares = calloc(skus, sizeof(*s->spares));
    s->spares_max = calloc(skus, sizeof(*s->spares_max));
    s->sku_first = calloc(skus, sizeof(*s->sku_first));
    s->last_undo = calloc(skus, sizeof(*s->last_undo));
    s->cost = calloc(skus, sizeof(*s->cost));
    s->move = calloc(arcs, sizeof(*s->move));
    s->lane_move = calloc(arcs, sizeof(*s->lane_move));
    s->cases = calloc(arcs, sizeof(*s->cases));
    s->relaxed = calloc(arcs, sizeof(*s->relaxed));
    s->share = calloc(arcs, sizeof(*s->share));
    s->rent = calloc(p->sites, sizeof(*s->rent));
    s->lane_first = calloc(lanes, sizeof(*s->lane_first));
    s->lane_mg = calloc(lanes, sizeof(*s->lane_mg));
    s->lane_sum = calloc(lanes, sizeof(*s->lane_sum));
    s->trucks = calloc(lanes, sizeof(*s->trucks));
    s->push = calloc(lanes, sizeof(*s->push));
    s->site_mg = calloc(p->sites, sizeof(*s->site_mg));
    s->site_sum = calloc(p->sites, sizeof(*s->site_sum));
    bool all = s->flow && s->spare && s->spares && s->sku_first && s->last_undo && s->cost &&
               s->move && s->lane_move && s->cases && s->relaxed && s->share && s->rent &&
               s->lane_first && s->lane_mg && s->lane_sum && s->trucks && s->push &&
               s->spares_max && s->site_mg && s->site_sum;
    return all ? 0 : -ENOMEM;
}

int plan_state_open(const struct plan_problem *p, const struct plan_limits *limits,
                    struct plan_state **ret, struct diag *reterr)
{
    AUTO(plan_state) s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->p = p;
    s->limits = limits;
    s->rng = rng_seed(SEED);
    s->bound_cost = INT64_MIN;
    int err = take_memory(s);
    if (err == 0)
        err = find_moves(s);
    if (err < 0)
        return err;
    drop_thin_lanes(s);
    index_lanes(s);
    err = open_flows(s, reterr);
    if (err < 0)
        return err;
    *ret = TAKE(s);
    return 0;
}

void plan_state_free(struct plan_state *s)
{
    if (!s)
        return;
    for (uint32_t k = 0; k < s->p->skus; k++) {
        if (s->flow)
            netflow_free(s->flow[k]);
        for (uint32_t i = 0; s->spares && s->spare && i < s->spares[k]; i++)
            netflow_free(s->spare[k][i]);
        if (s->spare)
            free(s->spare[k]);
    }
    for (size_t i = 0; i < s->undos; i++)
        netflow_free(s->undo[i].flow);
    free(s->flow);
    free(s->spare);
    free(s->spares);
    free(s->spares_max);
    free(s->sku_first);
    free(s->last_undo);
    free(s->cost);
    free(s->move);
    free(s->lane_move);
    free(s->cases);
    free(s->relaxed);
    free(s->share);
    free(s->rent);
    free(s->lane_first);
    free(s->lane_mg);
    free(s->lane_sum);
    free(s->trucks);
    free(s->push);
    free(s->site_mg);
    free(s->site_sum);
    free(s->undo);
    free(s->undo_lane);
    free(s);
}
