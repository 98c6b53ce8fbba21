/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/forecast_weeks.h -- a SKU's forecast at a site by weeks, and forecasts of many of them as
 * one: of a site, a territory, a category, a brand or the distributor. It estimates nothing: what
 * is summed is what analysis has fitted for each SKU at each site. Pure.
 *
 * A pair's demand is fitted for spans of days ahead (analysis/score.h). Within a span the days are
 * alike, and a week gets the days of each span that fall into it: integers, so that the weeks of a
 * pair add up to its spans and parents to their children, to the thousandth of a unit, however they
 * are grouped.
 *
 * Intervals are not sums. Variances are: errors of different pairs are taken as independent, so
 * those of a parent add up too, and its interval is mean -+ 1.2816 sigma (four of five weeks), from
 * 0 on. Where demand of many pairs moves together (a festival, a price), the truth lies outside
 * more often. */
#pragma once

#include <stdint.h>

#include "attr.h"

#define FORECAST_SPANS 3
#define FORECAST_WEEKS 12

struct forecast_span { /* by 1000; as in the table forecast_score */
    int64_t mean_milli;
    int64_t shape_milli; /* variance = mean + mean^2 / shape; 0: no demand at all */
};

struct forecast_sum {
    int64_t pairs;
    int64_t mean_milli[FORECAST_WEEKS];
    int64_t variance_milli[FORECAST_WEEKS]; /* of units^2 */
};

/* Adds one pair. -ERANGE: beyond int64, and nothing is added. */
NODISCARD int forecast_sum_add(struct forecast_sum *sum,
                               const struct forecast_span spans[FORECAST_SPANS]);

/* Units between which the demand of a week lies four times of five. */
void forecast_interval(const struct forecast_sum *sum, int week, int64_t *ret_low,
                       int64_t *ret_high);
