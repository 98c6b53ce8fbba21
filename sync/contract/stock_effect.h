/* SPDX-License-Identifier: Apache-2.0 */
/* contract/stock_effect.h -- what an entry does to stock, and to which account of the conservation
 * equation it belongs. Whoever folds a journal, on the appliance or at the relay, uses this and
 * nothing else, so that both hold the same stock. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
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

/* Whether it brings goods in, with what is printed on them and what they cost: such entries tell
 * the facts of a batch. */
bool stock_brings(const struct entry *e);

/* When the goods of an entry first came to the distributor, as far as it says: its own Indian civil
 * day, or for goods that it brings the earlier day that they carry with them. */
int32_t stock_received_day(const struct entry *e);

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

/* Finds an earlier entry of the same journal: 1 and *ret, 0 when there is none, or an error. */
typedef int (*stock_find_fn)(int64_t seq, void *context, struct entry *ret);

/* An ENTRY_ADJUSTED that corrects an earlier movement, or what undid it, takes units of it back: 1,
 * the movement, and how many of its units are not done any more (negative: done again); 0 for every
 * other entry. Else the error of `find`. */
NODISCARD int stock_undone(const struct entry *e, stock_find_fn find, void *context,
                           struct entry *ret_movement, int64_t *ret_units);
