/* SPDX-License-Identifier: Apache-2.0 */
#include "forecast.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "attr.h"
#include "demand_point.h"

#define DAMPING 0.9
#define CROSTON_CONSTANT 0.1

static const double constants[] = {0.05, 0.1, 0.2, 0.3, 0.5};

struct past {
    const double *y;
    uint32_t n;
    uint32_t season;
    uint32_t horizon;
    double *work;
};

/* A sum over the horizon, or negative when the method wants more history. */
typedef double (*method_fn)(const struct past *p);

static double naive(const struct past *p)
{
    return p->y[p->n - 1] * p->horizon;
}

static double moving_average(const struct past *p)
{
    uint32_t n = p->n < FORECAST_WINDOW ? p->n : FORECAST_WINDOW;
    double sum = 0;
    for (uint32_t t = p->n - n; t < p->n; t++)
        sum += p->y[t];
    return sum / n * p->horizon;
}

static double ses(const struct past *p)
{
    return demand_point_ses_opt(p->y, p->n) * p->horizon;
}

/* One pass of damped Holt, with seasonal terms in season[] when there are any: the squared one-step
 * error, and the state at the end. */
struct smoothing {
    double alpha, beta, gamma;
    double level, trend;
    double squares;
};

static double *season_of(const struct past *p, double *season, uint32_t t)
{
    return &season[t % p->season];
}

/* Level and season as the first two seasons (or first periods) show them. */
static uint32_t start(const struct past *p, struct smoothing *s, double *season)
{
    if (!season) {
        s->level = p->y[0];
        s->trend = 0;
        return 1;
    }
    double first = 0;
    double second = 0;
    for (uint32_t t = 0; t < p->season; t++) {
        first += p->y[t];
        second += p->y[t + p->season];
    }
    first /= p->season;
    second /= p->season;
    s->level = second;
    s->trend = (second - first) / p->season;
    for (uint32_t t = 0; t < p->season; t++)
        season[t] = (p->y[t] - first + p->y[t + p->season] - second) / 2;
    return 2 * p->season;
}

static void smooth(const struct past *p, struct smoothing *s, double *season)
{
    s->squares = 0;
    for (uint32_t t = start(p, s, season); t < p->n; t++) {
        double was = s->level + DAMPING * s->trend;
        double turn = season ? *season_of(p, season, t) : 0;
        double miss = p->y[t] - was - turn;
        s->squares += miss * miss;
        double level = was + s->alpha * miss;
        s->trend = DAMPING * s->trend + s->beta * (level - was);
        s->level = level;
        if (season)
            *season_of(p, season, t) = turn + s->gamma * (1 - s->alpha) * miss;
    }
}

/* The best of the grid by squared one-step error; its season is in season[]. */
static struct smoothing smooth_best(const struct past *p, double *season)
{
    struct smoothing best = {.squares = INFINITY};
    for (size_t a = 0; a < ARRAY_LEN(constants); a++)
        for (size_t b = 0; b < ARRAY_LEN(constants) && constants[b] <= constants[a]; b++) {
            struct smoothing s = {constants[a], constants[b], CROSTON_CONSTANT, 0, 0, 0};
            smooth(p, &s, season);
            if (s.squares < best.squares)
                best = s;
        }
    if (season)
        smooth(p, &best, season);
    return best;
}

static double sum_ahead(const struct past *p, const struct smoothing *s, double *season)
{
    double sum = 0;
    double damping = DAMPING;
    double trend = 0;
    for (uint32_t h = 0; h < p->horizon; h++) {
        trend += damping * s->trend;
        damping *= DAMPING;
        double y = s->level + trend + (season ? *season_of(p, season, p->n + h) : 0);
        sum += y > 0 ? y : 0;
    }
    return sum;
}

static double holt(const struct past *p)
{
    struct smoothing s = smooth_best(p, NULL);
    return sum_ahead(p, &s, NULL);
}

static double holt_winters(const struct past *p)
{
    if (p->season < 2 || p->n < 2 * p->season + FORECAST_TRAINING)
        return -1;
    double season[FORECAST_SEASON_MAX];
    struct smoothing s = smooth_best(p, season);
    return sum_ahead(p, &s, season);
}

static double croston(const struct past *p)
{
    return demand_point_croston(p->y, p->n, CROSTON_CONSTANT) * p->horizon;
}

static double tsb(const struct past *p)
{
    return demand_point_tsb_opt(p->y, p->n) * p->horizon;
}

static double imapa(const struct past *p)
{
    return demand_point_imapa(p->y, p->n, p->work) * p->horizon;
}

static double average(const struct past *p)
{
    return (ses(p) + tsb(p) + imapa(p)) / 3;
}

static const struct {
    const char *name;
    method_fn foresee;
} methods[FORECAST_METHODS] = {
    [FORECAST_NAIVE] = {"naive", naive},
    [FORECAST_MOVING_AVERAGE] = {"moving_average", moving_average},
    [FORECAST_SES] = {"ses", ses},
    [FORECAST_HOLT] = {"holt", holt},
    [FORECAST_HOLT_WINTERS] = {"holt_winters", holt_winters},
    [FORECAST_CROSTON] = {"croston", croston},
    [FORECAST_TSB] = {"tsb", tsb},
    [FORECAST_IMAPA] = {"imapa", imapa},
    [FORECAST_AVERAGE] = {"average", average},
};

const char *forecast_method_name(enum forecast_method method)
{
    assert((int)method >= 0 && (int)method < FORECAST_METHODS);
    return methods[method].name;
}

static double sum_of(const double *y, uint32_t n)
{
    double sum = 0;
    for (uint32_t t = 0; t < n; t++)
        sum += y[t];
    return sum;
}

/* Adds each method's error from one origin; a method that cannot be used there is out. */
static void judge(struct forecast *f, const struct past *p, double came)
{
    for (int m = 0; m < FORECAST_METHODS; m++) {
        double foreseen = f->error[m] < 0 ? -1 : methods[m].foresee(p);
        f->error[m] = foreseen < 0 ? -1 : f->error[m] + fabs(foreseen - came);
    }
}

/* Of equals the plainer one: the order of the enum. The average needs no proof to be believed where
 * nothing was judged. */
static enum forecast_method best(const struct forecast *f)
{
    if (f->origins == 0)
        return FORECAST_AVERAGE;
    int chosen = FORECAST_NAIVE;
    for (int m = 1; m < FORECAST_METHODS; m++)
        if (f->error[m] >= 0 && f->error[m] < f->error[chosen])
            chosen = m;
    return (enum forecast_method)chosen;
}

struct forecast forecast_choose(const double *y, uint32_t n, uint32_t season, uint32_t horizon,
                                double *work)
{
    assert(horizon >= 1 && season <= FORECAST_SEASON_MAX && (n == 0 || (y && work)));
    struct forecast f = {.chosen = FORECAST_AVERAGE};
    if (n == 0)
        return f;
    for (uint32_t k = FORECAST_ORIGINS; k >= 1; k--) {
        uint64_t behind = (uint64_t)k * horizon;
        if (behind + FORECAST_TRAINING > n)
            continue;
        struct past p = {y, n - (uint32_t)behind, season, horizon, work};
        judge(&f, &p, sum_of(y + p.n, horizon));
        f.origins++;
    }
    for (int m = 0; m < FORECAST_METHODS && f.origins > 0; m++)
        if (f.error[m] > 0)
            f.error[m] /= f.origins;
    f.chosen = best(&f);
    f.units = methods[f.chosen].foresee(&(struct past){y, n, season, horizon, work});
    return f;
}

int32_t forecast_error_permille(const struct forecast *f)
{
    assert(f);
    if (f->origins == 0)
        return -1;
    double naive_error = f->error[FORECAST_NAIVE];
    return naive_error > 0 ? (int32_t)(f->error[f->chosen] / naive_error * 1000 + 0.5) : 0;
}

enum forecast_life forecast_life(const double *y, uint32_t n, uint32_t new_periods,
                                 uint32_t silent_periods)
{
    assert(n == 0 || y);
    uint32_t first = 0;
    while (first < n && !(y[first] > 0))
        first++;
    if (n - first < new_periods)
        return FORECAST_NEW;
    uint32_t silent = 0;
    uint32_t longest = 0;
    for (uint32_t t = first; t < n; t++) {
        if (y[t] > 0) {
            longest = silent > longest ? silent : longest;
            silent = 0;
        } else {
            silent++;
        }
    }
    bool over = silent >= silent_periods && silent >= 3 * (uint64_t)longest;
    return over && first < n ? FORECAST_DISCONTINUED : FORECAST_GOING;
}
