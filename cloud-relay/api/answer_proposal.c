/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer_proposal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_rows.h"
#include "compliance.h"

/* A proposal is the caller's when its source or its target is. Open ones first by rank would move
 * from page to page: the order is by making. */
#define SELECT_PROPOSALS(number)                                                                   \
    "SELECT CAST(" number " AS TEXT) || '|' || p.proposal_id, p.proposal_id, p.sku, f.territory,"  \
    " coalesce(t.territory, ''), p.units, p.cost_paise, p.revenue_paise, p.urgency, p.compliance," \
    " p.proposal_id, p.case_id, p.action, p.state, p.sku, p.batch, p.expiry_day, p.mrp_paise,"     \
    " p.from_site, p.to_site, p.gain_paise, p.ask_milli_paise, p.bid_milli_paise, p.rank,"         \
    " p.compliance, p.reason, p.alternative, p.limits, p.inputs, p.made_ms, p.expires_ms,"         \
    " p.decided_by, p.decided_ms, p.decided_reason, p.document, p.done_units, "                    \
    "p.actual_cost_paise,"                                                                         \
    " p.actual_revenue_paise, p.from_site FROM proposal p JOIN site f ON f.site = p.from_site "    \
    "LEFT"                                                                                         \
    " JOIN site t ON t.site = p.to_site WHERE ($1 = '' OR replace($1, '+' || f.territory || '+',"  \
    " '') <> $1 OR replace($1, '+' || coalesce(t.territory, '+') || '+', '') <> $1) AND"           \
    " (" number " < $3 OR (" number " = $3 AND p.proposal_id > $4)) AND ($5 = '' OR"               \
    " p.proposal_id = $5) AND ($6 = '' OR p.case_id = $6) AND ($7 = '' OR p.state = $7) AND"       \
    " ($8 = '' OR p.action = $8) AND ($9 = '' OR p.from_site = $9 OR p.to_site = $9) AND"          \
    " ($10 = '' OR p.sku = $10) ORDER BY " number " DESC, p.proposal_id LIMIT $2"

static const char select_by_making[] = SELECT_PROPOSALS("p.made_ms");
static const char select_by_gain[] = SELECT_PROPOSALS("p.gain_paise");
static const struct api_column proposal_columns[] = {
    {"key", FIELD_KEY},
    {"recommendationId", FIELD_TEXT},
    {"sourceSku", FIELD_TEXT},
    {"sourceTerritory", FIELD_TEXT},
    {"targetTerritory", FIELD_TEXT},
    {"quantity", FIELD_INT},
    {"transportationCost", FIELD_INT},
    {"expectedRevenue", FIELD_INT},
    {"urgencyScore", FIELD_INT},
    {"complianceStatus", FIELD_SKIP},
    {"proposalId", FIELD_TEXT},
    {"caseId", FIELD_TEXT},
    {"action", FIELD_TEXT},
    {"state", FIELD_TEXT},
    {"name", FIELD_SKU_NAME},
    {"batch", FIELD_TEXT},
    {"expiryDate", FIELD_DAY},
    {"mrpPaise", FIELD_INT},
    {"sourceSite", FIELD_TEXT},
    {"targetSite", FIELD_TEXT},
    {"gainPaise", FIELD_INT},
    {"askMilliPaise", FIELD_INT},
    {"bidMilliPaise", FIELD_INT},
    {"rank", FIELD_INT},
    {"compliance", FIELD_TEXT},
    {"reason", FIELD_TEXT},
    {"alternative", FIELD_TEXT},
    {"limits", FIELD_TEXT},
    {"inputs", FIELD_TEXT},
    {"madeAt", FIELD_INSTANT},
    {"expiresAt", FIELD_INSTANT},
    {"decidedBy", FIELD_TEXT},
    {"decidedAt", FIELD_INSTANT},
    {"decidedReason", FIELD_TEXT},
    {"document", FIELD_TEXT},
    {"doneUnits", FIELD_INT},
    {"actualCostPaise", FIELD_INT},
    {"actualRevenuePaise", FIELD_INT},
    {"siteDataAgeSeconds", FIELD_AGE},
};
#define COMPLIANCE_COLUMN 9

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static struct sql_query *query(struct api_call *call, const struct proposal_list *list,
                               const struct api_page *page)
{
    struct sql_query *q = sql_query(call->s, list->by_gain ? select_by_gain : select_by_making);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, list->limit);
    sql_bind_int(q, 3, page->number);
    sql_bind_text(q, 4, page->id);
    sql_bind_text(q, 5, or_empty(list->proposal_id));
    sql_bind_text(q, 6, or_empty(list->case_id));
    sql_bind_text(q, 7, or_empty(list->state));
    sql_bind_text(q, 8, or_empty(list->action));
    sql_bind_text(q, 9, or_empty(list->site));
    sql_bind_text(q, 10, or_empty(list->sku));
    return q;
}

static int add(struct api_call *call, cJSON *to, struct sql_query *q)
{
    int err = api_row(call, to, q, proposal_columns, ARRAY_LEN(proposal_columns));
    const char *status = compliance_status(sql_text(q, COMPLIANCE_COLUMN));
    /* One that compliance has not looked at yet is not compliant yet. */
    http_json_text(&call->answer, to, "complianceStatus",
                   status[0] != '\0' ? status : "requires_review");
    return err;
}

int answer_proposals(struct api_call *call, cJSON *to, const char *name,
                     const struct proposal_list *list, bool paged)
{
    struct api_page page = {.number = INT64_MAX};
    int err = paged ? api_page_read(call, &page) : 0;
    if (err < 0)
        return err;
    cJSON *items = http_json_add_array(&call->answer, to, name);
    AUTO(sql_query) q = query(call, list, &page);
    char next[API_VALUE_SIZE] = "";
    int64_t count = 0;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        err = add(call, http_json_add_object(&call->answer, items, NULL), q);
        if (err < 0)
            return err;
        count++;
        snprintf(next, sizeof(next), "%s", sql_text(q, 0));
    }
    if (n == 0 && paged)
        http_json_text_or_null(&call->answer, to, "next", count == list->limit ? next : "");
    return n;
}

int answer_proposal(struct api_call *call, cJSON *to, const char *proposal_id)
{
    struct proposal_list list = {.proposal_id = proposal_id, .limit = 1};
    struct api_page page = {.number = INT64_MAX};
    AUTO(sql_query) q = query(call, &list, &page);
    int n = sql_step(q);
    if (n < 0)
        return n;
    return n == 1 ? add(call, to, q) : api_absent(call, "proposal", proposal_id);
}
