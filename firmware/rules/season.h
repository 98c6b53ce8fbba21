/* SPDX-License-Identifier: Apache-2.0 */
/* rules/season.h -- what months and festivals do to the demand of a category in a territory:
 * factors learnt from its own weeks, counted from the festivals' days, and shrunk towards "nothing"
 * where there is little to learn from. For a category, not for a single item: one item has too few
 * sales. Pure; the same bits on every machine.
 *
 * log(week / moving level) = month + sum of festivals at their distance in weeks, by ridge
 * regression; the level is the centred mean of SEASON_LEVEL_WEEKS. With the ridge at 3, a month
 * that was seen n times counts n / (n + 3). */
#pragma once

#include <stdint.h>

#define SEASON_MONTHS 12
#define SEASON_FESTIVALS_MAX 6 /* of those that lift the category, the most recent ones */
#define SEASON_WEEKS_BEFORE 6  /* shops stock up before ... */
#define SEASON_WEEKS_AFTER 2   /* ... and send back after */
#define SEASON_OFFSETS (SEASON_WEEKS_BEFORE + 1 + SEASON_WEEKS_AFTER)
#define SEASON_COLUMNS (SEASON_MONTHS + SEASON_FESTIVALS_MAX * SEASON_OFFSETS)
#define SEASON_LEVEL_WEEKS 13
#define SEASON_WEEKS_MIN 26 /* with less history nothing is learnt */
#define SEASON_WEEKS_MAX 260
#define SEASON_WORK (SEASON_COLUMNS * (SEASON_COLUMNS + 2) + SEASON_WEEKS_MAX)

struct season {
    uint8_t state;
    double month[SEASON_MONTHS];            /* logarithms: 0 changes nothing */
    int16_t festival[SEASON_FESTIVALS_MAX]; /* index into festivals() of one of that name; -1: no
                                               more. So it can be kept as it is by one release */
    double offset[SEASON_FESTIVALS_MAX][SEASON_OFFSETS];
};

/* No season at all. */
struct season season_flat(void);

/* week[0..n): demand of the category in the territory by week, the first one beginning on
 * first_day; the last SEASON_WEEKS_MAX of them count. state: whose festivals. `work` holds
 * SEASON_WORK values. Shorter histories are flat. */
struct season season_fit(const double *week, uint32_t n, int32_t first_day, uint8_t state,
                         const char *category, double *work);

#define SEASON_FACTOR_MAX 4.0 /* and not below its inverse: a model must not run away */

/* Of a day's demand against a day of no season. */
double season_factor(const struct season *s, int32_t day);

/* The mean factor over `days` days from from_day, over that of the past_days before today: what a
 * rate measured lately is to be multiplied with. days, past_days >= 1. */
double season_lift(const struct season *s, int32_t today, int32_t from_day, int32_t days,
                   int32_t past_days);
