/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/standing.h -- what a plan leaves each lot worth where it lies, what others would give for
 * it, and what returns to suppliers bring beyond the next best: read from the duals of the local
 * flows with the plan's transfers in place, as market.h does for what is traded. Changes nothing in
 * the plan. Pure, in integers. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "lots.h"

/* A way of a lot that is open to it: what one more case would bring there, and cost to bring. */
struct standing_bid {
    size_t lot;  /* index into in->lot */
    size_t lane; /* index into in->lane */
    int64_t bid_paise;
    int64_t transport_paise;
};

struct standing {
    size_t lots;
    int64_t *reserve_paise;   /* a lot: what one more case would bring there; a minus: would cost */
    int64_t *return_paise;    /* a lot: what the plan's return of it brings beyond the next best, of
                                 all its cases; 0 without one */
    struct standing_bid *bid; /* by lot, then in the order of the networks */
    size_t bids;
};

/* lots: of the input that l was built of.
 *   -EINVAL  the plan is none of these networks
 *   -ENOMEM */
NODISCARD int standing_find(const struct lots *l, const struct plan *plan, size_t lots,
                            struct standing **ret);
void standing_free(struct standing *s);
DEFINE_AUTO(standing);
