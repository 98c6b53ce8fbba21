/* SPDX-License-Identifier: Apache-2.0 */
/* Measures the demand models on the open sets of a folder and prints every figure next to its
 * reference. One recipe for all sets: nothing is chosen by hand. Usage: forecast FOLDER REFERENCE
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attr.h"
#include "csv_table.h"
#include "demand.h"
#include "demand_point.h"
#include "forecast_metrics.h"
#include "forecast_sets.h"

#define SALES_MIN 2    /* in training, for a series to be measured */
#define DEAD_AGE_MIN 4 /* periods since the first sale */
#define COVERS 3       /* batches of the expiry protocol a series */
#define REFERENCES_MAX 1024
#define NAME_SIZE 32

static const double quantiles[] = {.5, .9, .95, .99};

/* --- reference figures */

struct reference {
    char table[NAME_SIZE];
    char method[NAME_SIZE];
    char set[NAME_SIZE];
    double value;
};

struct references {
    struct reference row[REFERENCES_MAX];
    size_t n;
};

static int on_reference(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct references *all = context;
    if (all->n == REFERENCES_MAX) {
        diag_set(reterr, csv_row_line(row), "more than %d figures", REFERENCES_MAX);
        return -EINVAL;
    }
    struct reference *r = &all->row[all->n++];
    snprintf(r->table, sizeof(r->table), "%s", csv_row_get(row, "table"));
    snprintf(r->method, sizeof(r->method), "%s", csv_row_get(row, "method"));
    snprintf(r->set, sizeof(r->set), "%s", csv_row_get(row, "set"));
    r->value = strtod(csv_row_get(row, "value"), NULL);
    return 0;
}

static const char *const reference_columns[] = {"table", "method", "set", "value", NULL};

static void print_figure(const struct references *all, const char *table, const char *method,
                         const char *set, double value)
{
    printf("  %-8s %-14s %8.4f", table, method, value);
    for (size_t i = 0; i < all->n; i++) {
        const struct reference *r = &all->row[i];
        if (strcmp(r->table, table) == 0 && strcmp(r->method, method) == 0 &&
            strcmp(r->set, set) == 0)
            printf("   reference %7.3f  %+5.1f %%", r->value, 100 * (value / r->value - 1));
    }
    printf("\n");
}

/* --- what is measured of one set */

enum point { ZERO, SES, SBA, TSB, ADIDA, IMAPA, EBH2, BGBB, ENSEMBLE, POINTS };
static const char *const point_name[POINTS] = {"Zero",  "SES-opt", "SBA.1", "TSB-opt", "ADIDA",
                                               "IMAPA", "EBH2",    "BGBB",  "COMB3"};

enum dead { DEAD_DEMAND, DEAD_BGBB, DEAD_RATE, DEADS };
static const char *const dead_name[DEADS] = {"demand", "BG/BB", "rate"};

enum spread { NB_TSB, NB_IMAPA, S_EBH2, BGBB_NB, ENS3, DEMAND, SPREADS };
static const char *const spread_name[SPREADS] = {"NB(TSB-opt)", "NB(IMAPA)", "EBH2",
                                                 "BGBB-NB",     "ENS3",      "demand"};

struct run {
    const struct forecast_set *set;
    struct demand_pool pool;
    double history[DEMAND_PERIODS_MAX];
    double work[DEMAND_PERIODS_MAX];
    uint32_t n;
    double rmsse[POINTS];
    double qmean[SPREADS];
    double cmean[SPREADS];
    double unsold_expected, unsold_actual;
    struct forecast_chance *expiry;
    size_t expiries;
    struct forecast_chance *dead[DEADS];
    size_t deads;
    double us_points, us_fit, us_pool;
};

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

struct scales {
    double mean_change, rms_change; /* from the first sale on */
    double mean, variance;
    double lifetime_mean; /* from the first sale on */
    uint32_t first;       /* period of the first sale */
    uint32_t sales;
};

static struct scales scales_of(const double *y, uint32_t n)
{
    struct scales s = {.first = n};
    for (uint32_t t = 0; t < n; t++) {
        s.sales += y[t] > 0;
        if (s.first == n && y[t] > 0)
            s.first = t;
        s.mean += y[t] / n;
    }
    for (uint32_t t = 0; t < n; t++)
        s.variance += (y[t] - s.mean) * (y[t] - s.mean) / n;
    for (uint32_t t = s.first + 1; t < n; t++) {
        double change = y[t] - y[t - 1];
        s.mean_change += fabs(change) / (n - s.first - 1);
        s.rms_change += change * change / (n - s.first - 1);
    }
    s.rms_change = sqrt(s.rms_change);
    s.lifetime_mean = s.first < n ? s.mean * n / (n - s.first) : 0;
    return s;
}

static uint64_t hurdle_quantile(const struct demand_hurdle *h, uint32_t periods, double q)
{
    uint64_t low = 0;
    uint64_t high = 1;
    while (demand_hurdle_cdf(h, periods, high) < q)
        high *= 2;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (demand_hurdle_cdf(h, periods, middle) >= q)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct models {
    struct demand_nb tsb, imapa, bgbb;
    struct demand_hurdle hurdle;
    struct demand demand;
};

static void quantiles_of(const struct models *m, uint32_t periods, double q, double ret[SPREADS])
{
    ret[NB_TSB] = (double)demand_nb_quantile(demand_nb_sum(m->tsb, periods), q);
    ret[NB_IMAPA] = (double)demand_nb_quantile(demand_nb_sum(m->imapa, periods), q);
    ret[S_EBH2] = (double)hurdle_quantile(&m->hurdle, periods, q);
    ret[BGBB_NB] = (double)demand_nb_quantile(demand_nb_sum(m->bgbb, periods), q);
    ret[ENS3] = (ret[NB_TSB] + ret[NB_IMAPA] + ret[S_EBH2]) / 3;
    ret[DEMAND] = (double)demand_nb_quantile(demand_over(&m->demand, periods), q);
}

static void measure_spreads(struct run *run, const struct models *m, const double *future,
                            double scale)
{
    uint32_t horizon = run->set->horizon;
    double total = 0;
    for (uint32_t t = 0; t < horizon; t++)
        total += future[t];
    double weight = 1 / (scale * horizon * (double)ARRAY_LEN(quantiles));
    for (size_t i = 0; i < ARRAY_LEN(quantiles); i++) {
        double q = quantiles[i];
        double one[SPREADS];
        double sum[SPREADS];
        quantiles_of(m, 1, q, one);
        quantiles_of(m, horizon, q, sum);
        for (int k = 0; k < SPREADS; k++) {
            for (uint32_t t = 0; t < horizon; t++)
                run->qmean[k] += weight * forecast_pinball(future[t], one[k], q);
            run->cmean[k] += weight * forecast_pinball(total, sum[k], q);
        }
    }
}

/* What the model knows of the first n periods. */
static struct demand fit(struct run *run, const double *y, uint32_t n)
{
    memcpy(run->history, y, n * sizeof(*y));
    demand_cut_outliers(run->history, n, &run->pool);
    return demand_fit(run->history, n, &run->pool, run->work);
}

static void measure_expiry(struct run *run, const struct demand *d, const struct scales *s,
                           const double *future)
{
    static const double cover[COVERS] = {.5, 1, 1.5};
    uint32_t life = run->set->life;
    double sold = 0;
    for (uint32_t t = 0; t < life; t++)
        sold += future[t];
    for (size_t i = 0; i < COVERS; i++) {
        double units = fmax(1, floor(cover[i] * s->lifetime_mean * life + 0.5));
        struct demand_nb_short left = demand_nb_short(demand_over(d, life), (uint64_t)units);
        run->expiry[run->expiries++] = (struct forecast_chance){left.below, sold < units};
        run->unsold_expected += left.unsold;
        run->unsold_actual += fmax(units - sold, 0);
    }
}

/* From earlier origins too, where a set has few series. The pool stays that of the last one: it
 * knows nothing of a single item. */
static void measure_expiry_origins(struct run *run, const double *y)
{
    const struct forecast_set *set = run->set;
    for (uint32_t k = 1; k < set->origins; k++) {
        uint32_t n = set->train - k * set->life;
        struct scales s = scales_of(y, n);
        struct demand d = fit(run, y, n);
        measure_expiry(run, &d, &s, y + n);
    }
}

static void measure_dead(struct run *run, const struct demand *d, const double *future)
{
    bool none = true;
    for (uint32_t t = 0; t < run->set->dead; t++)
        none = none && !(future[t] > 0);
    uint32_t horizon = run->set->dead;
    const double p[DEADS] = {
        [DEAD_DEMAND] = demand_no_sale(d, &run->pool, horizon),
        [DEAD_BGBB] = demand_bgbb_no_sale(&run->pool.bgbb, &d->history, horizon),
        [DEAD_RATE] = demand_nb_short(demand_over(d, horizon), 1).below,
    };
    for (int k = 0; k < DEADS; k++)
        run->dead[k][run->deads] = (struct forecast_chance){p[k], none};
    run->deads++;
}

static void measure_series(struct run *run, const double *y)
{
    uint32_t n = run->set->train;
    uint32_t horizon = run->set->horizon;
    struct scales s = scales_of(y, n);
    double start = now_us();
    struct models m = {.demand = fit(run, y, n)};
    double us_fit = now_us() - start;
    if (run->set->dead > 0 && s.first + DEAD_AGE_MIN <= n)
        measure_dead(run, &m.demand, y + n);
    if (s.sales < SALES_MIN || !(s.rms_change > 0))
        return;

    run->n++;
    run->us_fit += us_fit;
    if (run->set->life > 0) {
        measure_expiry(run, &m.demand, &s, y + n);
        measure_expiry_origins(run, y);
    }

    double f[POINTS] = {0};
    start = now_us();
    f[SES] = demand_point_ses_opt(y, n);
    f[SBA] = demand_point_sba(y, n, .1);
    f[TSB] = demand_point_tsb_opt(y, n);
    f[ADIDA] = demand_point_adida(y, n, run->work);
    f[IMAPA] = demand_point_imapa(y, n, run->work);
    run->us_points += now_us() - start;

    const struct demand_hurdle_pool *pool = &run->pool.hurdle;
    struct demand_hurdle_item item = demand_hurdle_item(y, n, pool->weight, pool->size_cap);
    m.hurdle = demand_hurdle_of(&item, pool);
    f[EBH2] = demand_hurdle_moments(&m.hurdle).rate;
    f[BGBB] = demand_bgbb_expected_sales(&run->pool.bgbb, &m.demand.history, horizon) / horizon *
              (1 + m.hurdle.excess);
    f[ENSEMBLE] = m.demand.rate;
    for (int k = 0; k < POINTS; k++) {
        double sse = 0;
        for (uint32_t t = 0; t < horizon; t++)
            sse += (y[n + t] - f[k]) * (y[n + t] - f[k]);
        run->rmsse[k] += sqrt(sse / horizon) / s.rms_change;
    }
    m.tsb = demand_nb_of_forecast(f[TSB], s.mean, s.variance);
    m.imapa = demand_nb_of_forecast(f[IMAPA], s.mean, s.variance);
    m.bgbb = demand_nb_of_forecast(f[BGBB], s.mean, s.variance);
    measure_spreads(run, &m, y + n, s.mean_change);
}

static void print_chances(const struct references *all, const char *table, const char *method,
                          const char *set, struct forecast_chance *c, size_t n)
{
    struct forecast_chance_score s = forecast_chance_score(c, n);
    char name[NAME_SIZE];
    const struct {
        const char *measure;
        double value;
    } figures[] = {
        {"auc", s.auc}, {"ap", s.average_precision}, {"brier", s.brier}, {"logloss", s.log_loss}};
    printf("  %s %s: N %zu, base rate %.2f\n", table, method, n, s.base);
    for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
        snprintf(name, sizeof(name), "%s %s", table, figures[i].measure);
        print_figure(all, name, method, set, figures[i].value);
    }
}

static int fit_pool(struct run *run)
{
    const struct forecast_set *set = run->set;
    struct demand_series *series = calloc(set->n, sizeof(*series));
    struct demand_pool_work work = {
        .items = calloc(set->n, sizeof(*work.items)),
        .histories = calloc(set->n, sizeof(*work.histories)),
        .points = calloc(set->n, sizeof(*work.points)),
        .examples = calloc((size_t)set->n * DEMAND_POOL_ORIGINS, sizeof(*work.examples)),
        .blocks = run->work,
    };
    int err = series && work.items && work.histories && work.points && work.examples ? 0 : -ENOMEM;
    if (err == 0) {
        for (uint32_t i = 0; i < set->n; i++)
            series[i] = (struct demand_series){forecast_set_row(set, i), set->train};
        double start = now_us();
        run->pool = demand_pool_fit(series, set->n, set->horizon, &work);
        run->us_pool = (now_us() - start) / set->n;
    }
    free(series);
    free(work.items);
    free(work.histories);
    free(work.points);
    free(work.examples);
    return err;
}

static void print_run(const struct run *run, const struct references *all)
{
    const char *set = run->set->name;
    const struct demand_pool *p = &run->pool;
    printf("%s: %u of %u series, %u periods, horizon %u\n", set, run->n, run->set->n,
           run->set->train, run->set->horizon);
    printf("  chosen: weight %.2f, drift %.2f\n", p->hurdle.weight, p->drift);
    printf("  fitted: chance Beta(%.3g, %.3g), size 1 + %.3g, dispersion %.3g, evidence %.3g, "
           "BG/BB (%.3g, %.3g, %.3g, %.3g)\n",
           p->hurdle.a, p->hurdle.b, p->hurdle.excess, p->hurdle.dispersion, p->hurdle.evidence,
           p->bgbb.a, p->bgbb.b, p->bgbb.g, p->bgbb.d);
    printf("  no sale:");
    for (uint32_t i = 0; i < p->no_sale.features; i++)
        printf(" %.3f", p->no_sale.weight[i]);
    printf("\n  microseconds a series: five point methods %.1f, demand_fit %.1f, demand_pool_fit "
           "%.0f\n",
           run->us_points / run->n, run->us_fit / run->n, run->us_pool);
    for (int k = 0; k < POINTS; k++)
        print_figure(all, "rmsse", point_name[k], set, run->rmsse[k] / run->n);
    for (int k = 0; k < SPREADS; k++)
        print_figure(all, "qmean", spread_name[k], set, run->qmean[k] / run->n);
    for (int k = 0; k < SPREADS; k++)
        print_figure(all, "cmean", spread_name[k], set, run->cmean[k] / run->n);
    for (int k = 0; k < DEADS && run->deads > 0; k++)
        print_chances(all, "dead", dead_name[k], set, run->dead[k], run->deads);
    if (run->expiries > 0) {
        print_chances(all, "expiry", "demand", set, run->expiry, run->expiries);
        printf("  expiry waste bias %+.0f %%\n",
               100 * (run->unsold_expected / run->unsold_actual - 1));
    }
}

static int measure_set(const struct forecast_set *set, const struct references *all)
{
    struct run *run = calloc(1, sizeof(*run));
    if (!run)
        return -ENOMEM;
    run->set = set;
    run->expiry = calloc((size_t)set->n * COVERS * (set->origins > 0 ? set->origins : 1),
                         sizeof(*run->expiry));
    int err = run->expiry ? 0 : -ENOMEM;
    for (int k = 0; k < DEADS; k++) {
        run->dead[k] = calloc(set->n, sizeof(*run->dead[k]));
        if (!run->dead[k])
            err = -ENOMEM;
    }
    if (err == 0)
        err = fit_pool(run);
    if (err == 0) {
        for (uint32_t i = 0; i < set->n; i++)
            measure_series(run, forecast_set_row(set, i));
        print_run(run, all);
    }
    free(run->expiry);
    for (int k = 0; k < DEADS; k++)
        free(run->dead[k]);
    free(run);
    return err;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s FOLDER REFERENCE\n", argv[0]);
        return 2;
    }
    struct diag diag = {0};
    struct forecast_set sets[FORECAST_SETS] = {0};
    static struct references references;
    int err = csv_table_read_file(argv[2], reference_columns, on_reference, &references, &diag);
    if (err == 0)
        err = forecast_sets_load(argv[1], sets, &diag);
    for (int i = 0; i < FORECAST_SETS && err == 0; i++) {
        if (sets[i].n > 0)
            err = measure_set(&sets[i], &references);
    }
    forecast_sets_free(sets);
    if (err < 0)
        fprintf(stderr, "forecast: line %d: %s: %s\n", diag.line, diag.text, strerror(-err));
    return err < 0 ? 1 : 0;
}
