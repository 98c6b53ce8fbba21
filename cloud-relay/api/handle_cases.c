/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "answer_event.h"
#include "answer_proposal.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"

#define PROPOSALS_MAX 200

static const char select_cases[] =
    "SELECT CAST(c.opened_ms AS TEXT) || '|' || c.case_id, c.case_id, c.kind, c.state, c.site,"
    " s.territory, c.sku, c.sku, c.batch, c.expiry_day, c.mrp_paise, c.opened_ms, c.changed_ms,"
    " c.closed_ms, c.units, c.risk_units, c.risk_paise, c.landed_paise, c.expected_paise,"
    " c.moved_units, c.cleared_units, c.returned_units, c.written_off_units, c.recovered_paise,"
    " c.trace, c.site FROM recovery_case c JOIN site s ON s.site = c.site WHERE ($1 = '' OR"
    " replace($1, '+' || s.territory || '+', '') <> $1) AND (c.opened_ms < $3 OR"
    " (c.opened_ms = $3 AND c.case_id > $4)) AND ($5 = '' OR c.state = $5) AND ($6 = '' OR"
    " c.site = $6) AND ($7 = '' OR c.sku = $7) AND ($8 = '' OR c.case_id = $8) ORDER BY"
    " c.opened_ms DESC, c.case_id LIMIT $2";
static const struct api_column case_columns[] = {
    {"key", FIELD_KEY},
    {"caseId", FIELD_TEXT},
    {"kind", FIELD_TEXT},
    {"state", FIELD_TEXT},
    {"site", FIELD_TEXT},
    {"territory", FIELD_TEXT},
    {"sku", FIELD_TEXT},
    {"name", FIELD_SKU_NAME},
    {"batch", FIELD_TEXT},
    {"expiryDate", FIELD_DAY},
    {"mrpPaise", FIELD_INT},
    {"openedAt", FIELD_INSTANT},
    {"changedAt", FIELD_INSTANT},
    {"closedAt", FIELD_INSTANT},
    {"units", FIELD_INT},
    {"riskUnits", FIELD_INT},
    {"riskPaise", FIELD_INT},
    {"landedPaise", FIELD_INT},
    {"expectedPaise", FIELD_INT},
    {"movedUnits", FIELD_INT},
    {"clearedUnits", FIELD_INT},
    {"returnedUnits", FIELD_INT},
    {"writtenOffUnits", FIELD_INT},
    {"recoveredPaise", FIELD_INT},
    {"traceId", FIELD_TEXT},
    {"siteDataAgeSeconds", FIELD_AGE},
};

int handle_list_cases(struct api_call *call)
{
    struct api_page page;
    int err = api_page_read(call, &page);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = sql_query(call->s, select_cases);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_int(q, 3, page.number);
    sql_bind_text(q, 4, page.id);
    sql_bind_text(q, 5, api_arg(call, "state"));
    sql_bind_text(q, 6, api_arg(call, "site"));
    sql_bind_text(q, 7, api_arg(call, "sku"));
    sql_bind_text(q, 8, "");
    err = api_rows(call, q, case_columns, ARRAY_LEN(case_columns), limit);
    return err < 0 ? err : api_add_freshness(call, call->root, api_arg(call, "site"));
}

static int add_case(struct api_call *call, cJSON *to, const char *case_id)
{
    AUTO(sql_query) q = sql_query(call->s, select_cases);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, 1);
    sql_bind_int(q, 3, INT64_MAX);
    for (int at = 4; at <= 7; at++)
        sql_bind_text(q, at, "");
    sql_bind_text(q, 8, case_id);
    int n = sql_step(q);
    if (n < 0)
        return n;
    return n == 1 ? api_row(call, to, q, case_columns, ARRAY_LEN(case_columns))
                  : api_absent(call, "case", case_id);
}

/* Of the case, then of each of its proposals: who approved stands with those. */
static int add_history(struct api_call *call, const char *case_id)
{
    cJSON *items = http_json_add_array(&call->answer, call->root, "history");
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "case:%s", case_id);
    int err = answer_events_add(call, items, subject);
    const cJSON *proposal = NULL;
    cJSON_ArrayForEach(proposal, cJSON_GetObjectItemCaseSensitive(call->root, "proposals"))
    {
        if (err < 0)
            return err;
        snprintf(subject, sizeof(subject), "proposal:%s",
                 api_member_text(proposal, "proposalId", ""));
        err = answer_events_add(call, items, subject);
    }
    return err;
}

int handle_get_case(struct api_call *call)
{
    const char *case_id = api_arg(call, "caseId");
    cJSON *to = http_json_add_object(&call->answer, call->root, "case");
    int err = add_case(call, to, case_id);
    struct proposal_list list = {.case_id = case_id, .limit = PROPOSALS_MAX};
    if (err == 0)
        err = answer_proposals(call, call->root, "proposals", &list, false);
    if (err == 0)
        err = add_history(call, case_id);
    return err < 0 ? err : api_add_freshness(call, call->root, api_member_text(to, "site", ""));
}
