/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a site may sell, a bucket of days after the other, as arcs that are worth less and less. */
#include <math.h>

#include "demand_nb.h"
#include "lots_build.h"

#define TAIL 0.999     /* demand beyond this quantile gets no segment */
#define SHAPE_MIN 1e-6 /* below it practically all mass is at 0 */

/* Units expected to sell of the first n that a bucket may take. */
static double expected_sales(struct demand_nb d, int64_t n)
{
    return (double)n - demand_nb_short(d, (uint64_t)n).unsold;
}

/* The segments of one bucket: cases 1..most in equal parts, each worth its mean. */
static int push_segments(struct lots_build *b, const struct lots_demand *row, struct demand_nb d,
                         int64_t ahead_units, uint32_t node)
{
    int64_t unit = b->sku->case_units;
    int64_t far = (int64_t)demand_nb_quantile(d, TAIL) - ahead_units;
    int64_t most = far <= 0 ? 0 : lots_divide_up(far, unit);
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
                      : lots_push_arc(b, arc, PLAN_LOCAL, (struct lots_arc){.kind = LOTS_ARC_SALE});
        if (err < 0)
            return err;
    }
    return 0;
}

/* The buckets of one site. Healthy stock is used up first, from the first bucket on; what it is
 * expected to leave stands in the way of the next. */
int lots_push_demand(struct lots_build *b, const struct lots_demand *row)
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
            err = lots_push_arc(
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
