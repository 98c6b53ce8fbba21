/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis/pair.h -- a SKU at a site as it stands in the store: its lots, its days, what was last
 * thought of it; and what is written of it when it has been scored. Decides nothing. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "score.h"
#include "sql.h"

#define PAIR_LOTS_MAX 1024 /* of one SKU at one site; FEFO's last ones beyond it are not scored */

struct pair {
    char site[ENTRY_PARTY_SIZE];
    char sku[ENTRY_SKU_SIZE];
    struct score_lot *lots; /* owned */
    uint32_t lots_count;
    int64_t units[SCORE_HISTORY_DAYS];
    uint8_t stocked[SCORE_HISTORY_DAYS];
    uint32_t first; /* day from which on something is known; SCORE_HISTORY_DAYS: nothing is */
    struct dead_stock_state before;
    bool liquidating;          /* a campaign for it is approved or out */
    struct score score;        /* once it was scored, and: */
    struct expiry_risk *risks; /* owned; one a lot */
};

void pair_clear(struct pair *p); /* frees what it owns */

/* The next pairs to score, at most max: those whose stock has changed first, then those not scored
 * today. Returns how many. */
NODISCARD int pair_next(struct sql *s, int32_t today, struct pair *ret, size_t max);

/* Reads lots, days and the last state of p->site and p->sku. */
NODISCARD int pair_read(struct sql *s, int32_t today, struct pair *p);

/* Pairs spread evenly over all that are known, for the pool: at most max. Returns how many. */
NODISCARD int pair_spread(struct sql *s, struct pair *ret, size_t max);

/* Marks a pair as changed. */
NODISCARD int pair_touch(struct sql *s, const char *site, const char *sku, int64_t now_ms);

/* Writes the scores of one pair, and takes the mark that was set until now_ms away. */
NODISCARD int pair_write(struct sql *s, const struct pair *p, int32_t today, int64_t now_ms);
