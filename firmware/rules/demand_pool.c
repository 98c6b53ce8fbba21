/* SPDX-License-Identifier: Apache-2.0 */
#include "demand_pool.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "attr.h"
#include "demand.h"
#include "demand_parts.h"

#define TAIL_ITEMS_MAX 2000     /* on how many the choice of hyper-parameters is measured */
#define TAIL_HEAD_PERIODS_MIN 6 /* below it nothing is held back */

static const double weight_choices[] = {.9, .95, .98, .99, 1};
/* Up to 0.2 only: more went on lowering the pinball loss of the online sets, but made expiry
 * chances there too high. This bound and DRIFT_PRIOR_SUMS were set by looking at the open sets'
 * last periods, so figures on them flatter a little; the choice within is made on held-back periods
 * alone. */
static const double drift_choices[] = {0, .01, .02, .05, .1, .15, .2};
static const double pinball_quantiles[] = {.1, .25, .5, .75, .9, .99};

/* Before outcomes are known: BG/BB, the distribution of demand and TSB, averaged in logits. */
static const struct logistic no_sale_prior = {.weight = {0, 1.0 / 3, 1.0 / 3, 0, 0, 0, 1.0 / 3},
                                              .features = 7};
#define NO_SALE_RIDGE 1.0
#define NO_SALE_AGE_MIN 3 /* periods behind the first sale, for a history to say something */

#define WEIGHT_DEFAULT 0.98
#define DRIFT_DEFAULT 0.1
#define HORIZON_DEFAULT 4

struct demand_pool demand_pool_vague(void)
{
    return (struct demand_pool){
        .hurdle = demand_hurdle_pool_fit(NULL, 0, WEIGHT_DEFAULT, 1e12),
        .bgbb = {.a = 1, .b = 1, .g = 0.5, .d = 10},
        .no_sale = no_sale_prior,
        .drift = DRIFT_DEFAULT,
        .horizon = HORIZON_DEFAULT,
    };
}

static double pinball(double actual, double quantile, double q)
{
    return actual >= quantile ? q * (actual - quantile) : (1 - q) * (quantile - actual);
}

/* Loss of one item's forecast over the periods held back: of each, and of their sum. */
static double tail_loss(const struct demand *d, const double *actual, uint32_t horizon)
{
    double total = 0;
    for (uint32_t t = 0; t < horizon; t++)
        total += actual[t];
    struct demand_nb one = demand_over(d, 1);
    struct demand_nb sum = demand_over(d, horizon);
    double loss = 0;
    for (unsigned i = 0; i < ARRAY_LEN(pinball_quantiles); i++) {
        double q = pinball_quantiles[i];
        double single = (double)demand_nb_quantile(one, q);
        for (uint32_t t = 0; t < horizon; t++)
            loss += pinball(actual[t], single, q);
        loss += pinball(total, (double)demand_nb_quantile(sum, q), q);
    }
    return loss / horizon;
}

/* Mean absolute change from the first sale on, 0 when there is none. */
static double change_scale(const double *y, uint32_t n)
{
    uint32_t first = 0;
    while (first < n && !(y[first] > 0))
        first++;
    double sum = 0;
    for (uint32_t t = first + 1; t < n; t++)
        sum += fabs(y[t] - y[t - 1]);
    return sum > 0 ? sum / (n - first - 1) : 0;
}

/* The head of each history, which the choices are fitted on; the rest is held back. */
struct tail {
    const struct demand_series *series;
    const struct demand_pool_work *work;
    uint32_t n;
    uint32_t horizon;
    uint32_t held_back;
    uint32_t stride; /* with more items than it takes, only every so manieth is measured */
    double size_cap;
};

static uint32_t head_periods(const struct tail *t, uint32_t i)
{
    uint32_t n = t->series[i].n;
    return n >= t->held_back + TAIL_HEAD_PERIODS_MIN ? n - t->held_back : 0;
}

static struct demand_hurdle_pool fit_heads(const struct tail *t, double weight)
{
    for (uint32_t i = 0; i < t->n; i++)
        t->work->items[i] =
            demand_hurdle_item(t->series[i].y, head_periods(t, i), weight, t->size_cap);
    return demand_hurdle_pool_fit(t->work->items, t->n, weight, t->size_cap);
}

/* Mean scaled loss with the items that fit_heads left in the work. */
static double tail_score(const struct tail *t, const struct demand_hurdle_pool *pool, double drift)
{
    double sum = 0;
    for (uint32_t i = 0; i < t->n; i += t->stride) {
        const double *y = t->series[i].y;
        uint32_t head = head_periods(t, i);
        double scale = change_scale(y, head);
        if (t->work->items[i].sales < DEMAND_HURDLE_SALES_MIN || !(scale > 0))
            continue;
        struct demand d =
            demand_average(&t->work->points[i], &t->work->items[i], pool, drift, DEMAND_MODELS);
        sum += tail_loss(&d, y + head, t->horizon) / scale;
    }
    return sum;
}

static void choose(const struct tail *t, double *ret_weight, double *ret_drift)
{
    for (uint32_t i = 0; i < t->n; i += t->stride)
        t->work->points[i] =
            demand_points_of(t->series[i].y, head_periods(t, i), t->horizon, t->work->blocks);

    double best = 0;
    for (unsigned k = 0; k < ARRAY_LEN(weight_choices); k++) {
        struct demand_hurdle_pool pool = fit_heads(t, weight_choices[k]);
        double score = tail_score(t, &pool, DRIFT_DEFAULT);
        if (k == 0 || score < best) {
            best = score;
            *ret_weight = weight_choices[k];
        }
    }
    struct demand_hurdle_pool pool = fit_heads(t, *ret_weight);
    for (unsigned k = 0; k < ARRAY_LEN(drift_choices); k++) {
        double score = tail_score(t, &pool, drift_choices[k]);
        if (k == 0 || score < best) {
            best = score;
            *ret_drift = drift_choices[k];
        }
    }
    if (!(best > 0)) { /* no history was long enough to hold anything back */
        *ret_weight = WEIGHT_DEFAULT;
        *ret_drift = DRIFT_DEFAULT;
    }
}

/* What became of the items that had sold in the heads. Returns how many examples are there. */
static uint32_t no_sale_examples(const struct tail *t, double weight, double drift,
                                 struct logistic_example *ret)
{
    const struct demand_pool_work *work = t->work;
    uint32_t histories = 0;
    for (uint32_t i = 0; i < t->n; i++)
        histories += demand_bgbb_history(t->series[i].y, head_periods(t, i),
                                         &work->histories[histories]) > 0;
    if (histories == 0)
        return 0;
    struct demand_bgbb bgbb = demand_bgbb_fit(work->histories, histories);
    struct demand_hurdle_pool hurdle = fit_heads(t, weight);

    uint32_t examples = 0;
    for (uint32_t i = 0; i < t->n; i += t->stride) {
        const double *y = t->series[i].y;
        uint32_t head = head_periods(t, i);
        struct demand_points points = demand_points_of(y, head, t->horizon, work->blocks);
        struct demand d = demand_average(&points, &work->items[i], &hurdle, drift, DEMAND_MODELS);
        if (demand_bgbb_history(y, head, &d.history) == 0 || d.history.periods < NO_SALE_AGE_MIN)
            continue;
        d.chance = demand_smoothed_chance(y, head);
        struct logistic_example *e = &ret[examples++];
        demand_no_sale_features(&d, &bgbb, t->horizon, e->x);
        e->happened = true;
        for (uint32_t k = head; k < head + t->horizon; k++)
            e->happened = e->happened && !(y[k] > 0);
    }
    return examples;
}

/* Learns from several origins in the past, one horizon apart. */
static struct logistic fit_no_sale(struct tail t, double weight, double drift)
{
    uint32_t n = 0;
    for (uint32_t origin = 1; origin <= DEMAND_POOL_ORIGINS; origin++) {
        t.held_back = origin * t.horizon;
        n += no_sale_examples(&t, weight, drift, t.work->examples + n);
    }
    return logistic_fit(t.work->examples, n, &no_sale_prior, NO_SALE_RIDGE);
}

struct demand_pool demand_pool_fit(const struct demand_series *series, uint32_t n, uint32_t horizon,
                                   const struct demand_pool_work *work)
{
    assert(horizon >= 1 && horizon <= DEMAND_PERIODS_MAX && (n == 0 || (series && work)));
    assert(n == 0 || (work->items && work->histories && work->points && work->examples));
    struct demand_pool pool = demand_pool_vague();
    struct demand_hurdle_sizes sizes = {0};
    for (uint32_t i = 0; i < n; i++)
        demand_hurdle_sizes_add(&sizes, series[i].y, series[i].n);
    if (!(sizes.n > 0))
        return pool;

    struct tail tail = {.series = series,
                        .work = work,
                        .n = n,
                        .horizon = horizon,
                        .held_back = horizon,
                        .stride = n / TAIL_ITEMS_MAX + 1,
                        .size_cap = demand_hurdle_size_cap(&sizes)};
    double weight = WEIGHT_DEFAULT;
    pool.horizon = horizon;
    choose(&tail, &weight, &pool.drift);
    pool.no_sale = fit_no_sale(tail, weight, pool.drift);
    uint32_t histories = 0;
    for (uint32_t i = 0; i < n; i++) {
        work->items[i] = demand_hurdle_item(series[i].y, series[i].n, weight, tail.size_cap);
        histories += demand_bgbb_history(series[i].y, series[i].n, &work->histories[histories]) > 0;
    }
    pool.hurdle = demand_hurdle_pool_fit(work->items, n, weight, tail.size_cap);
    pool.bgbb = demand_bgbb_fit(work->histories, histories);
    return pool;
}
