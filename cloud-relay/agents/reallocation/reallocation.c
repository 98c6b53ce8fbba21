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
#include "market_board.h"
#include "proposal_draft.h"
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

static struct proposal_draft_plan plan_of(const struct job *j)
{
    return (struct proposal_draft_plan){.situation = j->situation,
                                        .decisions = &j->decisions,
                                        .settings_version = j->settings_version,
                                        .catalogue_version = j->catalogue_version};
}

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
    struct proposal_draft_plan plan = plan_of(j);
    for (size_t i = 0; i < j->decisions.count; i++) {
        const struct decision *d = &j->decisions.rows[i];
        const struct situation_lot *lot = &j->situation->lots[d->lot];
        int holds = still_so(step, lot);
        if (holds < 0)
            return holds;
        if (holds == 0)
            continue; /* the next plan sees it as it is now */
        struct proposal p = proposal_draft_make(step, &plan, d, (int64_t)i + 1);
        by.trace = lot->c.trace;
        char id[PROPOSAL_ID_SIZE];
        int err = proposal_make(step->s, &p, step->settings, &by, &step->why, id);
        if (err < 0 && err != -EALREADY && err != -ENOENT)
            return err;
    }
    int err = market_board_write(step, j->situation, &j->decisions);
    if (err < 0)
        return err;
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

static const char *const events[] = {EVENT_CASE_OPENED,
                                     EVENT_PROPOSAL_FAILED,
                                     EVENT_PROPOSAL_REJECTED,
                                     EVENT_PROPOSAL_EXPIRED,
                                     EVENT_SETTING_CHANGED,
                                     EVENT_SUPPLIER_TERMS_CHANGED,
                                     NULL};

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
