/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a lot can go in time, and what that costs. */
#include <stdlib.h>

#include "lots_build.h"

#define MG_PER_TONNE 1000000000

static const struct lots_demand *demand_at(const struct lots_build *b, uint32_t site)
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

static bool is_barred(const struct lots_build *b, uint32_t sku, uint32_t lane_id)
{
    const struct lots_bar wanted = {sku, lane_id};
    const struct lots_bar *key = &wanted;
    return bsearch(&key, b->s->bar, b->in->bars, sizeof(*b->s->bar), lots_by_bar) != NULL;
}

/* Buckets that END while the lot can still be sold at the site after lead days. */
static uint32_t buckets_open(const struct lots_build *b, const struct lots_lot *lot,
                             const struct lots_demand *d, int32_t lead_days)
{
    int64_t days = (int64_t)lot->days_left - lead_days - d->guard_days;
    uint32_t n = 0;
    while (n < b->in->buckets && b->in->bucket_end[n] <= days)
        n++;
    return n;
}

struct lots_way lots_way_of(const struct lots_build *b, const struct lots_lot *lot, size_t lane_at)
{
    const struct lots_lane *lane = lane_at == LOTS_HELD ? NULL : b->s->lane[lane_at];
    struct lots_way w = {.lane = lane, .lane_at = lane_at};
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

int64_t lots_way_cost(const struct lots_build *b, const struct lots_lot *lot,
                      const struct lots_way *w)
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
                lots_divide_up(rest_mg * w->lane->tonne_paise, MG_PER_TONNE) +
                lots_divide_up(price * b->sku->case_units, 1000) * w->lane->value_permille;
    }
    return cost;
}
