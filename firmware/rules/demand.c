/* SPDX-License-Identifier: Apache-2.0 */
#include "demand.h"

#include <assert.h>
#include <math.h>

#include "demand_parts.h"
#include "demand_point.h"
#include "detmath.h"

#define CHANCE_CONSTANT 0.1
#define DRIFT_PRIOR_SUMS 60 /* what the pool's drift is worth, in sums over the horizon */
#define OWN_DRIFT_MAX 4

uint32_t demand_in_stock(const int64_t *units, const uint8_t *stocked, uint32_t n, double *y)
{
    uint32_t count = 0;
    for (uint32_t t = 0; t < n; t++) {
        if (!stocked || stocked[t])
            y[count++] = units[t] > 0 ? (double)units[t] : 0;
    }
    return count;
}

void demand_cut_outliers(double *y, uint32_t n, const struct demand_pool *pool)
{
    for (uint32_t t = 0; t < n; t++)
        y[t] = fmin(y[t], pool->hurdle.size_cap);
}

/* How far sums over the horizon vary beyond what independent periods explain, as a squared share of
 * their mean: what the pool's drift is shrunk towards where an item has many such sums. */
static void own_drift(const double *y, uint32_t n, uint32_t horizon, struct demand_points *p)
{
    p->sums = n / horizon;
    if (p->sums < 2)
        return;
    double total = 0;
    double square = 0;
    for (uint32_t k = 0; k < p->sums; k++) {
        double sum = 0;
        for (uint32_t t = n - (k + 1) * horizon; t < n - k * horizon; t++)
            sum += y[t];
        total += sum;
        square += sum * sum;
    }
    double mean = total / p->sums;
    double beyond = (square - total * mean) / (p->sums - 1) - horizon * p->variance;
    if (beyond > 0)
        p->own_drift = fmin(beyond / (mean * mean), OWN_DRIFT_MAX);
}

struct demand_points demand_points_of(const double *y, uint32_t n, uint32_t horizon, double *blocks)
{
    struct demand_points p = {0};
    if (n == 0)
        return p;
    for (uint32_t t = 0; t < n; t++)
        p.mean += y[t];
    p.mean /= n;
    for (uint32_t t = 0; t < n; t++)
        p.variance += (y[t] - p.mean) * (y[t] - p.mean);
    p.variance /= n;
    own_drift(y, n, horizon, &p);
    p.tsb = demand_point_tsb_opt(y, n);
    p.imapa = demand_point_imapa(y, n, blocks);
    return p;
}

static double nb_sd(double m, const struct demand_points *p)
{
    struct demand_nb nb = demand_nb_of_forecast(m, p->mean, p->variance);
    return sqrt(demand_nb_mean(nb) * (1 + nb.odds));
}

struct demand demand_average(const struct demand_points *p, const struct demand_hurdle_item *item,
                             const struct demand_hurdle_pool *pool, double drift, double models)
{
    struct demand_hurdle hurdle = demand_hurdle_of(item, pool);
    struct demand_hurdle_moments m = demand_hurdle_moments(&hurdle);
    double rate = (p->tsb + p->imapa + m.rate) / models;
    double shrunk =
        (drift * DRIFT_PRIOR_SUMS + p->own_drift * p->sums) / (DRIFT_PRIOR_SUMS + p->sums);
    return (struct demand){
        .rate = rate,
        .smooth_sd = (nb_sd(p->tsb, p) + nb_sd(p->imapa, p)) / models,
        .hurdle_noise = m.noise / (models * models),
        .hurdle_drift = m.drift / (models * models),
        .drift = shrunk * rate * rate,
        .sales = (uint32_t)item->sales,
    };
}

double demand_smoothed_chance(const double *y, uint32_t n)
{
    uint32_t sales = 0;
    for (uint32_t t = 0; t < n; t++)
        sales += y[t] > 0;
    double chance = n > 0 ? (double)sales / n : 0;
    for (uint32_t t = 0; t < n; t++)
        chance += CHANCE_CONSTANT * ((y[t] > 0 ? 1 : 0) - chance);
    return chance;
}

struct demand demand_fit(const double *y, uint32_t n, const struct demand_pool *pool, double *work)
{
    assert(pool && pool->horizon >= 1 && n <= DEMAND_PERIODS_MAX && (n == 0 || (y && work)));
    struct demand_hurdle_item item =
        demand_hurdle_item(y, n, pool->hurdle.weight, pool->hurdle.size_cap);
    struct demand_points points = demand_points_of(y, n, pool->horizon, work);
    struct demand d =
        demand_average(&points, &item, &pool->hurdle, pool->drift, n > 0 ? DEMAND_MODELS : 1);
    d.periods = n;
    d.chance = demand_smoothed_chance(y, n);
    demand_bgbb_history(y, n, &d.history); /* stays zero without a sale */
    return d;
}

struct demand_nb demand_over(const struct demand *d, double periods)
{
    if (!(periods > 0))
        return (struct demand_nb){0, 1};
    double sd = d->smooth_sd * sqrt(periods) +
                sqrt(d->hurdle_noise * periods + d->hurdle_drift * periods * periods);
    return demand_nb_of(d->rate * periods, sd * sd + d->drift * periods * periods);
}

/* --- P(no sale) */

void demand_no_sale_features(const struct demand *d, const struct demand_bgbb *bgbb,
                             uint32_t horizon, double x[LOGISTIC_FEATURES_MAX])
{
    const struct demand_bgbb_history *h = &d->history;
    double silent = h->periods - h->last;
    double interval = (h->periods + 1.0) / (h->sales + 1.0);
    x[0] = 1;
    x[1] = logistic_logit(demand_bgbb_no_sale(bgbb, h, horizon));
    x[2] = logistic_logit(demand_nb_short(demand_over(d, horizon), 1).below);
    x[3] = detmath_log(1 + silent);
    x[4] = detmath_log(interval);
    x[5] = detmath_log(1 + h->periods);
    x[6] = logistic_logit(detmath_exp(horizon * detmath_log(1 - fmin(d->chance, 1 - 1e-6))));
    x[7] = detmath_log(1 + d->rate);
}

double demand_no_sale(const struct demand *d, const struct demand_pool *pool, uint32_t horizon)
{
    if (d->sales == 0)
        return demand_nb_short(demand_over(d, horizon), 1).below;
    double x[LOGISTIC_FEATURES_MAX];
    demand_no_sale_features(d, &pool->bgbb, horizon, x);
    return logistic_chance(&pool->no_sale, x);
}
