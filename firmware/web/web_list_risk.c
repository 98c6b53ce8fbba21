/* SPDX-License-Identifier: Apache-2.0 */
/* Batches at risk, as station/detect.h scores them. */
#include <stdint.h>

#include "detect.h"
#include "web_list.h"

/* The screen has the words. */
static const char *const factor_names[EXPIRY_FACTORS] = {
    [EXPIRY_CHANCE] = "chance",
    [EXPIRY_SHARE] = "share",
    [EXPIRY_NEARNESS] = "nearness",
};

static int on_batch(const struct detect_batch *b, void *context)
{
    struct web_rows *rows = context;
    struct web_json *json = &rows->json;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct catalogue_sku product;
    err = web_list_sku(rows, row, b->sku, &product);
    if (err < 0)
        return err;
    web_list_batch(rows, row, &b->key, b->expiry_kind);
    web_json_number(json, row, "score", b->risk.score);
    cJSON *factors = web_json_add_array(json, row, "factors");
    for (size_t i = 0; i < EXPIRY_FACTORS; i++) {
        cJSON *factor = web_json_add_object(json, factors, NULL);
        web_json_text(json, factor, "name", factor_names[i]);
        web_json_number(json, factor, "points", b->risk.factor[i]);
    }
    web_json_number(json, row, "units", b->units);
    web_json_number(json, row, "blocked_units", b->blocked_units);
    web_list_qty(rows, row, &product, b->risk.at_risk_units);
    web_json_number(json, row, "risk_paise", b->risk.total_paise);
    web_json_text_or_null(json, row, "action", b->action);
    return 0;
}

int web_list_at_risk(struct web_rows *rows)
{
    if (!rows->floor->detect)
        return 0;
    return detect_batches_at_risk(rows->floor->detect, WEB_ROWS_MAX + 1, on_batch, rows);
}
