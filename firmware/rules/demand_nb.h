/* SPDX-License-Identifier: Apache-2.0 */
/* rules/demand_nb.h -- the negative binomial as the distribution of demand: chance of selling less
 * than a quantity, units expected to be left of it, quantiles. Does not estimate; see demand.h.
 * Pure, and the same bits on every machine.
 *
 * Poisson demand whose rate is gamma distributed with `shape` and scale `odds`: mean shape * odds,
 * variance mean * (1 + odds). Demand is stochastically larger when either grows. */
#pragma once

#include <stdint.h>

struct demand_nb {
    double shape; /* 0: there is never any demand */
    double odds;
};

/* With that mean and variance; a variance below 1.05 * mean counts as that much, because even a
 * Poisson stream of shops orders more unevenly. mean >= 0. */
struct demand_nb demand_nb_of(double mean, double variance);

/* Of demand a period as the forecast methods use it: mean m from a point method; the variance is
 * that of the history plus half the squared distance of m from the history's mean. */
struct demand_nb demand_nb_of_forecast(double m, double history_mean, double history_variance);

double demand_nb_mean(struct demand_nb d);

/* The sum of independent demand over that many periods (a fraction is allowed). */
struct demand_nb demand_nb_sum(struct demand_nb d, double periods);

struct demand_nb_short {
    double below;  /* P(demand < units): the chance that not all units sell */
    double unsold; /* E[(units - demand)+] */
};

struct demand_nb_short demand_nb_short(struct demand_nb d, uint64_t units);

/* The least k with P(demand <= k) >= q, 0 <= q < 1. */
uint64_t demand_nb_quantile(struct demand_nb d, double q);
