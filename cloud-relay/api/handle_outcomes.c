/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What transfers were predicted to cost and bring, and what they did: one by one, and by month; and
 * the true cost of a way, which people enter (orchestrator/true_cost.h). */
#include <errno.h>
#include <stdio.h>

#include "answer_proposal.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "civil.h"
#include "proposals.h"
#include "true_cost.h"

#define MONTHS 12
#define MONTH_SIZE 24 /* whatever the numbers are */

static const char select_outcomes[] =
    "SELECT CAST(p.decided_ms AS TEXT) || '|' || p.proposal_id, p.inputs, p.proposal_id,"
    " p.case_id, p.sku, p.sku, p.from_site, p.to_site, p.state, p.decided_ms, p.units,"
    " p.done_units, p.cost_paise, p.actual_cost_paise, p.revenue_paise, p.actual_revenue_paise,"
    " t.freight_paise, t.handling_paise, coalesce(t.paper, ''), p.from_site FROM proposal p JOIN"
    " site f ON f.site = p.from_site LEFT JOIN site g ON g.site = p.to_site LEFT JOIN true_cost t"
    " ON t.proposal_id = p.proposal_id AND t.version = (SELECT max(u.version) FROM true_cost u"
    " WHERE u.proposal_id = p.proposal_id) WHERE p.action = 'transfer' AND p.state IN ('done',"
    " 'partial', 'failed') AND ($1 = '' OR replace($1, '+' || f.territory || '+', '') <> $1 OR"
    " replace($1, '+' || coalesce(g.territory, '+') || '+', '') <> $1) AND (p.decided_ms < $3 OR"
    " (p.decided_ms = $3 AND p.proposal_id > $4)) AND ($5 = '' OR p.from_site = $5 OR"
    " p.to_site = $5) AND ($6 = '' OR p.sku = $6) AND ($7 = 0 OR t.paper IS NULL)"
    " ORDER BY p.decided_ms DESC, p.proposal_id LIMIT $2";
static const struct api_column outcome_columns[] = {
    {"key", FIELD_KEY},
    {"inputs", FIELD_SKIP},
    {"proposalId", FIELD_TEXT},
    {"caseId", FIELD_TEXT},
    {"sku", FIELD_TEXT},
    {"name", FIELD_SKU_NAME},
    {"fromSite", FIELD_TEXT},
    {"toSite", FIELD_TEXT},
    {"state", FIELD_TEXT},
    {"decidedAt", FIELD_INSTANT},
    {"units", FIELD_INT},
    {"doneUnits", FIELD_INT},
    {"predictedCostPaise", FIELD_INT},
    {"actualCostPaise", FIELD_INT},
    {"predictedRevenuePaise", FIELD_INT},
    {"actualRevenuePaise", FIELD_INT},
    {"freight", FIELD_SKIP},
    {"handling", FIELD_SKIP},
    {"paper", FIELD_TEXT_OR_NULL},
    {"siteDataAgeSeconds", FIELD_AGE},
};
enum { AT_KEY, AT_INPUTS, AT_COST = 12, AT_FREIGHT = 16, AT_HANDLING };

static void add_or_null(struct api_call *call, cJSON *to, const char *name, struct sql_query *q,
                        int column)
{
    if (sql_null(q, column))
        http_json_null(&call->answer, to, name);
    else
        http_json_number(&call->answer, to, name, sql_int(q, column));
}

static int add_outcome(struct api_call *call, cJSON *to, struct sql_query *q)
{
    http_json_number(&call->answer, to, "predictedFreightPaise",
                     true_cost_predicted(sql_int(q, AT_COST), sql_text(q, AT_INPUTS)));
    add_or_null(call, to, "freightPaise", q, AT_FREIGHT);
    add_or_null(call, to, "handlingPaise", q, AT_HANDLING);
    return api_row(call, to, q, outcome_columns, ARRAY_LEN(outcome_columns));
}

static int add_outcomes(struct api_call *call, const struct api_page *page)
{
    int64_t limit = api_arg_int(call, "limit"), count = 0;
    char next[API_VALUE_SIZE] = "";
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    AUTO(sql_query) q = sql_query(call->s, select_outcomes);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_int(q, 3, page->number);
    sql_bind_text(q, 4, page->id);
    sql_bind_text(q, 5, api_arg(call, "site"));
    sql_bind_text(q, 6, api_arg(call, "sku"));
    sql_bind_int(q, 7, api_arg_true(call, "unpaid"));
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        int err = add_outcome(call, http_json_add_object(&call->answer, items, NULL), q);
        if (err < 0)
            return err;
        snprintf(next, sizeof(next), "%s", sql_text(q, AT_KEY));
        count++;
    }
    http_json_text_or_null(&call->answer, call->root, "next", count == limit ? next : "");
    return n;
}

/* ---- the trend ---- */

static const char select_month[] =
    "SELECT count(*), CAST(coalesce(sum(CASE WHEN p.state = 'done' THEN 1 ELSE 0 END), 0) AS"
    " BIGINT), CAST(coalesce(sum(p.cost_paise), 0) AS BIGINT),"
    " CAST(coalesce(sum(p.actual_cost_paise), 0) AS BIGINT),"
    " CAST(coalesce(sum(p.revenue_paise), 0) AS BIGINT),"
    " CAST(coalesce(sum(p.actual_revenue_paise), 0) AS BIGINT) FROM proposal p JOIN site f ON"
    " f.site = p.from_site WHERE p.action = 'transfer' AND p.state IN ('done', 'partial',"
    " 'failed') AND ($1 = '' OR replace($1, '+' || f.territory || '+', '') <> $1) AND"
    " p.decided_ms >= $2 AND p.decided_ms < $3";
static const struct api_column month_columns[] = {
    {"ended", FIELD_INT},
    {"successes", FIELD_INT},
    {"predictedCostPaise", FIELD_INT},
    {"actualCostPaise", FIELD_INT},
    {"predictedRevenuePaise", FIELD_INT},
    {"actualRevenuePaise", FIELD_INT},
};

/* The first day of a month, so many months before that of `today`. */
static int first_of(int32_t today, int32_t back, int32_t *ret, char name[MONTH_SIZE])
{
    struct civil_date d = civil_date(today);
    int32_t months = d.year * 12 + d.month - 1 - back;
    d = (struct civil_date){.year = months / 12, .month = months % 12 + 1, .day = 1};
    snprintf(name, MONTH_SIZE, "%04d-%02d", (int)d.year, (int)d.month);
    return civil_day(d, ret);
}

static int add_month(struct api_call *call, cJSON *trend, int32_t back)
{
    int32_t from = 0, to = 0, today = civil_ist_day(call->now_ms);
    char name[MONTH_SIZE], after[MONTH_SIZE];
    int err = first_of(today, back, &from, name);
    if (err == 0)
        err = first_of(today, back - 1, &to, after);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select_month);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, civil_ist_start_ms(from));
    sql_bind_int(q, 3, civil_ist_start_ms(to));
    int n = sql_step(q);
    if (n != 1)
        return n < 0 ? n : -EIO;
    int64_t ended = sql_int(q, 0), successes = sql_int(q, 1);
    cJSON *month = http_json_add_object(&call->answer, trend, NULL);
    http_json_text(&call->answer, month, "month", name);
    if (ended > 0)
        http_json_number(&call->answer, month, "successPermille", successes * 1000 / ended);
    else
        http_json_null(&call->answer, month, "successPermille");
    return api_row(call, month, q, month_columns, ARRAY_LEN(month_columns));
}

int handle_list_outcomes(struct api_call *call)
{
    struct api_page page;
    int err = api_page_read(call, &page);
    if (err == 0)
        err = add_outcomes(call, &page);
    cJSON *trend = http_json_add_array(&call->answer, call->root, "trend");
    for (int32_t back = MONTHS; err == 0 && back-- > 0;)
        err = add_month(call, trend, back);
    return err < 0 ? err : api_add_freshness(call, call->root, api_arg(call, "site"));
}

/* ---- what a way cost ---- */

int handle_put_true_cost(struct api_call *call)
{
    const char *id = api_arg(call, "proposalId");
    struct proposal p;
    int err = proposal_find(call->s, id, &p);
    if (err == -ENOENT)
        return api_absent(call, "proposal", id);
    if (err == 0)
        err = api_sites_read(call);
    if (err < 0)
        return err;
    if (!api_site_find(call, p.from_site))
        return api_forbidden(call, "site", p.from_site);
    struct true_cost_said said = {.freight_paise = api_body_int(call, "freightPaise", 0),
                                  .handling_paise = api_body_int(call, "handlingPaise", 0),
                                  .paper = api_body_text(call, "paper", ""),
                                  .reason = api_body_text(call, "reason", ""),
                                  .by = call->actor,
                                  .cause = call->cause,
                                  .now_ms = call->now_ms};
    struct diag why = {.line = 0};
    err = true_cost_enter(call->s, id, &said, &why);
    if (err == -ENOENT || err == -EINVAL)
        return api_refuse(call, 422, "true_cost", err == -EINVAL ? "reason" : "proposalId", "",
                          "%s", why.text);
    if (err == -EPERM)
        return api_refuse(call, 409, "not_left", "proposalId", "a transfer that has left", "%s",
                          why.text);
    return err < 0 ? err : answer_proposal(call, call->root, id);
}
