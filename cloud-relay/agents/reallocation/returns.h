/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/returns.h -- what of each lot may go back to its supplier, for what credit and at
 * which cost, and which returns of a plan keep within the suppliers' quotas and are worth a claim.
 * Terms are supplier_terms.h's, what they mean supplier_return.h's. Pure but for returns_read(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "supplier_return.h"

struct situation;
struct decisions;

struct returns_terms {
    struct supplier_terms terms;
    struct supplier_quota left; /* of the quarter, with what is to go back already */
};

/* What a plan would send back of one lot. */
struct returns_move {
    size_t terms; /* index */
    uint32_t site;
    int64_t cases; /* > 0 */
    int64_t case_units;
    int64_t landed_paise;  /* a case; > 0 */
    int64_t credit_paise;  /* a case */
    int64_t gain_paise;    /* of all cases, over the next best */
    int64_t claimed_paise; /* of its supplier by its site, besides */
    int64_t kept;          /* the answer: cases */
};

/* Fills each quota in the order of gain for what is scarce, ties by place; then drops what belongs
 * to no claim (of one site to one supplier) that reaches the supplier's least and gains least_gain.
 * Returns how many moves are not kept whole, or -ENOMEM. */
NODISCARD int returns_choose(const struct returns_terms *terms, struct returns_move *moves,
                             size_t count, int64_t least_gain_paise);

/* Finds each lot's supplier and terms, and fills what may go back of it into the planner's input.
 */
NODISCARD int returns_read(struct agent_step *step, struct situation *t);

/* Bounds the returns of the plan's lots to those that are kept, for the next round; in the last one
 * the others are left out. Returns how many, or -ENOMEM. */
NODISCARD int returns_keep(struct situation *t, struct decisions *d, int64_t least_gain_paise,
                           bool last);
