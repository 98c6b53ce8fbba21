/* SPDX-License-Identifier: Apache-2.0 */
/* rules/return_pattern.h -- how much of what is sold comes back, by item: a share shrunk towards
 * what all items show, and the chance that an item is one of those that come back far too often.
 * Does not say why (reason codes do). Pure; integers leave it.
 *
 * Units returned of units sold are taken as binomial with a share that is beta distributed over the
 * items; its two parameters are fitted by moments, and the posterior of an item is beta again. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct return_counts { /* over one span of time */
    int64_t sold_units;
    int64_t returned_units;
};

struct return_pool {
    double a, b; /* of the beta distribution; their sum is worth that many sold units */
};

/* Vague around 1.6 %, what a wholesaler's lines showed, where fewer than two items sold anything.
 */
struct return_pool return_pool_fit(const struct return_counts *items, uint32_t n);

struct return_pattern {
    uint16_t share_permille;   /* of sold units, as it is expected to go on */
    uint16_t suspect_permille; /* chance that the true share is above twice the pool's */
    bool suspect;              /* that chance is over RETURN_SUSPECT_PERMILLE */
};

#define RETURN_SUSPECT_PERMILLE 950

/* Negative counts are 0; more returned than sold counts as all. */
struct return_pattern return_pattern_of(const struct return_counts *item,
                                        const struct return_pool *pool);

/* Units that are expected back of so many that will be sold: they come on top of what lies there,
 * and so raise what is left when time is over. */
int64_t return_units_expected(const struct return_pattern *p, int64_t sold_units);
