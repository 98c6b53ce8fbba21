/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The planner, flat. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lots.h"
#include "rank.h"
#include "rnet.h"
#include "shim.h"

void shim_rank(const int64_t facts[5], const int64_t weights[3], int64_t ret[4])
{
    struct rank_facts f = {.km = facts[0],
                           .window_milli = facts[1],
                           .units = facts[2],
                           .days_left = (int32_t)facts[3],
                           .life_days = (int32_t)facts[4]};
    struct rank_weights w = {(int32_t)weights[0], (int32_t)weights[1], (int32_t)weights[2]};
    struct rank_score s = rank_score(&f, &w);
    int64_t out[4] = {s.proximity, s.velocity, s.urgency, s.score};
    memcpy(ret, out, sizeof(out));
}

int shim_plan(const char *text, const int64_t limits[3], int64_t ret[3], int64_t *ret_cases,
              int64_t *ret_trucks)
{
    AUTO(rnet) r = NULL;
    AUTO(plan) plan = NULL;
    struct plan_limits l = {.bound_rounds = (uint64_t)limits[0],
                            .search_rounds = (uint64_t)limits[1],
                            .nodes = (uint64_t)limits[2]};
    int err = rnet_read(text, strlen(text), &r, NULL);
    if (err == 0)
        err = plan_solve(rnet_problem(r), &l, &plan, NULL);
    if (err < 0)
        return err;
    memcpy(ret_cases, plan->cases, plan->arcs * sizeof(*ret_cases));
    memcpy(ret_trucks, plan->trucks, plan->lanes * sizeof(*ret_trucks));
    int64_t out[3] = {plan->value_paise, plan->alone_paise, plan->bound_paise};
    memcpy(ret, out, sizeof(out));
    return 0;
}

/* One SKU at one price, one bucket, free lanes: where its cases go. */
int shim_spread(uint32_t sites, const int64_t *on_hand, const double *mean, const double *shape,
                uint32_t lots, const int64_t *lot_site, const int64_t *lot_cases, uint32_t lanes,
                const int64_t *from_to, int64_t *ret_arrived)
{
    struct lots_sku sku = {.id = 1, .case_units = 1, .case_mg = 1000000};
    struct lots_lot lot[8] = {{0}};
    struct lots_demand demand[8] = {{0}};
    struct lots_lane lane[64] = {{{0}, 0, 0, 0, 0}};
    int64_t room_mg[8];
    assert(sites <= 8 && lots <= 8 && lanes <= 64);
    for (uint32_t j = 0; j < sites; j++) {
        room_mg[j] = INT64_C(1000000000000);
        demand[j] = (struct lots_demand){.site = j,
                                         .price_paise = 100000000,
                                         .on_hand_units = on_hand[j],
                                         .mean_units = {mean[j]},
                                         .shape = {shape[j]}};
    }
    for (uint32_t i = 0; i < lots; i++)
        lot[i] = (struct lots_lot){.id = i,
                                   .site = (uint32_t)lot_site[i],
                                   .cases = lot_cases[i],
                                   .days_left = 90,
                                   .ceiling_paise = 100000000};
    for (uint32_t l = 0; l < lanes; l++)
        lane[l].lane = (struct plan_lane){.id = l,
                                          .from = (uint32_t)from_to[2 * l],
                                          .to = (uint32_t)from_to[2 * l + 1],
                                          .trucks_max = 9,
                                          .truck_mg = 1000000000};
    struct lots_input in = {.sites = sites,
                            .room_mg = room_mg,
                            .bucket_end = {30},
                            .buckets = 1,
                            .segments = LOTS_SEGMENTS_MAX,
                            .sku = &sku,
                            .skus = 1,
                            .lot = lot,
                            .lots = lots,
                            .demand = demand,
                            .demands = sites,
                            .lane = lane,
                            .lanes = lanes};
    struct plan_limits limits = plan_limits_default();
    AUTO(lots) l = NULL;
    AUTO(plan) plan = NULL;
    struct lots_outcome *out = NULL;
    size_t count = 0;
    int err = lots_build(&in, &l, NULL);
    if (err == 0)
        err = plan_solve(lots_problem(l), &limits, &plan, NULL);
    if (err == 0)
        err = lots_outcomes(l, plan->cases, &out, &count);
    if (err < 0)
        return err;
    memset(ret_arrived, 0, sites * sizeof(*ret_arrived));
    int moved = 0;
    for (size_t i = 0; i < count; i++) {
        if (out[i].kind == LOTS_HOLD)
            ret_arrived[lot[out[i].lot].site] += out[i].cases;
        if (out[i].kind == LOTS_TRANSFER) {
            ret_arrived[lane[out[i].lane].lane.to] += out[i].cases;
            moved++;
        }
    }
    free(out);
    return moved;
}
