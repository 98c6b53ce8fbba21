/* SPDX-License-Identifier: Apache-2.0 */
/* Stock that dies, as station/detect.h scores it: batches near their end, SKUs that do not sell,
 * and what all of it adds up to. */
#include <stdint.h>

#include "detect.h"
#include "web_list.h"

/* The screen has the words. */
static const char *const expiry_factors[EXPIRY_FACTORS] = {
    [EXPIRY_CHANCE] = "chance",
    [EXPIRY_SHARE] = "share",
    [EXPIRY_NEARNESS] = "nearness",
};
static const char *const dead_factors[DEAD_STOCK_FACTORS] = {
    [DEAD_STOCK_IDLE] = "idle",
    [DEAD_STOCK_VELOCITY] = "velocity",
    [DEAD_STOCK_NO_SALE] = "no_sale",
};

/* score, and the factors that add up to it. */
static void add_score(struct http_json *json, cJSON *row, uint8_t score, const char *const *names,
                      const uint8_t *points, size_t count)
{
    http_json_number(json, row, "score", score);
    cJSON *factors = http_json_add_array(json, row, "factors");
    for (size_t i = 0; i < count; i++) {
        cJSON *factor = http_json_add_object(json, factors, NULL);
        http_json_text(json, factor, "name", names[i]);
        http_json_number(json, factor, "points", points[i]);
    }
}

static void add_impact(struct http_json *json, cJSON *row, const struct financial_impact *impact)
{
    cJSON *to = http_json_add_object(json, row, "impact");
    http_json_number(json, to, "carrying_paise", impact->carrying_paise);
    http_json_number(json, to, "opportunity_paise", impact->opportunity_paise);
    http_json_number(json, to, "disposal_paise", impact->disposal_paise);
    http_json_number(json, to, "transport_paise", impact->transport_paise);
    http_json_number(json, to, "total_paise", impact->total_paise);
    http_json_number(json, to, "blocked_ml", impact->blocked_ml);
    http_json_number(json, to, "blocked_pallets", impact->blocked_pallets);
}

static int on_batch(const struct detect_batch *b, void *context)
{
    struct web_rows *rows = context;
    struct http_json *json = &rows->json;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct catalogue_sku product;
    err = web_list_sku(rows, row, b->sku, &product);
    if (err < 0)
        return err;
    web_list_batch(rows, row, &b->key, b->expiry_kind);
    add_score(json, row, b->risk.score, expiry_factors, b->risk.factor, EXPIRY_FACTORS);
    http_json_number(json, row, "units", b->units);
    http_json_number(json, row, "blocked_units", b->blocked_units);
    web_list_qty(rows, row, &product, b->risk.at_risk_units);
    http_json_number(json, row, "risk_paise", b->risk.total_paise);
    http_json_text_or_null(json, row, "action", b->action);
    return 0;
}

int web_list_at_risk(struct web_rows *rows)
{
    if (!rows->floor->detect)
        return 0;
    return detect_batches_at_risk(rows->floor->detect, WEB_ROWS_MAX + 1, on_batch, rows);
}

static int on_slow_sku(const struct detect_sku_score *s, void *context)
{
    struct web_rows *rows = context;
    struct http_json *json = &rows->json;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct catalogue_sku product;
    err = web_list_sku(rows, row, s->sku, &product);
    if (err < 0)
        return err;
    http_json_text_or_null(json, row, "category", s->category);
    http_json_text(json, row, "status", dead_stock_status_name(s->status));
    http_json_number(json, row, "idle_days", s->movement.idle_days);
    http_json_number(json, row, "age_days", s->movement.age_days);
    http_json_number(json, row, "velocity_milli", s->movement.velocity_milli);
    if (s->movement.earlier_milli < 0)
        http_json_null(json, row, "earlier_milli");
    else
        http_json_number(json, row, "earlier_milli", s->movement.earlier_milli);
    http_json_number(json, row, "horizon_days", s->horizon_days);
    http_json_number(json, row, "no_sale_permille", s->no_sale_permille);
    add_score(json, row, s->dead.score, dead_factors, s->dead.factor, DEAD_STOCK_FACTORS);
    web_list_qty(rows, row, &product, s->units);
    http_json_number(json, row, "landed_paise", s->landed_paise);
    add_impact(json, row, &s->impact);
    return 0;
}

int web_list_slow_stock(struct web_rows *rows)
{
    if (!rows->floor->detect)
        return 0;
    return detect_slow_skus(rows->floor->detect, WEB_ROWS_MAX + 1, on_slow_sku, rows);
}

static void add_total(struct http_json *json, cJSON *to, const struct detect_total *t)
{
    http_json_number(json, to, "skus", t->skus);
    http_json_number(json, to, "batches", t->batches);
    http_json_number(json, to, "dead_skus", t->dead_skus);
    http_json_number(json, to, "slow_skus", t->slow_skus);
    http_json_number(json, to, "landed_paise", t->landed_paise);
    http_json_number(json, to, "risk_units", t->risk_units);
    http_json_number(json, to, "risk_paise", t->risk_paise);
    add_impact(json, to, &t->impact);
}

static int on_category(const char *category, const struct detect_total *total, void *context)
{
    struct web_rows *rows = context;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    http_json_text_or_null(&rows->json, row, "category", category);
    add_total(&rows->json, row, total);
    return 0;
}

int web_list_risk_totals(struct web_rows *rows)
{
    const struct detect *detect = rows->floor->detect;
    struct detect_total all = {0};
    if (detect)
        all = detect_total(detect, NULL);
    add_total(&rows->json, http_json_add_object(&rows->json, rows->json.root, "all"), &all);
    return detect ? detect_categories(detect, on_category, rows) : 0;
}
