/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be done, and what people say about it. Deciding is the orchestrator's proposal_decide(),
 * proposing its proposal_make(): here stand only the words of the API and whose they are. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_proposal.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "autonomy.h"
#include "civil.h"
#include "event_body.h"
#include "event_type.h"
#include "proposals.h"
#include "recovery.h"
#include "setting.h"

int handle_list_proposals(struct api_call *call)
{
    struct proposal_list list = {
        .state = api_arg(call, "state"),
        .action = api_arg(call, "action"),
        .site = api_arg(call, "site"),
        .sku = api_arg(call, "sku"),
        .by_gain = strcmp(api_arg(call, "sort"), "gain") == 0,
        .limit = api_arg_int(call, "limit"),
    };
    int err = answer_proposals(call, call->root, "items", &list, true);
    return err < 0 ? err : api_add_freshness(call, call->root, list.site);
}

int handle_get_proposal(struct api_call *call)
{
    return answer_proposal(call, call->root, api_arg(call, "proposalId"));
}

/* Who decides about goods must have the site that they leave. */
static int check_source(struct api_call *call, const char *site)
{
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    return api_site_find(call, site) ? 0 : api_forbidden(call, "site", site);
}

static int decide(struct api_call *call, const char *id, enum proposal_decision decision,
                  int64_t units)
{
    struct proposal now;
    int err = proposal_find(call->s, id, &now);
    if (err == -ENOENT)
        return api_absent(call, "proposal", id);
    if (err == 0)
        err = check_source(call, now.from_site);
    if (err < 0)
        return err;
    if (decision == PROPOSAL_OVERRIDE && units == 0)
        return api_refuse(call, 400, "malformed", "quantity", "1 or more",
                          "an override says how much is to go");
    AUTO(setting_book) book = NULL;
    err = setting_book_read(call->s, &book);
    if (err < 0)
        return err;
    struct proposal_said said = {
        .decision = decision,
        .by = call->actor,
        .reason = api_body_text(call, "reason", ""),
        .units = units,
        .to_site = "",
        .cause = call->cause,
        .now_ms = call->now_ms,
    };
    struct diag why = {.line = 0};
    err = proposal_decide(call->s, id, &said, book, &why);
    if (err == -EPERM)
        return api_refuse(call, 409, "not_waiting", "decision", "", "%s", why.text);
    if (err == -EINVAL)
        return api_refuse(call, 422, "decision", "quantity", "", "%s", why.text);
    if (err < 0)
        return err;
    return answer_proposal(call, call->root, id);
}

static const struct {
    const char *word;
    enum proposal_decision decision;
} decisions[] = {
    {"accept", PROPOSAL_APPROVE}, {"reject", PROPOSAL_REJECT}, {"override", PROPOSAL_OVERRIDE}};

static int decide_by_word(struct api_call *call, const char *id, const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(decisions); i++) {
        if (strcmp(decisions[i].word, word) == 0)
            return decide(
                call, id, decisions[i].decision,
                decisions[i].decision == PROPOSAL_OVERRIDE ? api_body_int(call, "quantity", 0) : 0);
    }
    return -EINVAL;
}

int handle_decide_proposal(struct api_call *call)
{
    return decide_by_word(call, api_arg(call, "proposalId"), api_body_text(call, "decision", ""));
}

/* ---- PUT /api/v1/inventory/{sku}/reallocation ---- */

/* The open case of the goods, or one that a person opens for them. */
static int find_case(struct api_call *call, const struct proposal *draft,
                     char ret[RECOVERY_ID_SIZE])
{
    static const char select[] =
        "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM stock WHERE site = $1 AND sku = $2 AND"
        " batch = $3 AND expiry_day = $4 AND mrp_paise = $5 AND status = 0";
    struct recovery_case c = {.kind = RECOVERY_SLOW, .batch = draft->batch};
    int err = recovery_find_open(call->s, draft->from_site, draft->sku, &draft->batch, &c);
    if (err == 0) {
        memcpy(ret, c.id, sizeof(c.id));
        return 0;
    }
    if (err != -ENOENT)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, draft->from_site);
    sql_bind_text(q, 2, draft->sku);
    sql_bind_text(q, 3, draft->batch.number);
    sql_bind_int(q, 4, draft->batch.expiry_day);
    sql_bind_int(q, 5, draft->batch.mrp_paise);
    int n = sql_step(q);
    if (n != 1)
        return n < 0 ? n : -EIO;
    c.units = sql_int(q, 0);
    c.risk_units = draft->units;
    if (c.units < draft->units)
        return api_refuse(call, 422, "not_enough", "quantity", "what lies there sellable",
                          "%" PRId64 " units of this batch lie there", c.units);
    snprintf(c.site, sizeof(c.site), "%s", draft->from_site);
    snprintf(c.sku, sizeof(c.sku), "%s", draft->sku);
    struct recovery_by by = {.actor = call->actor,
                             .cause = call->cause,
                             .why = api_body_text(call, "reason", ""),
                             .now_ms = call->now_ms};
    err = recovery_open(call->s, &c, &by, ret);
    if (err < 0)
        return err;
    snprintf(c.id, sizeof(c.id), "%s", ret);
    return recovery_assess(call->s, &c, &by);
}

static int fill_draft(struct api_call *call, struct proposal *draft)
{
    draft->action = PROPOSAL_TRANSFER;
    draft->units = api_body_int(call, "quantity", 0);
    draft->batch.expiry_day = api_body_day(call, "expiryDate");
    draft->batch.mrp_paise = api_body_int(call, "mrpPaise", 0);
    snprintf(draft->sku, sizeof(draft->sku), "%s", api_arg(call, "sku"));
    snprintf(draft->batch.number, sizeof(draft->batch.number), "%s",
             api_body_text(call, "batch", ""));
    snprintf(draft->from_site, sizeof(draft->from_site), "%s",
             api_body_text(call, "sourceSite", ""));
    snprintf(draft->to_site, sizeof(draft->to_site), "%s", api_body_text(call, "targetSite", ""));
    snprintf(draft->reason, sizeof(draft->reason), "%s", api_body_text(call, "reason", ""));
    snprintf(draft->alternative, sizeof(draft->alternative), "{}");
    snprintf(draft->limits, sizeof(draft->limits), "{}");
    snprintf(draft->inputs, sizeof(draft->inputs), "{}");
    if (draft->units == 0 || draft->from_site[0] == '\0' || draft->to_site[0] == '\0')
        return api_refuse(call, 400, "malformed", "action", "quantity, sourceSite, targetSite",
                          "a transfer that is proposed names them");
    if (strcmp(draft->from_site, draft->to_site) == 0)
        return api_refuse(call, 422, "transfer", "targetSite", "another site",
                          "it would stay where it is");
    return 0;
}

static int check_target(struct api_call *call, const char *site)
{
    static const char select[] = "SELECT 1 FROM site WHERE site = $1";
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, site);
    int n = sql_step(q);
    return n < 0 ? n : n == 1 ? 0 : api_absent(call, "site", site);
}

static int propose(struct api_call *call)
{
    struct proposal draft = {.action = PROPOSAL_TRANSFER};
    int err = fill_draft(call, &draft);
    if (err == 0)
        err = check_source(call, draft.from_site);
    if (err == 0)
        err = check_target(call, draft.to_site);
    if (err == 0)
        err = find_case(call, &draft, draft.case_id);
    if (err < 0)
        return err;
    AUTO(setting_book) book = NULL;
    err = setting_book_read(call->s, &book);
    if (err < 0)
        return err;
    struct proposal_by by = {
        .actor = call->actor, .cause = call->cause, .trace = call->trace, .now_ms = call->now_ms};
    struct diag why = {.line = 0};
    char id[PROPOSAL_ID_SIZE];
    err = proposal_make(call->s, &draft, book, &by, &why, id);
    if (err == 1)
        return api_refuse(call, 409, "open", "targetSite", "decide on it",
                          "there is an open proposal of these goods to there: %s", id);
    if (err == -EALREADY)
        return api_refuse(call, 409, "cooldown", "targetSite", "later",
                          "these goods were moved, or refused, a short while ago");
    if (err == -EINVAL)
        return api_refuse(call, 422, "proposal", "", "", "%s", why.text);
    return err < 0 ? err : answer_proposal(call, call->root, id);
}

int handle_put_reallocation(struct api_call *call)
{
    const char *action = api_body_text(call, "action", "");
    if (strcmp(action, "propose") == 0)
        return propose(call);
    const char *id = api_body_text(call, "recommendationId", "");
    struct proposal now;
    if (id[0] == '\0')
        return api_refuse(call, 400, "malformed", "recommendationId", "", "it is missing");
    int err = proposal_find(call->s, id, &now);
    if (err == -ENOENT || (err == 0 && strcmp(now.sku, api_arg(call, "sku")) != 0))
        return api_absent(call, "recommendation of this SKU", id);
    return err < 0 ? err : decide_by_word(call, id, action);
}

/* ---- approvals ---- */

/* Whom the orchestrator asked last, and beyond which limits, stands in what it told. */
static const char select_approvals[] =
    "SELECT x.kind, x.id, x.action, x.site, x.sku, x.units, x.value_paise, x.reason, x.made_ms,"
    " x.expires_ms, x.site FROM (SELECT 'proposal' AS kind, proposal_id AS id, action,"
    " from_site AS site, sku, units, revenue_paise AS value_paise, reason, made_ms, expires_ms"
    " FROM proposal WHERE state = 'proposed' AND compliance <> '' UNION ALL SELECT 'campaign',"
    " campaign_id, 'campaign', site, sku, units, units * price_paise, why, made_ms, 0 FROM campaign"
    " WHERE state = 'draft') x JOIN site s ON s.site = x.site WHERE $1 = '' OR"
    " replace($1, '+' || s.territory || '+', '') <> $1 ORDER BY x.made_ms, x.id LIMIT $2";
static const struct api_column approval_columns[] = {
    {"kind", FIELD_TEXT},
    {"id", FIELD_TEXT},
    {"action", FIELD_TEXT},
    {"site", FIELD_TEXT},
    {"sku", FIELD_TEXT},
    {"units", FIELD_INT},
    {"valuePaise", FIELD_INT},
    {"reason", FIELD_TEXT},
    {"madeAt", FIELD_INSTANT},
    {"expiresAt", FIELD_INSTANT},
    {"siteDataAgeSeconds", FIELD_AGE},
};
enum { APPROVAL_KIND, APPROVAL_ID };

/* Why it waits for a person, as things stand now. */
struct ask {
    char limits[AUTONOMY_WORDS_SIZE + 24];
    int64_t persons, approvals;
};

static int read_ask(struct api_call *call, const char *id, const struct setting_book *book,
                    struct ask *ret)
{
    struct proposal p;
    struct autonomy a;
    char words[AUTONOMY_WORDS_SIZE];
    int err = proposal_find(call->s, id, &p);
    if (err == 0)
        err = proposal_autonomy(call->s, &p, book, call->now_ms, &a);
    if (err == 0)
        err = proposal_approvals(call->s, &p, &ret->approvals);
    if (err < 0)
        return err;
    bool found = strcmp(p.compliance, "compliant") != 0;
    bool of_person = strncmp(p.made_by, "user:", 5) == 0;
    autonomy_limits_text(a.limits, words);
    snprintf(ret->limits, sizeof(ret->limits), "%s%s%s%s%s", words,
             found && words[0] != '\0' ? "+" : "", found ? "compliance" : "",
             of_person && (found || words[0] != '\0') ? "+" : "", of_person ? "person" : "");
    ret->persons = a.verdict == AUTONOMY_TWO_PERSONS ? 2 : 1;
    return 0;
}

static int add_approval(struct api_call *call, cJSON *to, struct sql_query *q,
                        const struct setting_book *book)
{
    struct ask ask = {.limits = "person", .persons = 1}; /* a draft is a person's */
    int err = api_row(call, to, q, approval_columns, ARRAY_LEN(approval_columns));
    if (err == 0 && strcmp(sql_text(q, APPROVAL_KIND), "proposal") == 0)
        err = read_ask(call, sql_text(q, APPROVAL_ID), book, &ask);
    http_json_text(&call->answer, to, "limits", ask.limits);
    http_json_number(&call->answer, to, "persons", ask.persons);
    http_json_number(&call->answer, to, "approvals", ask.approvals);
    return err;
}

int handle_list_approvals(struct api_call *call)
{
    AUTO(setting_book) book = NULL;
    int err = setting_book_read(call->s, &book);
    if (err < 0)
        return err;
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    AUTO(sql_query) q = sql_query(call->s, select_approvals);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, api_arg_int(call, "limit"));
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        err = add_approval(call, http_json_add_object(&call->answer, items, NULL), q, book);
        if (err < 0)
            return err;
    }
    return n < 0 ? n : api_add_freshness(call, call->root, "");
}
