/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends of all optimal duals: prices that do not depend on the way taken. */
#include <assert.h>

#include "netflow_state.h"

/* An arc v -> w on which one more unit fits says that a unit at v is worth at least what it is at w
 * less the cost; so does, the other way round, one on which a unit could stay away. The ends of
 * what obeys are distances (Bellman and Ford): an optimal flow leaves no cycle that never ends. */
static bool raise_price(int64_t *low, int64_t other, int64_t cost)
{
    if (other == NETFLOW_NO_PRICE || *low >= other - cost)
        return false; /* NETFLOW_NO_PRICE is below all */
    *low = other - cost;
    return true;
}

static bool lower_price(int64_t *high, int64_t other, int64_t cost)
{
    if (other == NETFLOW_NO_PRICE || (*high != NETFLOW_NO_PRICE && *high <= other + cost))
        return false;
    *high = other + cost;
    return true;
}

/* Moves every price by what its arcs say until none moves. from, to: ends of each arc, of which the
 * first obeys the second where one more unit fits. */
static void settle_prices(const struct netflow *f, uint32_t sink, const uint32_t *from,
                          const uint32_t *to, bool (*move)(int64_t *, int64_t, int64_t),
                          int64_t *ret)
{
    assert(f && sink < f->nodes && ret);
    for (uint32_t v = 0; v < f->nodes; v++)
        ret[v] = NETFLOW_NO_PRICE;
    ret[sink] = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t a = 0; a < f->arcs; a++) {
            int64_t units = netflow_units(f, a);
            if (units < netflow_limit(f, a))
                moved |= move(&ret[from[a]], ret[to[a]], f->cost[a]);
            if (units > 0)
                moved |= move(&ret[to[a]], ret[from[a]], -f->cost[a]);
        }
    }
}

void netflow_lowest_prices(const struct netflow *f, uint32_t sink, int64_t *ret)
{
    settle_prices(f, sink, f->tail, f->head, raise_price, ret);
}

void netflow_highest_prices(const struct netflow *f, uint32_t sink, int64_t *ret)
{
    settle_prices(f, sink, f->head, f->tail, lower_price, ret);
}
