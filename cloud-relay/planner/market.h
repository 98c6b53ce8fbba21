/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/market.h -- a plan read as trades: what each lot asks, what each destination bids, what
 * room is worth, and who pays for the trucks. Prices are ends of the exact duals of the flows with
 * the plan's transfers in place, so they do not depend on the way they were found. Changes nothing
 * in the plan. Pure, in integers. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "plan.h"

/* One arc on which the plan transfers something. Prices are paise a case, and it holds exactly
 *
 *     bid + push = ask + transport + rent + surplus,  push, rent, surplus >= 0,
 *
 * so that whoever buys pays no more than the last case brings there, and whoever sells gets no less
 * than it would bring at home. truck_paise <= gain_paise: nobody loses by the trade. */
struct market_trade {
    uint32_t sku; /* index */
    uint32_t lane;
    size_t arc;
    int64_t cases;
    int64_t ask_paise;       /* what one more case would bring where the lot lies */
    int64_t bid_paise;       /* what one case less would take away where it goes */
    int64_t transport_paise; /* the arc's own cost */
    int64_t push_paise;      /* what the lane gives so that its truck reaches its least load */
    int64_t rent_paise;      /* room at the destination, where it is short */
    int64_t surplus_paise;   /* what is left to share between them */
    int64_t gain_paise;      /* of all its cases: what the network would lose without the SKU's
                                trades on this lane, before trucks, shared by cases */
    int64_t truck_paise; /* what it pays for the lane's trucks; negative where it goes along at a
                            loss to fill one, and is made up for that */
};

/* A lane's trucks are paid by the trades that gain, in proportion. */
struct market_lane {
    int64_t gain_paise;   /* sum of its trades' */
    int64_t truck_paise;  /* trucks times their cost = sum of its trades' truck_paise + uplift */
    int64_t uplift_paise; /* >= 0: what the gains do not cover; 0 on every lane of a plan of
                             plan_solve(), which closes lanes that do not pay */
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
