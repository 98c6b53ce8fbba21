/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lots_draw.h"

#include <string.h>

static int64_t between(struct rng *rng, int64_t low, int64_t high)
{
    return low + (int64_t)rng_below(rng, (uint64_t)(high - low + 1));
}

static bool one_in(struct rng *rng, uint64_t n)
{
    return rng_below(rng, n) == 0;
}

static void draw_lot(struct rng *rng, struct draw_lots *d, size_t i)
{
    struct lots_lot *lot = &d->lot[i];
    *lot = (struct lots_lot){
        .id = 100 + i * 7,
        .sku = (uint32_t)rng_below(rng, d->in.skus),
        .site = (uint32_t)rng_below(rng, d->in.sites),
        .cases = between(rng, 0, 5),
        .days_left = (int32_t)(one_in(rng, 8) ? between(rng, -3, 40) : between(rng, 40, 130)),
        .order = LOTS_FREE,
        .ceiling_paise = between(rng, 4000, 20000),
        .carry_paise = between(rng, 0, 200),
        .write_off_paise = between(rng, 0, 3000)};
    if (one_in(rng, 5))
        lot->order = (enum lots_order)between(rng, LOTS_FREE, LOTS_DESTROY_ONLY);
    lot->tier[0] = (struct lots_tier){between(rng, 0, 3), between(rng, 3000, 6000)};
    lot->tier[1] = (struct lots_tier){between(rng, 0, 3), between(rng, 0, 3000)};
    if (one_in(rng, 3)) {
        lot->return_cases = between(rng, 0, 4);
        lot->return_paise = between(rng, -500, 5000);
    }
}

static void draw_demand(struct rng *rng, struct draw_lots *d, uint32_t sku, uint32_t site)
{
    struct lots_demand *row = &d->demand[d->in.demands++];
    *row = (struct lots_demand){.sku = sku,
                                .site = site,
                                .price_paise = between(rng, 6000, 15000),
                                .on_hand_units = one_in(rng, 2) ? 0 : between(rng, 0, 6),
                                .guard_days = (int32_t)between(rng, 0, 20)};
    for (uint32_t b = 0; b < d->in.buckets; b++) {
        row->mean_units[b] = one_in(rng, 3) ? 0 : (double)between(rng, 1, 80) / 10;
        row->shape[b] = (double)between(rng, 1, 50) / 10;
    }
}

static void draw_lane(struct rng *rng, struct draw_lots *d, size_t i)
{
    uint32_t from = (uint32_t)rng_below(rng, d->in.sites);
    uint32_t to = (from + 1 + (uint32_t)rng_below(rng, d->in.sites - 1)) % d->in.sites;
    int64_t least = one_in(rng, 2) ? 0 : between(rng, 1, 30) * 1000000;
    d->lane[i] = (struct lots_lane){.lane = {.id = (uint32_t)(50 + i * 3),
                                             .from = from,
                                             .to = to,
                                             .trucks_max = one_in(rng, 6) ? 0 : between(rng, 1, 2),
                                             .truck_mg = between(rng, 30, 60) * 1000000,
                                             .truck_paise = between(rng, 0, 8) * 1000,
                                             .least_mg = least},
                                    .lead_days = (int32_t)between(rng, 0, 12),
                                    .tonne_paise = between(rng, 0, 100000),
                                    .case_paise = between(rng, 0, 300),
                                    .value_permille = (int32_t)between(rng, 0, 20)};
}

void draw_lots(struct rng *rng, struct draw_lots *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->in = (struct lots_input){.sites = (uint32_t)between(rng, 2, DRAW_SITES_MAX),
                                  .bucket_end = {21, 45, 90},
                                  .buckets = 3,
                                  .segments = LOTS_SEGMENTS_MAX,
                                  .skus = (size_t)between(rng, 1, DRAW_SKUS_MAX),
                                  .lots = (size_t)between(rng, 1, DRAW_LOTS_MAX),
                                  .lanes = (size_t)between(rng, 3, DRAW_LANES_MAX),
                                  .room_mg = ret->room_mg,
                                  .sku = ret->sku,
                                  .lot = ret->lot,
                                  .demand = ret->demand,
                                  .lane = ret->lane};
    for (uint32_t j = 0; j < ret->in.sites; j++)
        ret->room_mg[j] = one_in(rng, 3) ? between(rng, 0, 40) * 1000000 : 1000000000;
    for (uint32_t k = 0; k < ret->in.skus; k++)
        ret->sku[k] = (struct lots_sku){
            .id = 10 - k, .case_units = 1, .case_mg = between(rng, 1, 15) * 1000000};
    for (uint32_t k = 0; k < ret->in.skus; k++) {
        for (uint32_t j = 0; j < ret->in.sites; j++) {
            if (!one_in(rng, 3))
                draw_demand(rng, ret, k, j);
        }
    }
    for (size_t i = 0; i < ret->in.lots; i++)
        draw_lot(rng, ret, i);
    for (size_t i = 0; i < ret->in.lanes; i++)
        draw_lane(rng, ret, i);
}

/* From a third of a truck to a little more than a whole one. */
void draw_make_heavy(struct rng *rng, struct draw_lots *d)
{
    for (size_t i = 0; i < d->in.lanes; i++) {
        d->lane[i].lane.truck_mg = between(rng, 30, 45) * 1000000 + between(rng, 0, 999999);
        d->lane[i].lane.trucks_max = one_in(rng, 6) ? 0 : between(rng, 1, 4);
        if (d->lane[i].lane.least_mg > 0)
            d->lane[i].lane.least_mg = between(rng, 1, 30) * 1000000;
    }
    for (uint32_t k = 0; k < d->in.skus; k++) {
        int64_t truck_mg = d->lane[rng_below(rng, d->in.lanes)].lane.truck_mg;
        d->sku[k].case_mg = truck_mg * between(rng, 34, 105) / 100 + between(rng, 0, 9);
    }
    for (uint32_t j = 0; j < d->in.sites; j++) {
        if (d->room_mg[j] < 1000000000)
            d->room_mg[j] *= 3;
    }
}

void draw_make_free(struct draw_lots *d)
{
    for (uint32_t j = 0; j < d->in.sites; j++)
        d->room_mg[j] = INT64_C(1000000000000);
    for (size_t i = 0; i < d->in.lanes; i++) {
        d->lane[i].lane.truck_paise = 0;
        d->lane[i].lane.least_mg = 0;
        d->lane[i].lane.trucks_max = 1000;
    }
}
