/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/inventory/current: a row a site and SKU, with its batches below. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "civil.h"
#include "dead_stock.h"
#include "entry_kind_sql.h"
#include "stock_status.h"

#define BATCHES_MAX 500

/* Reserved is what open lines of sales and transfers still want: less what was picked (13) and
 * dispatched (15) for them. */
#define SITE_AND_SKU "t.site || '|' || t.sku"
#define RISK "coalesce(c.risk_paise, 0)"
#define SELECT_ITEMS(key, behind, order)                                                           \
    "SELECT " key ", t.sku, s.territory, t.site, t.units, coalesce(r.reserved, 0),"                \
    " t.earliest, l.moved, coalesce(c.rate_milli, 0), coalesce(c.score, 0), coalesce(c.status, "   \
    "0),"                                                                                          \
    " coalesce(c.risk_units, 0), coalesce(c.risk_paise, 0), coalesce(c.landed_paise, 0),"          \
    " coalesce(c.factor_idle, 0), coalesce(c.factor_velocity, 0), coalesce(c.factor_no_sale, 0),"  \
    " coalesce(c.idle_days, 0), coalesce(c.no_sale_permille, 0), coalesce(c.carrying_paise, 0),"   \
    " coalesce(c.opportunity_paise, 0), coalesce(c.disposal_paise, 0),"                            \
    " coalesce(c.transport_paise, 0)"                                                              \
    " FROM (SELECT site, sku, CAST(sum(qty) AS BIGINT) AS units, min(CASE WHEN status = 0 AND"     \
    " qty > 0 AND expiry_day > -2147483648 THEN expiry_day END) AS earliest FROM stock GROUP BY"   \
    " site, sku) t JOIN site s ON s.site = t.site LEFT JOIN (SELECT site, sku,"                    \
    " max(last_moved_day) AS moved FROM lot GROUP BY site, sku) l ON l.site = t.site AND"          \
    " l.sku = t.sku LEFT JOIN (SELECT o.site, o.sku, CAST(sum(o.qty - coalesce(d.qty, 0)) AS"      \
    " BIGINT) AS reserved FROM order_line o LEFT JOIN (SELECT document, line, site, CAST(sum(qty)" \
    " AS BIGINT) AS qty FROM line_done WHERE kind IN (" SQL_PICKED ", " SQL_DISPATCHED             \
    ") GROUP BY document, line, site) d "                                                          \
    "ON "                                                                                          \
    "d.document = o.document"                                                                      \
    " AND d.line = o.line AND d.site = o.site WHERE o.state = 'open' AND o.kind IN ('sale',"       \
    " 'transfer_out') AND coalesce(d.qty, 0) < o.qty GROUP BY o.site, o.sku) r ON r.site = t.site" \
    " AND r.sku = t.sku LEFT JOIN sku_score c ON c.site = t.site AND c.sku = t.sku"                \
    " WHERE ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND"                     \
    " " behind " AND ($4 = '' OR t.sku = $4) AND"                                                  \
    " ($5 = '' OR t.site = $5) AND ($6 = '' OR s.territory = $6) AND"                              \
    " ($7 < 0 OR coalesce(c.status, 0) = $7) ORDER BY " order " LIMIT $2"

static const char select_by_site[] =
    SELECT_ITEMS(SITE_AND_SKU, "($3 = '' OR " SITE_AND_SKU " > $3)", SITE_AND_SKU);
static const char select_by_risk[] = SELECT_ITEMS(
    "CAST(" RISK " AS TEXT) || '|' || " SITE_AND_SKU,
    "(" RISK " < $8 OR (" RISK " = $8 AND " SITE_AND_SKU " > $3))", RISK " DESC, " SITE_AND_SKU);
enum item {
    ITEM_KEY,
    ITEM_SKU,
    ITEM_TERRITORY,
    ITEM_SITE,
    ITEM_UNITS,
    ITEM_RESERVED,
    ITEM_EARLIEST,
    ITEM_MOVED,
    ITEM_RATE,
    ITEM_SCORE,
    ITEM_STATUS
};
static const struct api_column item_columns[] = {
    {"key", FIELD_KEY},
    {"sku", FIELD_TEXT},
    {"territory", FIELD_TEXT},
    {"site", FIELD_TEXT},
    {"currentStock", FIELD_INT},
    {"reservedStock", FIELD_INT},
    {"expiryDate", FIELD_DAY},
    {"lastMovementDate", FIELD_DAY},
    {"averageDailySales", FIELD_SKIP},
    {"deadStockScore", FIELD_INT},
    {"status", FIELD_SKIP},
    {"riskUnits", FIELD_INT},
    {"riskPaise", FIELD_VALUE},
    {"landedPaise", FIELD_VALUE},
    {"scoreIdle", FIELD_INT},
    {"scoreVelocity", FIELD_INT},
    {"scoreNoSale", FIELD_INT},
    {"daysWithoutMovement", FIELD_INT},
    {"noSalePermille", FIELD_INT},
    {"carryingPaise", FIELD_VALUE},
    {"opportunityPaise", FIELD_VALUE},
    {"disposalPaise", FIELD_VALUE},
    {"transportPaise", FIELD_VALUE},
};

static const char select_batches[] =
    "SELECT k.batch, k.expiry_day, k.mrp_paise, k.units, l.received_day, coalesce(c.score, 0),"
    " coalesce(c.at_risk_units, 0), coalesce(c.total_paise, 0), k.status FROM (SELECT site, sku,"
    " batch, expiry_day, mrp_paise, status, CAST(sum(qty) AS BIGINT) AS units FROM stock WHERE"
    " site = $1 AND sku = $2 GROUP BY site, sku, batch, expiry_day, mrp_paise, status) k LEFT JOIN"
    " lot l ON l.site = k.site AND l.sku = k.sku AND l.batch = k.batch AND"
    " l.expiry_day = k.expiry_day AND l.mrp_paise = k.mrp_paise LEFT JOIN lot_score c ON"
    " c.site = k.site AND c.sku = k.sku AND c.batch = k.batch AND c.expiry_day = k.expiry_day AND"
    " c.mrp_paise = k.mrp_paise ORDER BY k.expiry_day, k.batch, k.mrp_paise, k.status LIMIT $3";
static const struct api_column batch_columns[] = {
    {"batch", FIELD_TEXT},      {"expiryDate", FIELD_DAY},   {"mrpPaise", FIELD_INT},
    {"units", FIELD_INT},       {"receivedDate", FIELD_DAY}, {"score", FIELD_INT},
    {"atRiskUnits", FIELD_INT}, {"riskPaise", FIELD_VALUE},
};
#define BATCH_STATUS 8

static int add_batches(struct api_call *call, cJSON *to, const char *site, const char *sku)
{
    cJSON *batches = http_json_add_array(&call->answer, to, "batches");
    AUTO(sql_query) q = sql_query(call->s, select_batches);
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, sku);
    sql_bind_int(q, 3, BATCHES_MAX);
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        cJSON *batch = http_json_add_object(&call->answer, batches, NULL);
        int err = api_row(call, batch, q, batch_columns, ARRAY_LEN(batch_columns));
        if (err < 0)
            return err;
        http_json_text(&call->answer, batch, "stockStatus",
                       stock_status_name((enum stock_status)sql_int(q, BATCH_STATUS)));
    }
    return n;
}

static int add_item(struct api_call *call, cJSON *items, struct sql_query *q,
                    const struct catalogue_sku *sku)
{
    static const char *const units[] = {"piece", "g", "ml"};
    struct http_json *b = &call->answer;
    cJSON *to = http_json_add_object(b, items, NULL);
    int err = api_row(call, to, q, item_columns, ARRAY_LEN(item_columns));
    if (err < 0)
        return err;
    http_json_text(b, to, "distributorId", call->who.tenant);
    http_json_add(b, to, "averageDailySales",
                  cJSON_CreateNumber((double)sql_int(q, ITEM_RATE) / 1000));
    http_json_text(b, to, "status",
                   dead_stock_status_name((enum dead_stock_status)sql_int(q, ITEM_STATUS)));
    http_json_text(b, to, "name", sku ? sku->name : sql_text(q, ITEM_SKU));
    http_json_text(b, to, "category", sku ? sku->category : "");
    http_json_text(b, to, "unit", units[sku ? sku->unit : UNIT_PIECE]);
    api_add_age(call, to, sql_text(q, ITEM_SITE));
    return add_batches(call, to, sql_text(q, ITEM_SITE), sql_text(q, ITEM_SKU));
}

static int64_t wanted_status(const struct api_call *call)
{
    const char *word = api_arg(call, "status");
    for (int64_t i = 0; i <= DEAD_STOCK_LIQUIDATING; i++) {
        if (strcmp(word, dead_stock_status_name((enum dead_stock_status)i)) == 0)
            return i;
    }
    return -1;
}

/* By site and SKU, or the most rupees at risk first. */
static struct sql_query *query_items(struct api_call *call, bool by_risk,
                                     const struct api_page *page)
{
    struct sql_query *q = sql_query(call->s, by_risk ? select_by_risk : select_by_site);
    sql_bind_text(q, 3, by_risk ? page->id : api_arg(call, "after"));
    if (by_risk)
        sql_bind_int(q, 8, page->number);
    return q;
}

int handle_list_inventory(struct api_call *call)
{
    const struct catalogue_index *catalogue = NULL;
    struct api_page page = {.number = INT64_MAX};
    bool by_risk = strcmp(api_arg(call, "sort"), "risk") == 0;
    if (by_risk && !api_sees_value(call))
        return api_refuse(call, 403, "role", "sort", "site",
                          "this order tells what stock is worth");
    int err = by_risk ? api_page_read(call, &page) : 0;
    if (err == 0)
        err = api_catalogue(call, &catalogue);
    if (err == 0)
        err = api_sites_read(call);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    const char *category = api_arg(call, "category");
    AUTO(sql_query) q = query_items(call, by_risk, &page);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_text(q, 4, api_arg(call, "sku"));
    sql_bind_text(q, 5, api_arg(call, "site"));
    sql_bind_text(q, 6, api_arg(call, "territory"));
    sql_bind_int(q, 7, wanted_status(call));
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    char next[API_VALUE_SIZE] = "";
    int64_t count = 0;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        const struct catalogue_sku *sku = catalogue_index_sku(catalogue, sql_text(q, ITEM_SKU));
        snprintf(next, sizeof(next), "%s", sql_text(q, ITEM_KEY));
        count++;
        if (category[0] != '\0' && strcmp(category, sku ? sku->category : "") != 0)
            continue;
        err = add_item(call, items, q, sku);
        if (err < 0)
            return err;
    }
    if (n < 0)
        return n;
    http_json_text_or_null(&call->answer, call->root, "next", count == limit ? next : "");
    return api_add_freshness(call, call->root, api_arg(call, "site"));
}
