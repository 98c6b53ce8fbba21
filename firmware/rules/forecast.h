/* SPDX-License-Identifier: Apache-2.0 */
/* rules/forecast.h -- which textbook method foresees an item's demand best, how good it has been,
 * and what it says of the next periods. Says nothing of the spread (demand.h), and knows nothing of
 * festivals (season.h). Pure; the same bits on every machine.
 *
 * The judge is the past: from up to FORECAST_ORIGINS origins, one horizon apart, each method is
 * given what was known then, and its sum over the horizon is compared with what came. A method that
 * fits its own past is not believed for it. The naive forecast takes part: when nothing beats it,
 * it is the answer, and `chosen` says so. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum forecast_method {
    FORECAST_NAIVE,          /* the last period again */
    FORECAST_MOVING_AVERAGE, /* of the last FORECAST_WINDOW periods */
    FORECAST_SES,            /* simple exponential smoothing */
    FORECAST_HOLT,           /* level and damped trend: Holt (1957), Gardner & McKenzie (1985) */
    FORECAST_HOLT_WINTERS,   /* level, damped trend and additive season: Winters (1960) */
    FORECAST_CROSTON,        /* Croston (1972) */
    FORECAST_TSB,            /* Teunter, Syntetos & Babai (2011) */
    FORECAST_IMAPA,          /* Petropoulos & Kourentzes (2015) */
    FORECAST_AVERAGE,        /* the mean of SES, TSB and IMAPA; also when nothing can be judged */
};
#define FORECAST_METHODS 9

#define FORECAST_WINDOW 12
#define FORECAST_ORIGINS 4
#define FORECAST_TRAINING 4 /* periods that a method is given at least */
#define FORECAST_SEASON_MAX 53

const char *forecast_method_name(enum forecast_method method); /* static; as on the wire */

struct forecast {
    enum forecast_method chosen;
    uint32_t origins;               /* that were judged; 0: history is too short */
    double error[FORECAST_METHODS]; /* mean |sum foreseen - sum that came| over the horizon;
                                       negative where the method cannot be used */
    double units;                   /* over the next horizon, by the chosen method; >= 0 */
};

/* y[0..n): demand of each period, oldest first, none negative. season: periods of a season (7 for
 * days, 52 for weeks), 0 or 1: none; horizon >= 1. `work` holds 2 * n values. n may be 0. */
struct forecast forecast_choose(const double *y, uint32_t n, uint32_t season, uint32_t horizon,
                                double *work);

/* The chosen method's mean absolute error over the naive one's (0: the naive one never erred).
 * Above 1000 it cannot be: then the naive one had been chosen. -1 when nothing was judged. */
int32_t forecast_error_permille(const struct forecast *f);

/* Where an item stands in its life. */
enum forecast_life {
    FORECAST_NEW,          /* fewer than new_periods of history since its first sale */
    FORECAST_GOING,        /* ... */
    FORECAST_DISCONTINUED, /* silent for three times its longest silence so far, and for at least
                              silent_periods */
};
enum forecast_life forecast_life(const double *y, uint32_t n, uint32_t new_periods,
                                 uint32_t silent_periods);
