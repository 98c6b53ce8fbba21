/* SPDX-License-Identifier: Apache-2.0 */
/* Prints digests of models and scores over generated histories, bit by bit. With the name of a file
 * of expected digests it compares and says which differ. The same file must fit every machine the
 * project runs on: the appliance and the relay have to come to the same decisions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "dead_stock.h"
#include "detmath.h"
#include "expiry_risk.h"
#include "financial_impact.h"
#include "forecast.h"
#include "return_pattern.h"
#include "rng.h"
#include "season.h"

#define ITEMS 200
#define PERIODS 120
#define BATCHES 8

struct digest {
    const char *name;
    uint64_t hash;
};

enum {
    DETMATH,
    POOL,
    DEMAND,
    QUANTILES,
    NO_SALE,
    EXPIRY,
    DEAD,
    IMPACT,
    FORECAST,
    SEASON,
    RETURNS,
    DIGESTS
};

static struct digest digests[DIGESTS] = {
    {"detmath", 0},  {"demand_pool", 0}, {"demand", 0},         {"quantiles", 0},
    {"no_sale", 0},  {"expiry_risk", 0}, {"dead_stock", 0},     {"financial_impact", 0},
    {"forecast", 0}, {"season", 0},      {"return_pattern", 0},
};

static void add(int which, const void *bytes, size_t len) /* FNV-1a, 64 bits */
{
    const uint8_t *p = bytes;
    uint64_t *h = &digests[which].hash;
    if (*h == 0)
        *h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        *h = (*h ^ p[i]) * UINT64_C(0x100000001b3);
}

static void add_double(int which, double v)
{
    add(which, &v, sizeof(v));
}

static void add_int(int which, int64_t v)
{
    add(which, &v, sizeof(v));
}

static void digest_detmath(struct rng *rng)
{
    for (int i = 0; i < 20000; i++) {
        double u = rng_unit(rng);
        add_double(DETMATH, detmath_exp(u * 1400 - 700));
        add_double(DETMATH, detmath_log(u * 1000 + 1e-9));
        add_double(DETMATH, detmath_lgamma(u * 100 + 1e-6));
    }
}

static void digest_demand(const struct demand *d)
{
    const double values[] = {d->rate,         d->smooth_sd, d->hurdle_noise,
                             d->hurdle_drift, d->drift,     d->chance};
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        add_double(DEMAND, values[i]);
    static const double q[] = {.1, .5, .9, .99};
    for (uint32_t periods = 1; periods < 200; periods *= 3) {
        for (size_t i = 0; i < ARRAY_LEN(q); i++)
            add_int(QUANTILES, (int64_t)demand_nb_quantile(demand_over(d, periods), q[i]));
    }
}

static void digest_expiry(struct rng *rng, const struct demand *d)
{
    struct expiry_terms terms = expiry_terms_default();
    struct expiry_batch batches[BATCHES];
    struct expiry_risk risks[BATCHES];
    int32_t days = -5;
    for (int i = 0; i < BATCHES; i++) {
        days += (int32_t)rng_below(rng, 60);
        int64_t units = (int64_t)rng_below(rng, 1 + 50 * (uint64_t)(d->rate + 1));
        batches[i] = (struct expiry_batch){units, days, 20, units * 1234, units * 61, units * 7};
    }
    expiry_risk_batches(d, 7, &terms, batches, BATCHES, risks);
    for (int i = 0; i < BATCHES; i++) {
        const struct expiry_risk *r = &risks[i];
        const int64_t values[] = {r->at_risk_units,  r->unsold_milli, r->not_sold_out_permille,
                                  r->landed_paise,   r->total_paise,  r->score,
                                  r->carrying_paise, r->state,        r->day_bucket};
        for (size_t k = 0; k < ARRAY_LEN(values); k++)
            add_int(EXPIRY, values[k]);
        struct demand_nb_short raw = demand_nb_short(demand_over(d, 1 + i), 1 + (uint64_t)i * 40);
        add_double(EXPIRY, raw.below);
        add_double(EXPIRY, raw.unsold);
    }
}

static void digest_dead(const double *y, const struct demand *d, const struct demand_pool *pool)
{
    struct dead_stock_terms terms = dead_stock_terms_default();
    struct dead_stock_state state = {0};
    for (uint32_t n = 30; n <= PERIODS; n += 10) {
        double no_sale = demand_no_sale(d, pool, n / 10);
        add_double(NO_SALE, no_sale);
        struct dead_stock_facts f = {.on_hand_units = 1,
                                     .movement = dead_stock_movement(y, n, terms.window_days),
                                     .no_sale_permille = (uint16_t)(no_sale * 1000 + 0.5)};
        struct dead_stock_step step = dead_stock_next(state, &f, &terms);
        state = step.state;
        add_int(DEAD, step.event);
        add_int(DEAD, state.status);
        add_int(DEAD, dead_stock_score(&f, &terms).score);
    }
    struct financial_impact_rates rates = financial_impact_rates_default();
    struct financial_impact_stock stock = {(int64_t)(d->rate * 1e5), (int64_t)(d->rate * 300),
                                           (int64_t)(d->rate * 700), 90};
    struct financial_impact i = financial_impact(&stock, &rates);
    add_int(IMPACT, i.total_paise);
    add_int(IMPACT, i.carrying_paise);
    add_int(IMPACT, i.transport_paise);
}

static void digest_trade(struct rng *rng, const double *y)
{
    static double work[SEASON_WORK];
    struct forecast f = forecast_choose(y, PERIODS, 7, 1 + (uint32_t)rng_below(rng, 14), work);
    add_int(FORECAST, f.chosen);
    add_int(FORECAST, forecast_error_permille(&f));
    add_double(FORECAST, f.units);
    for (int m = 0; m < FORECAST_METHODS; m++)
        add_double(FORECAST, f.error[m]);
    struct season s = season_fit(y, PERIODS, 19700, 27, "sweets", work);
    for (int32_t d = 0; d < 400; d += 9)
        add_double(SEASON, season_factor(&s, 19700 + d));
    const struct return_counts items[] = {
        {(int64_t)rng_below(rng, 5000), (int64_t)rng_below(rng, 90)}, {700, 12}, {90, 4}};
    struct return_pool pool = return_pool_fit(items, ARRAY_LEN(items));
    struct return_pattern p = return_pattern_of(&items[0], &pool);
    add_double(RETURNS, pool.a);
    add_int(RETURNS, p.share_permille);
    add_int(RETURNS, p.suspect_permille);
}

static void digest_all(void)
{
    static double y[ITEMS][PERIODS];
    static struct demand_series series[ITEMS];
    static struct demand_hurdle_item items[ITEMS];
    static struct demand_bgbb_history histories[ITEMS];
    static struct demand_points points[ITEMS];
    static struct logistic_example examples[ITEMS * DEMAND_POOL_ORIGINS];
    double blocks[PERIODS];
    struct rng rng = rng_seed(2026);
    digest_detmath(&rng);
    for (int i = 0; i < ITEMS; i++) {
        double chance = rng_unit(&rng);
        uint64_t size = 1 + rng_below(&rng, UINT64_C(1) << rng_below(&rng, 12));
        uint32_t fades = (uint32_t)rng_below(&rng, 2 * PERIODS);
        for (uint32_t t = 0; t < PERIODS; t++)
            y[i][t] =
                t < fades && rng_unit(&rng) < chance ? (double)(1 + rng_below(&rng, size)) : 0;
        series[i] = (struct demand_series){y[i], PERIODS};
    }
    struct demand_pool_work work = {items, histories, points, examples, blocks};
    struct demand_pool pool = demand_pool_fit(series, ITEMS, 12, &work);
    const double values[] = {pool.hurdle.weight,   pool.hurdle.size_cap, pool.hurdle.a,
                             pool.hurdle.b,        pool.hurdle.excess,   pool.hurdle.dispersion,
                             pool.hurdle.evidence, pool.bgbb.a,          pool.bgbb.b,
                             pool.bgbb.g,          pool.bgbb.d,          pool.drift};
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        add_double(POOL, values[i]);
    for (uint32_t i = 0; i < pool.no_sale.features; i++)
        add_double(POOL, pool.no_sale.weight[i]);
    for (int i = 0; i < ITEMS; i++) {
        struct demand d = demand_fit(y[i], PERIODS, &pool, blocks);
        digest_demand(&d);
        digest_expiry(&rng, &d);
        digest_dead(y[i], &d, &pool);
    }
    for (int i = 0; i < ITEMS; i++)
        digest_trade(&rng, y[i]);
}

/* How many digests the file holds differently. */
static int compare(const char *path)
{
    FILE *in = fopen(path, "re");
    if (!in) {
        perror(path);
        return DIGESTS;
    }
    int differ = 0;
    for (int i = 0; i < DIGESTS; i++) {
        char name[32] = "";
        uint64_t hash = 0;
        if (fscanf(in, "%31s %" SCNx64, name, &hash) != 2 || hash != digests[i].hash ||
            strcmp(name, digests[i].name) != 0) {
            fprintf(stderr, "%s differs\n", digests[i].name);
            differ++;
        }
    }
    fclose(in);
    return differ;
}

int main(int argc, char **argv)
{
    digest_all();
    for (int i = 0; i < DIGESTS; i++)
        printf("%s %016" PRIx64 "\n", digests[i].name, digests[i].hash);
    return argc > 1 && compare(argv[1]) > 0 ? 1 : 0;
}
