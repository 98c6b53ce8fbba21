/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/conservation.h -- whether stock is conserved over the whole network, batch by batch:
 * all that came and went, but between sites, is on hand, or was sent and did not arrive. Read from
 * the projections as they stand; it mends nothing. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"
#include "stock_effect.h"

struct conservation {
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
    int64_t accounts[ACCOUNT_COUNT]; /* signed as they change the stock */
    int64_t on_hand, sent, arrived, lost;
};

/* What is missing (above 0) or too much; 0: conserved. Transfers are taken from what both ends say
 * of them, the rest from the accounts of each. */
int64_t conservation_difference(const struct conservation *c);

/* Adds what `more` says to `sum`, but for its name. */
void conservation_add(struct conservation *sum, const struct conservation *more);

/* Each batch once, ascending. Stops at a return that is not 0, and passes it on. */
typedef int (*conservation_fn)(const struct conservation *c, void *context);
NODISCARD int conservation_each(struct sql *s, conservation_fn on_batch, void *context);
