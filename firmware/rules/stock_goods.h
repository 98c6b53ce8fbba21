/* SPDX-License-Identifier: Apache-2.0 */
/* rules/stock_goods.h -- a SKU as scoring sees it: what it weighs and takes up, what tax credit
 * lies in it, and from when on shops refuse it. Whoever scores stock, on the appliance or at the
 * relay, prices it here. Pure. */
#pragma once

#include <stdint.h>

#include "expiry_risk.h"
#include "financial_impact.h"

#define STOCK_GOODS_HSN_SIZE 9

struct stock_goods {
    char hsn[STOCK_GOODS_HSN_SIZE]; /* "": not known */
    int32_t refuse_days;            /* shops refuse a batch with less life than this */
    int64_t volume_ml_per_1000;     /* of 1000 base units; 0: not known */
    int64_t weight_g_per_1000;      /* likewise */
};

/* From what the catalogue says of one pack of pack_units base units. */
struct stock_goods stock_goods_of(const char *hsn, int32_t refuse_days, int64_t pack_units,
                                  int64_t pack_volume_ml, int64_t pack_weight_g);

/* So many units as freight and disposal see them. Where nobody has said their weight, what carriers
 * charge for their volume stands for it, or else destroying and carrying them would cost nothing.
 */
struct financial_impact_stock stock_goods_lying(const struct stock_goods *g, int64_t units,
                                                const struct financial_impact_rates *rates);

/* Tax credit that is reversed when goods of that cost are destroyed (CGST Act section 17(5)(h)), by
 * the rate on the day of their purchase. A code whose rate is not known reverses nothing here:
 * nobody may assume one. */
int64_t stock_goods_credit(const struct stock_goods *g, int64_t landed_paise, int32_t received_day);

struct stock_goods_batch {
    int64_t units;     /* sellable */
    int32_t days_left; /* INT32_MAX: does not expire */
    int64_t landed_paise;
    int64_t credit_paise; /* of stock_goods_credit() */
};

/* The batch as expiry_risk_batches() takes it. */
struct expiry_batch stock_goods_expiry(const struct stock_goods *g,
                                       const struct stock_goods_batch *batch,
                                       const struct financial_impact_rates *rates);
