/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "civil.h"
#include "festival.h"

#define NEW_WEEKS 8
#define SILENT_WEEKS 12
#define YEAR_WEEKS 52

uint32_t score_series(const struct score_days *days, double series[SCORE_HISTORY_DAYS])
{
    assert(days && days->first <= SCORE_HISTORY_DAYS);
    return demand_in_stock(days->units + days->first, days->stocked + days->first,
                           SCORE_HISTORY_DAYS - days->first, series);
}

/* Whole weeks, aligned to today. A week without stock on most of its days is no evidence. */
static uint32_t weekly(const struct score_days *days, double *weeks)
{
    uint32_t n = 0;
    uint32_t skip = (SCORE_HISTORY_DAYS - days->first) % 7;
    for (uint32_t t = days->first + skip; t + 7 <= SCORE_HISTORY_DAYS; t += 7) {
        int64_t sum = 0;
        uint32_t stocked = 0;
        for (uint32_t d = t; d < t + 7; d++) {
            sum += days->units[d];
            stocked += days->stocked[d];
        }
        if (stocked >= 4)
            weeks[n++] = sum > 0 ? (double)sum * 7 / stocked : 0;
    }
    return n;
}

const int32_t score_bucket_end[SCORE_BUCKETS] = {21, 45, 90};

static struct demand lifted_by(const struct demand *d, double lift)
{
    struct demand l = *d;
    l.rate *= lift;
    l.smooth_sd *= lift;
    l.hurdle_noise *= lift * lift;
    l.hurdle_drift *= lift * lift;
    l.drift *= lift * lift;
    return l;
}

static void look_at_buckets(const struct score_input *in, struct score *ret)
{
    int32_t from = 0;
    for (int b = 0; b < SCORE_BUCKETS; b++) {
        int32_t days = score_bucket_end[b] - from;
        double lift =
            season_lift(in->season, in->today, in->today + from, days, SCORE_HORIZON_DAYS);
        struct demand d = lifted_by(&ret->demand, lift);
        struct demand_nb over = demand_over(&d, days);
        ret->ahead[b] = (struct score_bucket){(int64_t)(demand_nb_mean(over) * 1000 + 0.5),
                                              (int64_t)(over.shape * 1000 + 0.5)};
        from = score_bucket_end[b];
    }
}

static void look_ahead(const struct score_input *in, struct score_work *work, struct score *ret)
{
    uint32_t n = weekly(&in->days, work->weeks);
    ret->forecast =
        forecast_choose(work->weeks, n, YEAR_WEEKS, SCORE_HORIZON_DAYS / 7, work->blocks);
    ret->life = forecast_life(work->weeks, n, NEW_WEEKS, SILENT_WEEKS);
    double lift =
        season_lift(in->season, in->today, in->today, SCORE_HORIZON_DAYS, SCORE_HORIZON_DAYS);
    ret->season_permille = (uint16_t)(lift * 1000 + 0.5);
    struct demand lifted = lifted_by(&ret->demand, lift);
    struct demand_nb over = demand_over(&lifted, SCORE_HORIZON_DAYS);
    double below = ret->units > 0 ? demand_nb_short(over, (uint64_t)ret->units).below : 0;
    ret->stock_out_permille = (uint16_t)((1 - below) * 1000 + 0.5);
}

/* What comes back ever again did not sell: of a suspect item only what stays sold counts. */
static void net_of_returns(const struct score_input *in, struct score *ret)
{
    ret->returns = return_pattern_of(&in->returns, in->return_pool);
    if (!ret->returns.suspect)
        return;
    double stays = 1 - ret->returns.share_permille / 1000.0;
    ret->demand.rate *= stays;
    ret->demand.chance *= stays;
}

static void score_lots(const struct score_input *in, const struct score_terms *terms,
                       struct expiry_batch *scratch, struct expiry_risk *risks, struct score *ret)
{
    for (uint32_t i = 0; i < in->lots_count; i++) {
        const struct score_lot *lot = &in->lots[i];
        int32_t left =
            lot->key.expiry_day == CIVIL_NONE ? INT32_MAX : lot->key.expiry_day - in->today;
        struct stock_goods_batch batch = {
            lot->units, left, lot->landed_paise,
            stock_goods_credit(&in->goods, lot->landed_paise, lot->received_day)};
        scratch[i] = stock_goods_expiry(&in->goods, &batch, &terms->rates);
    }
    expiry_risk_batches(&ret->demand, 1, &terms->expiry, scratch, in->lots_count, risks);
    for (uint32_t i = 0; i < in->lots_count; i++) {
        ret->risk_units += risks[i].at_risk_units;
        ret->risk_paise += risks[i].total_paise;
    }
}

/* Within its grace nothing is called dead or slow; so is what a festival ahead is stocked for. */
static void judge(const struct score_input *in, const struct score_terms *terms, struct score *ret)
{
    const struct festival *f =
        festival_ahead(in->category, in->state, in->today, terms->season_days);
    struct dead_stock_facts facts = {.on_hand_units = ret->units,
                                     .movement = ret->movement,
                                     .no_sale_permille = ret->no_sale_permille,
                                     .liquidating = in->liquidating};
    if (f && dead_stock_meets_thresholds(&facts, &terms->dead)) {
        ret->festival = f->name;
        facts.movement.age_days = 0;
    }
    ret->step = dead_stock_next(in->before, &facts, &terms->dead);
    ret->dead = dead_stock_score(&facts, &terms->dead);
    if (ret->step.state.status == DEAD_STOCK_ACTIVE || ret->units <= 0)
        return;
    struct financial_impact_stock stock = stock_goods_lying(&in->goods, ret->units, &terms->rates);
    stock.landed_paise = ret->landed_paise;
    stock.days = (int32_t)terms->dead_horizon_days;
    ret->impact = financial_impact(&stock, &terms->rates);
}

void score_sku(const struct score_input *in, const struct score_terms *terms,
               struct score_work *work, struct expiry_batch *scratch, struct expiry_risk *risks,
               struct score *ret)
{
    assert(in && terms && work && ret && (in->lots_count == 0 || (in->lots && scratch && risks)));
    *ret = (struct score){0};
    for (uint32_t i = 0; i < in->lots_count; i++) {
        ret->units += in->lots[i].units;
        ret->landed_paise += in->lots[i].landed_paise;
    }
    uint32_t n = score_series(&in->days, work->series);
    ret->movement = dead_stock_movement(work->series, n, terms->dead.window_days);
    demand_cut_outliers(work->series, n, in->pool);
    ret->demand = demand_fit(work->series, n, in->pool, work->blocks);
    net_of_returns(in, ret);
    double no_sale = demand_no_sale(&ret->demand, in->pool, terms->dead_horizon_days);
    ret->no_sale_permille = (uint16_t)(no_sale * 1000 + 0.5);
    look_ahead(in, work, ret);
    look_at_buckets(in, ret);
    score_lots(in, terms, scratch, risks, ret);
    judge(in, terms, ret);
}
