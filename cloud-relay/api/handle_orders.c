/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_order.h"
#include "api_rows.h"
#include "campaign.h"
#include "civil.h"

#define LINES_MAX 2000

/* Done is what scans booked for the line: picked 13, received 11, dispatched 15, arrived 16, sent
 * back 18, disposed 19. */
static const char select_lines[] =
    "SELECT o.document || '|' || o.site || '|' || CAST(o.line AS TEXT), o.document, o.line, o.site,"
    " o.kind, o.party, o.sku, o.qty, coalesce(d.qty, 0), o.due_day, o.batch, o.expiry_day,"
    " o.mrp_paise, o.price_paise, o.state, o.made_ms, o.cause, o.site FROM order_line o JOIN site "
    "s ON"
    " s.site = o.site LEFT JOIN line_done d ON d.document = o.document AND d.line = o.line AND"
    " d.site = o.site AND d.kind = CASE o.kind WHEN 'sale' THEN 13 WHEN 'purchase' THEN 11 WHEN"
    " 'transfer_out' THEN 15 WHEN 'supplier_return' THEN 18 WHEN 'write_off' THEN 19 ELSE 16 END "
    "WHERE ($1 = '' OR replace($1, '+' || s.territory || '+',"
    " '') <> $1) AND ($3 = '' OR o.document || '|' || o.site || '|' || CAST(o.line AS TEXT) > $3)"
    " AND ($4 = '' OR o.site = $4) AND ($5 = '' OR o.kind = $5) AND ($6 = '' OR o.state = $6) AND"
    " ($7 = '' OR o.document = $7) ORDER BY o.document || '|' || o.site || '|' ||"
    " CAST(o.line AS TEXT) LIMIT $2";
static const struct api_column line_columns[] = {
    {"key", FIELD_KEY},        {"document", FIELD_TEXT},  {"line", FIELD_INT},
    {"site", FIELD_TEXT},      {"kind", FIELD_TEXT},      {"party", FIELD_TEXT},
    {"sku", FIELD_TEXT},       {"quantity", FIELD_INT},   {"done", FIELD_INT},
    {"dueDate", FIELD_DAY},    {"batch", FIELD_TEXT},     {"expiryDate", FIELD_DAY},
    {"mrpPaise", FIELD_INT},   {"pricePaise", FIELD_INT}, {"state", FIELD_TEXT},
    {"madeAt", FIELD_INSTANT}, {"cause", FIELD_TEXT},     {"siteDataAgeSeconds", FIELD_AGE},
};

static struct sql_query *query_lines(struct api_call *call, const char *document, int64_t limit)
{
    struct sql_query *q = sql_query(call->s, select_lines);
    bool one = document[0] != '\0';
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_text(q, 3, one ? "" : api_arg(call, "after"));
    sql_bind_text(q, 4, one ? "" : api_arg(call, "site"));
    sql_bind_text(q, 5, one ? "" : api_arg(call, "kind"));
    sql_bind_text(q, 6, one ? "" : api_arg(call, "state"));
    sql_bind_text(q, 7, document);
    return q;
}

int handle_list_orders(struct api_call *call)
{
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = query_lines(call, "", limit);
    int err = api_rows(call, q, line_columns, ARRAY_LEN(line_columns), limit);
    return err < 0 ? err : api_add_freshness(call, call->root, api_arg(call, "site"));
}

static int answer_order(struct api_call *call, const char *document)
{
    http_json_text(&call->answer, call->root, "document", document);
    AUTO(sql_query) q = query_lines(call, document, LINES_MAX);
    int err = api_rows_into(call, call->root, "lines", q, line_columns, ARRAY_LEN(line_columns));
    if (err < 0)
        return err;
    const cJSON *lines = cJSON_GetObjectItemCaseSensitive(call->root, "lines");
    if (call->answer.root && cJSON_GetArraySize(lines) == 0)
        return api_absent(call, "order", document);
    return api_add_freshness(call, call->root, "");
}

int handle_get_order(struct api_call *call)
{
    return answer_order(call, api_arg(call, "document"));
}

static int audit_order(struct api_call *call, const char *type, const char *document,
                       const char *site, const char *why)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "order:%s", document);
    struct api_change change = {
        .type = type, .subject = subject, .place = site, .why = why, .before = "", .after = ""};
    return api_audit(call, &change);
}

/* ---- what answers a campaign ---- */

static int find_campaign(struct api_call *call, const char *id, const char *site,
                         struct campaign *ret)
{
    int err = sql_lock(call->s, "campaign");
    if (err == 0)
        err = campaign_find(call->s, id, ret);
    if (err == -ENOENT || (err == 0 && strcmp(ret->site, site) != 0))
        return api_refuse(call, 422, "unknown_campaign", "campaignId", "a campaign of that site",
                          "%s has no campaign %s", site, id);
    if (err < 0)
        return err;
    if (ret->state != CAMPAIGN_RUNNING || civil_ist_day(call->now_ms) > ret->end_day)
        return api_refuse(call, 409, "state", "campaignId", "", "the campaign does not run");
    return 0;
}

/* The lot and the price are the campaign's where the line names none; nobody is promised what does
 * not lie there. */
static int fit_campaign(struct api_call *call, const struct campaign *c, const char *where,
                        struct order_line *line)
{
    struct campaign_left left;
    bool of_lot = line->batch[0] == '\0' || strcmp(line->batch, c->batch.number) == 0;
    if (line->kind != ORDER_SALE || strcmp(line->sku, c->sku) != 0 || !of_lot)
        return api_refuse(call, 422, "other_lot", where, "a sale of the campaign's SKU and batch",
                          "the campaign offers batch %s of %s", c->batch.number, c->sku);
    line->batch = c->batch.number;
    line->expiry_day = c->batch.expiry_day;
    line->mrp_paise = c->batch.mrp_paise;
    line->price_paise = line->price_paise > 0 ? line->price_paise : c->price_paise;
    int err = campaign_left(call->s, c, &left);
    if (err < 0)
        return err;
    if (line->qty > left.units)
        return api_refuse(call, 409, "promised", where, "", "%" PRId64 " are left",
                          left.units > 0 ? left.units : 0);
    return campaign_target_add(call->s, c->id, line->party, line->qty, 0, 0);
}

/* c: NULL, or the campaign that is answered. */
static int put_lines(struct api_call *call, const struct order_line *head, const struct campaign *c)
{
    struct order_line line = *head;
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(call->body, "lines"))
    {
        char where[32];
        snprintf(where, sizeof(where), "lines[%d].sku", (int)line.line);
        line.line++;
        line.sku = api_member_text(one, "sku", "");
        line.qty = api_member_int(one, "quantity", 0);
        line.batch = api_member_text(one, "batch", "");
        line.expiry_day = api_member_day(one, "expiryDate");
        line.mrp_paise = api_member_int(one, "mrpPaise", 0);
        line.price_paise = api_member_int(one, "pricePaise", 0);
        int err = order_check_sku(call, line.sku, where);
        if (err == 0 && c)
            err = fit_campaign(call, c, where, &line);
        if (err == 0)
            err = order_put(call, &line);
        if (err < 0)
            return err;
    }
    return 0;
}

int handle_create_order(struct api_call *call)
{
    bool sale = strcmp(api_body_text(call, "kind", ""), "sale") == 0;
    const char *id = api_body_text(call, "campaignId", "");
    struct campaign campaign;
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "campaign:%s", id);
    struct order_line head = {
        .document = api_body_text(call, "document", ""),
        .site = api_body_text(call, "site", ""),
        .kind = sale ? ORDER_SALE : ORDER_PURCHASE,
        .party = api_body_text(call, "party", ""),
        .due_day = api_body_day(call, "dueDate"),
        .cause = id[0] != '\0' ? cause : call->cause,
    };
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    if (!api_site_find(call, head.site))
        return api_absent(call, "site", head.site);
    err = order_check_party(call, head.party, sale ? PARTY_OUTLET : PARTY_SUPPLIER, "party");
    if (err < 0)
        return err;
    int known = order_is_known(call->s, head.document);
    if (known != 0)
        return known < 0 ? known
                         : api_refuse(call, 409, "exists", "document", "another number",
                                      "there is an order of that number");
    err = id[0] != '\0' ? find_campaign(call, id, head.site, &campaign) : 0;
    if (err == 0)
        err = put_lines(call, &head, id[0] != '\0' ? &campaign : NULL);
    if (err == 0)
        err = audit_order(call, "OrderCreated", head.document, head.site, "asked for");
    return err < 0 ? err : answer_order(call, head.document);
}

/* An order goes as a whole: its lines are all the caller's, and none is a transfer's. */
static int check_lines(struct api_call *call, const char *document, char ret_site[ENTRY_PARTY_SIZE])
{
    static const char select[] =
        "SELECT site, kind FROM order_line WHERE document = $1 ORDER BY site, line LIMIT $2";
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, document);
    sql_bind_int(q, 2, LINES_MAX);
    bool any = false;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        any = true;
        snprintf(ret_site, ENTRY_PARTY_SIZE, "%s", sql_text(q, 0));
        if (!api_site_find(call, ret_site))
            return api_absent(call, "order", document);
        if (strncmp(sql_text(q, 1), "transfer", strlen("transfer")) == 0)
            return api_refuse(call, 422, "transfer", "document", "decide on its proposal",
                              "lines of a transfer are not cancelled here");
    }
    return n < 0 ? n : any ? 0 : api_absent(call, "order", document);
}

int handle_cancel_order(struct api_call *call)
{
    static const char update[] =
        "UPDATE order_line SET state = 'cancelled' WHERE document = $1 AND state = 'open'";
    const char *document = api_arg(call, "document");
    char site[ENTRY_PARTY_SIZE];
    int err = campaign_give_back(call->s, document);
    if (err == 0)
        err = check_lines(call, document, site);
    if (err < 0)
        return err; /* nothing of it is written */
    AUTO(sql_query) q = sql_query(call->s, update);
    sql_bind_text(q, 1, document);
    err = sql_run(q);
    if (err < 0)
        return err;
    if (sql_changes(q) == 0)
        return api_refuse(call, 409, "closed", "document", "", "nothing of it is open");
    err = audit_order(call, "OrderCancelled", document, site, api_body_text(call, "reason", ""));
    return err < 0 ? err : answer_order(call, document);
}
