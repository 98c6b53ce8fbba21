/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/plan_state.h -- what the rooms of the planner share while they work on one problem: the
 * transfers that can happen at all, a network simplex a SKU, and the plan at hand with its loads.
 * Private to plan*.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"
#include "rng.h"

/* A transfer arc that some plan may use. */
struct plan_move {
    uint32_t sku;
    uint32_t arc; /* of the SKU's network */
    uint32_t lane;
    uint32_t site; /* where it goes */
    int64_t case_mg;
    int64_t most;   /* cases: capacity, trucks, room */
    int64_t useful; /* cases, at most `most`: beyond, a case goes better to the sink directly */
    int64_t most_on_truck_mg;   /* of those that fall to one truck: see plan_on_truck_mg() */
    int64_t useful_on_truck_mg; /* of `useful` */
};

/* One step that can be taken back: a SKU's flow as it was. */
struct plan_undo {
    uint32_t sku;
    size_t before; /* last_undo of the SKU until then */
    int64_t cost;
    struct netflow *flow;
};
struct plan_undo_lane {
    uint32_t lane;
    int64_t trucks;
    int64_t push;
};

struct plan_state {
    const struct plan_problem *p;
    const struct plan_limits *limits;
    struct netflow **flow;  /* a SKU */
    struct plan_move *move; /* by SKU, then arc */
    size_t moves;
    size_t *sku_first;  /* a SKU, and one more: its moves */
    size_t *lane_first; /* a lane, and one more: into lane_move */
    uint32_t *lane_move;
    int64_t alone_cost; /* of all SKUs without transfers */
    int64_t fixed_cost; /* of the SKUs that have no move */

    /* the plan at hand */
    int64_t *cases; /* a move */
    int64_t *cost;  /* a SKU: its arcs' */
    int64_t *lane_mg;
    int64_t *site_mg;
    int64_t *trucks; /* a lane: that may go; those that do follow from lane_mg */
    int64_t *push;   /* a lane: paise a tonne by which its goods are made cheaper for the flows, so
                        that a truck that pays reaches its least load; in no cost */
    int64_t total;   /* all costs with trucks */

    /* what the prices found */
    int64_t bound_cost; /* no plan costs less */
    double *share;      /* a move: of its lane's truck, paise a case */
    double *rent;       /* a site: paise a tonne */
    int64_t *relaxed;   /* a move: cases of the priced flows */

    /* scratch and steps back */
    int64_t *lane_sum; /* a lane, 0 between uses */
    int64_t *site_sum;
    int err; /* memory for a step back was not there: the search ends */
    struct plan_undo *undo;
    size_t undos, undos_max;
    size_t *last_undo; /* a SKU: its latest entry + 1 */
    struct plan_undo_lane *undo_lane;
    size_t undo_lanes, undo_lanes_max;
    struct netflow ***spare; /* a SKU: copies not in use */
    uint32_t *spares, *spares_max;
    struct rng rng;
};

/* -ENOMEM, or -ENOTSUP with *reterr as in plan_solve(). */
NODISCARD int plan_state_open(const struct plan_problem *p, const struct plan_limits *limits,
                              struct plan_state **ret, struct diag *reterr);
void plan_state_free(struct plan_state *s);
DEFINE_AUTO(plan_state);

bool plan_stopped(const struct plan_state *s);

/* Trucks that a load needs, and that go on a lane of the plan at hand. */
int64_t plan_trucks(const struct plan_lane *lane, int64_t load_mg);
int64_t plan_trucks_on(const struct plan_state *s, uint32_t lane);

/* What at most so many cases of one weight can weigh for each truck that goes, whatever their
 * number, rounded up. Trucks are counted by a lane's whole load, so a case may straddle two: three
 * of 2.5 kg go on two trucks of 4 kg, which is 3.75 kg a truck. */
int64_t plan_on_truck_mg(const struct plan_lane *lane, int64_t case_mg, int64_t cases);

/* --- plan_undo.c: the plan's loads, and steps back */

/* A SKU's cases and cost leave the plan's loads and total, or go into them as its flow is. */
void plan_take_off(struct plan_state *s, uint32_t sku);
void plan_put_on(struct plan_state *s, uint32_t sku, int64_t cost);

struct plan_mark {
    size_t undos;
    size_t undo_lanes;
    int64_t total;
};

struct plan_mark plan_mark(const struct plan_state *s);

/* Back to where the mark was made. Marks nest. */
void plan_undo_to(struct plan_state *s, struct plan_mark mark);

/* Forgets all steps: nothing before can be taken back. */
void plan_keep(struct plan_state *s);

/* Keeps a SKU's flow as it is, once a mark. -ENOMEM. */
NODISCARD int plan_save(struct plan_state *s, struct plan_mark mark, uint32_t sku);

/* --- plan_step.c: changes of the plan at hand that can be taken back */

/* Lets so many trucks go on a lane, with that push; its flows follow with plan_settle(). */
void plan_allow(struct plan_state *s, uint32_t lane, int64_t trucks, int64_t push);

/* Solves a SKU anew within what the other SKUs leave of trucks and room. */
void plan_settle(struct plan_state *s, struct plan_mark mark, uint32_t sku);

/* Sends exactly so many cases on the SKU's moves, given by move, whatever the lanes allow; if that
 * cannot be, nearly as many, and false. */
bool plan_impose(struct plan_state *s, struct plan_mark mark, uint32_t sku, const int64_t *cases);

/* Settles SKUs on lanes and at sites that hold more than they can, until none does. */
void plan_mend_full(struct plan_state *s, struct plan_mark mark);

/* Whether every lane and site holds what the plan brings, and no SKU goes both ways. */
bool plan_fits(struct plan_state *s);

/* Brings the lanes of the SKUs settled since the mark that run below their least load up to it, or
 * takes a truck off, whichever is better. */
void plan_mend_thin(struct plan_state *s, struct plan_mark mark);

/* plan_bound.c: improves bound_cost, share, rent and relaxed by pricing lanes and rooms. */
NODISCARD int plan_bound(struct plan_state *s);

/* plan_search.c: a first plan from the prices, at least as good as no transfer; and better ones,
 * so many rounds. */
NODISCARD int plan_search_first(struct plan_state *s);
NODISCARD int plan_search_more(struct plan_state *s, uint64_t rounds);

/* plan_last.c: closes lanes that do not pay for their trucks, and all if the plan does not fit.
 * Asks no stop. */
NODISCARD int plan_search_last(struct plan_state *s);

void plan_shut_all(struct plan_state *s); /* the plan without transfers */

/* plan_part.c: the exact optimum of connected parts that are small enough. */
NODISCARD int plan_parts(struct plan_state *s);

/* The same for small neighbourhoods in the plan at hand, so many of them. */
NODISCARD int plan_parts_around(struct plan_state *s, uint64_t rounds);
