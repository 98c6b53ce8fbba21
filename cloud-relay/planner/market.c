/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "market.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "local_flow.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

#define MG_PER_TONNE INT64_C(1000000000)

struct clearing {
    const struct plan_problem *p;
    const struct plan *plan;
    struct market *m;
    int64_t *low; /* a node of the present SKU: its prices */
    int64_t *high;
    int64_t *site_mg; /* a site: what arrives */
    size_t *of_lane;  /* trades by lane: first of a lane, then lists by next */
    size_t *next;
};

#define NONE SIZE_MAX

/* --- prices of one SKU */

static void price_trade(struct clearing *c, struct market_trade *t)
{
    const struct netflow_arc *arc = &c->p->arc[t->arc];
    t->ask_paise = c->low[arc->tail];
    t->bid_paise = c->high[arc->head];
    t->transport_paise = arc->cost;
    int64_t left = t->bid_paise - t->ask_paise - arc->cost;
    t->push_paise = left < 0 ? -left : 0;
    t->surplus_paise = left < 0 ? 0 : left;
}

/* What is lost without all of the SKU's trades on one lane, from trade `at` on; each is counted
 * with the first of them. */
static void find_gain(struct clearing *c, struct local_flow *f, size_t first, size_t at)
{
    struct market_trade *trade = c->m->trade;
    for (size_t i = first; i < at; i++) {
        if (trade[i].lane == trade[at].lane)
            return;
    }
    int64_t gain = -local_flow_cost(f);
    int64_t all = 0;
    for (size_t i = at; i < c->m->trades; i++) {
        if (trade[i].lane != trade[at].lane)
            continue;
        gain -= trade[i].transport_paise * trade[i].cases;
        all += trade[i].cases;
        local_flow_carry(f, trade[i].arc, -trade[i].cases);
    }
    gain += local_flow_cost(f);
    int64_t seen = 0;
    int64_t given = 0;
    for (size_t i = at; i < c->m->trades; i++) {
        if (trade[i].lane != trade[at].lane)
            continue;
        seen += trade[i].cases;
        int64_t until = (int64_t)((int128)gain * seen / all);
        trade[i].gain_paise = until - given;
        given = until;
        local_flow_carry(f, trade[i].arc, trade[i].cases);
    }
}

static int clear_sku(struct clearing *c, uint32_t k)
{
    const struct plan_sku *sku = &c->p->sku[k];
    size_t first = c->m->trades;
    for (size_t a = sku->arc_at; a < sku->arc_at + sku->arcs; a++) {
        if (c->p->arc_lane[a] >= 0 && c->plan->cases[a] > 0)
            c->m->trade[c->m->trades++] = (struct market_trade){.sku = k,
                                                                .lane = (uint32_t)c->p->arc_lane[a],
                                                                .arc = a,
                                                                .cases = c->plan->cases[a]};
    }
    if (first == c->m->trades)
        return 0;
    AUTO(local_flow) f = NULL;
    int err = local_flow_open(c->p, c->plan->cases, k, &f);
    if (err < 0)
        return err;
    local_flow_prices(f, c->low, c->high);
    for (size_t i = first; i < c->m->trades; i++)
        price_trade(c, &c->m->trade[i]);
    for (size_t i = first; i < c->m->trades; i++)
        find_gain(c, f, first, i);
    return 0;
}

/* --- rooms and lanes */

static int64_t tonne_price(int64_t paise, int64_t case_mg)
{
    int128 price = (int128)paise * MG_PER_TONNE / case_mg;
    return price > INT64_MAX ? INT64_MAX : (int64_t)price;
}

static int64_t case_price(int64_t tonne_paise, int64_t case_mg)
{
    return (int64_t)((int128)tonne_paise * case_mg / MG_PER_TONNE);
}

/* Room that is short costs what the least surplus of the trades into it can pay: one price a tonne
 * for all of them, and none is worse off than by not trading. It is short when the lightest case
 * that comes there would not go in once more. */
static void price_rooms(struct clearing *c)
{
    struct market *m = c->m;
    for (size_t j = 0; j < m->sites; j++)
        m->rent_paise[j] = -1;
    for (size_t i = 0; i < m->trades; i++) {
        struct market_trade *t = &m->trade[i];
        uint32_t site = c->p->lane[t->lane].to;
        int64_t mg = c->p->sku[t->sku].case_mg;
        int64_t price = tonne_price(t->surplus_paise > 0 ? t->surplus_paise : 0, mg);
        if (c->p->room_mg[site] - c->site_mg[site] >= mg)
            price = 0;
        if (m->rent_paise[site] < 0 || price < m->rent_paise[site])
            m->rent_paise[site] = price;
    }
    for (size_t j = 0; j < m->sites; j++)
        m->rent_paise[j] = m->rent_paise[j] < 0 ? 0 : m->rent_paise[j];
    for (size_t i = 0; i < m->trades; i++) {
        struct market_trade *t = &m->trade[i];
        t->rent_paise =
            case_price(m->rent_paise[c->p->lane[t->lane].to], c->p->sku[t->sku].case_mg);
        t->surplus_paise -= t->rent_paise;
    }
}

static void list_by_lane(struct clearing *c)
{
    for (size_t l = 0; l < c->m->lanes; l++)
        c->of_lane[l] = NONE;
    for (size_t i = c->m->trades; i-- > 0;) {
        c->next[i] = c->of_lane[c->m->trade[i].lane];
        c->of_lane[c->m->trade[i].lane] = i;
    }
}

/* Trades that lose are made up for; those that gain pay for that and for the trucks, each by its
 * gain. The roundings add up to the whole. */
static void charge_lane(struct clearing *c, uint32_t l)
{
    struct market *m = c->m;
    struct market_lane *lane = &m->lane[l];
    lane->truck_paise = c->p->lane[l].truck_paise * c->plan->trucks[l];
    int64_t gaining = 0;
    for (size_t i = c->of_lane[l]; i != NONE; i = c->next[i]) {
        int64_t gain = m->trade[i].gain_paise;
        lane->gain_paise += gain;
        gaining += gain > 0 ? gain : 0;
    }
    int64_t wanted = lane->truck_paise + gaining - lane->gain_paise;
    int64_t charged = wanted < gaining ? wanted : gaining;
    lane->uplift_paise = wanted - charged;
    int64_t seen = 0;
    int64_t given = 0;
    for (size_t i = c->of_lane[l]; i != NONE; i = c->next[i]) {
        int64_t gain = m->trade[i].gain_paise;
        m->trade[i].truck_paise = gain;
        if (gain <= 0)
            continue;
        seen += gain;
        int64_t until = (int64_t)((int128)charged * seen / gaining);
        m->trade[i].truck_paise = until - given;
        given = until;
    }
}

/* --- opening */

static void clearing_free(struct clearing *c)
{
    if (!c)
        return;
    market_free(c->m);
    free(c->low);
    free(c->high);
    free(c->site_mg);
    free(c->of_lane);
    free(c->next);
    free(c);
}
DEFINE_AUTO(clearing);

static int clearing_open(const struct plan_problem *p, const struct plan *plan,
                         struct clearing **ret)
{
    AUTO(clearing) c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;
    size_t nodes = 1;
    size_t trades = 1;
    for (uint32_t k = 0; k < p->skus; k++)
        nodes = p->sku[k].nodes > nodes ? p->sku[k].nodes : nodes;
    for (size_t a = 0; a < plan->arcs; a++)
        trades += p->arc_lane[a] >= 0 && plan->cases[a] > 0;
    c->p = p;
    c->plan = plan;
    c->low = calloc(nodes, sizeof(*c->low));
    c->high = calloc(nodes, sizeof(*c->high));
    c->site_mg = calloc(p->sites, sizeof(*c->site_mg));
    c->of_lane = calloc((size_t)p->lanes + 1, sizeof(*c->of_lane));
    c->next = calloc(trades, sizeof(*c->next));
    c->m = calloc(1, sizeof(*c->m));
    if (!c->low || !c->high || !c->site_mg || !c->of_lane || !c->next || !c->m)
        return -ENOMEM;
    c->m->lanes = p->lanes;
    c->m->sites = p->sites;
    c->m->trade = calloc(trades, sizeof(*c->m->trade));
    c->m->lane = calloc((size_t)p->lanes + 1, sizeof(*c->m->lane));
    c->m->rent_paise = calloc(p->sites, sizeof(*c->m->rent_paise));
    if (!c->m->trade || !c->m->lane || !c->m->rent_paise)
        return -ENOMEM;
    *ret = TAKE(c);
    return 0;
}

int market_clear(const struct plan_problem *p, const struct plan *plan, struct market **ret)
{
    assert(p && plan && ret);
    int err = plan_verify(p, plan, NULL);
    if (err < 0)
        return err;
    AUTO(clearing) c = NULL;
    err = clearing_open(p, plan, &c);
    for (uint32_t k = 0; err == 0 && k < p->skus; k++)
        err = clear_sku(c, k);
    if (err < 0)
        return err;
    for (size_t i = 0; i < c->m->trades; i++) {
        const struct market_trade *t = &c->m->trade[i];
        c->site_mg[p->lane[t->lane].to] += t->cases * p->sku[t->sku].case_mg;
    }
    price_rooms(c);
    list_by_lane(c);
    for (uint32_t l = 0; l < p->lanes; l++)
        charge_lane(c, l);
    *ret = TAKE(c->m);
    return 0;
}

void market_free(struct market *m)
{
    if (!m)
        return;
    free(m->trade);
    free(m->lane);
    free(m->rent_paise);
    free(m);
}
