/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/decision.h -- what the plan says of each lot, in the terms of proposals: how many
 * units where, what it costs and brings, what the market says, and why. Pure: it reads a situation,
 * solves it, and knows no store. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "rank.h"
#include "situation.h"
#include "standing.h"

enum decision_kind { DECISION_TRANSFER, DECISION_CAMPAIGN, DECISION_RETURN, DECISION_WRITE_OFF };

struct decision {
    enum decision_kind kind;
    size_t lot;  /* of the situation */
    size_t lane; /* DECISION_TRANSFER */
    int64_t units;
    int64_t cost_paise;                       /* with its share of the lorries */
    int64_t freight_paise;                    /* of it: freight and handling, lorries included */
    int64_t revenue_paise;                    /* expected */
    int64_t gain_paise;                       /* over what the network would do without it */
    int64_t ask_milli_paise, bid_milli_paise; /* a base unit by 1000 */
    int64_t room_milli_paise;                 /* rent of room at the destination, likewise */
    int64_t discount_permille;                /* DECISION_CAMPAIGN: the deepest */
    struct rank_score rank;
};

struct decisions {
    struct decision *rows; /* best first */
    size_t count;
    struct standing *standing; /* what lots are worth, and who would give what, before anything was
                                  barred: so that what waits for a budget is seen */
    int64_t value_paise, alone_paise, bound_paise; /* of the plan (plan.h) */
    int64_t gap_ppm;
    size_t beyond_budget; /* moves that would pay, and wait for another budget */
};

struct decision_terms {
    int64_t least_gain_paise;    /* a move that gains less ... */
    int64_t least_gain_permille; /* ... than this, or than this share of its goods' cost is left */
    struct rank_weights weights;
};

/* Solves until no move is left that gains too little or goes beyond the budget, and no return
 * beyond a supplier's quota or below his least claim: such moves are barred, returns bounded, and
 * the rest is solved anew, so that prices are those of what is done. Where people often did not
 * agree a move must gain more. What the last round still has beyond is left out.
 *   -EINVAL *reterr: the situation is no input of the planner's    -ENOMEM */
NODISCARD int decisions_make(struct situation *t, const struct decision_terms *terms,
                             struct decisions *ret, struct diag *reterr);
void decisions_clear(struct decisions *d);
