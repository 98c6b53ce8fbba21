/* SPDX-License-Identifier: Apache-2.0 */
#include "demand_hurdle.h"

#include <math.h>

#include "demand_nb.h"
#include "detmath.h"
#include "nelder_mead.h"

#define SIZE_CAP_SD 3.5
#define DISPERSION_PRIOR_SALES 10
#define DISPERSION_MIN 0.01
#define EVIDENCE_MIN 0.01
#define EVIDENCE_MAX 1000
#define EXCESS_MIN 0.01 /* a pool of single pieces still leaves a size above 1 possible */
#define CHANCE_NEGLIGIBLE 1e-10

void demand_hurdle_sizes_add(struct demand_hurdle_sizes *s, const double *y, uint32_t n)
{
    for (uint32_t t = 0; t < n; t++) {
        if (y[t] > 0) {
            double l = detmath_log(y[t]);
            s->n++;
            s->sum += l;
            s->sum_sq += l * l;
        }
    }
}

double demand_hurdle_size_cap(const struct demand_hurdle_sizes *s)
{
    if (s->n < 2)
        return 1e12;
    double mean = s->sum / s->n;
    double variance = s->sum_sq / s->n - mean * mean;
    return detmath_exp(mean + SIZE_CAP_SD * sqrt(variance > 0 ? variance : 0));
}

struct demand_hurdle_item demand_hurdle_item(const double *y, uint32_t n, double weight,
                                             double size_cap)
{
    struct demand_hurdle_item item = {0};
    for (uint32_t t = 0; t < n; t++) { /* oldest first: what is there ages by one period */
        item.periods = item.periods * weight + 1;
        item.sold *= weight;
        if (!(y[t] > 0))
            continue;
        item.sold++;
        item.sales++;
        double excess = (y[t] < size_cap ? y[t] : size_cap) - 1;
        if (excess < 0) /* a cap below one piece */
            excess = 0;
        item.excess += excess;
        item.excess_sq += excess * excess;
    }
    return item;
}

struct occurrence {
    const struct demand_hurdle_item *items;
    uint32_t n;
};

/* Minus the log likelihood of the beta-binomial counts, over the logarithms of a and b. */
static double occurrence_loss(const double *x, void *context)
{
    const struct occurrence *o = context;
    for (int i = 0; i < 2; i++) {
        if (x[i] > 12 || x[i] < -12)
            return 1e300;
    }
    double a = detmath_exp(x[0]);
    double b = detmath_exp(x[1]);
    double prior = detmath_lbeta(a, b);
    double loss = 0;
    for (uint32_t i = 0; i < o->n; i++) {
        const struct demand_hurdle_item *item = &o->items[i];
        if (item->sales >= DEMAND_HURDLE_SALES_MIN)
            loss += prior - detmath_lbeta(item->sold + a, item->periods - item->sold + b);
    }
    return loss;
}

/* The item's variance of size - 1 beyond Poisson's, as a sum over its sales. */
static double excess_dispersion_sum(const struct demand_hurdle_item *item, double mean)
{
    double centred = item->excess_sq - 2 * mean * item->excess + item->sales * mean * mean;
    return (centred - item->sales * mean) / (mean * mean);
}

/* Returns how many items were asked. */
static double fit_sizes(const struct demand_hurdle_item *items, uint32_t n,
                        struct demand_hurdle_pool *pool)
{
    /* Log-normal spread of the item means: mean and variance of log mean size. */
    double count = 0;
    double sum = 0;
    double sum_sq = 0;
    double sales = 0;
    double dispersion = 0;
    double inverse_sales = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct demand_hurdle_item *item = &items[i];
        if (item->sales < DEMAND_HURDLE_SALES_MIN)
            continue;
        double mean = item->excess / item->sales;
        double l = detmath_log(mean > EXCESS_MIN ? mean + 0.5 / item->sales : 0.5 / item->sales);
        count++;
        sum += l;
        sum_sq += l * l;
        inverse_sales += 1 / item->sales;
        if (mean > EXCESS_MIN) { /* one degree of freedom goes into the mean */
            double own = excess_dispersion_sum(item, mean);
            dispersion += own + (own + item->sales / mean) / (item->sales - 1);
            sales += item->sales;
        }
    }
    pool->excess = 1;
    pool->dispersion = 1;
    pool->evidence = 1;
    if (count < 2)
        return count;
    double mean = sum / count;
    double spread = sum_sq / count - mean * mean;
    if (sales > 0)
        pool->dispersion = fmin(fmax(dispersion / sales, DISPERSION_MIN), 100);
    pool->excess = fmax(detmath_exp(fmin(mean, 30)), EXCESS_MIN);
    /* Of that spread, what sampling the means explains is not spread between items. */
    double relative = 1 / pool->excess + pool->dispersion;
    double tau_sq = fmax(spread - detmath_log(1 + relative * inverse_sales / count), 0.01);
    pool->excess = pool->excess * detmath_exp(fmin(tau_sq, 20) / 2);
    relative = 1 / pool->excess + pool->dispersion;
    double evidence = relative / (detmath_exp(fmin(tau_sq, 20)) - 1);
    pool->evidence = fmin(fmax(evidence, EVIDENCE_MIN), EVIDENCE_MAX);
    return count;
}

struct demand_hurdle_pool demand_hurdle_pool_fit(const struct demand_hurdle_item *items, uint32_t n,
                                                 double weight, double size_cap)
{
    struct demand_hurdle_pool pool = {.weight = weight, .size_cap = size_cap, .a = 0.5, .b = 0.5};
    if (fit_sizes(items, n, &pool) >= 2) {
        struct occurrence o = {items, n};
        double x[2] = {0, 0};
        nelder_mead(occurrence_loss, &o, 2, 0.5, 200, 1e-7, x);
        pool.a = detmath_exp(x[0]);
        pool.b = detmath_exp(x[1]);
    }
    return pool;
}

struct demand_hurdle demand_hurdle_of(const struct demand_hurdle_item *item,
                                      const struct demand_hurdle_pool *pool)
{
    struct demand_hurdle h = {
        .a = pool->a + item->sold,
        .b = pool->b + item->periods - item->sold,
        .excess = (item->excess + pool->evidence * pool->excess) / (item->sales + pool->evidence),
    };
    double prior = DISPERSION_PRIOR_SALES;
    double own = excess_dispersion_sum(item, h.excess);
    h.dispersion = (own + prior * pool->dispersion) / (item->sales + prior);
    if (h.dispersion < DISPERSION_MIN)
        h.dispersion = DISPERSION_MIN;
    return h;
}

struct demand_hurdle_moments demand_hurdle_moments(const struct demand_hurdle *h)
{
    double n = h->a + h->b;
    double chance = h->a / n;
    double chance_sq = chance * (h->a + 1) / (n + 1);
    double size = 1 + h->excess;
    double size_variance = h->excess + h->dispersion * h->excess * h->excess;
    return (struct demand_hurdle_moments){
        .rate = chance * size,
        .noise = chance * size_variance + (chance - chance_sq) * size * size,
        .drift = (chance_sq - chance * chance) * size * size,
    };
}

double demand_hurdle_cdf(const struct demand_hurdle *h, uint32_t periods, uint64_t units)
{
    double n = periods;
    double all = detmath_lbeta(h->a, h->b) - detmath_lgamma(n + 1);
    double sum = 0;
    for (uint32_t k = 0; k <= periods && k <= units; k++) {
        double log_chance = detmath_lbeta(h->a + k, h->b + n - k) - detmath_lgamma(k + 1.0) -
                            detmath_lgamma(n - k + 1) - all;
        double chance = detmath_exp(log_chance);
        if (chance < CHANCE_NEGLIGIBLE)
            continue;
        struct demand_nb sizes = {.shape = k / h->dispersion, .odds = h->dispersion * h->excess};
        sum += chance * (k == 0 ? 1 : demand_nb_short(sizes, units - k + 1).below);
    }
    return sum < 1 ? sum : 1;
}
