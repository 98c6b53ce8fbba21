/* SPDX-License-Identifier: Apache-2.0 */
#include "financial_impact.h"

#include <assert.h>

#include "decimal.h"

#define DAYS_A_YEAR 365
#define MILLI 1000
#define RATE_PERMILLE_MAX 10000

struct financial_impact_rates financial_impact_rates_default(void)
{
    return (struct financial_impact_rates){
        .carrying_permille = 100,
        .opportunity_permille = 120,
        .disposal_paise_a_kg = 600,
        .transport_paise_a_kg = 1000,
        .volumetric_g_a_litre = 212,
        .pallet_ml = 1200000,
    };
}

static int64_t within(int64_t v, int64_t max)
{
    return v < 0 ? 0 : v > max ? max : v;
}

/* a * b / c, at most FINANCIAL_IMPACT_PAISE_MAX, so that sums of four always fit. */
static int64_t part(int64_t a, int64_t b, int64_t c)
{
    int64_t v = FINANCIAL_IMPACT_PAISE_MAX;
    if (decimal_muldiv(a, b, c, &v) < 0)
        return FINANCIAL_IMPACT_PAISE_MAX;
    return within(v, FINANCIAL_IMPACT_PAISE_MAX);
}

static int64_t of_year(int64_t paise, uint32_t permille, int64_t days)
{
    int64_t rate = within(permille, RATE_PERMILLE_MAX);
    return part(paise, rate * days, (int64_t)DAYS_A_YEAR * MILLI);
}

struct financial_impact financial_impact(const struct financial_impact_stock *stock,
                                         const struct financial_impact_rates *rates)
{
    assert(stock && rates);
    int64_t landed = within(stock->landed_paise, FINANCIAL_IMPACT_PAISE_MAX);
    int64_t weight = within(stock->weight_g, FINANCIAL_IMPACT_GRAMS_MAX);
    int64_t volume = within(stock->volume_ml, FINANCIAL_IMPACT_GRAMS_MAX);
    int64_t days = within(stock->days, FINANCIAL_IMPACT_DAYS_MAX);
    int64_t volumetric = part(volume, rates->volumetric_g_a_litre, MILLI);
    int64_t charged = weight > volumetric ? weight : volumetric;

    struct financial_impact i = {
        .carrying_paise = of_year(landed, rates->carrying_permille, days),
        .opportunity_paise = of_year(landed, rates->opportunity_permille, days),
        .disposal_paise =
            part(weight, within(rates->disposal_paise_a_kg, FINANCIAL_IMPACT_PAISE_MAX), MILLI),
        .transport_paise =
            part(charged, within(rates->transport_paise_a_kg, FINANCIAL_IMPACT_PAISE_MAX), MILLI),
        .blocked_ml = volume,
    };
    if (rates->pallet_ml > 0)
        i.blocked_pallets = volume / rates->pallet_ml + (volume % rates->pallet_ml > 0);
    i.total_paise = i.carrying_paise + i.opportunity_paise + i.disposal_paise + i.transport_paise;
    return i;
}

struct financial_impact financial_impact_add(struct financial_impact a, struct financial_impact b)
{
    return (struct financial_impact){
        .carrying_paise = a.carrying_paise + b.carrying_paise,
        .opportunity_paise = a.opportunity_paise + b.opportunity_paise,
        .disposal_paise = a.disposal_paise + b.disposal_paise,
        .transport_paise = a.transport_paise + b.transport_paise,
        .total_paise = a.total_paise + b.total_paise,
        .blocked_ml = a.blocked_ml + b.blocked_ml,
        .blocked_pallets = a.blocked_pallets + b.blocked_pallets,
    };
}
