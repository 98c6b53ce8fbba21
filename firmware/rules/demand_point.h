/* SPDX-License-Identifier: Apache-2.0 */
/* rules/demand_point.h -- point forecasts of demand a period: simple exponential smoothing, the
 * intermittent methods and the aggregating ones. Says nothing of the spread around the forecast;
 * see demand_nb.h. Pure: no clock, no allocation, no failure.
 *
 * All take y[0..n): demand of each period, oldest first, none negative, n >= 1, periods without
 * stock already left out. All return the flat forecast of demand a period, >= 0. */
#pragma once

#include <stdint.h>

/* Simple exponential smoothing from level y[0]; the constant in [lo, hi] has the least squared
 * one-step error. 0 < lo < hi < 1. */
double demand_point_ses(const double *y, uint32_t n, double lo, double hi);

/* SES with the constant range for single items. */
double demand_point_ses_opt(const double *y, uint32_t n);

/* Teunter, Syntetos & Babai (2011): chance of a sale, updated every period, times size of a sale,
 * updated when there is one. It starts at the share of periods with a sale and the mean size; the
 * two constants are the best of a grid by squared one-step error. */
double demand_point_tsb_opt(const double *y, uint32_t n);

/* Croston (1972) with one constant for size and interval. For reference: it never fades. */
double demand_point_croston(const double *y, uint32_t n, double constant);

/* Syntetos & Boylan (2005): Croston without its bias. For reference: it never fades either. */
double demand_point_sba(const double *y, uint32_t n, double constant);

/* Mean interval between sales, rounded, at least 1; the first interval starts before y[0]. */
uint32_t demand_point_interval(const double *y, uint32_t n);

/* Nikolopoulos et al. (2011): SES over sums of blocks as long as the mean interval, aligned to the
 * end, spread evenly again. work holds n values. */
double demand_point_adida(const double *y, uint32_t n, double *work);

/* Petropoulos & Kourentzes (2015): the mean of that over all block lengths up to the interval. */
double demand_point_imapa(const double *y, uint32_t n, double *work);
