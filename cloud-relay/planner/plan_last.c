/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last look: lanes whose goods do not pay for their trucks are closed, so that the market's
 * books balance (market.h). It has to come to its end whatever the time is, so it stops looking at
 * a lane as soon as it is sure that the lane pays. */
#include <string.h>

#include "plan_around.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

/* What its flow loses at least without a move's cases, by the duals: no other arc gains by a change
 * of the flow, and other transfers stay as they are. */
static int128 worth_of_move(const struct plan_state *s, size_t i)
{
    const struct plan_move *m = &s->move[i];
    const struct netflow *f = s->flow[m->sku];
    const struct netflow_arc *arc = &s->p->arc[s->p->sku[m->sku].arc_at + m->arc];
    int64_t gain = netflow_price(f, arc->head) - netflow_price(f, arc->tail) - arc->cost;
    return (int128)s->cases[i] * gain;
}

static int128 worth_of(const struct plan_state *s, uint32_t sku, uint32_t lane)
{
    int128 sum = 0;
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++)
        sum += s->move[i].lane == lane ? worth_of_move(s, i) : 0;
    return sum;
}

/* Takes the goods of a lane off, SKU by SKU, and leaves all other transfers as they are, which
 * wanted[] says. False as soon as they are sure to lose `paid` or more by that, or when something
 * else would have to change. */
static bool take_goods_off(struct plan_state *s, struct plan_mark mark, uint32_t lane, int128 paid,
                           const int64_t *wanted)
{
    int128 lost = 0; /* at least; of those taken off exactly */
    for (size_t i = s->lane_first[lane]; i < s->lane_first[lane + 1]; i++)
        lost += worth_of_move(s, s->lane_move[i]);
    for (size_t i = s->lane_first[lane]; lost < paid && i < s->lane_first[lane + 1]; i++) {
        size_t m = s->lane_move[i];
        uint32_t k = s->move[m].sku;
        if (s->cases[m] == 0)
            continue;
        lost -= worth_of(s, k, lane);
        int64_t before = s->cost[k];
        if (!plan_impose(s, mark, k, wanted))
            return false;
        lost += s->cost[k] - before;
    }
    return lost < paid;
}

/* Closes a lane. What its goods bring above staying is then known, and a lane that does not pay for
 * its trucks is not kept. */
static bool try_drop(struct plan_state *s, uint32_t lane, int64_t *wanted)
{
    int64_t trucks = plan_trucks_on(s, lane);
    if (trucks == 0)
        return false;
    struct plan_mark mark = plan_mark(s);
    const size_t end = s->lane_first[lane + 1];
    for (size_t i = s->lane_first[lane]; i < end; i++)
        wanted[s->lane_move[i]] = 0;
    plan_allow(s, lane, 0, 0);
    int128 paid = (int128)trucks * s->p->lane[lane].truck_paise;
    if (take_goods_off(s, mark, lane, paid, wanted) && s->total < mark.total && s->err == 0)
        return true;
    plan_undo_to(s, mark);
    for (size_t i = s->lane_first[lane]; i < end; i++)
        wanted[s->lane_move[i]] = s->cases[s->lane_move[i]];
    return false;
}

/* What a lane's goods bring follows from their SKUs' flows alone: a lane is looked at again when
 * one of those has changed. */
static void drop_lanes(struct plan_state *s, struct plan_around *due, int64_t *wanted)
{
    for (uint32_t l = 0; l < s->p->lanes; l++)
        plan_around_add(due, l);
    while (due->lanes > 0 && s->err == 0) {
        uint32_t lane = due->lane[--due->lanes];
        due->listed[lane] = false;
        if (try_drop(s, lane, wanted))
            plan_around_touched(due, (struct plan_mark){0});
        plan_keep(s);
    }
}

int plan_search_last(struct plan_state *s)
{
    int64_t *wanted = s->relaxed; /* the prices are done with it */
    memcpy(wanted, s->cases, s->moves * sizeof(*wanted));
    struct plan_around due;
    int err = plan_around_open(s, &due);
    if (err == 0)
        drop_lanes(s, &due, wanted);
    plan_around_close(&due);
    if (err == 0 && s->err == 0 && (!plan_fits(s) || s->total > s->alone_cost))
        plan_shut_all(s);
    return err < 0 ? err : s->err;
}

/* All lanes shut: the plan without transfers. */
void plan_shut_all(struct plan_state *s)
{
    struct plan_mark mark = plan_mark(s);
    for (uint32_t l = 0; l < s->p->lanes; l++)
        plan_allow(s, l, 0, 0);
    for (uint32_t k = 0; k < s->p->skus; k++) {
        if (s->sku_first[k] < s->sku_first[k + 1])
            plan_settle(s, mark, k);
    }
    plan_keep(s);
}
