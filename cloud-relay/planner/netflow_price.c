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

void netflow_lowest_prices(const struct netflow *f, uint32_t sink, int64_t *ret)
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
                moved |= raise_price(&ret[f->tail[a]], ret[f->head[a]], f->cost[a]);
            if (units > 0)
                moved |= raise_price(&ret[f->head[a]], ret[f->tail[a]], -f->cost[a]);
        }
    }
}

static bool lower_price(int64_t *high, int64_t other, int64_t cost)
{
    if (other == NETFLOW_NO_PRICE || (*high != NETFLOW_NO_PRICE && *high <= other + cost))
        return false;
    *high = other + cost;
    return true;
}

void netflow_highest_prices(const struct netflow *f, uint32_t sink, int64_t *ret)
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
                moved |= lower_price(&ret[f->head[a]], ret[f->tail[a]], f->cost[a]);
            if (units > 0)
                moved |= lower_price(&ret[f->tail[a]], ret[f->head[a]], -f->cost[a]);
        }
    }
}
