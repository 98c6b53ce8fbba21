/* SPDX-License-Identifier: Apache-2.0 */
/* rules/financial_impact.h -- what it costs to keep stock that does not sell: carrying,
 * opportunity, disposal and transport, each by itself, and the space it blocks. Does not decide
 * whether the stock is dead. Pure; money in paise, rounded half away from zero part by part. */
#pragma once

#include <stdint.h>

#define FINANCIAL_IMPACT_PAISE_MAX INT64_C(1000000000000000) /* larger values count as this */
#define FINANCIAL_IMPACT_GRAMS_MAX INT64_C(1000000000000)    /* a million tonnes; and as many ml */
#define FINANCIAL_IMPACT_DAYS_MAX 36500

struct financial_impact_rates {
    uint32_t carrying_permille;    /* of landed cost a year: space, handling, insurance, loss */
    uint32_t opportunity_permille; /* of landed cost a year: what the money would earn elsewhere */
    int64_t disposal_paise_a_kg;
    int64_t transport_paise_a_kg;  /* to where it is disposed of or returned */
    uint32_t volumetric_g_a_litre; /* freight is charged on this at least; 0: on weight alone */
    int64_t pallet_ml;             /* of a pallet position; 0: positions are not counted */
};

/* 100 and 120 permille, 6 rupees to dispose of and 10 to carry a kilogram, 212 g a litre (6 kg a
 * cubic foot), pallet positions of 1.2 cubic metres. Defaults a tenant changes. */
struct financial_impact_rates financial_impact_rates_default(void);

struct financial_impact_stock {
    int64_t landed_paise;
    int64_t weight_g;
    int64_t volume_ml;
    int32_t days; /* how long it will lie: a horizon, or its days without movement so far */
};

struct financial_impact {
    int64_t carrying_paise;
    int64_t opportunity_paise;
    int64_t disposal_paise;
    int64_t transport_paise;
    int64_t total_paise; /* the sum of the four */
    int64_t blocked_ml;
    int64_t blocked_pallets; /* begun positions */
};

struct financial_impact financial_impact(const struct financial_impact_stock *stock,
                                         const struct financial_impact_rates *rates);

/* The sum over parts of a territory, category or tenant, field by field. Positions add up as they
 * are: two half pallets at two sites block two. */
struct financial_impact financial_impact_add(struct financial_impact a, struct financial_impact b);
