/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proposals.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "compliance.h"
#include "cooldown.h"
#include "domain_event.h"
#include "event_type.h"
#include "proposal_row.h"
#include "setting.h"
#include "text.h"
#include "timer.h"

#define HOUR_MS INT64_C(3600000)

/* ---- making ---- */

static int check(const struct proposal *d, struct diag *reterr)
{
    const char *fault = NULL;
    if (d->units <= 0)
        fault = "units: 1 or more";
    else if (!d->sku[0] || !d->from_site[0])
        fault = "a proposal names its SKU and its site";
    else if (d->action == PROPOSAL_TRANSFER && !d->to_site[0])
        fault = "a transfer names its destination";
    else if (d->action == PROPOSAL_TRANSFER && strcmp(d->from_site, d->to_site) == 0)
        fault = "a transfer goes to another site";
    else if (d->cost_paise < 0 || d->landed_paise < 0 || d->discount_permille < 0)
        fault = "cost, value and discount: 0 or more";
    diag_set(reterr, 0, "%s", fault ? fault : "");
    return fault ? -EINVAL : 0;
}

static int find_equal(struct sql *s, const struct proposal *d, char ret_id[PROPOSAL_ID_SIZE])
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT proposal_id FROM proposal WHERE case_id = $1 AND action = $2"
                     " AND from_site = $3 AND to_site = $4 AND sku = $5 AND batch = $6"
                     " AND expiry_day = $7 AND mrp_paise = $8"
                     " AND state IN ('proposed', 'approved', 'executing') LIMIT 1");
    sql_bind_text(q, 1, d->case_id);
    sql_bind_text(q, 2, proposal_action_name(d->action));
    sql_bind_text(q, 3, d->from_site);
    sql_bind_text(q, 4, d->to_site);
    sql_bind_text(q, 5, d->sku);
    sql_bind_text(q, 6, d->batch.number);
    sql_bind_int(q, 7, d->batch.expiry_day);
    sql_bind_int(q, 8, d->batch.mrp_paise);
    int got = sql_step(q);
    if (got > 0)
        sql_copy(q, 0, ret_id, PROPOSAL_ID_SIZE);
    return got;
}

/* Whether a transfer of the SKU the other way is open. */
static int find_reverse(struct sql *s, const struct proposal *d)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT 1 FROM proposal WHERE action = 'transfer' AND sku = $1"
                     " AND from_site = $2 AND to_site = $3"
                     " AND state IN ('proposed', 'approved', 'executing') LIMIT 1");
    sql_bind_text(q, 1, d->sku);
    sql_bind_text(q, 2, d->to_site);
    sql_bind_text(q, 3, d->from_site);
    return sql_step(q);
}

static int check_rest(struct sql *s, const struct proposal *d, int64_t now_ms, struct diag *reterr)
{
    if (d->action != PROPOSAL_TRANSFER)
        return 0;
    int64_t lot = 0, lane = 0;
    int err = cooldown_lot(s, d->from_site, d->sku, &d->batch, &lot);
    if (err == 0)
        err = cooldown_lane(s, d->from_site, d->to_site, d->sku, &lane);
    int reverse = err == 0 ? find_reverse(s, d) : err;
    if (reverse < 0)
        return reverse;
    if (lot <= now_ms && lane <= now_ms && reverse == 0)
        return 0;
    diag_set(reterr, 0, "%s",
             reverse        ? "a transfer of this SKU the other way is open"
             : lot > now_ms ? "this lot was moved lately"
                            : "this SKU rests on this lane");
    return -EALREADY;
}

static int open_case(struct sql *s, const struct proposal *p, const struct proposal_by *by)
{
    if (!p->case_id[0])
        return 0;
    struct recovery_case c;
    int err = recovery_find(s, p->case_id, &c);
    if (err < 0)
        return err;
    if (recovery_state_final(c.state))
        return -ENOENT;
    if (c.state == RECOVERY_PROPOSED || c.state == RECOVERY_EXECUTING)
        return 0;
    return recovery_move(s, p->case_id, RECOVERY_PROPOSED,
                         &(struct recovery_by){by->actor, by->cause, p->reason, by->now_ms});
}

static int store_new(struct sql *s, struct proposal *p, const struct proposal_by *by)
{
    char timer[PROPOSAL_TIMER_SIZE];
    int err = open_case(s, p, by);
    if (err == 0)
        err = proposal_row_insert(s, p);
    if (err == 0)
        err = timer_set(s, proposal_expiry_timer(p, timer), agent_orchestrator.name, p->id,
                        "expire", p->expires_ms);
    if (err == 0)
        err = proposal_tell(s, p, EVENT_PROPOSAL_MADE, p->reason, by);
    return err;
}

int proposal_make(struct sql *s, const struct proposal *draft, const struct setting_book *settings,
                  const struct proposal_by *by, struct diag *reterr, char ret_id[PROPOSAL_ID_SIZE])
{
    assert(s && draft && by && ret_id);
    struct proposal p = *draft;
    int64_t number = 0;
    int err = check(draft, reterr);
    if (err == 0)
        err = event_next(s, &number);
    if (err == 0)
        err = find_equal(s, draft, ret_id);
    if (err != 0)
        return err;
    err = check_rest(s, draft, by->now_ms, reterr);
    if (err < 0)
        return err;
    snprintf(p.id, sizeof(p.id), "P%" PRId64, number);
    p.state = PROPOSAL_PROPOSED;
    p.made_ms = by->now_ms;
    text_cut(p.made_by, sizeof(p.made_by), by->actor);
    if (p.expires_ms == 0)
        p.expires_ms = by->now_ms + HOUR_MS * setting_value(settings, SETTING_PROPOSAL_HOURS, NULL);
    err = store_new(s, &p, by);
    if (err == -ENOENT)
        diag_set(reterr, 0, "there is no open case %s", p.case_id);
    if (err < 0)
        return err;
    memcpy(ret_id, p.id, sizeof(p.id));
    return 0;
}

/* ---- compliance has spoken ---- */

static int read_territory(struct sql *s, const char *site, char ret[DOMAIN_WORD_SIZE])
{
    AUTO(sql_query) q = sql_query(s, "SELECT territory FROM site WHERE site = $1");
    sql_bind_text(q, 1, site);
    int got = sql_step(q);
    ret[0] = '\0';
    if (got > 0)
        sql_copy(q, 0, ret, DOMAIN_WORD_SIZE);
    return got < 0 ? got : 0;
}

/* The mission's ReallocationOpportunity: once a recommendation, when its compliance is known. */
static int tell_opportunity(struct sql *s, const struct proposal *p, const struct proposal_by *by)
{
    char subject[EVENT_SUBJECT_SIZE], cause[EVENT_CAUSE_SIZE];
    struct domain_event e = {.type = DOMAIN_REALLOCATION_OPPORTUNITY};
    struct domain_recommendation *r = &e.reallocation_opportunity.recommendation;
    snprintf(subject, sizeof(subject), "proposal:%s", p->id);
    snprintf(cause, sizeof(cause), "proposal:%s", p->id);
    text_cut(r->recommendation_id, sizeof(r->recommendation_id), p->id);
    text_cut(r->source_sku, sizeof(r->source_sku), p->sku);
    text_cut(r->compliance_status, sizeof(r->compliance_status), compliance_status(p->compliance));
    r->quantity = p->units;
    r->transportation_cost_paise = p->cost_paise;
    r->expected_revenue_paise = p->revenue_paise;
    r->urgency_score = p->urgency;
    int err = read_territory(s, p->from_site, r->source_territory);
    if (err == 0)
        err = read_territory(s, p->to_site, r->target_territory);
    if (err == 0)
        err = domain_event_append(
            s, &e,
            &(struct domain_event_origin){p->made_by, subject, cause, p->case_id, by->now_ms},
            NULL);
    return err < 0 ? err : 0;
}

int proposal_checked(struct sql *s, const char *id, const char *compliance,
                     const struct proposal_by *by)
{
    assert(s && id && compliance && by);
    struct proposal p;
    int err = proposal_find(s, id, &p);
    if (err < 0)
        return err;
    if (p.state != PROPOSAL_PROPOSED)
        return 1;
    text_cut(p.compliance, sizeof(p.compliance), compliance);
    err = proposal_row_update(s, &p);
    if (err == 0 && p.action == PROPOSAL_TRANSFER)
        err = tell_opportunity(s, &p, by);
    AUTO(event_body) b = proposal_body(&p);
    event_body_text(b, "compliance", p.compliance);
    return err < 0 ? err : proposal_say(s, &p, b, EVENT_PROPOSAL_CHECKED, by);
}

/* ---- carrying out ---- */

static int case_executes(struct sql *s, const struct proposal *p, const struct proposal_by *by)
{
    if (!p->case_id[0])
        return 0;
    int err = recovery_move(
        s, p->case_id, RECOVERY_EXECUTING,
        &(struct recovery_by){by->actor, by->cause, "a proposal is carried out", by->now_ms});
    return err == -EPERM || err == 1 ? 0 : err;
}

static int book_case(struct sql *s, const struct proposal *p, int64_t units, int64_t revenue_paise,
                     const struct proposal_by *by)
{
    if (!p->case_id[0])
        return 0;
    struct recovery_booked b = {.recovered_paise = revenue_paise};
    int64_t *const counts[PROPOSAL_ACTION_COUNT] = {
        [PROPOSAL_TRANSFER] = &b.moved_units,
        [PROPOSAL_CAMPAIGN] = &b.cleared_units,
        [PROPOSAL_SUPPLIER_RETURN] = &b.returned_units,
        [PROPOSAL_WRITE_OFF] = &b.written_off_units,
    };
    if (counts[p->action])
        *counts[p->action] = units;
    return recovery_book(s, p->case_id, &b,
                         &(struct recovery_by){by->actor, by->cause, "scans", by->now_ms});
}

/* It ended too early, and goes on: what was concluded is taken back until it ends again. */
static int take_back(struct sql *s, struct proposal *p, const struct proposal_by *by)
{
    int64_t units = p->done_units;
    p->done_units = 0;
    p->actual_cost_paise = 0;
    return units > 0 ? book_case(s, p, -units, 0, by) : 0;
}

int proposal_start(struct sql *s, const char *id, const char *document,
                   const struct proposal_by *by)
{
    assert(s && id && document && by);
    struct proposal p;
    char timer[PROPOSAL_TIMER_SIZE];
    int err = proposal_find(s, id, &p);
    if (err < 0)
        return err;
    if (!proposal_may(p.state, PROPOSAL_EXECUTING))
        return -EPERM;
    p.state = PROPOSAL_EXECUTING;
    if (document[0])
        text_cut(p.document, sizeof(p.document), document);
    err = take_back(s, &p, by);
    if (err == 0)
        err = proposal_row_update(s, &p);
    if (err == 0)
        err = timer_cancel(s, proposal_expiry_timer(&p, timer));
    if (err >= 0)
        err = case_executes(s, &p, by);
    AUTO(event_body) b = proposal_body(&p);
    event_body_text(b, "document", p.document);
    return err < 0 ? err : proposal_say(s, &p, b, EVENT_PROPOSAL_STARTED, by);
}

static enum proposal_state state_of(const struct proposal *p, int64_t done_units)
{
    if (done_units >= p->units)
        return PROPOSAL_DONE;
    return done_units > 0 ? PROPOSAL_PARTIAL : PROPOSAL_FAILED;
}

/* Predicted beside actual: what learning and reports read. */
static int tell_done(struct sql *s, const struct proposal *p, const char *why,
                     const struct proposal_by *by)
{
    AUTO(event_body) b = proposal_body(p);
    event_body_text(b, "why", why ? why : "");
    event_body_int(b, "doneUnits", p->done_units);
    event_body_int(b, "predictedCostPaise", p->cost_paise);
    event_body_int(b, "actualCostPaise", p->actual_cost_paise);
    event_body_int(b, "predictedRevenuePaise", p->revenue_paise);
    event_body_int(b, "actualRevenuePaise", p->actual_revenue_paise);
    event_body_int(b, "predictedGainPaise", p->gain_paise);
    return proposal_say(
        s, p, b, p->state == PROPOSAL_FAILED ? EVENT_PROPOSAL_FAILED : EVENT_PROPOSAL_DONE, by);
}

int proposal_finish(struct sql *s, const char *id, const struct proposal_outcome *o,
                    const struct proposal_by *by)
{
    assert(s && id && o && o->done_units >= 0 && by);
    struct proposal p;
    int err = proposal_find(s, id, &p);
    if (err < 0)
        return err;
    enum proposal_state state = state_of(&p, o->done_units);
    if (p.state == state && p.done_units == o->done_units && p.actual_cost_paise == o->cost_paise &&
        p.actual_revenue_paise == o->revenue_paise)
        return 1;
    if (p.state != state && !proposal_may(p.state, state))
        return -EPERM;
    int64_t units = o->done_units - p.done_units;
    int64_t revenue = o->revenue_paise - p.actual_revenue_paise;
    p.state = state;
    p.done_units = o->done_units;
    p.actual_cost_paise = o->cost_paise;
    p.actual_revenue_paise = o->revenue_paise;
    err = proposal_row_update(s, &p);
    if (err == 0)
        err = book_case(s, &p, units, revenue, by);
    if (err == 0)
        err = tell_done(s, &p, o->why, by);
    return err < 0 ? err : proposal_conclude_case(s, &p, o->why, by);
}

int proposal_earned(struct sql *s, const char *id, int64_t revenue_paise,
                    const struct proposal_by *by)
{
    assert(s && id && by);
    struct proposal p;
    int err = proposal_find(s, id, &p);
    if (err < 0)
        return err;
    p.actual_revenue_paise += revenue_paise;
    err = proposal_row_update(s, &p);
    return err < 0 ? err : book_case(s, &p, 0, revenue_paise, by);
}

int proposal_withdraw(struct sql *s, const char *id, const char *why, const struct proposal_by *by)
{
    assert(s && id && why && by);
    struct proposal p;
    int err = proposal_find(s, id, &p);
    if (err < 0)
        return err;
    return p.state == PROPOSAL_APPROVED
               ? proposal_end(s, &p, PROPOSAL_FAILED, EVENT_PROPOSAL_FAILED, why, by)
               : proposal_end(s, &p, PROPOSAL_EXPIRED, EVENT_PROPOSAL_EXPIRED, why, by);
}
