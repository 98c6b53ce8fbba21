/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fits.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "civil.h"
#include "pair.h"
#include "text.h"

#define NAME_SIZE (16 + CATALOGUE_WORD_SIZE)
#define POOL_HORIZON_DAYS 28
#define WEEKS (FITS_SEASON_DAYS / 7)

/* ---- in force ---- */

struct named_season {
    char name[NAME_SIZE];
    struct season season;
};

struct fits {
    struct demand_pool pool;
    struct season flat;
    struct named_season *seasons; /* ascending by name */
    size_t count;
};

static void season_name(char name[NAME_SIZE], uint8_t state, const char *category)
{
    snprintf(name, NAME_SIZE, "season:%02u:%s", state, category);
}

/* A body of another size is of another release: it is passed over until it is fitted again. */
static bool take(struct sql_query *q, int column, void *to, size_t size)
{
    size_t len = 0;
    const void *bytes = sql_bytes(q, column, &len);
    if (len == size)
        memcpy(to, bytes, size);
    return len == size;
}

void fits_free(struct fits *f)
{
    if (!f)
        return;
    free(f->seasons);
    free(f);
}

int fits_read(struct sql *s, struct fits **ret)
{
    assert(s && ret);
    AUTO(fits) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->pool = demand_pool_vague();
    f->flat = season_flat();
    AUTO(sql_query) q = sql_query(s, "SELECT name, body FROM fit ORDER BY name");
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        if (strcmp(sql_text(q, 0), "pool") == 0) {
            take(q, 1, &f->pool, sizeof(f->pool));
            continue;
        }
        struct named_season *grown = realloc(f->seasons, (f->count + 1) * sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        f->seasons = grown;
        struct named_season *n = &f->seasons[f->count];
        sql_copy(q, 0, n->name, sizeof(n->name));
        f->count += take(q, 1, &n->season, sizeof(n->season));
    }
    if (got < 0)
        return got;
    *ret = TAKE(f);
    return 0;
}

const struct demand_pool *fits_pool(const struct fits *f)
{
    assert(f);
    return &f->pool;
}

static int compare_names(const void *name, const void *row)
{
    return strcmp(name, ((const struct named_season *)row)->name);
}

const struct season *fits_season(const struct fits *f, uint8_t state, const char *category)
{
    assert(f && category);
    char name[NAME_SIZE];
    season_name(name, state, category);
    const struct named_season *n =
        f->count > 0 ? bsearch(name, f->seasons, f->count, sizeof(*n), compare_names) : NULL;
    return n ? &n->season : &f->flat;
}

int fits_due(struct sql *s, int32_t today)
{
    assert(s);
    {
        AUTO(sql_query) q = sql_query(s, "SELECT day, body FROM fit WHERE name = 'pool'");
        int got = sql_step(q);
        struct demand_pool pool;
        if (got < 0 || (got > 0 && sql_int(q, 0) > (int64_t)today - FITS_DAYS &&
                        take(q, 1, &pool, sizeof(pool))))
            return got < 0 ? got : 0;
    }
    AUTO(sql_query) q = sql_query(s, "SELECT 1 FROM sku_score LIMIT 1");
    return sql_step(q);
}

/* ---- fitting ---- */

struct curve { /* a category in a state */
    char category[CATALOGUE_WORD_SIZE];
    uint8_t state;
    double week[WEEKS];
    struct season season;
};

struct fitting {
    int32_t today;
    struct pair *pairs;
    size_t pairs_count;
    struct demand_pool pool;
    struct curve *curves;
    size_t curves_count;
};

void fitting_free(struct fitting *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->pairs_count; i++)
        pair_clear(&f->pairs[i]);
    free(f->pairs);
    free(f->curves);
    free(f);
}

static int find_curve(struct fitting *f, uint8_t state, const char *category, struct curve **ret)
{
    for (size_t i = 0; i < f->curves_count; i++)
        if (f->curves[i].state == state && strcmp(f->curves[i].category, category) == 0) {
            *ret = &f->curves[i];
            return 0;
        }
    struct curve *grown = realloc(f->curves, (f->curves_count + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    f->curves = grown;
    struct curve *c = &f->curves[f->curves_count++];
    *c = (struct curve){.state = state};
    text_cut(c->category, sizeof(c->category), category);
    *ret = c;
    return 0;
}

/* The weeks of both sources, by category and state. */
static int read_curves(struct sql *s, const struct catalogue_index *catalogue, struct fitting *f,
                       const char *text)
{
    int32_t from = f->today - WEEKS * 7;
    AUTO(sql_query) q = sql_query(s, text);
    sql_bind_int(q, 1, from);
    sql_bind_int(q, 2, f->today);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        const struct catalogue_sku *sku = catalogue_index_sku(catalogue, sql_text(q, 1));
        const struct site *site = catalogue_index_site(catalogue, sql_text(q, 0));
        if (!sku || !site || sku->category[0] == '\0')
            continue;
        struct curve *c = NULL;
        int err = find_curve(f, (uint8_t)site->state, sku->category, &c);
        if (err < 0)
            return err;
        int64_t units = sql_int(q, 3);
        c->week[sql_int(q, 2)] += units > 0 ? (double)units : 0;
    }
    return got;
}

int fitting_read(struct sql *s, const struct catalogue_index *catalogue, int32_t today,
                 struct fitting **ret)
{
    assert(s && catalogue && ret);
    AUTO(fitting) f = calloc(1, sizeof(*f));
    if (!f || !(f->pairs = calloc(FITS_POOL_PAIRS, sizeof(*f->pairs))))
        return -ENOMEM;
    f->today = today;
    int n = pair_spread(s, f->pairs, FITS_POOL_PAIRS);
    if (n < 0)
        return n;
    f->pairs_count = (size_t)n;
    int err = 0;
    for (size_t i = 0; err == 0 && i < f->pairs_count; i++)
        err = pair_read(s, today, &f->pairs[i]);
    if (err == 0)
        err = read_curves(s, catalogue, f,
                          "SELECT site, sku, (day - $1) / 7, CAST(sum(units - returned) AS BIGINT)"
                          " FROM demand WHERE day >= $1 AND day < $2 GROUP BY 1, 2, 3"
                          " ORDER BY 1, 2, 3");
    if (err == 0)
        err = read_curves(s, catalogue, f,
                          "SELECT site, sku, (day - $1) / 7, CAST(sum(units) AS BIGINT)"
                          " FROM history WHERE day >= $1 AND day < $2 GROUP BY 1, 2, 3"
                          " ORDER BY 1, 2, 3");
    if (err < 0)
        return err;
    *ret = TAKE(f);
    return 0;
}

/* Weeks before the first sale are before anything is known. */
static void fit_curve(struct fitting *f, struct curve *c, double *work)
{
    uint32_t first = 0;
    while (first < WEEKS && !(c->week[first] > 0))
        first++;
    int32_t day = f->today - (WEEKS - (int32_t)first) * 7;
    c->season = season_fit(c->week + first, WEEKS - first, day, c->state, c->category, work);
}

static int fit_pool(struct fitting *f)
{
    size_t n = f->pairs_count;
    double *values = calloc(n * SCORE_HISTORY_DAYS + 1, sizeof(*values));
    struct demand_series *series = calloc(n + 1, sizeof(*series));
    struct demand_pool_work work = {.items = calloc(n + 1, sizeof(*work.items)),
                                    .histories = calloc(n + 1, sizeof(*work.histories)),
                                    .points = calloc(n + 1, sizeof(*work.points)),
                                    .examples =
                                        calloc(n * DEMAND_POOL_ORIGINS + 1, sizeof(*work.examples)),
                                    .blocks = calloc(SCORE_HISTORY_DAYS, sizeof(*work.blocks))};
    bool room = values && series && work.items && work.histories && work.points && work.examples &&
                work.blocks;
    for (size_t i = 0; room && i < n; i++) {
        const struct pair *p = &f->pairs[i];
        double *y = values + i * SCORE_HISTORY_DAYS;
        struct score_days days = {p->units, p->stocked, p->first};
        series[i] = (struct demand_series){y, score_series(&days, y)};
    }
    if (room)
        f->pool = demand_pool_fit(series, (uint32_t)n, POOL_HORIZON_DAYS, &work);
    free(values);
    free(series);
    free(work.items);
    free(work.histories);
    free(work.points);
    free(work.examples);
    free(work.blocks);
    return room ? 0 : -ENOMEM;
}

int fitting_compute(struct fitting *f)
{
    assert(f);
    double *work = calloc(SEASON_WORK, sizeof(*work));
    if (!work)
        return -ENOMEM;
    for (size_t i = 0; i < f->curves_count; i++)
        fit_curve(f, &f->curves[i], work);
    free(work);
    return fit_pool(f);
}

static int put(struct sql *s, const char *name, int32_t day, const void *body, size_t size)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO fit(name, day, body) VALUES($1, $2, $3)"
                     " ON CONFLICT(tenant, name) DO UPDATE SET day = excluded.day,"
                     " body = excluded.body");
    sql_bind_text(q, 1, name);
    sql_bind_int(q, 2, day);
    sql_bind_bytes(q, 3, body, size);
    return sql_run(q);
}

int fitting_write(struct sql *s, const struct fitting *f)
{
    assert(s && f);
    int err = put(s, "pool", f->today, &f->pool, sizeof(f->pool));
    for (size_t i = 0; err == 0 && i < f->curves_count; i++) {
        char name[NAME_SIZE];
        season_name(name, f->curves[i].state, f->curves[i].category);
        err = put(s, name, f->today, &f->curves[i].season, sizeof(f->curves[i].season));
    }
    return err;
}

/* ---- history documents ---- */

#define ROWS_MAX 4096

struct taking {
    struct sql *s;
    const char *site;
    int64_t now_ms;
    size_t n;
    const char *sites[ROWS_MAX];
    char skus[ROWS_MAX][ENTRY_SKU_SIZE];
    const char *sku_at[ROWS_MAX];
    int64_t days[ROWS_MAX];
    int64_t units[ROWS_MAX];
};

static int flush(struct taking *t)
{
    const struct sql_column columns[] = {
        {.name = "site", .type = SQL_TEXT, .texts = t->sites},
        {.name = "sku", .type = SQL_TEXT, .texts = t->sku_at},
        {.name = "day", .type = SQL_INT, .ints = t->days},
        {.name = "units", .type = SQL_INT, .ints = t->units},
    };
    size_t n = t->n;
    t->n = 0;
    if (n == 0)
        return 0;
    int64_t done = sql_insert(t->s, "history", columns, ARRAY_LEN(columns), n,
                              "ON CONFLICT(tenant, site, sku, day) DO UPDATE"
                              " SET units = excluded.units");
    return done < 0 ? (int)done : 0;
}

static int on_sales(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_sales *r = record;
    struct taking *t = context;
    t->sites[t->n] = t->site;
    memcpy(t->skus[t->n], r->sku, sizeof(t->skus[0]));
    t->sku_at[t->n] = t->skus[t->n];
    t->days[t->n] = r->day;
    t->units[t->n] = r->units;
    return ++t->n == ROWS_MAX ? flush(t) : 0;
}

static int take_document(struct sql *s, const char *site, const void *body, size_t len,
                         int64_t now_ms, struct diag *reterr)
{
    struct taking *t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    t->s = s;
    t->site = site;
    t->now_ms = now_ms;
    AUTO(sql_query) clear = sql_query(s, "DELETE FROM history WHERE site = $1");
    sql_bind_text(clear, 1, site);
    int err = sql_run(clear);
    if (err == 0)
        err = catalogue_read(DOCUMENT_HISTORY, body, len, on_sales, t, reterr);
    if (err == 0)
        err = flush(t);
    free(t);
    if (err < 0)
        return err;
    AUTO(sql_query)
    mark =
        sql_query(s, "INSERT INTO rescore(site, sku, since_ms)"
                     " SELECT DISTINCT site, sku, CAST($2 AS BIGINT) FROM history"
                     " WHERE site = $1"
                     " ON CONFLICT(tenant, site, sku) DO UPDATE SET since_ms = excluded.since_ms");
    sql_bind_text(mark, 1, site);
    sql_bind_int(mark, 2, now_ms);
    return sql_run(mark);
}

static int keep_position(struct sql *s, const char *device, int64_t version)
{
    char source[80];
    snprintf(source, sizeof(source), "history:%s", device);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO position(consumer, source, seq) VALUES('analysis', $1, $2)"
                     " ON CONFLICT(tenant, consumer, source) DO UPDATE SET seq = excluded.seq");
    sql_bind_text(q, 1, source);
    sql_bind_int(q, 2, version);
    return sql_run(q);
}

int fits_take_history(struct sql *s, int64_t now_ms, struct diag *reterr)
{
    assert(s);
    AUTO(sql_query)
    q = sql_query(s, "SELECT d.device, d.site, h.version, h.body FROM device d"
                     " JOIN document h ON h.type = 'history' AND h.scope = d.device"
                     "  AND h.version = (SELECT max(version) FROM document"
                     "   WHERE type = 'history' AND scope = d.device)"
                     " LEFT JOIN position p ON p.consumer = 'analysis'"
                     "  AND p.source = 'history:' || d.device"
                     " WHERE h.version > coalesce(p.seq, 0) ORDER BY d.device LIMIT 1");
    int got = sql_step(q);
    if (got <= 0)
        return got;
    char device[ENTRY_DEVICE_SIZE];
    char site[ENTRY_PARTY_SIZE];
    sql_copy(q, 0, device, sizeof(device));
    sql_copy(q, 1, site, sizeof(site));
    int64_t version = sql_int(q, 2);
    size_t len = 0;
    const void *body = sql_bytes(q, 3, &len);
    int err = take_document(s, site, body, len, now_ms, reterr);
    if (err == 0)
        err = keep_position(s, device, version);
    return err < 0 ? err : 1;
}
