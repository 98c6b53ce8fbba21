/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/network_draw.h -- small random networks and plan problems, and the certificate of an
 * optimal flow, for the planner's tests. */
#pragma once

#include <stdbool.h>

#include "netflow.h"
#include "rng.h"

#define DRAW_NODES_MAX 12
#define DRAW_ARCS_MAX 48

struct draw_network {
    struct netflow_network network;
    int64_t supply[DRAW_NODES_MAX];
    struct netflow_arc arc[DRAW_ARCS_MAX];
};

/* Any directed graph: parallel arcs, loops, unlimited arcs, negative costs, many ties. */
void draw_network(struct rng *rng, struct draw_network *ret);

/* True when the flow meets every supply and capacity, the prices prove it optimal (complementary
 * slackness), and the dual's value is the primal's. Computed from the flow's answers alone. */
bool draw_is_optimal(const struct netflow *f, const struct draw_network *n);

/* Least cost by trying every path: cancels negative cycles from any feasible flow (Bellman and
 * Ford, Klein), sharing nothing with the network simplex. False: infeasible or unbounded. */
bool draw_least_cost(const struct draw_network *n, int64_t *ret);
