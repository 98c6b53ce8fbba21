/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis/score.h -- everything that is decided about one SKU's stock at one site, from its lots,
 * its days and what was remembered of it. The appliance decides the same by the same rules; the
 * relay knows more of the trade (all sites' history, festivals, what comes back) and says so in
 * what it adds. Knows no tables. Pure: the caller owns all arrays. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dead_stock.h"
#include "demand.h"
#include "entry.h"
#include "expiry_risk.h"
#include "financial_impact.h"
#include "forecast.h"
#include "return_pattern.h"
#include "season.h"
#include "stock_goods.h"

#define SCORE_HISTORY_DAYS 365
#define SCORE_HORIZON_DAYS 28 /* of the forecast, and of the risk of running out */
#define SCORE_WEEKS (SCORE_HISTORY_DAYS / 7)
#define SCORE_BUCKETS 3 /* spans of the days ahead, for whoever plans */

/* The tenant's rules for this SKU's category at this site's territory. */
struct score_terms {
    struct expiry_terms expiry;
    struct dead_stock_terms dead;
    struct financial_impact_rates rates;
    uint32_t dead_horizon_days;
    int32_t season_days; /* a festival that near keeps what it lifts from being called dead */
};

struct score_lot { /* a batch at the site, all bins together */
    struct batch_key key;
    int32_t expiry_kind;
    int32_t made_day;
    int32_t received_day;
    int64_t units;         /* sellable */
    int64_t blocked_units; /* in quarantine, on hold or expired */
    int64_t landed_paise;  /* of the sellable ones */
};

struct score_days {         /* the last SCORE_HISTORY_DAYS before today, oldest first */
    const int64_t *units;   /* sold, less what came back */
    const uint8_t *stocked; /* 1: there was sellable stock */
    uint32_t first;         /* days before it are before anything is known */
};

struct score_input {
    struct stock_goods goods;
    const char *category; /* "" */
    uint8_t state;        /* of the site: GST code */
    int32_t today;
    const struct score_lot *lots; /* in FEFO order */
    uint32_t lots_count;
    struct score_days days;
    struct return_counts returns;
    const struct return_pool *return_pool;
    const struct demand_pool *pool;
    const struct season *season;
    struct dead_stock_state before;
    bool liquidating; /* an approved plan is clearing it */
};

/* Demand of a span of days ahead, with what the season does to it: negative binomial, by 1000. */
struct score_bucket {
    int64_t mean_milli;
    int64_t shape_milli; /* variance = mean + mean^2 / shape; 0: no demand at all */
};

/* Days from today to the end of each span: 21, 45, 90. */
extern const int32_t score_bucket_end[SCORE_BUCKETS];

struct score {
    int64_t units; /* sellable */
    int64_t landed_paise;
    struct demand demand;     /* a day */
    struct forecast forecast; /* of the next SCORE_HORIZON_DAYS / 7 weeks */
    enum forecast_life life;
    uint16_t season_permille;    /* what the season does to demand over that horizon */
    uint16_t stock_out_permille; /* chance that it sells out within the horizon */
    struct score_bucket ahead[SCORE_BUCKETS];
    struct return_pattern returns;
    struct dead_stock_movement movement;
    uint16_t no_sale_permille;
    const char *festival; /* that the stock waits for; NULL: none */
    struct dead_stock_step step;
    struct dead_stock_score dead;
    struct financial_impact impact; /* of leaving it for dead_horizon_days; 0 when active */
    int64_t risk_units;             /* of its lots: the sums */
    int64_t risk_paise;
};

/* Scratch for one SKU at a time. */
struct score_work {
    double series[SCORE_HISTORY_DAYS];
    double weeks[SCORE_WEEKS];
    double blocks[2 * SCORE_HISTORY_DAYS];
};

/* risks[] holds lots_count, scratch as many. */
void score_sku(const struct score_input *in, const struct score_terms *terms,
               struct score_work *work, struct expiry_batch *scratch, struct expiry_risk *risks,
               struct score *ret);

/* The days on which there was stock, before today, as demand_fit() takes them. Returns how many. */
uint32_t score_series(const struct score_days *days, double series[SCORE_HISTORY_DAYS]);
