/* SPDX-License-Identifier: Apache-2.0 */
#include "demand.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "attr.h"
#include "demand_point.h"
#include "detmath.h"

#define MODELS 3
#define TAIL_ITEMS_MAX 2000     /* on how many the choice of hyper-parameters is measured */
#define TAIL_HEAD_PERIODS_MIN 6 /* below it nothing is held back */

static const double weight_choices[] = {.9, .95, .98, .99, 1};
static const double drift_choices[] = {0, .01, .02, .05, .1, .15, .2};
static const double pinball_quantiles[] = {.1, .25, .5, .75, .9, .99};

/* Before outcomes are known: BG/BB, the distribution of demand and TSB, averaged in logits. */
static const struct logistic no_sale_prior = {.weight = {0, 1.0 / 3, 1.0 / 3, 0, 0, 0, 1.0 / 3},
                                              .features = 7};
#define CHANCE_CONSTANT 0.1
#define NO_SALE_RIDGE 1.0
#define NO_SALE_AGE_MIN 3 /* periods behind the first sale, for a history to say something */

#define WEIGHT_DEFAULT 0.98
#define DRIFT_DEFAULT 0.1
#define HORIZON_DEFAULT 4
#define DRIFT_PRIOR_SUMS 60 /* what the pool's drift is worth, in sums over the horizon */
#define OWN_DRIFT_MAX 4

uint32_t demand_in_stock(const int64_t *units, const uint8_t *stocked, uint32_t n, double *y)
{
    uint32_t count = 0;
    for (uint32_t t = 0; t < n; t++) {
        if (!stocked || stocked[t])
            y[count++] = units[t] > 0 ? (double)units[t] : 0;
    }
    return count;
}

void demand_cut_outliers(double *y, uint32_t n, const struct demand_pool *pool)
{
    for (uint32_t t = 0; t < n; t++)
        y[t] = fmin(y[t], pool->hurdle.size_cap);
}

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

/* How far sums over the horizon vary beyond what independent periods explain, as a squared share of
 * their mean: what the pool's drift is shrunk towards where an item has many such sums. */
static void own_drift(const double *y, uint32_t n, uint32_t horizon, struct demand_points *p)
{
    p->sums = n / horizon;
    if (p->sums < 2)
        return;
    double total = 0;
    double square = 0;
    for (uint32_t k = 0; k < p->sums; k++) {
        double sum = 0;
        for (uint32_t t = n - (k + 1) * horizon; t < n - k * horizon; t++)
            sum += y[t];
        total += sum;
        square += sum * sum;
    }
    double mean = total / p->sums;
    double beyond = (square - total * mean) / (p->sums - 1) - horizon * p->variance;
    if (beyond > 0)
        p->own_drift = fmin(beyond / (mean * mean), OWN_DRIFT_MAX);
}

static struct demand_points points_of(const double *y, uint32_t n, uint32_t horizon, double *blocks)
{
    struct demand_points p = {0};
    if (n == 0)
        return p;
    for (uint32_t t = 0; t < n; t++)
        p.mean += y[t];
    p.mean /= n;
    for (uint32_t t = 0; t < n; t++)
        p.variance += (y[t] - p.mean) * (y[t] - p.mean);
    p.variance /= n;
    own_drift(y, n, horizon, &p);
    p.tsb = demand_point_tsb_opt(y, n);
    p.imapa = demand_point_imapa(y, n, blocks);
    return p;
}

static double nb_sd(double m, const struct demand_points *p)
{
    struct demand_nb nb = demand_nb_of_forecast(m, p->mean, p->variance);
    return sqrt(demand_nb_mean(nb) * (1 + nb.odds));
}

/* models: how many there are to average; without history the hurdle's pool is the only one. */
static struct demand average(const struct demand_points *p, const struct demand_hurdle_item *item,
                             const struct demand_hurdle_pool *pool, double drift, double models)
{
    struct demand_hurdle hurdle = demand_hurdle_of(item, pool);
    struct demand_hurdle_moments m = demand_hurdle_moments(&hurdle);
    double rate = (p->tsb + p->imapa + m.rate) / models;
    double shrunk =
        (drift * DRIFT_PRIOR_SUMS + p->own_drift * p->sums) / (DRIFT_PRIOR_SUMS + p->sums);
    return (struct demand){
        .rate = rate,
        .smooth_sd = (nb_sd(p->tsb, p) + nb_sd(p->imapa, p)) / models,
        .hurdle_noise = m.noise / (models * models),
        .hurdle_drift = m.drift / (models * models),
        .drift = shrunk * rate * rate,
        .sales = (uint32_t)item->sales,
    };
}

/* The occurrence half of TSB, from the share of periods with a sale. */
static double smoothed_chance(const double *y, uint32_t n)
{
    uint32_t sales = 0;
    for (uint32_t t = 0; t < n; t++)
        sales += y[t] > 0;
    double chance = n > 0 ? (double)sales / n : 0;
    for (uint32_t t = 0; t < n; t++)
        chance += CHANCE_CONSTANT * ((y[t] > 0 ? 1 : 0) - chance);
    return chance;
}

struct demand demand_fit(const double *y, uint32_t n, const struct demand_pool *pool, double *work)
{
    assert(pool && pool->horizon >= 1 && n <= DEMAND_PERIODS_MAX && (n == 0 || (y && work)));
    struct demand_hurdle_item item =
        demand_hurdle_item(y, n, pool->hurdle.weight, pool->hurdle.size_cap);
    struct demand_points points = points_of(y, n, pool->horizon, work);
    struct demand d = average(&points, &item, &pool->hurdle, pool->drift, n > 0 ? MODELS : 1);
    d.periods = n;
    d.chance = smoothed_chance(y, n);
    demand_bgbb_history(y, n, &d.history); /* stays zero without a sale */
    return d;
}

struct demand_nb demand_over(const struct demand *d, double periods)
{
    if (!(periods > 0))
        return (struct demand_nb){0, 1};
    double sd = d->smooth_sd * sqrt(periods) +
                sqrt(d->hurdle_noise * periods + d->hurdle_drift * periods * periods);
    return demand_nb_of(d->rate * periods, sd * sd + d->drift * periods * periods);
}

/* --- P(no sale) */

static void no_sale_features(const struct demand *d, const struct demand_bgbb *bgbb,
                             uint32_t horizon, double x[LOGISTIC_FEATURES_MAX])
{
    const struct demand_bgbb_history *h = &d->history;
    double silent = h->periods - h->last;
    double interval = (h->periods + 1.0) / (h->sales + 1.0);
    x[0] = 1;
    x[1] = logistic_logit(demand_bgbb_no_sale(bgbb, h, horizon));
    x[2] = logistic_logit(demand_nb_short(demand_over(d, horizon), 1).below);
    x[3] = detmath_log(1 + silent);
    x[4] = detmath_log(interval);
    x[5] = detmath_log(1 + h->periods);
    x[6] = logistic_logit(detmath_exp(horizon * detmath_log(1 - fmin(d->chance, 1 - 1e-6))));
    x[7] = detmath_log(1 + d->rate);
}

double demand_no_sale(const struct demand *d, const struct demand_pool *pool, uint32_t horizon)
{
    if (d->sales == 0)
        return demand_nb_short(demand_over(d, horizon), 1).below;
    double x[LOGISTIC_FEATURES_MAX];
    no_sale_features(d, &pool->bgbb, horizon, x);
    return logistic_chance(&pool->no_sale, x);
}

/* --- the pool */

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
        struct demand d = average(&t->work->points[i], &t->work->items[i], pool, drift, MODELS);
        sum += tail_loss(&d, y + head, t->horizon) / scale;
    }
    return sum;
}

static void choose(const struct tail *t, double *ret_weight, double *ret_drift)
{
    for (uint32_t i = 0; i < t->n; i += t->stride)
        t->work->points[i] =
            points_of(t->series[i].y, head_periods(t, i), t->horizon, t->work->blocks);

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
        struct demand_points points = points_of(y, head, t->horizon, work->blocks);
        struct demand d = average(&points, &work->items[i], &hurdle, drift, MODELS);
        if (demand_bgbb_history(y, head, &d.history) == 0 || d.history.periods < NO_SALE_AGE_MIN)
            continue;
        d.chance = smoothed_chance(y, head);
        struct logistic_example *e = &ret[examples++];
        no_sale_features(&d, &bgbb, t->horizon, e->x);
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
