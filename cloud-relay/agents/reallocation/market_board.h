/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/market_board.h -- what each site offers beyond proposals: its surplus lots with a
 * reserve price, and who would give what for them, kept with the plan that priced them (table
 * market_lot) for screens to read. It proposes nothing. */
#pragma once

#include "agent.h"
#include "attr.h"
#include "decision.h"

#define MARKET_BIDS_MAX 8 /* a lot, the best */

/* Rows of the plan's lots, in the caller's write transaction; those of other cases stay as an
 * earlier plan priced them while their goods are still there to be had. */
NODISCARD int market_board_write(struct agent_step *step, const struct situation *t,
                                 const struct decisions *d);
