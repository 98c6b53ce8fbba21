/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lots.h"
#include "lots_state.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

#define NONE SIZE_MAX

const char *lots_kind_name(enum lots_kind kind)
{
    switch (kind) {
    case LOTS_HOLD:
        return "hold";
    case LOTS_TRANSFER:
        return "transfer";
    case LOTS_LIQUIDATE:
        return "liquidate";
    case LOTS_RETURN:
        return "return";
    case LOTS_WRITE_OFF:
        return "write_off";
    }
    return "unknown";
}

/* One SKU's revenue, brought from the buckets' sales back to the arcs that fill them. */
struct share {
    const struct lots *l;
    const struct plan_sku *sku;
    const int64_t *cases;
    int64_t *revenue; /* an arc of all SKUs: what came of its cases */
    size_t *first_in; /* a node: arcs that fill it, a list */
    size_t *next_in;  /* an arc of the SKU */
    int64_t *worth;   /* a node */
};

/* Splits what node v earned over what came in, by cases; the parts sum to the whole. */
static void split_node(struct share *s, uint32_t v)
{
    int64_t all = 0;
    for (size_t a = s->first_in[v]; a != NONE; a = s->next_in[a - s->sku->arc_at])
        all += s->cases[a];
    int64_t seen = 0;
    int64_t given = 0;
    for (size_t a = s->first_in[v]; a != NONE; a = s->next_in[a - s->sku->arc_at]) {
        seen += s->cases[a];
        int64_t until = all > 0 ? (int64_t)((int128)s->worth[v] * seen / all) : 0;
        s->revenue[a] = until - given;
        given = until;
    }
}

/* Buckets of a site have rising numbers, and sales flow on to lower ones: upwards each node is
 * complete before it is split. */
static void share_sku(struct share *s)
{
    const struct plan_sku *sku = s->sku;
    for (uint32_t v = 0; v < sku->nodes; v++) {
        s->first_in[v] = NONE;
        s->worth[v] = 0;
    }
    for (size_t a = sku->arc_at + sku->arcs; a-- > sku->arc_at;) {
        const struct netflow_arc *arc = &s->l->arc[a];
        if (arc->head == sku->nodes - 1) {
            s->revenue[a] = -arc->cost * s->cases[a];
            if (s->l->meaning[a].kind == LOTS_ARC_SALE)
                s->worth[arc->tail] += s->revenue[a];
            continue;
        }
        s->next_in[a - sku->arc_at] = s->first_in[arc->head];
        s->first_in[arc->head] = a;
    }
    for (uint32_t v = 0; v + 1 < sku->nodes; v++) {
        split_node(s, v);
        for (size_t a = s->first_in[v]; a != NONE; a = s->next_in[a - sku->arc_at]) {
            if (s->l->meaning[a].kind == LOTS_ARC_CHAIN)
                s->worth[s->l->arc[a].tail] += s->revenue[a];
        }
    }
}

static bool is_flow(const struct lots *l, const struct plan_sku *sku, const int64_t *cases,
                    int64_t *need)
{
    for (uint32_t v = 0; v < sku->nodes; v++)
        need[v] = l->supply[sku->node_at + v];
    for (size_t a = sku->arc_at; a < sku->arc_at + sku->arcs; a++) {
        if (cases[a] < 0 || cases[a] > l->arc[a].capacity)
            return false;
        need[l->arc[a].tail] -= cases[a];
        need[l->arc[a].head] += cases[a];
    }
    for (uint32_t v = 0; v < sku->nodes; v++) {
        if (need[v] != 0)
            return false;
    }
    return true;
}

static struct lots_outcome outcome_of(const struct share *s, size_t a)
{
    const struct lots_arc *m = &s->l->meaning[a];
    int64_t cost = s->l->arc[a].cost * s->cases[a];
    struct lots_outcome o = {.lot = m->lot,
                             .kind = (enum lots_kind)m->kind,
                             .cases = s->cases[a],
                             .revenue_paise = s->revenue[a],
                             .cost_paise = cost,
                             .arc = a};
    if (o.kind == LOTS_TRANSFER)
        o.lane = m->detail;
    if (o.kind == LOTS_LIQUIDATE)
        o.tier = m->detail;
    if (o.kind == LOTS_LIQUIDATE || o.kind == LOTS_RETURN)
        o.cost_paise = 0; /* its arc's cost is the price itself */
    if (o.kind == LOTS_WRITE_OFF)
        o.revenue_paise = 0;
    return o;
}

static void share_free(struct share *s)
{
    if (!s)
        return;
    free(s->revenue);
    free(s->first_in);
    free(s->next_in);
    free(s->worth);
    free(s);
}
DEFINE_AUTO(share);

static int share_open(const struct lots *l, const int64_t *cases, struct share **ret)
{
    size_t nodes = 1;
    size_t arcs = 1;
    for (uint32_t k = 0; k < l->problem.skus; k++) {
        nodes = l->sku[k].nodes > nodes ? l->sku[k].nodes : nodes;
        arcs = l->sku[k].arcs > arcs ? l->sku[k].arcs : arcs;
    }
    AUTO(share) s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    *s = (struct share){.l = l,
                        .cases = cases,
                        .revenue = calloc(l->arcs + 1, sizeof(*s->revenue)),
                        .first_in = calloc(nodes, sizeof(*s->first_in)),
                        .next_in = calloc(arcs, sizeof(*s->next_in)),
                        .worth = calloc(nodes, sizeof(*s->worth))};
    if (!s->revenue || !s->first_in || !s->next_in || !s->worth)
        return -ENOMEM;
    *ret = TAKE(s);
    return 0;
}

/* The SKU's arcs stand lot by lot in the order of their ids, and a lot's by kind, lane and tier. */
int lots_outcomes(const struct lots *l, const int64_t *cases, struct lots_outcome **ret_outcome,
                  size_t *ret_count)
{
    assert(l && cases && ret_outcome && ret_count);
    AUTO(share) s = NULL;
    int err = share_open(l, cases, &s);
    if (err < 0)
        return err;
    size_t used = 0;
    for (size_t a = 0; a < l->arcs; a++)
        used += cases[a] > 0 && l->meaning[a].kind < LOTS_KINDS;
    struct lots_outcome *out = malloc((used + 1) * sizeof(*out));
    if (!out)
        return -ENOMEM;
    size_t count = 0;
    for (uint32_t k = 0; k < l->problem.skus; k++) {
        s->sku = &l->sku[k];
        if (!is_flow(l, s->sku, cases, s->worth)) {
            free(out);
            return -EINVAL;
        }
        share_sku(s);
        for (size_t a = s->sku->arc_at; a < s->sku->arc_at + s->sku->arcs; a++) {
            if (cases[a] > 0 && l->meaning[a].kind < LOTS_KINDS)
                out[count++] = outcome_of(s, a);
        }
    }
    *ret_outcome = out;
    *ret_count = count;
    return 0;
}
