/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/lots_build.h -- networks while they are built of lots and demands, a SKU at a time.
 * Private to lots*.c. */
#pragma once

#include "lots_input.h"
#include "lots_state.h"

struct lots_build {
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

/* -EINVAL with b->reterr: a cost beyond what can be counted; -ENOMEM. */
NODISCARD int lots_push_arc(struct lots_build *b, struct netflow_arc arc, int32_t lane,
                            struct lots_arc meaning);

static inline int64_t lots_divide_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* --- lots_way.c */

/* One way of a lot to a demand: its own site's, or over a lane. */
struct lots_way {
    const struct lots_demand *demand; /* NULL: none that it reaches in time */
    const struct lots_lane *lane;     /* NULL: held */
    size_t lane_at;                   /* its place among the sorted ones */
    uint32_t buckets;
};

#define LOTS_HELD SIZE_MAX

/* The way over a lane by its place among the sorted ones, or LOTS_HELD. */
struct lots_way lots_way_of(const struct lots_build *b, const struct lots_lot *lot, size_t lane_at);

/* What a case costs on its way; a price above the lot's own ceiling is given up in full. */
int64_t lots_way_cost(const struct lots_build *b, const struct lots_lot *lot,
                      const struct lots_way *w);

/* --- lots_demand.c: what the buckets of one site may sell, as arcs. As lots_push_arc(). */

NODISCARD int lots_push_demand(struct lots_build *b, const struct lots_demand *row);
