/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proposal_row.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "cooldown.h"
#include "event_type.h"
#include "setting.h"
#include "text.h"
#include "timer.h"

static const char *const actions[PROPOSAL_ACTION_COUNT] = {
    [PROPOSAL_TRANSFER] = "transfer",
    [PROPOSAL_CAMPAIGN] = "campaign",
    [PROPOSAL_SUPPLIER_RETURN] = "supplier_return",
    [PROPOSAL_WRITE_OFF] = "write_off",
    [PROPOSAL_HOLD] = "hold",
};

const char *proposal_action_name(enum proposal_action action)
{
    assert((size_t)action < PROPOSAL_ACTION_COUNT);
    return actions[action];
}

int proposal_action_parse(const char *name, enum proposal_action *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < PROPOSAL_ACTION_COUNT; i++)
        if (strcmp(actions[i], name) == 0) {
            *ret = (enum proposal_action)i;
            return 0;
        }
    return -EINVAL;
}

enum movement proposal_movement(enum proposal_action action)
{
    static const enum movement movements[PROPOSAL_ACTION_COUNT] = {
        [PROPOSAL_TRANSFER] = MOVEMENT_TRANSFER,
        [PROPOSAL_CAMPAIGN] = MOVEMENT_SALE,
        [PROPOSAL_SUPPLIER_RETURN] = MOVEMENT_SUPPLIER_RETURN,
        [PROPOSAL_WRITE_OFF] = MOVEMENT_DISPOSAL,
        [PROPOSAL_HOLD] = MOVEMENT_SALE,
    };
    assert((size_t)action < PROPOSAL_ACTION_COUNT);
    return movements[action];
}

static const struct {
    const char *name;
    unsigned to; /* 1 << state, for each that may follow */
} states[PROPOSAL_STATE_COUNT] = {
#define TO(state) (1U << (state))
    [PROPOSAL_PROPOSED] = {"proposed",
                           TO(PROPOSAL_APPROVED) | TO(PROPOSAL_REJECTED) | TO(PROPOSAL_EXPIRED)},
    [PROPOSAL_APPROVED] = {"approved", TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_EXPIRED) |
                                           TO(PROPOSAL_FAILED) | TO(PROPOSAL_DONE)},
    [PROPOSAL_REJECTED] = {"rejected", 0},
    [PROPOSAL_EXPIRED] = {"expired", 0},
    [PROPOSAL_EXECUTING] = {"executing",
                            TO(PROPOSAL_DONE) | TO(PROPOSAL_PARTIAL) | TO(PROPOSAL_FAILED)},
    /* Scans that come late correct what was concluded without them. */
    [PROPOSAL_DONE] = {"done", TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_PARTIAL) | TO(PROPOSAL_FAILED)},
    [PROPOSAL_PARTIAL] = {"partial",
                          TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_DONE) | TO(PROPOSAL_FAILED)},
    [PROPOSAL_FAILED] = {"failed",
                         TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_DONE) | TO(PROPOSAL_PARTIAL)},
#undef TO
};

const char *proposal_state_name(enum proposal_state state)
{
    assert((size_t)state < PROPOSAL_STATE_COUNT);
    return states[state].name;
}

int proposal_state_parse(const char *name, enum proposal_state *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < PROPOSAL_STATE_COUNT; i++)
        if (strcmp(states[i].name, name) == 0) {
            *ret = (enum proposal_state)i;
            return 0;
        }
    return -EINVAL;
}

bool proposal_state_open(enum proposal_state state)
{
    return state == PROPOSAL_PROPOSED || state == PROPOSAL_APPROVED || state == PROPOSAL_EXECUTING;
}

bool proposal_may(enum proposal_state from, enum proposal_state to)
{
    assert((size_t)from < PROPOSAL_STATE_COUNT && (size_t)to < PROPOSAL_STATE_COUNT);
    return states[from].to & 1U << to;
}

/* ---- rows ---- */

#define COLUMNS                                                                                    \
    "proposal_id, case_id, action, state, sku, batch, expiry_day, mrp_paise, from_site, to_site,"  \
    " units, made_by, made_ms, expires_ms, landed_paise, discount_permille, cost_paise,"           \
    " revenue_paise, gain_paise, ask_milli_paise, bid_milli_paise, urgency, rank, compliance,"     \
    " reason, alternative, limits, inputs, decided_by, decided_ms, decided_reason, document,"      \
    " done_units, actual_cost_paise, actual_revenue_paise, saga_step"

static int read_row(struct sql_query *q, struct proposal *p)
{
    *p = (struct proposal){.batch.expiry_day = (int32_t)sql_int(q, 6),
                           .batch.mrp_paise = sql_int(q, 7),
                           .units = sql_int(q, 10),
                           .made_ms = sql_int(q, 12),
                           .expires_ms = sql_int(q, 13),
                           .landed_paise = sql_int(q, 14),
                           .discount_permille = sql_int(q, 15),
                           .cost_paise = sql_int(q, 16),
                           .revenue_paise = sql_int(q, 17),
                           .gain_paise = sql_int(q, 18),
                           .ask_milli_paise = sql_int(q, 19),
                           .bid_milli_paise = sql_int(q, 20),
                           .urgency = sql_int(q, 21),
                           .rank = sql_int(q, 22),
                           .decided_ms = sql_int(q, 29),
                           .done_units = sql_int(q, 32),
                           .actual_cost_paise = sql_int(q, 33),
                           .actual_revenue_paise = sql_int(q, 34),
                           .saga_step = sql_int(q, 35)};
    const struct {
        int column;
        char *field;
        size_t size;
    } texts[] = {
        {0, p->id, sizeof(p->id)},
        {1, p->case_id, sizeof(p->case_id)},
        {4, p->sku, sizeof(p->sku)},
        {5, p->batch.number, sizeof(p->batch.number)},
        {8, p->from_site, sizeof(p->from_site)},
        {9, p->to_site, sizeof(p->to_site)},
        {11, p->made_by, sizeof(p->made_by)},
        {23, p->compliance, sizeof(p->compliance)},
        {24, p->reason, sizeof(p->reason)},
        {25, p->alternative, sizeof(p->alternative)},
        {26, p->limits, sizeof(p->limits)},
        {27, p->inputs, sizeof(p->inputs)},
        {28, p->decided_by, sizeof(p->decided_by)},
        {30, p->decided_reason, sizeof(p->decided_reason)},
        {31, p->document, sizeof(p->document)},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        sql_copy(q, texts[i].column, texts[i].field, texts[i].size);
    if (proposal_action_parse(sql_text(q, 2), &p->action) < 0 ||
        proposal_state_parse(sql_text(q, 3), &p->state) < 0)
        return -EBADMSG;
    return 1;
}

static int read_one(struct sql_query *q, struct proposal *ret)
{
    struct proposal p;
    int got = sql_step(q);
    if (got > 0)
        got = read_row(q, &p);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *ret = p;
    return 0;
}

int proposal_find(struct sql *s, const char *id, struct proposal *ret)
{
    assert(s && id && ret);
    AUTO(sql_query) q = sql_query(s, "SELECT " COLUMNS " FROM proposal WHERE proposal_id = $1");
    sql_bind_text(q, 1, id);
    return read_one(q, ret);
}

/* A document is named after its proposal: "T" and the number behind the "P". */
int proposal_find_document(struct sql *s, const char *document, struct proposal *ret)
{
    assert(s && document && ret);
    char id[PROPOSAL_ID_SIZE];
    if (document[0] != 'T' || snprintf(id, sizeof(id), "P%s", document + 1) >= (int)sizeof(id))
        return -ENOENT;
    int err = proposal_find(s, id, ret);
    return err == 0 && strcmp(ret->document, document) != 0 ? -ENOENT : err;
}

int proposal_each(struct sql *s, const struct proposal_filter *f, proposal_fn on_proposal,
                  void *context)
{
    assert(s && f && on_proposal && f->limit > 0);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM proposal WHERE ($1 = '' OR state = $1)"
                     " AND ($2 = '' OR action = $2)"
                     " AND ($3 = 0 OR state IN ('proposed', 'approved', 'executing'))"
                     " AND ($4 = '' OR case_id = $4) AND ($5 = '' OR sku = $5)"
                     " AND ($6 = '' OR from_site = $6 OR to_site = $6) AND proposal_id > $7"
                     " ORDER BY proposal_id LIMIT $8");
    sql_bind_text(q, 1, f->state >= 0 ? proposal_state_name((enum proposal_state)f->state) : "");
    sql_bind_text(q, 2,
                  f->action >= 0 ? proposal_action_name((enum proposal_action)f->action) : "");
    sql_bind_int(q, 3, f->open_only);
    sql_bind_text(q, 4, f->case_id ? f->case_id : "");
    sql_bind_text(q, 5, f->sku ? f->sku : "");
    sql_bind_text(q, 6, f->site ? f->site : "");
    sql_bind_text(q, 7, f->after_id ? f->after_id : "");
    sql_bind_int(q, 8, f->limit);
    for (;;) {
        struct proposal p;
        int got = sql_step(q);
        if (got > 0)
            got = read_row(q, &p);
        if (got <= 0)
            return got;
        got = on_proposal(&p, context);
        if (got != 0)
            return got;
    }
}

int proposal_row_insert(struct sql *s, const struct proposal *p)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO proposal(" COLUMNS ") VALUES($1, $2, $3, 'proposed', $4, $5, $6,"
                     " $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
                     " '', $23, $24, $25, $26, '', 0, '', '', 0, 0, 0, 0)");
    sql_bind_text(q, 1, p->id);
    sql_bind_text(q, 2, p->case_id);
    sql_bind_text(q, 3, proposal_action_name(p->action));
    sql_bind_text(q, 4, p->sku);
    sql_bind_text(q, 5, p->batch.number);
    sql_bind_int(q, 6, p->batch.expiry_day);
    sql_bind_int(q, 7, p->batch.mrp_paise);
    sql_bind_text(q, 8, p->from_site);
    sql_bind_text(q, 9, p->to_site);
    sql_bind_int(q, 10, p->units);
    sql_bind_text(q, 11, p->made_by);
    sql_bind_int(q, 12, p->made_ms);
    sql_bind_int(q, 13, p->expires_ms);
    sql_bind_int(q, 14, p->landed_paise);
    sql_bind_int(q, 15, p->discount_permille);
    sql_bind_int(q, 16, p->cost_paise);
    sql_bind_int(q, 17, p->revenue_paise);
    sql_bind_int(q, 18, p->gain_paise);
    sql_bind_int(q, 19, p->ask_milli_paise);
    sql_bind_int(q, 20, p->bid_milli_paise);
    sql_bind_int(q, 21, p->urgency);
    sql_bind_int(q, 22, p->rank);
    sql_bind_text(q, 23, p->reason);
    sql_bind_text(q, 24, p->alternative);
    sql_bind_text(q, 25, p->limits);
    sql_bind_text(q, 26, p->inputs);
    return sql_run(q);
}

int proposal_row_update(struct sql *s, const struct proposal *p)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE proposal SET state = $2, to_site = $3, units = $4, landed_paise = $5,"
                     " cost_paise = $6, revenue_paise = $7, gain_paise = $8, compliance = $9,"
                     " decided_by = $10, decided_ms = $11, decided_reason = $12, document = $13,"
                     " done_units = $14, actual_cost_paise = $15, actual_revenue_paise = $16,"
                     " saga_step = $17 WHERE proposal_id = $1");
    sql_bind_text(q, 1, p->id);
    sql_bind_text(q, 2, proposal_state_name(p->state));
    sql_bind_text(q, 3, p->to_site);
    sql_bind_int(q, 4, p->units);
    sql_bind_int(q, 5, p->landed_paise);
    sql_bind_int(q, 6, p->cost_paise);
    sql_bind_int(q, 7, p->revenue_paise);
    sql_bind_int(q, 8, p->gain_paise);
    sql_bind_text(q, 9, p->compliance);
    sql_bind_text(q, 10, p->decided_by);
    sql_bind_int(q, 11, p->decided_ms);
    sql_bind_text(q, 12, p->decided_reason);
    sql_bind_text(q, 13, p->document);
    sql_bind_int(q, 14, p->done_units);
    sql_bind_int(q, 15, p->actual_cost_paise);
    sql_bind_int(q, 16, p->actual_revenue_paise);
    sql_bind_int(q, 17, p->saga_step);
    return sql_run(q);
}

int proposal_record(struct sql *s, int64_t from_ms, int64_t to_ms, struct proposal_record *ret)
{
    assert(s && ret);
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT count(*), CAST(coalesce(sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END),"
                  " 0) AS BIGINT), CAST(coalesce(sum(units), 0) AS BIGINT),"
                  " CAST(coalesce(sum(done_units), 0) AS BIGINT),"
                  " CAST(coalesce(sum(cost_paise), 0) AS BIGINT),"
                  " CAST(coalesce(sum(actual_cost_paise), 0) AS BIGINT),"
                  " CAST(coalesce(sum(revenue_paise), 0) AS BIGINT),"
                  " CAST(coalesce(sum(actual_revenue_paise), 0) AS BIGINT) FROM proposal"
                  " WHERE action = 'transfer' AND state IN ('done', 'partial', 'failed')"
                  " AND decided_ms >= $1 AND decided_ms < $2");
    sql_bind_int(q, 1, from_ms);
    sql_bind_int(q, 2, to_ms);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = (struct proposal_record){
        .ended = sql_int(q, 0),
        .successes = sql_int(q, 1),
        .proposed_units = sql_int(q, 2),
        .done_units = sql_int(q, 3),
        .predicted_cost_paise = sql_int(q, 4),
        .actual_cost_paise = sql_int(q, 5),
        .predicted_revenue_paise = sql_int(q, 6),
        .actual_revenue_paise = sql_int(q, 7),
    };
    return 0;
}

/* ---- what is said ---- */

struct event_body *proposal_body(const struct proposal *p)
{
    struct event_body *b = event_body_new();
    event_body_text(b, "proposal", p->id);
    event_body_text(b, "case", p->case_id);
    event_body_text(b, "action", proposal_action_name(p->action));
    event_body_text(b, "state", proposal_state_name(p->state));
    event_body_text(b, "sku", p->sku);
    event_body_text(b, "batch", p->batch.number);
    event_body_int(b, "expiryDay", p->batch.expiry_day);
    event_body_int(b, "mrpPaise", p->batch.mrp_paise);
    event_body_text(b, "fromSite", p->from_site);
    event_body_text(b, "toSite", p->to_site);
    event_body_int(b, "units", p->units);
    return b;
}

int proposal_say(struct sql *s, const struct proposal *p, const struct event_body *body,
                 const char *type, const struct proposal_by *by)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "proposal:%s", p->id);
    const struct event_type *t = event_type_find(type);
    assert(t);
    return event_body_append(body, s,
                             &(struct event_draft){.kind = t->kind,
                                                   .type = type,
                                                   .version = t->version,
                                                   .actor = by->actor,
                                                   .subject = subject,
                                                   .cause = by->cause,
                                                   .trace = by->trace ? by->trace : p->case_id,
                                                   .wall_ms = by->now_ms},
                             NULL);
}

int proposal_tell(struct sql *s, const struct proposal *p, const char *type, const char *why,
                  const struct proposal_by *by)
{
    AUTO(event_body) b = proposal_body(p);
    event_body_text(b, "why", why ? why : "");
    return proposal_say(s, p, b, type, by);
}

/* ---- what follows for case and lane ---- */

int proposal_conclude_case(struct sql *s, const struct proposal *p, const char *why,
                           const struct proposal_by *by)
{
    if (!p->case_id[0])
        return 0;
    int err = recovery_conclude(s, p->case_id,
                                &(struct recovery_by){by->actor, by->cause, why, by->now_ms});
    return err < 0 ? err : 0;
}

int proposal_rest_lane(struct sql *s, const struct proposal *p, int64_t now_ms)
{
    if (p->action != PROPOSAL_TRANSFER)
        return 0;
    AUTO(setting_book) book = NULL;
    int err = setting_book_read(s, &book);
    if (err < 0)
        return err;
    int64_t days = setting_value(book, SETTING_COOLDOWN_DAYS, NULL);
    return cooldown_refused(s, p->from_site, p->to_site, p->sku, now_ms + days * CIVIL_MS_PER_DAY);
}

/* An offer that was refused, or that nobody could be asked, is not made again before it would have
 * ended: another way for the goods may be found meanwhile. */
static int rest_offer(struct sql *s, const struct proposal *p, int64_t now_ms)
{
    AUTO(setting_book) book = NULL;
    int err = setting_book_read(s, &book);
    if (err < 0)
        return err;
    int64_t days = setting_value(book, SETTING_CAMPAIGN_DAYS, NULL);
    return cooldown_not_offered(s, p->from_site, p->sku, &p->batch,
                                now_ms + days * CIVIL_MS_PER_DAY);
}

int proposal_end(struct sql *s, struct proposal *p, enum proposal_state state, const char *type,
                 const char *why, const struct proposal_by *by)
{
    char timer[PROPOSAL_TIMER_SIZE];
    if (!proposal_may(p->state, state))
        return -EPERM;
    p->state = state;
    p->decided_ms = by->now_ms;
    text_cut(p->decided_by, sizeof(p->decided_by), by->actor);
    text_cut(p->decided_reason, sizeof(p->decided_reason), why);
    int err = proposal_row_update(s, p);
    if (err == 0)
        err = proposal_tell(s, p, type, why, by);
    if (err >= 0 && p->action == PROPOSAL_CAMPAIGN && state != PROPOSAL_EXPIRED)
        err = rest_offer(s, p, by->now_ms);
    if (err >= 0)
        err = timer_cancel(s, proposal_expiry_timer(p, timer));
    return err < 0 ? err : proposal_conclude_case(s, p, why, by);
}

const char *proposal_expiry_timer(const struct proposal *p, char buf[PROPOSAL_TIMER_SIZE])
{
    snprintf(buf, PROPOSAL_TIMER_SIZE, "expire:%s", p->id);
    return buf;
}
