/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/netflow.h -- minimum-cost flow in one network, in exact integers: a primal network
 * simplex with block pricing and strongly feasible trees (Cunningham, "A network simplex method",
 * Mathematical Programming 11, 1976), which starts again from its last tree when costs, capacities
 * or supplies change. Total: infeasible and unbounded are answers. Knows nothing of goods. Pure and
 * deterministic: the same calls give the same flows and prices on every machine. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define NETFLOW_NODES_MAX (UINT32_C(1) << 20)
#define NETFLOW_ARCS_MAX (UINT32_C(1) << 28)
#define NETFLOW_COST_MAX (INT64_C(1) << 38) /* of |cost|, so that no price leaves 64 bits */
#define NETFLOW_UNITS_MAX                                                                          \
    (INT64_C(1) << 40) /* of |supply|, and a capacity that means "without"                         \
                        */

/* Parallel arcs and loops are fine. */
struct netflow_arc {
    uint32_t tail;
    uint32_t head;
    int64_t capacity; /* units; NETFLOW_UNITS_MAX: without limit */
    int64_t cost;     /* a unit */
};

struct netflow_network {
    uint32_t nodes;
    uint32_t arcs;
    const int64_t *supply; /* a node: units that start there; negative: that must end there */
    const struct netflow_arc *arc;
};

enum netflow_answer {
    NETFLOW_OPTIMAL,
    NETFLOW_INFEASIBLE, /* no flow meets every supply, also when supplies do not sum to zero */
    NETFLOW_UNBOUNDED,  /* a cycle without limit and of negative cost */
};

struct netflow;

/* Copies the network into one block of memory; nothing is allocated later.
 *   -EINVAL  a node or arc is out of range, a capacity negative, or a number beyond its maximum
 *   -ENOMEM */
NODISCARD int netflow_open(const struct netflow_network *network, struct netflow **ret);
void netflow_free(struct netflow *f);
DEFINE_AUTO(netflow);

/* What netflow_open() takes for such a network. */
size_t netflow_bytes(uint32_t nodes, uint32_t arcs);

/* These count from the next netflow_solve() on; within the ranges above, or an assert fails. */
void netflow_set_cost(struct netflow *f, uint32_t arc, int64_t cost);
void netflow_set_capacity(struct netflow *f, uint32_t arc, int64_t capacity);
void netflow_set_supply(struct netflow *f, uint32_t node, int64_t supply);

int64_t netflow_cost(const struct netflow *f, uint32_t arc);
int64_t netflow_capacity(const struct netflow *f, uint32_t arc);

/* Ends after finitely many pivots; each takes time in the size of a tree. What follows below holds
 * for NETFLOW_OPTIMAL until the next change. */
NODISCARD enum netflow_answer netflow_solve(struct netflow *f);

int64_t netflow_units(const struct netflow *f, uint32_t arc);

/* The sum of cost times units; saturates at the ends of 64 bits. */
int64_t netflow_value(const struct netflow *f);

/* An optimal dual: with p the price of a node, cost + p[tail] - p[head] is >= 0 on an arc without
 * flow, <= 0 on one at its capacity, 0 on others. Which of several depends on the way taken. */
int64_t netflow_price(const struct netflow *f, uint32_t node);

/* The two ends of all optimal duals, which do not depend on the way taken; both are 0 at `sink`.
 * Lowest: what one more unit at a node would be worth; NETFLOW_NO_PRICE where no more fits.
 * Highest: what one unit less would take away; NETFLOW_NO_PRICE where nothing is. */
#define NETFLOW_NO_PRICE INT64_MIN
void netflow_lowest_prices(const struct netflow *f, uint32_t sink, int64_t *ret);
void netflow_highest_prices(const struct netflow *f, uint32_t sink, int64_t *ret);

/* Copies all of src, tree and flows too, over dst, which was opened with the same network. */
void netflow_copy(struct netflow *dst, const struct netflow *src);

uint64_t netflow_pivots(const struct netflow *f); /* since it was opened: a measure of work */
