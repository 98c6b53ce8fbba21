/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "civil.h"
#include "compliance.h"
#include "entry_kind_sql.h"
#include "event_body.h"
#include "eway.h"
#include "setting.h"

static void add_findings(struct api_call *call, const struct compliance *c)
{
    struct http_json *b = &call->answer;
    cJSON *findings = http_json_add_array(b, call->root, "findings");
    for (unsigned code = 0; code < COMPLIANCE_CODE_COUNT; code++) {
        if ((c->codes & 1U << code) == 0)
            continue;
        const struct compliance_rule *rule = compliance_rule((enum compliance_code)code);
        char evidence[400];
        snprintf(evidence, sizeof(evidence), "%s (%s)", rule->text, rule->law);
        cJSON *to = http_json_add_object(b, findings, NULL);
        http_json_text(b, to, "rule", rule->word);
        http_json_text(b, to, "severity", rule->severity);
        http_json_bool(b, to, "blocking", rule->blocking);
        http_json_text(b, to, "evidence", evidence);
    }
}

static int read_input(struct api_call *call, struct compliance_input *ret)
{
    const struct catalogue_index *catalogue = NULL;
    AUTO(setting_book) book = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err == 0)
        err = setting_book_read(call->s, &book);
    if (err < 0)
        return err;
    struct compliance_ask ask = {
        .movement = MOVEMENT_TRANSFER,
        .from_site = api_arg(call, "fromSite"),
        .to_site = api_arg(call, "toSite"),
        .sku = api_arg(call, "sku"),
        .batch = {.expiry_day = api_arg_day(call, "expiryDate"),
                  .mrp_paise = api_arg_int(call, "mrpPaise")},
        .units = api_arg_int(call, "quantity"),
        .day = civil_ist_day(call->now_ms),
    };
    snprintf(ask.batch.number, sizeof(ask.batch.number), "%s", api_arg(call, "batch"));
    err = compliance_read(call->s, &ask, catalogue, book, ret);
    if (err == -ENOENT)
        return api_absent(call, "site or SKU", ask.sku);
    if (err == 0 && api_arg(call, "valuePaise")[0] != '\0')
        ret->value_paise = api_arg_int(call, "valuePaise");
    return err;
}

int handle_check_compliance(struct api_call *call)
{
    const char *from = api_arg(call, "fromSite");
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    if (!api_site_find(call, from))
        return api_absent(call, "site", from);
    struct compliance_input in;
    err = read_input(call, &in);
    if (err < 0)
        return err;
    struct compliance c;
    compliance_judge(&in, &c);
    char text[COMPLIANCE_TEXT_SIZE];
    struct http_json *b = &call->answer;
    http_json_bool(b, call->root, "allowed", !c.blocked);
    http_json_text(b, call->root, "complianceStatus", compliance_status(compliance_text(&c, text)));
    http_json_bool(b, call->root, "supply", c.gst_known && c.gst.supply);
    http_json_text(b, call->root, "document",
                   c.gst_known ? gst_document_name(c.gst.document.document) : "");
    const struct gst_tax *tax = &c.gst.tax;
    http_json_number(b, call->root, "taxablePaise", in.value_paise);
    http_json_number(b, call->root, "taxPaise",
                     c.gst_known && c.gst.supply
                         ? tax->cgst_paise + tax->sgst_paise + tax->igst_paise + tax->cess_paise
                         : 0);
    http_json_bool(b, call->root, "ewayRequired", c.eway.required);
    http_json_text(b, call->root, "ewayReason", eway_reason_name(c.eway.reason));
    add_findings(call, &c);
    return api_add_freshness(call, call->root, from);
}

static const char select_papers[] =
    "SELECT CAST(p.made_ms AS TEXT) || '|' || p.paper_id, p.paper_id, p.kind, p.number, p.document,"
    " p.from_gstin, p.to_gstin, p.day, p.taxable_paise, p.tax_paise, p.eway, p.state, p.made_ms,"
    " p.body, coalesce((SELECT min(t.sent_ms) FROM transit t WHERE t.document = p.document AND"
    " t.sent_ms > 0), 0) FROM paper p WHERE p.made_ms < $2 OR (p.made_ms = $2 AND p.paper_id > $3)"
    " ORDER BY p.made_ms DESC, p.paper_id LIMIT $1";
static const struct api_column paper_columns[] = {
    {"key", FIELD_KEY},        {"paperId", FIELD_TEXT},  {"kind", FIELD_TEXT},
    {"number", FIELD_TEXT},    {"document", FIELD_TEXT}, {"fromGstin", FIELD_TEXT},
    {"toGstin", FIELD_TEXT},   {"date", FIELD_DAY},      {"taxablePaise", FIELD_INT},
    {"taxPaise", FIELD_INT},   {"eway", FIELD_TEXT},     {"state", FIELD_TEXT},
    {"madeAt", FIELD_INSTANT},
};
enum { PAPER_KEY = 0, PAPER_EWAY = 10, PAPER_BODY = 13, PAPER_SENT = 14 };

/* Until when the bill of what is on the road is valid, where Part B was entered on the day on which
 * the goods left; 0: no bill is needed, they have not left, or the distance is not known. */
static int64_t eway_until(struct sql_query *q)
{
    int64_t km = 0;
    int64_t until = 0;
    int64_t sent = sql_int(q, PAPER_SENT);
    if (sent <= 0 || strcmp(sql_text(q, PAPER_EWAY), "required") != 0 ||
        event_body_get_int(sql_text(q, PAPER_BODY), "km", &km) < 0 || km < 1 || km > EWAY_KM_MAX ||
        eway_valid_until_ms(sent, (int32_t)km, EWAY_REGULAR, &until) < 0)
        return 0;
    return until;
}

int handle_list_papers(struct api_call *call)
{
    struct api_page page;
    int err = api_page_read(call, &page);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = sql_query(call->s, select_papers);
    sql_bind_int(q, 1, limit);
    sql_bind_int(q, 2, page.number);
    sql_bind_text(q, 3, page.id);
    struct http_json *b = &call->answer;
    cJSON *items = http_json_add_array(b, call->root, "items");
    char next[API_VALUE_SIZE] = "";
    int64_t count = 0;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        cJSON *to = http_json_add_object(b, items, NULL);
        err = api_row(call, to, q, paper_columns, ARRAY_LEN(paper_columns));
        if (err < 0)
            return err;
        http_json_instant(b, to, "ewayValidUntil", eway_until(q));
        snprintf(next, sizeof(next), "%s", sql_text(q, PAPER_KEY));
        count++;
    }
    http_json_text_or_null(b, call->root, "next", count == limit ? next : "");
    return n;
}

/* A row a GSTIN: its papers of the month, and what its sites' journals say of the month: picked 13,
 * received 11, disposed 19. */
static const char select_gstins[] =
    "SELECT g.gstin, coalesce(p.papers, 0), coalesce(p.taxable, 0), coalesce(p.tax, 0),"
    " coalesce(p.eway, 0), coalesce(e.sold, 0), coalesce(e.received, 0), coalesce(e.disposed, 0),"
    " coalesce(e.paise, 0) FROM (SELECT DISTINCT gstin FROM site WHERE gstin <> '') g LEFT JOIN"
    " (SELECT from_gstin, count(DISTINCT kind || number) AS papers, CAST(sum(taxable_paise) AS"
    " BIGINT) AS taxable, CAST(sum(tax_paise) AS BIGINT) AS tax, count(DISTINCT CASE WHEN eway IN"
    " ('', 'not_required') THEN NULL ELSE kind || number END) AS eway FROM paper WHERE day >= $1"
    " AND day < $2 AND"
    " state <> 'cancelled' GROUP BY from_gstin) p ON p.from_gstin = g.gstin LEFT JOIN (SELECT"
    " s.gstin, CAST(sum(CASE WHEN n.kind = " SQL_PICKED
    " THEN n.qty ELSE 0 END) AS BIGINT) AS sold,"
    " CAST(sum(CASE WHEN n.kind = " SQL_RECEIVED " THEN n.qty ELSE 0 END) AS BIGINT) AS received,"
    " CAST(sum(CASE WHEN n.kind = " SQL_DISPOSED " THEN n.qty ELSE 0 END) AS BIGINT) AS disposed,"
    " CAST(sum(CASE WHEN n.kind = " SQL_DISPOSED
    " THEN n.value_paise ELSE 0 END) AS BIGINT) AS paise FROM entry"
    " n JOIN device d ON d.device = n.device JOIN site s ON s.site = d.site WHERE n.kind IN "
    "(" SQL_RECEIVED ", " SQL_PICKED ", " SQL_DISPOSED
    ") AND n.wall_ms >= $3 AND n.wall_ms < $4 GROUP BY s.gstin) e ON e.gstin = g.gstin"
    " ORDER BY g.gstin LIMIT 100";
static const struct api_column gstin_columns[] = {
    {"gstin", FIELD_TEXT},        {"papers", FIELD_INT},        {"taxablePaise", FIELD_INT},
    {"taxPaise", FIELD_INT},      {"ewayRequired", FIELD_INT},  {"soldUnits", FIELD_INT},
    {"receivedUnits", FIELD_INT}, {"disposedUnits", FIELD_INT}, {"disposedPaise", FIELD_INT},
};

int handle_get_regulatory(struct api_call *call)
{
    static const char select_violations[] =
        "SELECT count(*) FROM event WHERE type = 'ComplianceViolation' AND wall_ms >= $1 AND"
        " wall_ms < $2";
    const char *period = api_arg(call, "period");
    struct civil_date date = {.year = (int32_t)strtol(period, NULL, 10),
                              .month = (int32_t)strtol(period + 5, NULL, 10),
                              .day = 1};
    int32_t from = 0;
    int err = civil_day(date, &from);
    if (err < 0)
        return err;
    int32_t to = from + civil_days_in_month(date.year, date.month);
    struct http_json *b = &call->answer;
    http_json_text(b, call->root, "period", period);
    http_json_day(b, call->root, "fromDate", from);
    http_json_day(b, call->root, "toDate", to - 1);
    AUTO(sql_query) q = sql_query(call->s, select_gstins);
    sql_bind_int(q, 1, from);
    sql_bind_int(q, 2, to);
    sql_bind_int(q, 3, civil_ist_start_ms(from));
    sql_bind_int(q, 4, civil_ist_start_ms(to));
    err = api_rows_into(call, call->root, "gstins", q, gstin_columns, ARRAY_LEN(gstin_columns));
    if (err < 0)
        return err;
    AUTO(sql_query) v = sql_query(call->s, select_violations);
    sql_bind_int(v, 1, civil_ist_start_ms(from));
    sql_bind_int(v, 2, civil_ist_start_ms(to));
    int n = sql_step(v);
    if (n != 1)
        return n < 0 ? n : -EIO;
    http_json_number(b, call->root, "violations", sql_int(v, 0));
    return api_add_freshness(call, call->root, "");
}
