/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/reports/recovery: the money. What was found is the cases', what was done the
 * proposals', both of the span in which they were opened or made. */
#include <errno.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "civil.h"

static const char select_cases[] =
    "SELECT count(*), CAST(coalesce(sum(c.risk_units), 0) AS BIGINT),"
    " CAST(coalesce(sum(c.risk_paise), 0) AS BIGINT),"
    " CAST(coalesce(sum(CASE WHEN c.recovered_paise <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT),"
    " CAST(coalesce(sum(c.moved_units + c.cleared_units + c.returned_units), 0) AS BIGINT),"
    " CAST(coalesce(sum(c.recovered_paise), 0) AS BIGINT) FROM recovery_case c JOIN site s ON"
    " s.site = c.site WHERE ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND"
    " c.opened_ms >= $2 AND c.opened_ms < $3";
static const char select_proposals[] =
    "SELECT p.action, CASE WHEN p.state IN ('proposed', 'approved', 'executing') THEN 'open' WHEN"
    " p.state IN ('done', 'partial') THEN 'done' ELSE p.state END, count(*),"
    " CAST(sum(p.units) AS BIGINT), CAST(sum(p.gain_paise) AS BIGINT),"
    " CAST(sum(p.done_units) AS BIGINT), CAST(sum(p.actual_revenue_paise) AS BIGINT),"
    " CAST(sum(CASE WHEN substr(p.decided_by, 1, 6) = 'agent:' THEN 1 ELSE 0 END) AS BIGINT),"
    " CAST(sum(CASE WHEN substr(p.decided_by, 1, 5) = 'user:' THEN 1 ELSE 0 END) AS BIGINT)"
    " FROM proposal p JOIN site s ON s.site = p.from_site WHERE ($1 = '' OR replace($1, '+' ||"
    " s.territory || '+', '') <> $1) AND p.made_ms >= $2 AND p.made_ms < $3 GROUP BY p.action,"
    " CASE WHEN p.state IN ('proposed', 'approved', 'executing') THEN 'open' WHEN p.state IN"
    " ('done', 'partial') THEN 'done' ELSE p.state END";

struct sum {
    int64_t cases, units, paise;
};

struct report {
    struct sum at_risk, proposed, moved, cleared, returned, written_off, recovered;
    int64_t by_agents, by_persons, rejected;
};

static void bind_span(struct api_call *call, struct sql_query *q)
{
    int32_t from = api_arg_day(call, "fromDate");
    int32_t to = api_arg_day(call, "toDate");
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, from == CIVIL_NONE ? 0 : civil_ist_start_ms(from));
    sql_bind_int(q, 3, to == CIVIL_NONE ? INT64_MAX : civil_ist_start_ms(to + 1));
}

static int read_cases(struct api_call *call, struct report *r)
{
    AUTO(sql_query) q = sql_query(call->s, select_cases);
    bind_span(call, q);
    int n = sql_step(q);
    if (n != 1)
        return n < 0 ? n : -EIO;
    r->at_risk = (struct sum){sql_int(q, 0), sql_int(q, 1), sql_int(q, 2)};
    r->recovered = (struct sum){sql_int(q, 3), sql_int(q, 4), sql_int(q, 5)};
    return 0;
}

static void add(struct sum *to, int64_t cases, int64_t units, int64_t paise)
{
    to->cases += cases;
    to->units += units;
    to->paise += paise;
}

static void book(struct report *r, struct sql_query *q)
{
    struct sum *const done[] = {&r->moved, &r->cleared, &r->returned, &r->written_off};
    static const char *const actions[] = {"transfer", "campaign", "supplier_return", "write_off"};
    const char *state = sql_text(q, 1);
    r->by_agents += sql_int(q, 7);
    r->by_persons += sql_int(q, 8);
    if (strcmp(state, "open") == 0)
        add(&r->proposed, sql_int(q, 2), sql_int(q, 3), sql_int(q, 4));
    if (strcmp(state, "rejected") == 0)
        r->rejected += sql_int(q, 2);
    for (size_t i = 0; i < ARRAY_LEN(actions) && strcmp(state, "done") == 0; i++) {
        if (strcmp(sql_text(q, 0), actions[i]) == 0)
            add(done[i], sql_int(q, 2), sql_int(q, 5), sql_int(q, 6));
    }
}

static int read_proposals(struct api_call *call, struct report *r)
{
    AUTO(sql_query) q = sql_query(call->s, select_proposals);
    bind_span(call, q);
    int n = 0;
    while ((n = sql_step(q)) == 1)
        book(r, q);
    return n;
}

static void add_sum(struct api_call *call, const char *name, const struct sum *sum)
{
    struct http_json *b = &call->answer;
    cJSON *to = http_json_add_object(b, call->root, name);
    http_json_number(b, to, "cases", sum->cases);
    http_json_number(b, to, "units", sum->units);
    http_json_number(b, to, "paise", sum->paise);
}

int handle_get_recovery(struct api_call *call)
{
    struct report r = {.by_agents = 0};
    int err = read_cases(call, &r);
    if (err == 0)
        err = read_proposals(call, &r);
    if (err < 0)
        return err;
    struct http_json *b = &call->answer;
    http_json_day(b, call->root, "fromDate", api_arg_day(call, "fromDate"));
    http_json_day(b, call->root, "toDate", api_arg_day(call, "toDate"));
    add_sum(call, "atRisk", &r.at_risk);
    add_sum(call, "proposed", &r.proposed);
    add_sum(call, "moved", &r.moved);
    add_sum(call, "cleared", &r.cleared);
    add_sum(call, "returned", &r.returned);
    add_sum(call, "writtenOff", &r.written_off);
    add_sum(call, "recovered", &r.recovered);
    cJSON *decisions = http_json_add_object(b, call->root, "decisions");
    http_json_number(b, decisions, "byAgents", r.by_agents);
    http_json_number(b, decisions, "byPersons", r.by_persons);
    http_json_number(b, decisions, "rejected", r.rejected);
    return api_add_freshness(call, call->root, "");
}
