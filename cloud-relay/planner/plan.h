/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/plan.h -- what to move between sites: one flow network a SKU, tied together by lanes
 * (whole trucks with a fixed cost, a largest and a least load) and by the room at each site. Finds
 * whole cases on every arc and trucks on every lane, recomputes their value, and certifies how far
 * the best plan can be from it. Does not know lots or days (lots.h builds the networks), nor what
 * parties pay (market.h). Pure: no clock, no I/O; one thread; the same problem and limits give the
 * same bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "netflow.h"

#define PLAN_SITES_MAX (1u << 16)
#define PLAN_LANES_MAX (1u << 20)
#define PLAN_SKUS_MAX (1u << 20)
#define PLAN_MG_MAX (INT64_C(1) << 45)    /* a weight: 35,000 tonnes; all trucks fit in 64 bits */
#define PLAN_PAISE_MAX (INT64_C(1) << 40) /* cost of a truck */
#define PLAN_TRUCKS_MAX 100000
#define PLAN_LOCAL (-1) /* arc_lane: not a transfer */

/* Trucks are counted by the lane's whole load, which is how freight is booked; a case heavier than
 * a truck goes on none. */
struct plan_lane {
    uint32_t id; /* the caller's; names it in texts, decides nothing */
    uint32_t from, to;
    int64_t trucks_max;
    int64_t truck_mg;    /* > 0 */
    int64_t truck_paise; /* for each truck that goes */
    int64_t least_mg;    /* on each truck that goes; at most truck_mg */
};

/* One SKU's network: its nodes and arcs stand in the problem's arrays from node_at and arc_at on;
 * arcs name nodes from 0. Units are cases, costs paise a case (a minus is recovered). */
struct plan_sku {
    uint32_t id;
    int64_t case_mg; /* > 0 */
    uint32_t nodes;
    uint32_t arcs;
    size_t node_at;
    size_t arc_at;
};

/* All borrowed. A problem has a plan without any transfer: each SKU's network is feasible with the
 * transfer arcs removed. */
struct plan_problem {
    uint32_t sites;
    const int64_t *room_mg; /* a site: what may arrive there */
    uint32_t lanes;
    const struct plan_lane *lane;
    uint32_t skus;
    const struct plan_sku *sku;
    const int64_t *supply;         /* a node, all SKUs */
    const struct netflow_arc *arc; /* all SKUs */
    const int32_t *arc_lane;       /* an arc: index into lane[], or PLAN_LOCAL */
};

size_t plan_arcs(const struct plan_problem *p); /* of all SKUs */

/* -EINVAL with *reterr, which names the lane or SKU. plan_solve() checks too. */
NODISCARD int plan_check(const struct plan_problem *p, struct diag *reterr);

/* How long to look. Work is counted, not timed, so that a plan can be repeated; `stop`, if there is
 * one, is asked now and then and ends the search early: what was found so far is the answer. */
struct plan_limits {
    uint64_t bound_rounds;  /* of the prices that certify; 0: the bound without any */
    uint64_t search_rounds; /* of tearing up and mending a part of the plan */
    uint64_t nodes;         /* of GLPK's branch and cut on each part small enough for it; 0: none */
    bool (*stop)(void *context);
    void *context;
};

/* Seconds to minutes from 20 sites on, up to 720 lanes; for larger problems give less, or a stop.
 */
struct plan_limits plan_limits_default(void);

struct plan {
    int64_t
        value_paise; /* recovered: minus the sum of all costs, recomputed from cases and trucks */
    int64_t alone_paise; /* what is recovered without any transfer; value_paise is never less */
    int64_t bound_paise; /* no plan recovers more; by exact prices, or by branch and cut, whose
                            doubles are given a ten-millionth */
    size_t arcs;
    uint32_t lanes;
    int64_t *cases;  /* an arc */
    int64_t *trucks; /* a lane */
};

/*   -EINVAL   as plan_check()
 *   -ENOTSUP  a SKU has no plan without transfers (*reterr says which), or one without end
 *   -ENOMEM */
NODISCARD int plan_solve(const struct plan_problem *p, const struct plan_limits *limits,
                         struct plan **ret, struct diag *reterr);
void plan_free(struct plan *plan);
DEFINE_AUTO(plan);

/* (bound - value) / |bound| in millionths, rounded up; 0 when both are 0. */
int64_t plan_gap_ppm(const struct plan *plan);

/* Recomputes all of it from cases and trucks alone: flows balance, nothing is negative or beyond
 * its capacity, every load, room and least load holds, no SKU goes both ways between two sites,
 * and the values are right. -EINVAL with *reterr naming the first that does not hold. */
NODISCARD int plan_verify(const struct plan_problem *p, const struct plan *plan,
                          struct diag *reterr);
