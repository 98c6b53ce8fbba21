/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /api/v1/sales/batch: rows are judged one by one; each that is taken becomes a line to pick.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_order.h"
#include "api_state.h"
#include "civil.h"
#include "event_type.h"

enum result { TAKEN, KNOWN, REFUSED };
static const char *const result_names[] = {"taken", "known", "refused"};

/* The territory's site with the most sellable units of the SKU. */
static const char select_site[] =
    "SELECT s.site FROM site s LEFT JOIN (SELECT site, CAST(sum(qty) AS BIGINT) AS units FROM stock"
    " WHERE sku = $2 AND status = 0 GROUP BY site) k ON k.site = s.site WHERE s.territory = $1"
    " ORDER BY coalesce(k.units, 0) DESC, s.site LIMIT 1";

static int find_site(struct api_call *call, const char *territory, const char *sku,
                     char ret[ENTRY_PARTY_SIZE])
{
    if (!api_territory_is_ours(call, territory))
        return api_forbidden(call, "territory", territory);
    AUTO(sql_query) q = sql_query(call->s, select_site);
    sql_bind_text(q, 1, territory);
    sql_bind_text(q, 2, sku);
    int n = sql_step(q);
    if (n < 0)
        return n;
    if (n == 0)
        return api_refuse(call, 422, "unknown_territory", "territory", "the territory of a site",
                          "no site serves %s", territory);
    snprintf(ret, ENTRY_PARTY_SIZE, "%s", sql_text(q, 0));
    return 0;
}

/* What a repetition must have in common with what was taken. */
static int compare_known(struct api_call *call, const struct order_line *line)
{
    static const char select[] = "SELECT party, sku, qty, due_day FROM order_line WHERE"
                                 " document = $1 AND line = 1 AND kind = 'sale'";
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, line->document);
    int n = sql_step(q);
    if (n < 0)
        return n;
    if (n == 1 && strcmp(sql_text(q, 0), line->party) == 0 &&
        strcmp(sql_text(q, 1), line->sku) == 0 && sql_int(q, 2) == line->qty &&
        sql_int(q, 3) == line->due_day)
        return 0;
    return api_refuse(call, 409, "other_content", "transactionId", "a new transactionId",
                      "this transactionId was used for another sale");
}

static int take_row(struct api_call *call, const cJSON *row, enum result *ret)
{
    const char *sku = api_member_text(row, "sku", "");
    char site[ENTRY_PARTY_SIZE];
    struct order_line line = {
        .document = api_member_text(row, "transactionId", ""),
        .line = 1,
        .kind = ORDER_SALE,
        .party = api_member_text(row, "retailerId", ""),
        .sku = sku,
        .qty = api_member_int(row, "quantity", 0),
        .batch = "",
        .expiry_day = CIVIL_NONE,
        .price_paise = api_member_int(row, "unitPrice", 0),
        .cause = call->cause,
    };
    char day[11];
    snprintf(day, sizeof(day), "%.10s", api_member_text(row, "timestamp", ""));
    int err = civil_parse(day, &line.due_day);
    if (err == 0)
        err = order_check_sku(call, sku, "sku");
    if (err == 0)
        err = order_check_party(call, line.party, PARTY_OUTLET, "retailerId");
    if (err == 0)
        err = find_site(call, api_member_text(row, "territory", ""), sku, site);
    if (err < 0)
        return err;
    line.site = site;
    int known = order_is_known(call->s, line.document);
    if (known != 0) {
        *ret = KNOWN;
        return known < 0 ? known : compare_known(call, &line);
    }
    *ret = TAKEN;
    return order_put(call, &line);
}

static void add_result(struct api_call *call, cJSON *rows, const cJSON *row, enum result result)
{
    struct http_json *b = &call->answer;
    cJSON *to = http_json_add_object(b, rows, NULL);
    bool refused = result == REFUSED;
    http_json_text_or_null(b, to, "transactionId", api_member_text(row, "transactionId", ""));
    http_json_text(b, to, "result", result_names[result]);
    http_json_text_or_null(b, to, "detail", refused ? call->fault.detail : "");
    http_json_text_or_null(b, to, "where", refused ? call->fault.where : "");
    http_json_text_or_null(b, to, "allowed", refused ? call->fault.allowed : "");
}

/* Tax is no part of a line: it stays with the record of the feed. */
static int append_record(struct api_call *call, const cJSON *taken)
{
    char *after = cJSON_PrintUnformatted(taken);
    if (!after)
        return -ENOMEM;
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "feed:%s", call->who.user);
    struct api_change change = {.type = "SalesReceived",
                                .subject = subject,
                                .place = "",
                                .why = "pushed by a feed",
                                .before = "",
                                .after = after};
    int err = api_audit(call, &change);
    free(after);
    return err;
}

static int judge_row(struct api_call *call, const cJSON *row, enum result *ret)
{
    const cJSON *document = api_document_root(call->api->document);
    const cJSON *schemas = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(document, "components"), "schemas");
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(schemas, "SalesTransaction");
    int err = api_schema_check(document, schema, row, "", &call->fault) < 0
                  ? API_REFUSED
                  : take_row(call, row, ret);
    if (err != API_REFUSED)
        return err;
    *ret = REFUSED;
    call->status = 0; /* the row is refused, not the request */
    return 0;
}

/* A record is bounded: of each row its number and tax alone, the rest is in its line. */
static int add_taken(cJSON *taken, const cJSON *row)
{
    const cJSON *tax = cJSON_GetObjectItemCaseSensitive(row, "gstDetails");
    cJSON *kept = cJSON_CreateObject();
    if (!kept || !cJSON_AddItemToArray(taken, kept))
        return -ENOMEM;
    cJSON *number =
        cJSON_AddStringToObject(kept, "transactionId", api_member_text(row, "transactionId", ""));
    if (!number || (tax && !cJSON_AddItemToObject(kept, "gstDetails", cJSON_Duplicate(tax, true))))
        return -ENOMEM;
    return 0;
}

static int judge_rows(struct api_call *call, cJSON *taken, int64_t counts[3])
{
    cJSON *rows = http_json_add_array(&call->answer, call->root, "rows");
    const cJSON *row = NULL;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(call->body, "transactions"))
    {
        enum result result = REFUSED;
        int err = judge_row(call, row, &result);
        if (err < 0)
            return err;
        counts[result]++;
        add_result(call, rows, row, result);
        if (result == TAKEN && add_taken(taken, row) < 0)
            return -ENOMEM;
    }
    return 0;
}

int handle_create_sales(struct api_call *call)
{
    int64_t counts[3] = {0};
    cJSON *taken = cJSON_CreateArray();
    int err = taken ? judge_rows(call, taken, counts) : -ENOMEM;
    if (err == 0 && counts[TAKEN] > 0)
        err = append_record(call, taken);
    cJSON_Delete(taken);
    for (size_t i = 0; i < ARRAY_LEN(result_names); i++)
        http_json_number(&call->answer, call->root, result_names[i], counts[i]);
    return err;
}
