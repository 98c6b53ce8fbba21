/* SPDX-License-Identifier: Apache-2.0 */
#include "season.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "civil.h"
#include "detmath.h"
#include "festival.h"

#define RIDGE 3.0

struct season season_flat(void)
{
    struct season s = {0};
    for (int k = 0; k < SEASON_FESTIVALS_MAX; k++)
        s.festival[k] = -1;
    return s;
}

/* The festivals that lift the category and lie in the span, each name once, latest first. */
static void choose_festivals(struct season *s, const char *category, int32_t from, int32_t to)
{
    size_t count = 0;
    const struct festival *all = festivals(&count);
    size_t n = 0;
    for (size_t i = count; i-- > 0 && n < SEASON_FESTIVALS_MAX;) {
        const struct festival *f = &all[i];
        if (f->day < from || f->day > to || !festival_is_kept_in(f, s->state) ||
            !festival_lifts(f, category))
            continue;
        size_t k = 0;
        while (k < n && strcmp(all[s->festival[k]].name, f->name) != 0)
            k++;
        if (k == n)
            s->festival[n++] = (int16_t)i;
    }
}

/* Whole weeks from the festival to the day, rounded down: -1 is the week that ends with it. */
static int32_t weeks_after(int32_t day, int32_t festival_day)
{
    int32_t days = day - festival_day;
    return days >= 0 ? days / 7 : -((-days + 6) / 7);
}

/* The column of that festival for a day, or -1. */
static int column_of(const struct season *s, int k, int32_t day)
{
    size_t count = 0;
    const struct festival *all = festivals(&count);
    for (size_t i = 0; i < count; i++) {
        int32_t weeks = weeks_after(day, all[i].day);
        if (weeks >= -SEASON_WEEKS_BEFORE && weeks <= SEASON_WEEKS_AFTER &&
            strcmp(all[i].name, all[s->festival[k]].name) == 0 &&
            festival_is_kept_in(&all[i], s->state))
            return weeks + SEASON_WEEKS_BEFORE;
    }
    return -1;
}

/* Columns that hold for a day: its month, and its distance to each festival. Returns how many. */
static int columns_of(const struct season *s, int32_t day, int ret[1 + SEASON_FESTIVALS_MAX])
{
    int n = 0;
    ret[n++] = civil_date(day).month - 1;
    for (int k = 0; k < SEASON_FESTIVALS_MAX && s->festival[k] >= 0; k++) {
        int offset = column_of(s, k, day);
        if (offset >= 0)
            ret[n++] = SEASON_MONTHS + k * SEASON_OFFSETS + offset;
    }
    return n;
}

static double level_at(const double *week, uint32_t n, uint32_t t)
{
    uint32_t half = SEASON_LEVEL_WEEKS / 2;
    uint32_t from = t > half ? t - half : 0;
    uint32_t to = t + half < n ? t + half : n - 1;
    double sum = 0;
    for (uint32_t i = from; i <= to; i++)
        sum += week[i];
    return sum / (to - from + 1);
}

/* Solves a x = b in place for a symmetric positive definite a, by Cholesky's factors. */
static void solve(double *a, double *b, int n)
{
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++)
            a[j * n + j] -= a[j * n + k] * a[j * n + k];
        a[j * n + j] = sqrt(a[j * n + j]);
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++)
                a[i * n + j] -= a[i * n + k] * a[j * n + k];
            a[i * n + j] /= a[j * n + j];
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
    for (int i = n; i-- > 0;) {
        for (int k = i + 1; k < n; k++)
            b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
}

struct season season_fit(const double *week, uint32_t n, int32_t first_day, uint8_t state,
                         const char *category, double *work)
{
    assert((n == 0 || week) && category && work);
    struct season s = season_flat();
    s.state = state;
    if (n < SEASON_WEEKS_MIN)
        return s;
    if (n > SEASON_WEEKS_MAX) {
        first_day += (int32_t)(n - SEASON_WEEKS_MAX) * 7;
        week += n - SEASON_WEEKS_MAX;
        n = SEASON_WEEKS_MAX;
    }
    choose_festivals(&s, category, first_day, first_day + (int32_t)n * 7);
    double *a = work;
    double *b = work + SEASON_COLUMNS * SEASON_COLUMNS;
    memset(work, 0, sizeof(*work) * SEASON_WORK);
    for (uint32_t t = 0; t < n; t++) {
        int columns[1 + SEASON_FESTIVALS_MAX];
        int used = columns_of(&s, first_day + (int32_t)t * 7 + 3, columns); /* a week's middle */
        double miss = detmath_log((week[t] + 1) / (level_at(week, n, t) + 1));
        for (int i = 0; i < used; i++) {
            b[columns[i]] += miss;
            for (int k = 0; k < used; k++)
                a[columns[i] * SEASON_COLUMNS + columns[k]] += 1;
        }
    }
    for (int i = 0; i < SEASON_COLUMNS; i++)
        a[i * SEASON_COLUMNS + i] += RIDGE;
    solve(a, b, SEASON_COLUMNS);
    memcpy(s.month, b, sizeof(s.month));
    memcpy(s.offset, b + SEASON_MONTHS, sizeof(s.offset));
    return s;
}

double season_factor(const struct season *s, int32_t day)
{
    assert(s);
    int columns[1 + SEASON_FESTIVALS_MAX];
    int used = columns_of(s, day, columns);
    double sum = s->month[columns[0]];
    for (int i = 1; i < used; i++)
        sum += s->offset[(columns[i] - SEASON_MONTHS) / SEASON_OFFSETS]
                        [(columns[i] - SEASON_MONTHS) % SEASON_OFFSETS];
    double factor = detmath_exp(sum);
    return fmin(fmax(factor, 1 / SEASON_FACTOR_MAX), SEASON_FACTOR_MAX);
}

static double mean_factor(const struct season *s, int32_t from_day, int32_t days)
{
    double sum = 0;
    for (int32_t d = 0; d < days; d++)
        sum += season_factor(s, from_day + d);
    return sum / days;
}

double season_lift(const struct season *s, int32_t today, int32_t from_day, int32_t days,
                   int32_t past_days)
{
    assert(s && days >= 1 && past_days >= 1);
    return mean_factor(s, from_day, days) / mean_factor(s, today - past_days, past_days);
}
