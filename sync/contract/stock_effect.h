/* SPDX-License-Identifier: Apache-2.0 */
/* contract/stock_effect.h -- what an entry does to stock, and to which account of the conservation
 * equation it belongs. Whoever folds a journal, on the appliance or at the relay, uses this and
 * nothing else, so that both hold the same stock. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "entry.h"

/* on hand = opening + received + returned + arrived + adjusted - sold - dispatched - sent back -
 * disposed, for every SKU and batch. Moves, restatements and corrections of a batch net to zero. */
enum stock_account {
    ACCOUNT_NONE, /* no effect on stock */
    ACCOUNT_OPENING,
    ACCOUNT_RECEIVED,
    ACCOUNT_SOLD,
    ACCOUNT_RETURNED,
    ACCOUNT_DISPATCHED,
    ACCOUNT_ARRIVED,
    ACCOUNT_SENT_BACK,
    ACCOUNT_DISPOSED,
    ACCOUNT_ADJUSTED, /* counts and adjustments */
    ACCOUNT_INTERNAL,
};
#define ACCOUNT_COUNT 11

const char *stock_account_name(enum stock_account account); /* static */

enum stock_account stock_account(const struct entry *e);

/* A change of the units of e's SKU and batch that lie in one bin in one status. */
struct stock_effect {
    const char *bin; /* borrowed from the entry */
    enum stock_status status;
    int64_t delta; /* base units; never 0 */
};

#define STOCK_EFFECTS_MAX 2

/* Fills ret[] and returns how many there are: 0, 1 or 2. The entry must have passed
 * entry_check(). */
size_t stock_effects(const struct entry *e, struct stock_effect ret[STOCK_EFFECTS_MAX]);
