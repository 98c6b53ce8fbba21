/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/totals: the total is summed of the rows that are shown. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "civil.h"

#define ROWS_MAX 10000
#define KEY_SIZE 40

struct sums {
    int64_t stock_units, landed_paise, risk_units, risk_paise;
    int64_t sold_units, sold_paise, returned_units;
};

struct total {
    char key[KEY_SIZE];
    struct sums sums;
};

struct totals {
    struct total *rows; /* ascending by key */
    size_t count;
};

/* How the store groups them; a category is a SKU's, which the catalogue knows. */
struct grouping {
    const char *word;
    const char *stock; /* key, units, landed, risk units, risk paise; NULL: of sales alone */
    const char *sales; /* key, units, paise, returned */
};

static const struct grouping groupings[] = {
    {"territory",
     "SELECT s.territory, CAST(sum(t.units) AS BIGINT), CAST(sum(coalesce(c.landed_paise, 0)) AS "
     "BIGINT),"
     " CAST(sum(coalesce(c.risk_units, 0)) AS BIGINT), CAST(sum(coalesce(c.risk_paise, 0)) AS"
     " BIGINT) FROM (SELECT site, sku, sum(qty) AS units FROM stock GROUP BY site, sku) t JOIN site"
     " s ON s.site = t.site LEFT JOIN sku_score c ON c.site = t.site AND c.sku = t.sku WHERE"
     " $1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1 GROUP BY s.territory ORDER BY "
     "s.territory"
     " LIMIT $2",
     "SELECT s.territory, CAST(sum(o.units) AS BIGINT), CAST(sum(o.value_paise) AS BIGINT),"
     " CAST(sum(o.returned) AS BIGINT) FROM outlet_sale o JOIN site s ON s.site = o.site WHERE"
     " ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND o.day >= $3 AND"
     " o.day <= $4 GROUP BY s.territory ORDER BY s.territory LIMIT $2"},
    {"site",
     "SELECT t.site, CAST(sum(t.units) AS BIGINT), CAST(sum(coalesce(c.landed_paise, 0)) AS "
     "BIGINT),"
     " CAST(sum(coalesce(c.risk_units, 0)) AS BIGINT), CAST(sum(coalesce(c.risk_paise, 0)) AS"
     " BIGINT) FROM (SELECT site, sku, sum(qty) AS units FROM stock GROUP BY site, sku) t JOIN site"
     " s ON s.site = t.site LEFT JOIN sku_score c ON c.site = t.site AND c.sku = t.sku WHERE"
     " $1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1 GROUP BY t.site ORDER BY t.site"
     " LIMIT $2",
     "SELECT o.site, CAST(sum(o.units) AS BIGINT), CAST(sum(o.value_paise) AS BIGINT),"
     " CAST(sum(o.returned) AS BIGINT) FROM outlet_sale o JOIN site s ON s.site = o.site WHERE"
     " ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND o.day >= $3 AND"
     " o.day <= $4 GROUP BY o.site ORDER BY o.site LIMIT $2"},
    {"category",
     "SELECT t.sku, CAST(sum(t.units) AS BIGINT), CAST(sum(coalesce(c.landed_paise, 0)) AS BIGINT),"
     " CAST(sum(coalesce(c.risk_units, 0)) AS BIGINT), CAST(sum(coalesce(c.risk_paise, 0)) AS"
     " BIGINT) FROM (SELECT site, sku, sum(qty) AS units FROM stock GROUP BY site, sku) t JOIN site"
     " s ON s.site = t.site LEFT JOIN sku_score c ON c.site = t.site AND c.sku = t.sku WHERE"
     " $1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1 GROUP BY t.sku ORDER BY t.sku"
     " LIMIT $2",
     "SELECT o.sku, CAST(sum(o.units) AS BIGINT), CAST(sum(o.value_paise) AS BIGINT),"
     " CAST(sum(o.returned) AS BIGINT) FROM outlet_sale o JOIN site s ON s.site = o.site WHERE"
     " ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND o.day >= $3 AND"
     " o.day <= $4 GROUP BY o.sku ORDER BY o.sku LIMIT $2"},
    {"outlet", NULL,
     "SELECT o.outlet, CAST(sum(o.units) AS BIGINT), CAST(sum(o.value_paise) AS BIGINT),"
     " CAST(sum(o.returned) AS BIGINT) FROM outlet_sale o JOIN site s ON s.site = o.site WHERE"
     " ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND o.day >= $3 AND"
     " o.day <= $4 GROUP BY o.outlet ORDER BY o.outlet LIMIT $2"},
};

static struct sums *sums_of(struct totals *t, const char *key)
{
    size_t low = 0;
    size_t high = t->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(t->rows[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < t->count && strcmp(t->rows[low].key, key) == 0)
        return &t->rows[low].sums;
    if (t->count == ROWS_MAX)
        return NULL;
    memmove(&t->rows[low + 1], &t->rows[low], (t->count - low) * sizeof(t->rows[0]));
    t->rows[low] = (struct total){.sums = {0}};
    snprintf(t->rows[low].key, KEY_SIZE, "%s", key);
    t->count++;
    return &t->rows[low].sums;
}

static void add_sums(struct sums *to, const struct sums *from)
{
    to->stock_units += from->stock_units;
    to->landed_paise += from->landed_paise;
    to->risk_units += from->risk_units;
    to->risk_paise += from->risk_paise;
    to->sold_units += from->sold_units;
    to->sold_paise += from->sold_paise;
    to->returned_units += from->returned_units;
}

/* The row's key; of a SKU its category. */
static const char *key_of(const struct catalogue_index *catalogue, const char *by, const char *key)
{
    if (strcmp(by, "category") != 0)
        return key;
    const struct catalogue_sku *sku = catalogue_index_sku(catalogue, key);
    return sku ? sku->category : "";
}

static int read_rows(struct api_call *call, const char *by, const char *select, bool sales,
                     struct totals *t)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    int32_t to = api_arg_day(call, "toDate");
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, ROWS_MAX);
    if (sales) {
        sql_bind_int(q, 3, api_arg_day(call, "fromDate"));
        sql_bind_int(q, 4, to == CIVIL_NONE ? INT32_MAX : to);
    }
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        struct sums row = {.stock_units = 0};
        if (sales)
            row = (struct sums){.sold_units = sql_int(q, 1),
                                .sold_paise = sql_int(q, 2),
                                .returned_units = sql_int(q, 3)};
        else
            row = (struct sums){.stock_units = sql_int(q, 1),
                                .landed_paise = sql_int(q, 2),
                                .risk_units = sql_int(q, 3),
                                .risk_paise = sql_int(q, 4)};
        struct sums *sums = sums_of(t, key_of(catalogue, by, sql_text(q, 0)));
        if (!sums)
            return api_refuse(call, 422, "too_many", "by", "a shorter span or fewer territories",
                              "there are more than %d rows", ROWS_MAX);
        add_sums(sums, &row);
    }
    return n;
}

static void add_row(struct api_call *call, cJSON *to, const char *key, const char *name,
                    const struct sums *sums)
{
    struct http_json *b = &call->answer;
    http_json_text(b, to, "key", key);
    http_json_text(b, to, "name", name);
    http_json_number(b, to, "stockUnits", sums->stock_units);
    http_json_number(b, to, "landedPaise", sums->landed_paise);
    http_json_number(b, to, "riskUnits", sums->risk_units);
    http_json_number(b, to, "riskPaise", sums->risk_paise);
    http_json_number(b, to, "soldUnits", sums->sold_units);
    http_json_number(b, to, "soldPaise", sums->sold_paise);
    http_json_number(b, to, "returnedUnits", sums->returned_units);
}

static const char *name_of(const struct api_call *call, const char *by, const char *key)
{
    if (strcmp(by, "site") == 0) {
        const struct api_site *site = api_site_find(call, key);
        return site ? site->name : key;
    }
    if (strcmp(by, "outlet") == 0) {
        const struct catalogue_party *party = catalogue_index_party(call->seat.catalogue, key);
        return party ? party->name : key;
    }
    return key;
}

/* That of the site, or of the territory's or the caller's site with the oldest data. */
static void add_age_of(struct api_call *call, cJSON *to, const char *by, const char *key)
{
    int64_t age = 0;
    bool never = call->sites_count == 0;
    for (size_t i = 0; i < call->sites_count; i++) {
        const struct api_site *site = &call->sites[i];
        if ((strcmp(by, "site") == 0 && strcmp(site->site, key) != 0) ||
            (strcmp(by, "territory") == 0 && strcmp(site->territory, key) != 0))
            continue;
        never = never || site->age_s == API_NO_AGE;
        age = site->age_s > age ? site->age_s : age;
    }
    if (never)
        http_json_null(&call->answer, to, "siteDataAgeSeconds");
    else
        http_json_number(&call->answer, to, "siteDataAgeSeconds", age);
}

static int answer_totals(struct api_call *call, const struct grouping *g, struct totals *t)
{
    int err = api_sites_read(call);
    if (err == 0 && g->stock)
        err = read_rows(call, g->word, g->stock, false, t);
    if (err == 0)
        err = read_rows(call, g->word, g->sales, true, t);
    if (err < 0)
        return err;
    struct http_json *b = &call->answer;
    http_json_text(b, call->root, "by", g->word);
    cJSON *items = http_json_add_array(b, call->root, "items");
    struct sums all = {.stock_units = 0};
    for (size_t i = 0; i < t->count; i++) {
        const struct total *row = &t->rows[i];
        cJSON *to = http_json_add_object(b, items, NULL);
        add_row(call, to, row->key, name_of(call, g->word, row->key), &row->sums);
        add_age_of(call, to, g->word, row->key);
        add_sums(&all, &row->sums);
    }
    cJSON *total = http_json_add_object(b, call->root, "total");
    add_row(call, total, "", "", &all);
    add_age_of(call, total, "", "");
    return api_add_freshness(call, call->root, "");
}

int handle_get_totals(struct api_call *call)
{
    const char *by = api_arg(call, "by");
    const struct grouping *g = groupings;
    while (strcmp(g->word, by) != 0) /* the document knows the same words */
        g++;
    struct totals t = {.rows = calloc(ROWS_MAX, sizeof(struct total))};
    int err = t.rows ? answer_totals(call, g, &t) : -ENOMEM;
    free(t.rows);
    return err;
}
