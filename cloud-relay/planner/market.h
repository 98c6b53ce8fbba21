/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/market.h -- a plan read as trades: what each lot asks, what each destination bids, what
 * room and haulage are worth, and who pays for the trucks. Prices are the exact duals of the flows
 * that the plan left open, the lowest of them, so they do not depend on the way they were found.
 * Changes nothing in the plan. Pure, in integers. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "plan.h"

/* One arc on which the plan transfers something. Prices are paise a case. It holds exactly:
 *   bid_paise = ask_paise + transport_paise + rent_paise + surplus_paise, all but transport >= 0
 *               after the ask,
 *   ask_paise >= what one more case would bring its owner without the transfer,
 *   0 <= truck_paise <= gain_paise. */
struct market_trade {
    uint32_t sku; /* index */
    uint32_t lane;
    size_t arc;
    int64_t cases;
    int64_t ask_paise;       /* worth of one more case where it lies */
    int64_t bid_paise;       /* worth of one more case where it goes */
    int64_t transport_paise; /* the arc's own cost */
    int64_t rent_paise;      /* room at the destination, where it is short */
    int64_t surplus_paise; /* what is left: to the lane, where its trucks are full, or the trade */
    int64_t gain_paise;    /* what the network would lose without this trade, all its cases, before
                              trucks: the SKU's best flow with it less that without it */
    int64_t truck_paise;   /* its share of the lane's trucks, all its cases */
};

/* A lane's trucks are paid for by its trades in proportion to their gains. */
struct market_lane {
    int64_t gain_paise;    /* sum of its trades' */
    int64_t truck_paise;   /* trucks times their cost = sum of its trades' truck_paise + uplift */
    int64_t uplift_paise;  /* >= 0: what the gains do not cover; 0 on every lane of a plan of
                              plan_solve(), which closes lanes that do not pay */
    int64_t haulage_paise; /* a tonne, where all trucks go full: the least surplus on it */
};

struct market {
    struct market_trade *trade; /* in the order of arcs */
    size_t trades;
    struct market_lane *lane; /* a lane */
    int64_t *rent_paise;      /* a site: a tonne of room; 0 where room is left */
    size_t lanes;
    size_t sites;
};

/*   -EINVAL   the plan is none of this problem (plan_verify() says what is wrong)
 *   -ENOMEM */
NODISCARD int market_clear(const struct plan_problem *p, const struct plan *plan,
                           struct market **ret);
void market_free(struct market *m);
DEFINE_AUTO(market);
