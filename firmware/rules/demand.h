/* SPDX-License-Identifier: Apache-2.0 */
/* rules/demand.h -- the distribution of an item's demand over any horizon: what reorder points,
 * expiry risk and dead stock rest on. Three models are averaged, TSB and IMAPA with negative
 * binomial spread and the empirical-Bayes hurdle; what many items teach is kept in a pool. Knows
 * nothing of calendars, festivals or promotions. Pure: callers own all arrays; the same bits on
 * every machine.
 *
 * The average has the mean of the three means and the mean of the three standard deviations, as the
 * average of their quantiles would have; on top comes a drift, the rate being uncertain by the same
 * share in every period of the horizon: the pool's, shrunk towards what sums of a long history
 * show. One negative binomial with these moments is the answer: measured on nine open sets it is
 * not worse than the averaged quantiles (tests/bench).
 *
 * With horizon L: variance (s sqrt(L) + sqrt(n L + h L^2))^2 + d L^2. Divided by L it grows with L,
 * concavely, and so both parameters of the negative binomial grow: demand over a longer horizon is
 * stochastically larger, which makes every risk monotone in the days left. */
#pragma once

#include <stdint.h>

#include "demand_bgbb.h"
#include "demand_hurdle.h"
#include "demand_nb.h"
#include "logistic.h"

#define DEMAND_PERIODS_MAX 4096

/* y as in demand_point.h. */
struct demand_series {
    const double *y;
    uint32_t n;
};

/* Copies the periods in which there was stock (all when stocked is NULL), so that a zero without
 * stock is not taken for a zero; net returns beyond sales count as 0. Returns how many. */
uint32_t demand_in_stock(const int64_t *units, const uint8_t *stocked, uint32_t n, double *y);

/* What many items have in common; fitted where they are, a plain value that may be shipped. */
struct demand_pool {
    struct demand_hurdle_pool hurdle;
    struct demand_bgbb bgbb;
    struct logistic no_sale; /* of the features that demand.c reads off a struct demand */
    double drift;            /* squared relative uncertainty of a rate */
    uint32_t horizon;        /* in periods, that it was fitted for; at least 1 */
};

/* For an appliance that has seen nothing yet: vague, and it does not condemn. */
struct demand_pool demand_pool_vague(void);

/* What the point methods say of one history. */
struct demand_points {
    double mean, variance; /* of the history */
    double own_drift;      /* of its sums over the horizon */
    uint32_t sums;         /* how many of them there are */
    double tsb, imapa;
};

/* From how many past origins, one horizon apart, the chance of no sale is learnt. */
#define DEMAND_POOL_ORIGINS 3

/* Scratch of demand_pool_fit: arrays of n elements each, of examples DEMAND_POOL_ORIGINS times as
 * many, and blocks as long as the longest series. */
struct demand_pool_work {
    struct demand_hurdle_item *items;
    struct demand_bgbb_history *histories;
    struct demand_points *points;
    struct logistic_example *examples;
    double *blocks;
};

/* Fits the pool over n items, choosing the discount of occurrence and the drift by pinball loss
 * over the last `horizon` periods of each history, chronologically held back. Takes about a
 * millisecond an item: a job for the night. */
struct demand_pool demand_pool_fit(const struct demand_series *series, uint32_t n, uint32_t horizon,
                                   const struct demand_pool_work *work);

/* Cuts what a period sold to the pool's cap, so that one mistyped or cancelled order does not
 * become a forecast. Before demand_fit; not for what is to be reported. */
void demand_cut_outliers(double *y, uint32_t n, const struct demand_pool *pool);

/* One item: 72 bytes, kept in memory for each SKU. */
struct demand {
    double rate;         /* mean demand a period */
    double smooth_sd;    /* s above */
    double hurdle_noise; /* n */
    double hurdle_drift; /* h */
    double drift;        /* d */
    double chance;       /* of a sale in a period, smoothed with 0.1 */
    struct demand_bgbb_history history;
    uint32_t periods; /* seen with stock; 0: nothing but the pool is known */
    uint32_t sales;   /* periods of them with a sale */
};

/* `work` holds n values. n may be 0: then the pool alone speaks. n <= DEMAND_PERIODS_MAX. */
struct demand demand_fit(const double *y, uint32_t n, const struct demand_pool *pool, double *work);

/* Demand over the next `periods` periods; a fraction is allowed, below 0 counts as 0. */
struct demand_nb demand_over(const struct demand *d, double periods);

/* P(no sale in the next `horizon` periods): BG/BB, this distribution and TSB weighed in logits,
 * with what the pool learnt from past outcomes at its own horizon. An item that never sold is
 * judged by its rate alone. */
double demand_no_sale(const struct demand *d, const struct demand_pool *pool, uint32_t horizon);
