/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clears lots by offers: carries out campaigns that were approved, prices them down as their goods
 * age, takes answers, follows scans, and settles with what was truly sold. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents.h"
#include "campaign_follow.h"
#include "campaign_plan.h"
#include "event_body.h"
#include "event_type.h"

#define PERIOD_MS 60000

static const char actor[] = "agent:liquidation";

/* ---- a proposal was approved ---- */

static int withdraw(struct agent_step *step, const struct proposal *p, const char *why,
                    const char *cause)
{
    struct proposal_by by = {actor, cause, p->case_id, step->now_ms};
    int err = proposal_withdraw(step->s, p->id, why, &by);
    return err < 0 ? err : 0;
}

static int carry_out(struct agent_step *step, const struct proposal *p, const char *id,
                     const char *cause)
{
    struct campaign_plan plan;
    struct diag why = {.text = "its goods, place or tax rate is not known"};
    struct proposal_by by = {actor, cause, p->case_id, step->now_ms};
    int err = campaign_plan_make(step, id, p, &why, &plan);
    if (err == -ERANGE || err == -ENOENT)
        return withdraw(step, p, why.text, cause);
    if (err < 0)
        return err;
    err = campaign_plan_write(step, &plan);
    if (err == 0)
        err = proposal_start(step->s, p->id, id, &by);
    if (err >= 0)
        err = campaign_start(step, &plan.campaign, cause);
    campaign_plan_free(&plan);
    return err < 0 ? err : 0;
}

static int on_approved(struct agent_step *step, const struct agent_item *item)
{
    struct proposal p;
    struct campaign known;
    char id[PROPOSAL_ID_SIZE];
    char campaign[CAMPAIGN_ID_SIZE];
    int64_t seq = 0;
    int err = event_body_get_text(item->event->body, "proposal", id, sizeof(id));
    if (err == 0)
        err = proposal_find(step->s, id, &p);
    if (err < 0 || p.action != PROPOSAL_CAMPAIGN || p.state != PROPOSAL_APPROVED)
        return err;
    err = campaign_find_proposal(step->s, id, &known);
    if (err != -ENOENT)
        return err; /* it has its campaign */
    err = event_next(step->s, &seq);
    if (err < 0)
        return err;
    snprintf(campaign, sizeof(campaign), "K%" PRId64, seq);
    return carry_out(step, &p, campaign, item->cause);
}

/* ---- answers ---- */

static int on_answer(struct agent_step *step, const struct agent_item *item)
{
    char id[CAMPAIGN_ID_SIZE];
    char party[49];
    char channel[17];
    int64_t packs = 0;
    const char *body = item->event->body;
    int err = event_body_get_text(body, "campaign", id, sizeof(id));
    if (err == 0)
        err = event_body_get_text(body, "party", party, sizeof(party));
    if (err == 0)
        err = event_body_get_text(body, "channel", channel, sizeof(channel));
    if (err == 0)
        err = event_body_get_int(body, "units", &packs);
    if (err == 0)
        err = campaign_take_order(step, id, party, channel, packs, item->cause);
    return err < 0 ? err : 0;
}

static int take(struct agent_step *step, const struct agent_item *item)
{
    if (item->source == AGENT_ENTRY)
        return campaign_take_entry(step, item);
    return strcmp(item->event->type, EVENT_CAMPAIGN_ANSWERED) == 0 ? on_answer(step, item)
                                                                   : on_approved(step, item);
}

/* ---- as time goes ---- */

/* The next step of the ladder, for what a proposal of ours sells; a person's own price stands. */
static int age(struct agent_step *step, const struct campaign *c, const char *cause)
{
    struct proposal p;
    struct offer offer;
    struct campaign now = *c;
    if (c->state != CAMPAIGN_RUNNING || !c->proposal_id[0] || step->today > c->end_day)
        return 0;
    int err = proposal_find(step->s, c->proposal_id, &p);
    if (err == 0)
        err = campaign_offer(step, c, p.discount_permille, &offer);
    if (err == -ENOENT || err == -ERANGE || (err == 0 && offer.price_paise >= c->price_paise))
        return 0;
    struct campaign_by by = {actor, cause, step->now_ms};
    if (err == 0)
        err = campaign_reprice(step->s, c, offer.price_paise, offer.discount_permille, &by);
    now.price_paise = offer.price_paise;
    now.discount_permille = offer.discount_permille;
    return err < 0 ? err : campaign_send(step, &now, offer.step);
}

static int look_at(struct agent_step *step, const struct campaign *c, const char *cause)
{
    bool killed = setting_value(step->settings, SETTING_KILL_SWITCH, NULL) != 0;
    if (c->state == CAMPAIGN_APPROVED)
        return killed || c->start_day > step->today ? 0 : campaign_start(step, c, cause);
    int err = killed ? 0 : age(step, c, cause);
    return err < 0 ? err : campaign_look(step, c, cause);
}

/* Of a campaign that a person stopped: whether its lines or its proposal are open still. */
static int is_unsettled(struct agent_step *step, const struct campaign *c)
{
    struct proposal p;
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "campaign:%s", c->id);
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT count(*) FROM order_line WHERE cause = $1 AND state = 'open'");
    sql_bind_text(q, 1, cause);
    int got = sql_step(q);
    if (got < 0 || sql_int(q, 0) > 0)
        return got;
    int err = c->proposal_id[0] ? proposal_find(step->s, c->proposal_id, &p) : -ENOENT;
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    return p.state == PROPOSAL_EXECUTING;
}

static int wake(struct agent_step *step)
{
    const int watched = 1 << CAMPAIGN_APPROVED | 1 << CAMPAIGN_RUNNING | 1 << CAMPAIGN_PAUSED |
                        1 << CAMPAIGN_STOPPED;
    struct campaign c = {.id = ""};
    int err = 0;
    while ((err = campaign_next(step->s, watched, c.id, &c)) == 0) {
        char cause[EVENT_CAUSE_SIZE];
        snprintf(cause, sizeof(cause), "campaign:%s:%" PRId64, c.id, step->now_ms);
        int wanted = c.state == CAMPAIGN_STOPPED ? is_unsettled(step, &c) : 1;
        if (wanted == 1)
            wanted = look_at(step, &c, cause);
        if (wanted < 0)
            return wanted;
    }
    return err == -ENOENT ? 0 : err;
}

static const char *const events[] = {EVENT_PROPOSAL_APPROVED, EVENT_CAMPAIGN_ANSWERED, NULL};

const struct agent agent_liquidation = {
    .name = "liquidation",
    .duty =
        "Offers goods that will not sell in time to fitting outlets, and settles what they took.",
    .period_ms = PERIOD_MS,
    .entries = AGENT_ENTRY_BIT(ENTRY_PICKED) | AGENT_ENTRY_BIT(ENTRY_RETURNED) |
               AGENT_ENTRY_BIT(ENTRY_ADJUSTED),
    .events = events,
    .take = take,
    .wake = wake,
};
