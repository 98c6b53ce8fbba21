/* SPDX-License-Identifier: Apache-2.0 */
/* rules/demand_parts.h -- for demand.c and demand_pool.c only: the pool has to build items the way
 * they will be built later. */
#pragma once

#include "demand.h"

#define DEMAND_MODELS 3 /* TSB, IMAPA and the hurdle */

/* `blocks` holds n values. */
struct demand_points demand_points_of(const double *y, uint32_t n, uint32_t horizon,
                                      double *blocks);

/* `models` is how many there are to average; without history the hurdle's pool is the only one. */
struct demand demand_average(const struct demand_points *p, const struct demand_hurdle_item *item,
                             const struct demand_hurdle_pool *pool, double drift, double models);

/* The occurrence half of TSB, from the share of periods with a sale. */
double demand_smoothed_chance(const double *y, uint32_t n);

/* Seven features for P(no sale in the next `horizon` periods). */
void demand_no_sale_features(const struct demand *d, const struct demand_bgbb *bgbb,
                             uint32_t horizon, double x[LOGISTIC_FEATURES_MAX]);
