/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis.h"
#include "demand_nb.h"
#include "domain_event.h"
#include "recovery.h"
#include "text.h"

#define ACTOR "agent:analysis"
#define CASES_MAX 256 /* open at once of one SKU at one site */

struct cause {
    char text[EVENT_CAUSE_SIZE];
};

/* Once a day: what is found again today is the same finding. */
static struct cause cause_of(const struct agent_step *step)
{
    struct cause c;
    snprintf(c.text, sizeof(c.text), "day:%" PRId32, step->today);
    return c;
}

/* ---- the episode ---- */

static int tell_dead(struct agent_step *step, const struct pair *p)
{
    static const char *const clear[] = {"transfer", "campaign", "supplier_return"};
    static const char *const last[] = {"campaign", "supplier_return", "write_off"};
    const struct score *c = &p->score;
    const struct site *site = catalogue_index_site(step->catalogue, p->site);
    struct domain_event e = {.type = DOMAIN_DEAD_STOCK_DETECTED};
    struct dead_stock_detected *d = &e.dead_stock_detected;
    memcpy(d->sku, p->sku, sizeof(p->sku));
    text_cut(d->territory, sizeof(d->territory), site ? site->territory : p->site);
    d->dead_stock_score = c->dead.score;
    d->days_without_movement = c->movement.idle_days;
    d->financial_impact = (struct domain_impact){
        c->impact.carrying_paise, c->impact.opportunity_paise, c->impact.disposal_paise,
        c->impact.transport_paise, c->impact.total_paise};
    bool sells_nowhere = c->life == FORECAST_DISCONTINUED;
    d->recommended_actions.texts = sells_nowhere ? last : clear;
    d->recommended_actions.count = sells_nowhere ? ARRAY_LEN(last) : ARRAY_LEN(clear);
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "sku:%s:%s", p->site, p->sku);
    struct cause cause = cause_of(step);
    struct domain_event_origin origin = {.actor = ACTOR,
                                         .subject = subject,
                                         .cause = cause.text,
                                         .trace = "",
                                         .wall_ms = step->now_ms};
    int err = domain_event_append(step->s, &e, &origin, NULL);
    return err < 0 ? err : 0;
}

/* ---- cases ---- */

struct finding {
    bool stands;
    enum recovery_kind kind;
    int64_t risk_units;
    int64_t risk_paise;
};

/* Units of all lots that the horizon's mean demand does not take, the longest-lived first: what is
 * too much of a slow SKU. */
static int64_t surplus(const struct pair *p, uint32_t horizon)
{
    double mean = demand_nb_mean(demand_over(&p->score.demand, horizon));
    double over = (double)p->score.units - mean;
    return over > 0 ? (int64_t)over : 0;
}

/* Whether a lot wants a case. `spare` is what of the SKU is still too much; later lots have it
 * first. */
static struct finding judge_lot(const struct pair *p, uint32_t i, int64_t permille, int64_t *spare)
{
    const struct score_lot *lot = &p->lots[i];
    const struct expiry_risk *risk = &p->risks[i];
    struct finding f = {.kind = RECOVERY_EXPIRY};
    if (lot->units <= 0)
        return f;
    enum dead_stock_status status = p->score.step.state.status;
    if (status == DEAD_STOCK_DEAD || status == DEAD_STOCK_SLOW_MOVING) {
        int64_t share = *spare < lot->units ? *spare : lot->units;
        *spare -= share;
        f.kind = status == DEAD_STOCK_DEAD ? RECOVERY_DEAD : RECOVERY_SLOW;
        f.risk_units = status == DEAD_STOCK_DEAD ? lot->units : share;
    }
    if (risk->at_risk_units * 1000 >= lot->units * permille && risk->at_risk_units > f.risk_units) {
        f.kind = RECOVERY_EXPIRY;
        f.risk_units = risk->at_risk_units;
    }
    f.stands = f.risk_units > 0;
    int64_t landed =
        lot->landed_paise / lot->units * f.risk_units +
        lot->landed_paise % lot->units * f.risk_units / lot->units; /* no overflow on the way */
    f.risk_paise = risk->total_paise > landed ? risk->total_paise : landed;
    return f;
}

static const char *why_of(enum recovery_kind kind)
{
    switch (kind) {
    case RECOVERY_DEAD:
        return "Nothing of it has sold for longer than the rules allow.";
    case RECOVERY_SLOW:
        return "It sells too slowly for what lies there.";
    case RECOVERY_EXPIRY:
        return "It will not sell before shops refuse it.";
    }
    return "";
}

static int open_or_assess(struct agent_step *step, const struct pair *p, uint32_t i,
                          const struct finding *f)
{
    const struct score_lot *lot = &p->lots[i];
    struct recovery_case c = {.kind = f->kind,
                              .batch = lot->key,
                              .units = lot->units,
                              .risk_units = f->risk_units,
                              .risk_paise = f->risk_paise,
                              .landed_paise = lot->landed_paise};
    memcpy(c.site, p->site, sizeof(c.site));
    memcpy(c.sku, p->sku, sizeof(c.sku));
    struct cause cause = cause_of(step);
    struct recovery_by by = {ACTOR, cause.text, why_of(f->kind), step->now_ms};
    int err = recovery_open(step->s, &c, &by, c.id);
    if (err < 0)
        return err;
    struct recovery_case now;
    err = recovery_find(step->s, c.id, &now);
    if (err < 0 || recovery_state_final(now.state))
        return err; /* it was closed today: tomorrow is soon enough to say so again */
    c.expected_paise = now.expected_paise;
    err = recovery_assess(step->s, &c, &by);
    return err < 0 ? err : 0;
}

struct open_cases {
    struct recovery_case cases[CASES_MAX];
    size_t n;
};

static int on_case(const struct recovery_case *c, void *context)
{
    struct open_cases *open = context;
    open->cases[open->n++] = *c;
    return open->n == CASES_MAX;
}

static bool stands(const struct pair *p, const struct finding *found, const struct batch_key *key)
{
    for (uint32_t i = 0; i < p->lots_count; i++)
        if (batch_key_equal(&p->lots[i].key, key))
            return found[i].stands;
    return false;
}

/* Only before anything was proposed: what is under way ends by its own facts. */
static int close_others(struct agent_step *step, const struct pair *p, const struct finding *found)
{
    struct open_cases open = {.n = 0};
    struct recovery_filter filter = {.state = -1,
                                     .open_only = true,
                                     .site = p->site,
                                     .sku = p->sku,
                                     .after_id = "",
                                     .limit = CASES_MAX};
    int err = recovery_each(step->s, &filter, on_case, &open);
    for (size_t i = 0; err >= 0 && i < open.n; i++) {
        const struct recovery_case *c = &open.cases[i];
        if ((c->state != RECOVERY_DETECTED && c->state != RECOVERY_ASSESSED) ||
            stands(p, found, &c->batch))
            continue;
        struct cause cause = cause_of(step);
        struct recovery_by by = {ACTOR, cause.text,
                                 "The stock is gone, or sells in time after all.", step->now_ms};
        err = recovery_move(step->s, c->id, RECOVERY_CLOSED, &by);
    }
    return err < 0 ? err : 0;
}

int finding_tell(struct agent_step *step, const struct pair *p)
{
    assert(step && p && p->lots_count <= PAIR_LOTS_MAX);
    int err = p->score.step.event == DEAD_STOCK_DETECTED ? tell_dead(step, p) : 0;
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, p->sku);
    const struct site *site = catalogue_index_site(step->catalogue, p->site);
    struct setting_for whom = {.category = facts ? facts->category : "",
                               .territory = site ? site->territory : "",
                               .agent = "analysis"};
    struct score_terms terms = analysis_terms(step->settings, whom.category, whom.territory);
    int64_t permille = setting_value(step->settings, SETTING_RISK_PERMILLE, &whom);
    struct finding found[PAIR_LOTS_MAX];
    int64_t spare = surplus(p, terms.dead_horizon_days);
    for (uint32_t i = p->lots_count; i-- > 0;)
        found[i] = judge_lot(p, i, permille, &spare);
    for (uint32_t i = 0; err == 0 && i < p->lots_count; i++)
        if (found[i].stands)
            err = open_or_assess(step, p, i, &found[i]);
    return err < 0 ? err : close_others(step, p, found);
}
