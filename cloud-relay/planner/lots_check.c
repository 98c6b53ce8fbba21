/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>

#include "lots_input.h"

#define MEAN_MAX 1e12

int lots_refuse(struct diag *reterr, const char *what, uint64_t id, const char *why)
{
    diag_set(reterr, 0, "%s %" PRIu64 ": %s", what, id, why);
    return -EINVAL;
}

static bool is_price(int64_t paise, int64_t least)
{
    return paise >= least && paise <= LOTS_PRICE_MAX;
}

static bool is_count(int64_t n)
{
    return n >= 0 && n < NETFLOW_UNITS_MAX;
}

static const char *lot_fault(const struct lots_input *in, const struct lots_lot *lot)
{
    if (lot->sku >= in->skus || lot->site >= in->sites)
        return "its SKU or site is unknown";
    if (!is_count(lot->cases))
        return "cases out of range";
    if (lot->days_left < -LOTS_DAYS_MAX || lot->days_left > LOTS_DAYS_MAX)
        return "days left out of range";
    if (!is_price(lot->ceiling_paise, 1))
        return "the price that its MRP allows is missing or out of range";
    if (!is_price(lot->carry_paise, 0) || !is_price(lot->return_paise, -LOTS_PRICE_MAX) ||
        !is_price(lot->write_off_paise, -LOTS_PRICE_MAX) || !is_count(lot->return_cases))
        return "a cost or credit is out of range";
    for (size_t t = 0; t < LOTS_TIERS_MAX; t++) {
        if (!is_count(lot->tier[t].cases) || !is_price(lot->tier[t].paise, 0))
            return "a tier is out of range";
        if (t > 0 && lot->tier[t].cases > 0 && lot->tier[t].paise > lot->tier[t - 1].paise)
            return "a tier pays more than the one before";
    }
    return NULL;
}

static const char *demand_fault(const struct lots_input *in, const struct lots_demand *d)
{
    if (d->sku >= in->skus || d->site >= in->sites)
        return "its SKU or site is unknown";
    if (!is_price(d->price_paise, 1))
        return "price missing or out of range";
    if (!is_count(d->on_hand_units) || d->guard_days < 0 || d->guard_days > LOTS_DAYS_MAX)
        return "stock or guard out of range";
    for (uint32_t b = 0; b < in->buckets; b++) {
        if (!(d->mean_units[b] >= 0 && d->mean_units[b] <= MEAN_MAX) ||
            !(d->shape[b] >= 0 && d->shape[b] <= MEAN_MAX))
            return "mean or shape out of range";
    }
    return NULL;
}

static const char *lane_fault(const struct lots_lane *l)
{
    if (l->lead_days < 0 || l->lead_days > LOTS_DAYS_MAX)
        return "lead days out of range";
    if (!is_price(l->tonne_paise, 0) || !is_price(l->case_paise, 0) || l->value_permille < 0 ||
        l->value_permille > 1000)
        return "a cost is out of range";
    return NULL;
}

static int check_frame(const struct lots_input *in, struct diag *reterr)
{
    bool buckets = in->buckets >= 1 && in->buckets <= LOTS_BUCKETS_MAX && in->segments >= 1 &&
                   in->segments <= LOTS_SEGMENTS_MAX;
    for (uint32_t b = 0; buckets && b < in->buckets; b++)
        buckets = in->bucket_end[b] > (b > 0 ? in->bucket_end[b - 1] : 0);
    if (!buckets)
        return lots_refuse(reterr, "bucket", in->buckets,
                           "ends must rise from 1, a segment or more each");
    if (in->sites < 1 || in->sites > PLAN_SITES_MAX || in->lanes > PLAN_LANES_MAX ||
        in->skus > PLAN_SKUS_MAX || in->lots > UINT32_MAX)
        return lots_refuse(reterr, "problem", in->sites,
                           "too many sites, lanes, SKUs or lots, or none");
    for (size_t k = 0; k < in->skus; k++) {
        if (in->sku[k].case_units < 1 || in->sku[k].case_units > LOTS_CASE_UNITS_MAX ||
            in->sku[k].case_mg < 1 || in->sku[k].case_mg > PLAN_MG_MAX)
            return lots_refuse(reterr, "SKU", in->sku[k].id, "weight or units of a case missing");
    }
    return 0;
}

static int check_rows(const struct lots_input *in, struct diag *reterr)
{
    for (size_t i = 0; i < in->lots; i++) {
        const char *why = lot_fault(in, &in->lot[i]);
        if (why)
            return lots_refuse(reterr, "lot", in->lot[i].id, why);
    }
    for (size_t i = 0; i < in->demands; i++) {
        const char *why = demand_fault(in, &in->demand[i]);
        if (why)
            return lots_refuse(reterr, "demand row", i, why);
    }
    for (size_t i = 0; i < in->lanes; i++) {
        const char *why = lane_fault(&in->lane[i]);
        if (why)
            return lots_refuse(reterr, "lane", in->lane[i].lane.id, why);
    }
    for (size_t i = 0; i < in->bars; i++) {
        if (in->bar[i].sku >= in->skus)
            return lots_refuse(reterr, "bar", i, "its SKU is unknown");
    }
    return 0;
}

int lots_check(const struct lots_input *in, struct diag *reterr)
{
    int err = check_frame(in, reterr);
    return err < 0 ? err : check_rows(in, reterr);
}
