/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "standing.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "local_flow.h"
#include "lots_state.h"

struct finding {
    const struct lots *l;
    const struct plan *plan;
    struct standing *s;
    int64_t *low, *high; /* a node of the present SKU */
};

void standing_free(struct standing *s)
{
    if (!s)
        return;
    free(s->reserve_paise);
    free(s->return_paise);
    free(s->bid);
    free(s);
}

/* What is lost without it; the flow is as it was when it returns, but for being solved. */
static int64_t gain_of(struct local_flow *f, const struct finding *g, size_t arc)
{
    int64_t with = local_flow_cost(f);
    local_flow_bound(f, arc, 0);
    int64_t without = local_flow_cost(f);
    local_flow_bound(f, arc, g->l->arc[arc].capacity);
    return without - with;
}

static void take_arc(struct finding *g, struct local_flow *f, size_t a)
{
    const struct lots_arc *m = &g->l->meaning[a];
    const struct netflow_arc *arc = &g->l->arc[a];
    if (m->kind >= LOTS_KINDS)
        return;
    /* Where all of it is written off no more fits: then what the last case brings. */
    bool fits = g->low[arc->tail] != NETFLOW_NO_PRICE;
    g->s->reserve_paise[m->lot] = fits ? g->low[arc->tail] : g->high[arc->tail];
    if (m->kind == LOTS_TRANSFER && g->low[arc->head] != NETFLOW_NO_PRICE)
        g->s->bid[g->s->bids++] =
            (struct standing_bid){m->lot, m->detail, g->low[arc->head], arc->cost};
    if (m->kind == LOTS_RETURN && g->plan->cases[a] > 0)
        g->s->return_paise[m->lot] = gain_of(f, g, a);
}

static int find_sku(struct finding *g, uint32_t k)
{
    const struct plan_sku *sku = &g->l->sku[k];
    AUTO(local_flow) f = NULL;
    int err = local_flow_open(&g->l->problem, g->plan->cases, k, &f);
    if (err < 0)
        return err;
    local_flow_prices(f, g->low, g->high);
    for (size_t a = sku->arc_at; a < sku->arc_at + sku->arcs; a++)
        take_arc(g, f, a);
    return 0;
}

static int room_for(struct finding *g, size_t lots)
{
    size_t nodes = 1, ways = 0;
    for (uint32_t k = 0; k < g->l->problem.skus; k++)
        nodes = g->l->sku[k].nodes > nodes ? g->l->sku[k].nodes : nodes;
    for (size_t a = 0; a < g->l->arcs; a++)
        ways += g->l->meaning[a].kind == LOTS_TRANSFER;
    g->s->lots = lots;
    g->s->reserve_paise = calloc(lots + 1, sizeof(*g->s->reserve_paise));
    g->s->return_paise = calloc(lots + 1, sizeof(*g->s->return_paise));
    g->s->bid = calloc(ways + 1, sizeof(*g->s->bid));
    g->low = calloc(nodes, sizeof(*g->low));
    g->high = calloc(nodes, sizeof(*g->high));
    return g->s->reserve_paise && g->s->return_paise && g->s->bid && g->low && g->high ? 0
                                                                                       : -ENOMEM;
}

int standing_find(const struct lots *l, const struct plan *plan, size_t lots, struct standing **ret)
{
    assert(l && plan && ret);
    int err = plan_verify(&l->problem, plan, NULL);
    if (err < 0)
        return err;
    AUTO(standing) s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    struct finding g = {.l = l, .plan = plan, .s = s};
    err = room_for(&g, lots);
    for (uint32_t k = 0; err == 0 && k < l->problem.skus; k++)
        err = find_sku(&g, k);
    free(g.low);
    free(g.high);
    if (err == 0)
        *ret = TAKE(s);
    return err;
}
