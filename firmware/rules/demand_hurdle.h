/* SPDX-License-Identifier: Apache-2.0 */
/* rules/demand_hurdle.h -- the empirical-Bayes hurdle model of intermittent demand: whether a
 * period has a sale, and the size of the sale, each shrunk towards what many items have in common
 * (after Bai & Chu 2026). Does not choose its discount weight; see demand.h. Pure: callers own all
 * arrays.
 *
 * Only the occurrence is discounted with age. Discounting sizes too would send silent items back to
 * the pool's mean size. */
#pragma once

#include <stdint.h>

/* What one item's history says; y[0..n) as in demand_point.h. */
struct demand_hurdle_item {
    double periods;   /* sum of weights w^age */
    double sold;      /* the same over periods with a sale */
    double sales;     /* number of periods with a sale, not discounted */
    double excess;    /* sum of size - 1, sizes cut at the pool's cap */
    double excess_sq; /* sum of (size - 1)^2 */
};

/* What the items have in common. A plain value: it may be shipped. */
struct demand_hurdle_pool {
    double weight;     /* of occurrence, one period older */
    double size_cap;   /* larger sizes count as this */
    double a, b;       /* chance of a sale in a period ~ Beta(a, b) */
    double excess;     /* mean of size - 1 */
    double dispersion; /* variance of size - 1 is mean + dispersion * mean^2 */
    double evidence;   /* a prior's worth in sales, for the mean size */
};

/* The item's own values. Chance of a sale ~ Beta(a, b); size - 1 ~ NB(excess, dispersion). */
struct demand_hurdle {
    double a, b;
    double excess;
    double dispersion;
};

/* exp(mean + 3.5 sd) of log sizes. */
struct demand_hurdle_sizes {
    double n, sum, sum_sq;
};
void demand_hurdle_sizes_add(struct demand_hurdle_sizes *s, const double *y, uint32_t n);
double demand_hurdle_size_cap(const struct demand_hurdle_sizes *s);

struct demand_hurdle_item demand_hurdle_item(const double *y, uint32_t n, double weight,
                                             double size_cap);

/* An item with fewer sales is not asked what items have in common. */
#define DEMAND_HURDLE_SALES_MIN 2

/* Fits what n items have in common; weight and size_cap are those of the items. With fewer than two
 * that may be asked a vague pool results. */
struct demand_hurdle_pool demand_hurdle_pool_fit(const struct demand_hurdle_item *items, uint32_t n,
                                                 double weight, double size_cap);

struct demand_hurdle demand_hurdle_of(const struct demand_hurdle_item *item,
                                      const struct demand_hurdle_pool *pool);

/* Mean and variance of the sum over `periods` (a fraction is allowed):
 * mean = periods * rate, variance = periods * noise + periods^2 * drift. */
struct demand_hurdle_moments {
    double rate;
    double noise;
    double drift; /* from not knowing the chance of a sale: common to all periods */
};
struct demand_hurdle_moments demand_hurdle_moments(const struct demand_hurdle *h);

/* P(sum over `periods` <= units), exact: beta-binomial number of sales, negative binomial sizes.
 * Costs a negative binomial for each possible number of sales; for measuring, not for scoring. */
double demand_hurdle_cdf(const struct demand_hurdle *h, uint32_t periods, uint64_t units);
