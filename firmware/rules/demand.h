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
 * show. One negative binomial with these moments is the answer: on nine open sets its pinball loss
 * is below that of the averaged quantiles, but for one where it is 0.3 % above (tests/bench).
 *
 * With horizon L: variance (s sqrt(L) + sqrt(n L + h L^2))^2 + d L^2. Divided by L it grows with L,
 * concavely, and so both parameters of the negative binomial grow: demand over a longer horizon is
 * stochastically larger, which makes every risk monotone in the days left. */
#pragma once

#include <stdint.h>

#include "demand_bgbb.h"
#include "demand_nb.h"
#include "demand_pool.h"

#define DEMAND_PERIODS_MAX 4096

/* Copies the periods in which there was stock (all when stocked is NULL), so that a zero without
 * stock is not taken for a zero; net returns beyond sales count as 0. Returns how many. */
uint32_t demand_in_stock(const int64_t *units, const uint8_t *stocked, uint32_t n, double *y);

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
