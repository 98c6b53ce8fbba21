/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reallocation.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decision.h"
#include "event_type.h"
#include "proposals.h"
#include "situation.h"
#include "text.h"
#include "timer.h"
#include "transfer_saga.h"

#define AGENT "reallocation"
#define ACTOR "agent:reallocation"
#define TIMER "reallocation:plan"
/* A new case is to be decided within 30 s of its scan: it waits for others of its group, and for
 * what is left of the pause behind a plan, but not longer. What was planned for already, and has
 * come back, waits for the next quarter of an hour. */
#define GATHER_MS (INT64_C(10) * 1000)     /* cases come in groups: so long after the first one */
#define FRESH_MS (INT64_C(20) * 1000)      /* least time from a plan to one for a new case */
#define APART_MS (INT64_C(15) * 60 * 1000) /* ... and to one for cases that were planned before */
#define PERIOD_MS (INT64_C(24) * 3600 * 1000)

struct job {
    struct situation *situation;
    struct decisions decisions;
    int64_t settings_version, catalogue_version;
};

static void job_free(void *work)
{
    struct job *j = work;
    if (!j)
        return;
    decisions_clear(&j->decisions);
    situation_free(j->situation);
    free(j);
}

static int prepare(struct agent_step *step, void **ret)
{
    struct job *j = calloc(1, sizeof(*j));
    if (!j)
        return -ENOMEM;
    int got = situation_read(step, &j->situation);
    if (got <= 0) {
        job_free(j);
        return got;
    }
    j->settings_version = setting_version(step->settings);
    j->catalogue_version = catalogue_index_version(step->catalogue, DOCUMENT_CATALOGUE);
    *ret = j;
    return 1;
}

static int compute(struct agent_step *step, void *work)
{
    struct job *j = work;
    struct setting_for whom = {.agent = AGENT};
    struct decision_terms terms = {
        .least_gain_paise = setting_value(step->settings, SETTING_LEAST_GAIN_PAISE, &whom),
        .least_gain_permille = setting_value(step->settings, SETTING_LEAST_GAIN_PERMILLE, &whom),
    };
    int64_t w[] = {setting_value(step->settings, SETTING_WEIGHT_PROXIMITY_PERMILLE, &whom),
                   setting_value(step->settings, SETTING_WEIGHT_VELOCITY_PERMILLE, &whom),
                   setting_value(step->settings, SETTING_WEIGHT_URGENCY_PERMILLE, &whom)};
    int64_t sum = w[0] + w[1] + w[2];
    if (sum <= 0) /* all three set to nothing: as good as equal */
        w[0] = w[1] = w[2] = 1, sum = 3;
    terms.weights.proximity = (int32_t)(w[0] * RANK_PPM / sum);
    terms.weights.velocity = (int32_t)(w[1] * RANK_PPM / sum);
    terms.weights.urgency = RANK_PPM - terms.weights.proximity - terms.weights.velocity;
    return decisions_make(j->situation, &terms, &j->decisions, &step->why);
}

/* ---- proposals ---- */

static void add_words(char *text, size_t size, const char *words)
{
    size_t len = strlen(text);
    snprintf(text + len, size - len, "%s", words);
}

static void say_learnt(const struct situation *t, const char *to_site, char *text, size_t size)
{
    char words[128];
    int32_t sales = learning_sales(t->learning, to_site);
    if (sales == LEARNING_AS_PREDICTED)
        return;
    snprintf(words, sizeof(words), " Earlier transfers there teach to expect %d.%d %% of that.",
             (int)(sales / 10), (int)(sales % 10));
    add_words(text, size, words);
}

static void say_budget(const struct job *j, char *text, size_t size)
{
    char words[128];
    if (j->decisions.beyond_budget == 0)
        return;
    snprintf(words, sizeof(words),
             " %zu moves that gain less a rupee wait: the budget of %" PRId64 " days is used up.",
             j->decisions.beyond_budget, j->situation->budget.days);
    add_words(text, size, words);
}

/* What it was decided on, beside versions: the factors that were learnt go into what they predict.
 */
static void write_inputs(const struct job *j, const struct decision *d, char *text, size_t size)
{
    const struct situation *t = j->situation;
    snprintf(text, size,
             "{\"catalogue\":%" PRId64 ",\"settings\":%" PRId64 ",\"planValuePaise\":%" PRId64
             ",\"planAlonePaise\":%" PRId64 ",\"planGapPpm\":%" PRId64,
             j->catalogue_version, j->settings_version, j->decisions.value_paise,
             j->decisions.alone_paise, j->decisions.gap_ppm);
    if (d->kind == DECISION_TRANSFER) {
        char words[160];
        const char *from = t->sites[t->lanes[d->lane].from].site;
        const char *to = t->sites[t->lanes[d->lane].to].site;
        snprintf(words, sizeof(words),
                 ",\"salesPermille\":%" PRId32 ",\"costPermille\":%" PRId32
                 ",\"agreementPermille\":%" PRId32,
                 learning_sales(t->learning, to), learning_cost(t->learning, from, to),
                 learning_agreement(t->learning, to));
        add_words(text, size, words);
    }
    add_words(text, size, "}");
}

static void say_why(const struct situation *t, const struct decision *d, char *text, size_t size)
{
    const struct situation_lot *lot = &t->lots[d->lot];
    const struct site *here = &t->sites[lot->site];
    switch (d->kind) {
    case DECISION_TRANSFER: {
        const struct site *there = &t->sites[t->lanes[d->lane].to];
        int64_t sells = situation_window_milli(t, lot->sku, t->lanes[d->lane].to, 28) / 1000;
        snprintf(text, size,
                 "%s is expected to sell %" PRId64 " in 4 weeks; of %" PRId64 " at %s %" PRId64
                 " will not sell in time.",
                 there->name, sells, lot->c.units, here->name, lot->c.risk_units);
        say_learnt(t, there->site, text, size);
        break;
    }
    case DECISION_CAMPAIGN:
        snprintf(text, size,
                 "%" PRId64 " of %" PRId64 " at %s will not sell in time, and no site wants them"
                 " enough: an offer at up to %" PRId64 ".%" PRId64 " %% off brings most.",
                 lot->c.risk_units, lot->c.units, here->name, d->discount_permille / 10,
                 d->discount_permille % 10);
        break;
    case DECISION_WRITE_OFF:
        snprintf(text, size, "Its last day is over: it can neither be sold nor moved to be sold.");
        break;
    }
}

static struct proposal draft_of(const struct job *j, const struct decision *d, int64_t rank)
{
    static const enum proposal_action actions[] = {
        [DECISION_TRANSFER] = PROPOSAL_TRANSFER,
        [DECISION_CAMPAIGN] = PROPOSAL_CAMPAIGN,
        [DECISION_WRITE_OFF] = PROPOSAL_WRITE_OFF,
    };
    const struct situation *t = j->situation;
    const struct situation_lot *lot = &t->lots[d->lot];
    struct proposal p = {.action = actions[d->kind],
                         .batch = lot->c.batch,
                         .units = d->units,
                         .discount_permille = d->discount_permille,
                         .cost_paise = d->cost_paise,
                         .revenue_paise = d->revenue_paise,
                         .gain_paise = d->gain_paise,
                         .ask_milli_paise = d->ask_milli_paise,
                         .bid_milli_paise = d->bid_milli_paise,
                         .urgency = (d->rank.urgency + RANK_PPM / 200) / (RANK_PPM / 100),
                         .rank = rank};
    memcpy(p.case_id, lot->c.id, sizeof(p.case_id));
    memcpy(p.sku, lot->c.sku, sizeof(p.sku));
    memcpy(p.from_site, lot->c.site, sizeof(p.from_site));
    if (d->kind == DECISION_TRANSFER)
        text_cut(p.to_site, sizeof(p.to_site), t->sites[t->lanes[d->lane].to].site);
    p.landed_paise = lot->c.units > 0 ? lot->c.landed_paise * d->units / lot->c.units : 0;
    say_why(t, d, p.reason, sizeof(p.reason));
    if (d->kind == DECISION_TRANSFER)
        say_budget(j, p.reason, sizeof(p.reason));
    snprintf(p.alternative, sizeof(p.alternative),
             "{\"action\":\"hold\",\"valuePaise\":%" PRId64 "}",
             d->kind == DECISION_TRANSFER ? d->ask_milli_paise * d->units / 1000 : 0);
    snprintf(p.limits, sizeof(p.limits),
             "{\"casePack\":%" PRId64 ",\"freeUnits\":%" PRId64 ",\"roomMilliPaise\":%" PRId64
             ",\"daysLeft\":%" PRId32 ",\"freightBudgetLeftPaise\":%" PRId64
             ",\"goodsBudgetLeftPaise\":%" PRId64 ",\"beyondBudget\":%zu}",
             t->skus[lot->sku].case_units, lot->free_units, d->room_milli_paise, lot->days_left,
             t->budget.freight_left_paise, t->budget.goods_left_paise, j->decisions.beyond_budget);
    write_inputs(j, d, p.inputs, sizeof(p.inputs));
    return p;
}

/* Whether the case and its goods are still as they were when the plan was made. */
static int still_so(struct agent_step *step, const struct situation_lot *lot)
{
    struct recovery_case now;
    int err = recovery_find(step->s, lot->c.id, &now);
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    if (now.state != RECOVERY_ASSESSED && now.state != RECOVERY_PROPOSED)
        return 0;
    int64_t free_units = 0;
    err = transfer_free_units(step->s, lot->c.site, lot->c.sku, &lot->c.batch, &free_units);
    return err < 0 ? err : free_units >= lot->units;
}

static int apply(struct agent_step *step, void *work)
{
    struct job *j = work;
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "plan:%" PRId64, step->now_ms);
    struct proposal_by by = {.actor = ACTOR, .cause = cause, .trace = "", .now_ms = step->now_ms};
    for (size_t i = 0; i < j->decisions.count; i++) {
        const struct decision *d = &j->decisions.rows[i];
        const struct situation_lot *lot = &j->situation->lots[d->lot];
        int holds = still_so(step, lot);
        if (holds < 0)
            return holds;
        if (holds == 0)
            continue; /* the next plan sees it as it is now */
        struct proposal p = draft_of(j, d, (int64_t)i + 1);
        by.trace = lot->c.trace;
        char id[PROPOSAL_ID_SIZE];
        int err = proposal_make(step->s, &p, step->settings, &by, &step->why, id);
        if (err < 0 && err != -EALREADY && err != -ENOENT)
            return err;
    }
    return timer_set(step->s, TIMER ":last", AGENT, "", "planned", step->now_ms + APART_MS);
}

/* ---- when ---- */

/* Soon after the first case of a group, and at least pause_ms after the last plan. */
static int plan_soon(struct agent_step *step, int64_t pause_ms)
{
    int64_t due = step->now_ms + GATHER_MS;
    int64_t last = 0; /* the plan, and APART_MS */
    int err = timer_due(step->s, TIMER ":last", &last);
    if (err < 0 && err != -ENOENT)
        return err;
    if (err == 0 && last - APART_MS + pause_ms > due)
        due = last - APART_MS + pause_ms;
    int64_t set = 0;
    err = timer_due(step->s, TIMER, &set);
    if (err == 0 && set <= due)
        return 0;
    if (err < 0 && err != -ENOENT)
        return err;
    return timer_set(step->s, TIMER, AGENT, "", "plan", due);
}

static int take(struct agent_step *step, const struct agent_item *item)
{
    bool fresh = strcmp(item->event->type, EVENT_CASE_OPENED) == 0;
    return plan_soon(step, fresh ? FRESH_MS : APART_MS);
}

static int ring(struct agent_step *step, const struct agent_timer *timer)
{
    if (strcmp(timer->what, "plan") == 0) /* the other one may be due in the same step */
        step->wants_work = true;
    return 0;
}

static int wake(struct agent_step *step)
{
    return plan_soon(step, APART_MS);
}

static const struct agent_work work = {
    .prepare = prepare, .compute = compute, .apply = apply, .free = job_free};

static const char *const events[] = {EVENT_CASE_OPENED,       EVENT_PROPOSAL_FAILED,
                                     EVENT_PROPOSAL_REJECTED, EVENT_PROPOSAL_EXPIRED,
                                     EVENT_SETTING_CHANGED,   NULL};

const struct agent agent_reallocation = {
    .name = AGENT,
    .duty = "Says over all sites at once what is best done with stock at risk, and at which price.",
    .period_ms = PERIOD_MS,
    .events = events,
    .take = take,
    .ring = ring,
    .wake = wake,
    .work = &work,
};
