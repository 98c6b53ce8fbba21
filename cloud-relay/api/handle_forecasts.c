/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/forecasts: the stored forecasts of SKUs at sites, summed by what they belong to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "forecast_weeks.h"
#include "text.h"

#define ROWS_MAX 10000
#define PAIRS_MAX 1000000 /* sites by SKUs */
#define KEY_SIZE 65

struct group {
    char key[KEY_SIZE];
    struct forecast_sum sum;
};

struct groups { /* ascending by key */
    struct group *rows;
    size_t count;
};

static struct forecast_sum *sum_of(struct groups *g, const char *key)
{
    size_t low = 0;
    size_t high = g->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(g->rows[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < g->count && strcmp(g->rows[low].key, key) == 0)
        return &g->rows[low].sum;
    if (g->count == ROWS_MAX)
        return NULL;
    memmove(&g->rows[low + 1], &g->rows[low], (g->count - low) * sizeof(g->rows[0]));
    g->count++;
    g->rows[low] = (struct group){.sum = {.pairs = 0}};
    text_cut(g->rows[low].key, KEY_SIZE, key);
    return &g->rows[low].sum;
}

static const char *key_of(struct api_call *call, const char *by, struct sql_query *q)
{
    if (strcmp(by, "tenant") == 0)
        return call->who.tenant;
    if (strcmp(by, "site") == 0)
        return sql_text(q, 0);
    if (strcmp(by, "territory") == 0)
        return sql_text(q, 2);
    const struct catalogue_sku *sku = catalogue_index_sku(call->seat.catalogue, sql_text(q, 1));
    return !sku ? "" : strcmp(by, "brand") == 0 ? sku->brand : sku->category;
}

static const char select_pairs[] =
    "SELECT f.site, f.sku, s.territory, f.mean_1, f.shape_1, f.mean_2, f.shape_2, f.mean_3,"
    " f.shape_3 FROM forecast_score f JOIN site s ON s.site = f.site WHERE ($1 = '' OR replace($1,"
    " '+' || s.territory || '+', '') <> $1) AND ($2 = '' OR f.sku = $2) ORDER BY f.site, f.sku"
    " LIMIT $3";

static int read_pairs(struct api_call *call, const char *by, struct groups *g)
{
    AUTO(sql_query) q = sql_query(call->s, select_pairs);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_text(q, 2, api_arg(call, "sku"));
    sql_bind_int(q, 3, PAIRS_MAX);
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        struct forecast_span spans[FORECAST_SPANS];
        for (int i = 0; i < FORECAST_SPANS; i++)
            spans[i] = (struct forecast_span){sql_int(q, 3 + 2 * i), sql_int(q, 4 + 2 * i)};
        struct forecast_sum *sum = sum_of(g, key_of(call, by, q));
        if (!sum)
            return api_refuse(call, 422, "too_many", "by", "a coarser grouping",
                              "there are more than %d rows", ROWS_MAX);
        int err = forecast_sum_add(sum, spans);
        if (err < 0)
            return err;
    }
    return got;
}

static void add_sum(struct api_call *call, cJSON *to, const char *key, const char *name,
                    const struct forecast_sum *sum)
{
    struct http_json *b = &call->answer;
    http_json_text(b, to, "key", key);
    http_json_text(b, to, "name", name);
    http_json_number(b, to, "pairs", sum->pairs);
    cJSON *weeks = http_json_add_array(b, to, "weeks");
    for (int w = 0; w < FORECAST_WEEKS; w++) {
        int64_t low = 0;
        int64_t high = 0;
        forecast_interval(sum, w, &low, &high);
        cJSON *week = http_json_add_object(b, weeks, NULL);
        http_json_number(b, week, "week", w + 1);
        http_json_number(b, week, "meanMilli", sum->mean_milli[w]);
        http_json_number(b, week, "varianceMilli", sum->variance_milli[w]);
        http_json_number(b, week, "lowUnits", low);
        http_json_number(b, week, "highUnits", high);
    }
}

static void add_to_total(struct forecast_sum *total, const struct forecast_sum *sum)
{
    total->pairs += sum->pairs;
    for (int w = 0; w < FORECAST_WEEKS; w++) {
        total->mean_milli[w] += sum->mean_milli[w];
        total->variance_milli[w] += sum->variance_milli[w];
    }
}

static int answer(struct api_call *call, struct groups *g)
{
    const struct catalogue_index *catalogue = NULL;
    const char *by = api_arg(call, "by");
    int err = api_catalogue(call, &catalogue);
    if (err == 0)
        err = api_sites_read(call);
    if (err == 0)
        err = read_pairs(call, by, g);
    if (err < 0)
        return err;
    struct http_json *b = &call->answer;
    http_json_text(b, call->root, "by", by);
    cJSON *items = http_json_add_array(b, call->root, "items");
    struct forecast_sum total = {.pairs = 0};
    for (size_t i = 0; i < g->count; i++) {
        const struct group *row = &g->rows[i];
        const struct api_site *site =
            strcmp(by, "site") == 0 ? api_site_find(call, row->key) : NULL;
        add_sum(call, http_json_add_object(b, items, NULL), row->key, site ? site->name : row->key,
                &row->sum);
        add_to_total(&total, &row->sum);
    }
    add_sum(call, http_json_add_object(b, call->root, "total"), "", "", &total);
    return api_add_freshness(call, call->root, "");
}

int handle_get_forecasts(struct api_call *call)
{
    struct groups g = {.rows = calloc(ROWS_MAX, sizeof(struct group))};
    int err = g.rows ? answer(call, &g) : -ENOMEM;
    free(g.rows);
    return err;
}
