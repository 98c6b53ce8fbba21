/* SPDX-License-Identifier: Apache-2.0 */
#include "stock_goods.h"

#include <assert.h>
#include <stdio.h>

#include "decimal.h"
#include "gst_rate.h"

struct stock_goods stock_goods_of(const char *hsn, int32_t refuse_days, int64_t pack_units,
                                  int64_t pack_volume_ml, int64_t pack_weight_g)
{
    assert(hsn && pack_units > 0);
    struct stock_goods g = {.refuse_days = refuse_days};
    snprintf(g.hsn, sizeof(g.hsn), "%s", hsn);
    int64_t n = 0;
    if (decimal_muldiv(pack_volume_ml, 1000, pack_units, &n) == 0)
        g.volume_ml_per_1000 = n;
    if (decimal_muldiv(pack_weight_g, 1000, pack_units, &n) == 0)
        g.weight_g_per_1000 = n;
    return g;
}

static int64_t scaled(int64_t units, int64_t per_1000)
{
    int64_t n = 0;
    return decimal_muldiv(units, per_1000, 1000, &n) == 0 ? n : 0;
}

struct financial_impact_stock stock_goods_lying(const struct stock_goods *g, int64_t units,
                                                const struct financial_impact_rates *rates)
{
    assert(g && rates);
    struct financial_impact_stock stock = {.volume_ml = scaled(units, g->volume_ml_per_1000)};
    stock.weight_g = g->weight_g_per_1000 > 0
                         ? scaled(units, g->weight_g_per_1000)
                         : scaled(stock.volume_ml, rates->volumetric_g_a_litre);
    return stock;
}

int64_t stock_goods_credit(const struct stock_goods *g, int64_t landed_paise, int32_t received_day)
{
    assert(g);
    const struct gst_rate_row *rate = NULL;
    int64_t credit = 0;
    if (g->hsn[0] == '\0' || landed_paise <= 0 ||
        gst_rate_find(&gst_rate_seed, g->hsn, "", received_day, &rate) < 0 ||
        decimal_muldiv(landed_paise, rate->gst_ppm, 1000000, &credit) < 0)
        return 0;
    return credit;
}

struct expiry_batch stock_goods_expiry(const struct stock_goods *g,
                                       const struct stock_goods_batch *batch,
                                       const struct financial_impact_rates *rates)
{
    assert(g && batch && rates);
    struct financial_impact_stock stock = stock_goods_lying(g, batch->units, rates);
    return (struct expiry_batch){
        .units = batch->units,
        .days_to_expiry = batch->days_left,
        .refuse_days = g->refuse_days,
        .landed_paise = batch->landed_paise,
        .credit_paise = batch->credit_paise,
        .disposal_paise = financial_impact(&stock, rates).disposal_paise,
    };
}
