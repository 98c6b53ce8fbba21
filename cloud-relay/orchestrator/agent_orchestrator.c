/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves cases, proposals and transfers on: what compliance has checked is approved within limits or
 * put before people, what is approved is carried out, and scans drive it to its end. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "civil.h"
#include "compliance.h"
#include "consignment.h"
#include "decimal.h"
#include "event_body.h"
#include "event_type.h"
#include "proposal_row.h"
#include "proposals.h"
#include "timer.h"
#include "transfer_line.h"
#include "transfer_saga.h"

static struct proposal_by by_me(const struct agent_step *step, const char *cause)
{
    return (struct proposal_by){
        .actor = "agent:orchestrator", .cause = cause, .now_ms = step->now_ms};
}

/* ---- what compliance has checked ---- */

static int want_approval(struct agent_step *step, const struct proposal *p,
                         const struct autonomy *a, const char *cause)
{
    char limits[AUTONOMY_WORDS_SIZE];
    struct proposal_by by = by_me(step, cause);
    AUTO(event_body) b = proposal_body(p);
    event_body_int(b, "persons", a->verdict == AUTONOMY_TWO_PERSONS ? 2 : 1);
    event_body_text(b, "limits", autonomy_limits_text(a->limits, limits));
    event_body_text(b, "compliance", p->compliance);
    event_body_int(b, "valuePaise", p->landed_paise);
    event_body_int(b, "expiresMs", p->expires_ms);
    int err = proposal_say(step->s, p, b, EVENT_APPROVAL_WANTED, &by);
    return err < 0 ? err : 0;
}

/* Nobody may approve it: it ends here, before anything moves. */
static int refuse(struct agent_step *step, struct proposal *p, const char *cause)
{
    struct proposal_by by = {.actor = "agent:compliance", .cause = cause, .now_ms = step->now_ms};
    int err = proposal_rest_lane(step->s, p, step->now_ms);
    if (err < 0)
        return err;
    return proposal_end(step->s, p, PROPOSAL_REJECTED, EVENT_PROPOSAL_REJECTED, p->compliance, &by);
}

static int decide(struct agent_step *step, const char *id, const char *cause)
{
    struct proposal p;
    struct autonomy a;
    int64_t persons = 0;
    int err = proposal_find(step->s, id, &p);
    if (err < 0)
        return err;
    if (p.state != PROPOSAL_PROPOSED || !p.compliance[0])
        return 0;
    if (compliance_blocks(p.compliance))
        return refuse(step, &p, cause);
    err = proposal_autonomy(step->s, &p, step->settings, step->now_ms, &a);
    if (err == 0)
        err = proposal_approvals(step->s, &p, &persons);
    if (err < 0)
        return err;
    bool compliant = strcmp(p.compliance, "compliant") == 0;
    bool of_agent = strncmp(p.made_by, "agent:", 6) == 0;
    int64_t needed = a.verdict == AUTONOMY_TWO_PERSONS ? 2 : 1;
    if (a.verdict != AUTONOMY_STOPPED && persons >= needed) {
        struct proposal_by by = by_me(step, cause);
        return proposal_approve(step->s, &p, "approved by people", &by);
    }
    if (a.verdict == AUTONOMY_ALONE && of_agent && compliant) {
        struct proposal_by by = {.actor = p.made_by, .cause = cause, .now_ms = step->now_ms};
        return proposal_approve(step->s, &p, "within the agent's limits", &by);
    }
    return want_approval(step, &p, &a, cause);
}

/* ---- what is approved ---- */

static int carry_out(struct agent_step *step, const char *id, const char *cause)
{
    struct proposal p;
    int err = proposal_find(step->s, id, &p);
    if (err < 0 || p.state != PROPOSAL_APPROVED)
        return err;
    switch (p.action) {
    case PROPOSAL_TRANSFER:
        return consignment_settle(step, p.from_site, p.to_site, cause);
    case PROPOSAL_SUPPLIER_RETURN:
    case PROPOSAL_WRITE_OFF:
        return transfer_execute(step, id, cause);
    case PROPOSAL_CAMPAIGN: /* the liquidation agent reads the same event */
        return 0;
    case PROPOSAL_HOLD: {
        struct proposal_by by = by_me(step, cause);
        struct proposal_outcome o = {.done_units = p.units, .why = "kept for sale where it lies"};
        err = proposal_finish(step->s, id, &o, &by);
        return err < 0 ? err : 0;
    }
    }
    return -EINVAL;
}

/* Its part of a consignment fell away, became another or has left: the rest is looked at again. */
static int look_at_rest(struct agent_step *step, const char *id, const char *cause)
{
    struct proposal p;
    int err = proposal_find(step->s, id, &p);
    if (err < 0 || p.action != PROPOSAL_TRANSFER)
        return err;
    return consignment_settle(step, p.from_site, p.to_site, cause);
}

static int take_event(struct agent_step *step, const struct agent_item *item)
{
    char id[PROPOSAL_ID_SIZE];
    int err = event_body_get_text(item->event->body, "proposal", id, sizeof(id));
    if (err < 0)
        return err;
    if (strcmp(item->event->type, EVENT_PROPOSAL_CHECKED) == 0) {
        err = decide(step, id, item->cause);
        return err < 0 ? err : look_at_rest(step, id, item->cause);
    }
    if (strcmp(item->event->type, EVENT_PROPOSAL_APPROVED) == 0)
        return carry_out(step, id, item->cause);
    return look_at_rest(step, id, item->cause);
}

/* ---- scans ---- */

/* The oldest return or write-off of these goods that is under way. */
static int find_carried(struct sql *s, const char *action, const char *site, const struct entry *e,
                        char ret_id[PROPOSAL_ID_SIZE])
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT proposal_id FROM proposal WHERE sku = $1 AND batch = $2"
                     " AND expiry_day = $3 AND mrp_paise = $4 AND from_site = $5 AND action = $6"
                     " AND state = 'executing' ORDER BY made_ms, proposal_id LIMIT 1");
    sql_bind_text(q, 1, e->sku);
    sql_bind_text(q, 2, e->batch.number);
    sql_bind_int(q, 3, e->batch.expiry_day);
    sql_bind_int(q, 4, e->batch.mrp_paise);
    sql_bind_text(q, 5, site);
    sql_bind_text(q, 6, action);
    int got = sql_step(q);
    if (got > 0)
        sql_copy(q, 0, ret_id, PROPOSAL_ID_SIZE);
    return got;
}

/* Ends it with what scans have shown; the cost and the credit follow the units. */
static int finish_carried(struct agent_step *step, const struct proposal *p, const char *cause,
                          const char *why)
{
    struct proposal_by by = by_me(step, cause);
    struct proposal_outcome o = {.done_units = p->done_units, .why = why};
    int err = decimal_muldiv(p->cost_paise, p->done_units, p->units, &o.cost_paise);
    if (err == 0)
        err = decimal_muldiv(p->revenue_paise, p->done_units, p->units, &o.revenue_paise);
    if (err < 0)
        return err;
    /* The units are booked on the case by the outcome: from none. */
    struct proposal from_none = *p;
    from_none.done_units = 0;
    err = proposal_row_update(step->s, &from_none);
    if (err == 0)
        err = proposal_finish(step->s, p->id, &o, &by);
    if (err < 0)
        return err;
    char timer[PROPOSAL_TIMER_SIZE];
    snprintf(timer, sizeof(timer), "carry:%s", p->id);
    err = timer_cancel(step->s, timer);
    if (err < 0)
        return err;
    return transfer_line_set(step->s, p->document, p->from_site,
                             p->done_units >= p->units ? "done" : "cancelled", p->units);
}

static int take_carried(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    enum proposal_action action =
        e->kind == ENTRY_DISPOSED ? PROPOSAL_WRITE_OFF : PROPOSAL_SUPPLIER_RETURN;
    char id[PROPOSAL_ID_SIZE];
    struct proposal p;
    /* Scanned against its document it is that one; else the oldest of these goods. */
    int err = e->document[0] ? proposal_find_document(step->s, e->document, &p) : -ENOENT;
    bool by_document = err == 0 && p.action == action && p.state == PROPOSAL_EXECUTING;
    if (err < 0 && err != -ENOENT)
        return err;
    if (!by_document) {
        int got = find_carried(step->s, proposal_action_name(action), item->site, e, id);
        if (got <= 0)
            return got;
        err = proposal_find(step->s, id, &p);
        if (err < 0)
            return err;
    }
    p.done_units = e->qty < p.units - p.done_units ? p.done_units + e->qty : p.units;
    if (p.done_units >= p.units)
        return finish_carried(step, &p, item->cause, "carried out");
    return proposal_row_update(step->s, &p);
}

/* A sale of goods that were moved here: what they truly brought, until all that arrived is sold. */
static int take_sale(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    const struct catalogue_sku *sku = catalogue_index_sku(step->catalogue, e->sku);
    if (!sku || sku->price_paise <= 0)
        return 0;
    int64_t piece = sku->packs[0].units > 0 ? sku->packs[0].units : 1;
    int64_t left = e->qty;
    while (left > 0) {
        static const char text[] =
            "SELECT proposal_id, done_units, actual_revenue_paise FROM proposal WHERE sku = $1"
            " AND batch = $2 AND expiry_day = $3 AND mrp_paise = $4 AND to_site = $5"
            " AND action = 'transfer' AND state IN ('done', 'partial')"
            " AND actual_revenue_paise * $6 < done_units * $7 ORDER BY made_ms, proposal_id"
            " LIMIT 1";
        char id[PROPOSAL_ID_SIZE];
        int64_t full = 0, due = 0, earned = 0, units = 0;
        {
            AUTO(sql_query) q = sql_query(step->s, text);
            sql_bind_text(q, 1, e->sku);
            sql_bind_text(q, 2, e->batch.number);
            sql_bind_int(q, 3, e->batch.expiry_day);
            sql_bind_int(q, 4, e->batch.mrp_paise);
            sql_bind_text(q, 5, item->site);
            sql_bind_int(q, 6, piece);
            sql_bind_int(q, 7, sku->price_paise);
            int got = sql_step(q);
            if (got <= 0)
                return got;
            sql_copy(q, 0, id, sizeof(id));
            units = sql_int(q, 1);
            earned = sql_int(q, 2);
        }
        int err = decimal_muldiv(units, sku->price_paise, piece, &full);
        if (err == 0)
            err = decimal_muldiv(left, sku->price_paise, piece, &due);
        if (err < 0)
            return err;
        int64_t part = full - earned < due ? full - earned : due;
        if (part <= 0)
            return 0;
        struct proposal_by by = by_me(step, item->cause);
        err = proposal_earned(step->s, id, part, &by);
        if (err < 0 || part == due)
            return err;
        left -= part * piece / sku->price_paise;
    }
    return 0;
}

static int take_entry(struct agent_step *step, const struct agent_item *item)
{
    switch (item->entry->kind) {
    case ENTRY_PICKED:
        return take_sale(step, item);
    case ENTRY_SENT_BACK:
    case ENTRY_DISPOSED:
        return take_carried(step, item);
    default: {
        const char *document = item->entry->document;
        struct proposal p;
        int r = document[0] ? transfer_follow(step, document, item->cause) : 1;
        if (r != 0 || item->entry->kind != ENTRY_TASK_DONE)
            return r < 0 ? r : 0;
        r = proposal_find_document(step->s, document, &p);
        return r < 0 ? r : look_at_rest(step, p.id, item->cause);
    }
    }
}

static int take(struct agent_step *step, const struct agent_item *item)
{
    return item->source == AGENT_EVENT ? take_event(step, item) : take_entry(step, item);
}

/* ---- timers ---- */

static int expire(struct agent_step *step, const char *id, const char *cause)
{
    struct proposal p;
    struct proposal_by by = by_me(step, cause);
    int err = proposal_find(step->s, id, &p);
    if (err < 0)
        return err;
    if (p.state != PROPOSAL_PROPOSED && p.state != PROPOSAL_APPROVED)
        return 0;
    err = proposal_rest_lane(step->s, &p, step->now_ms);
    if (err == 0)
        err = proposal_withdraw(step->s, id,
                                p.state == PROPOSAL_APPROVED
                                    ? "what was to go with it did not come in time"
                                    : "nobody decided in time",
                                &by);
    return err;
}

static int dispatch_late(struct agent_step *step, const char *id, const char *cause)
{
    return transfer_time_out(step, id, TRANSFER_DISPATCH_LATE, cause);
}

static int carry_late(struct agent_step *step, const char *id, const char *cause)
{
    struct proposal p;
    int err = proposal_find(step->s, id, &p);
    if (err < 0 || p.state != PROPOSAL_EXECUTING)
        return err;
    return finish_carried(step, &p, cause, "not carried out in time");
}

/* Overdue: said each day, until it is given up. */
static int arrival_late(struct agent_step *step, const char *id, const char *cause)
{
    struct proposal p;
    struct proposal_by by = by_me(step, cause);
    int err = proposal_find(step->s, id, &p);
    if (err < 0 || p.state != PROPOSAL_EXECUTING)
        return err;
    int64_t first = 0, days = setting_value(step->settings, SETTING_GIVE_UP_DAYS, NULL);
    char timer[PROPOSAL_TIMER_SIZE], mark[PROPOSAL_TIMER_SIZE];
    snprintf(timer, sizeof(timer), "arrive:%s", id);
    snprintf(mark, sizeof(mark), "giveup:%s", id);
    err = timer_due(step->s, mark, &first);
    if (err == -ENOENT)
        err = timer_set(step->s, mark, step->agent, id, "giveup",
                        step->now_ms + days * CIVIL_MS_PER_DAY);
    if (err == 0)
        err = proposal_tell(step->s, &p, EVENT_TRANSFER_OVERDUE, "goods should have arrived", &by);
    return err < 0 ? err
                   : timer_set(step->s, timer, step->agent, id, "arrive",
                               step->now_ms + CIVIL_MS_PER_DAY);
}

static int give_up(struct agent_step *step, const char *id, const char *cause)
{
    return transfer_time_out(step, id, TRANSFER_GIVEN_UP, cause);
}

static const struct {
    const char *what;
    int (*ring)(struct agent_step *step, const char *id, const char *cause);
} rings[] = {
    {"expire", expire},       {"dispatch", dispatch_late}, {"carry", carry_late},
    {"arrive", arrival_late}, {"giveup", give_up},
};

/* A timer of another word ends a rest: there is nothing to do for it. */
static int ring(struct agent_step *step, const struct agent_timer *t)
{
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "timer:%.100s:%" PRId64, t->timer, t->due_ms);
    for (size_t i = 0; i < ARRAY_LEN(rings); i++)
        if (strcmp(rings[i].what, t->what) == 0)
            return rings[i].ring(step, t->subject, cause);
    return 0;
}

static const char *const events[] = {EVENT_PROPOSAL_CHECKED,
                                     EVENT_PROPOSAL_APPROVED,
                                     EVENT_PROPOSAL_REJECTED,
                                     EVENT_PROPOSAL_EXPIRED,
                                     EVENT_PROPOSAL_FAILED,
                                     EVENT_TRANSFER_LEFT,
                                     NULL};

const struct agent agent_orchestrator = {
    .name = "orchestrator",
    .duty = "Moves cases, proposals and transfers on, and asks people where limits end.",
    .entries = AGENT_ENTRY_BIT(ENTRY_DISPATCHED) | AGENT_ENTRY_BIT(ENTRY_ARRIVED) |
               AGENT_ENTRY_BIT(ENTRY_LOST) | AGENT_ENTRY_BIT(ENTRY_TASK_DONE) |
               AGENT_ENTRY_BIT(ENTRY_SENT_BACK) | AGENT_ENTRY_BIT(ENTRY_DISPOSED) |
               AGENT_ENTRY_BIT(ENTRY_PICKED),
    .events = events,
    .take = take,
    .ring = ring,
};
