/* SPDX-License-Identifier: Apache-2.0 */
#include "web_list.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "civil.h"
#include "master.h"
#include "web_view.h"
#include "words.h"

typedef int (*list_fn)(struct web_rows *rows);

static const list_fn lists[WEB_ROUTE_COUNT] = {
    [ROUTE_POSTS] = web_list_posts,           [ROUTE_MESSAGES] = web_list_messages,
    [ROUTE_STOCK] = web_list_stock,           [ROUTE_AT_RISK] = web_list_at_risk,
    [ROUTE_ALERTS] = web_list_alerts,         [ROUTE_TASKS] = web_list_tasks,
    [ROUTE_SEARCH] = web_list_search,         [ROUTE_REASONS] = web_list_reasons,
    [ROUTE_OVERRIDES] = web_list_overrides,   [ROUTE_CAPTURES] = web_list_captures,
    [ROUTE_SLOW_STOCK] = web_list_slow_stock, [ROUTE_RISK_TOTALS] = web_list_risk_totals,
};

int web_list_row(struct web_rows *rows, cJSON **ret_row)
{
    assert(rows && ret_row);
    if (rows->count == rows->max)
        return -ENOSPC;
    rows->count++;
    *ret_row = http_json_add_object(&rows->json, rows->rows, NULL);
    return 0;
}

int web_list_sku(struct web_rows *rows, cJSON *row, const char *sku, struct catalogue_sku *ret)
{
    assert(rows && sku && ret);
    struct catalogue_sku product = {.sku = ""};
    int found = sku[0] != '\0' ? master_sku(rows->floor->journal, sku, &product) : 0;
    if (found < 0)
        return found;
    http_json_text_or_null(&rows->json, row, "sku", sku);
    http_json_text_or_null(&rows->json, row, "name", product.name);
    http_json_text_or_null(&rows->json, row, "name_hi", product.name_hi);
    *ret = product;
    return 0;
}

void web_list_batch(struct web_rows *rows, cJSON *row, const struct batch_key *key,
                    int32_t expiry_kind)
{
    assert(rows && key);
    const char *kind = expiry_kind_name(expiry_kind);
    http_json_text_or_null(&rows->json, row, "batch", key->number);
    http_json_text_or_null(&rows->json, row, "expiry_kind", kind ? kind : "");
    http_json_number(&rows->json, row, "mrp_paise", key->mrp_paise);
    web_list_expiry(rows, row, key->expiry_day);
}

void web_list_expiry(struct web_rows *rows, cJSON *row, int32_t expiry_day)
{
    assert(rows);
    http_json_day(&rows->json, row, "expiry", expiry_day);
    if (expiry_day == CIVIL_NONE)
        http_json_null(&rows->json, row, "days_left");
    else
        http_json_number(&rows->json, row, "days_left", (int64_t)expiry_day - rows->today);
}

void web_list_qty(struct web_rows *rows, cJSON *row, const struct catalogue_sku *product,
                  int64_t qty)
{
    assert(rows && product);
    char text[STATION_ARG_SIZE] = "";
    char text_hi[STATION_ARG_SIZE] = "";
    bool known = product->packs_count > 0;
    http_json_number(&rows->json, row, "qty", qty);
    http_json_text_or_null(&rows->json, row, "qty_text",
                           known ? words_qty(product, qty, false, text) : "");
    http_json_text_or_null(&rows->json, row, "qty_text_hi",
                           known ? words_qty(product, qty, true, text_hi) : "");
}

struct web_reply web_list(const struct web_request *r, const struct web_floor *floor)
{
    assert(r && floor);
    if (r->route->id == ROUTE_HEALTH)
        return (struct web_reply){.status = 200, .json = web_health_json(floor)};

    list_fn list = lists[r->route->id];
    assert(list);
    struct web_rows rows = {.json = http_json_object(),
                            .max = WEB_ROWS_MAX,
                            .today = civil_ist_day(floor->now.wall_ms),
                            .floor = floor,
                            .request = r};
    rows.rows = http_json_add_array(&rows.json, rows.json.root, "rows");
    int err = list(&rows);
    http_json_bool(&rows.json, rows.json.root, "more", err == -ENOSPC);
    char *json = http_json_end(&rows.json);
    if (err == 0 || err == -ENOSPC)
        return (struct web_reply){.status = 200, .json = json};
    free(json);
    if (err == -EINVAL)
        return (struct web_reply){.status = 400,
                                  .json =
                                      web_error_json("argument", "an argument makes no sense",
                                                     "kind: an entry kind; from, to: YYYY-MM-DD")};
    return (struct web_reply){
        .status = 500, .json = web_error_json("journal", "the journal does not answer", NULL)};
}
