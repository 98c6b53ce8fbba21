/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/supplier_return.h -- what of a lot its supplier takes back by his terms: when, how
 * much of it in a quarter, what he credits, what the way costs. A quarter is the SUPPLIER_DAYS days
 * that end today: as long as the longest one of the calendar, so that what keeps within a quota in
 * units or rupees here keeps within it in each of those. Goods that went back without a document
 * name nobody, and count for no quota. Pure but for what reads. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue_index.h"
#include "proposals.h"
#include "sql.h"
#include "supplier_terms.h"

#define SUPPLIER_DAYS 92
#define SUPPLIER_NO_LIMIT INT64_MAX

/* Whether goods with that printed date may go back on that day. Goods without a date never. */
bool supplier_window_open(const struct supplier_terms *t, int32_t expiry_day, int32_t day);

/* What a quarter has seen of the goods that the terms hold for. back: with what is to go back by
 * open proposals. */
struct supplier_flow {
    int64_t bought_paise;
    int64_t back_units;
    int64_t back_paise; /* landed cost */
};
struct supplier_quota {
    int64_t units; /* that may still go back, and ... */
    int64_t paise; /* ... their landed cost; SUPPLIER_NO_LIMIT, never below 0 */
};
struct supplier_quota supplier_quota_left(const struct supplier_terms *t,
                                          const struct supplier_flow *seen);

/* Of goods of that landed cost and weight. */
int64_t supplier_credit_paise(const struct supplier_terms *t, int64_t landed_paise);
int64_t supplier_freight_paise(const struct supplier_terms *t, int64_t weight_g);

/* but: a proposal that is not counted; "". */
NODISCARD int supplier_flow_read(struct sql *s, const struct catalogue_index *catalogue,
                                 const struct supplier_terms *t, int32_t today, const char *but,
                                 struct supplier_flow *ret);

/* Who delivered the batch last; where nobody knows (opening stock), the SKU; else whose terms name
 * its brand. 1, or 0: nobody is known. */
NODISCARD int supplier_of_lot(struct sql *s, const struct catalogue_sku *sku,
                              const struct batch_key *batch, char ret[ENTRY_PARTY_SIZE]);

/* The day on which he delivered the batch last; CIVIL_NONE. */
NODISCARD int supplier_bought_day(struct sql *s, const char *supplier, const char *sku,
                                  const struct batch_key *batch, int32_t *ret);

/* Credit that one site claims of a supplier: of proposals that are open, or were carried out in the
 * last SUPPLIER_CLAIM_DAYS days. */
#define SUPPLIER_CLAIM_DAYS 30
NODISCARD int supplier_claim_read(struct sql *s, const char *supplier, const char *site,
                                  int64_t now_ms, int64_t *ret_paise);
