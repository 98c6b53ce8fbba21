/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proposal_draft.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "learning.h"
#include "text.h"

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

static void say_budget(const struct proposal_draft_plan *plan, char *text, size_t size)
{
    char words[128];
    if (plan->decisions->beyond_budget == 0)
        return;
    snprintf(words, sizeof(words),
             " %zu moves that gain less a rupee wait: the budget of %" PRId64 " days is used up.",
             plan->decisions->beyond_budget, plan->situation->budget.days);
    add_words(text, size, words);
}

/* How much of its cost is freight and handling: what true_cost.h sets their papers beside. */
static int64_t freight_ppm(const struct decision *d)
{
    int64_t ppm = 0;
    if (d->cost_paise <= 0 || decimal_muldiv(d->freight_paise, RANK_PPM, d->cost_paise, &ppm) < 0 ||
        ppm > RANK_PPM)
        return RANK_PPM;
    return ppm;
}

/* What it was decided on, beside versions: the factors that were learnt go into what they predict.
 */
static void write_inputs(const struct proposal_draft_plan *plan, const struct decision *d,
                         char *text, size_t size)
{
    const struct situation *t = plan->situation;
    snprintf(text, size,
             "{\"catalogue\":%" PRId64 ",\"settings\":%" PRId64 ",\"planValuePaise\":%" PRId64
             ",\"planAlonePaise\":%" PRId64 ",\"planGapPpm\":%" PRId64,
             plan->catalogue_version, plan->settings_version, plan->decisions->value_paise,
             plan->decisions->alone_paise, plan->decisions->gap_ppm);
    if (d->kind == DECISION_RETURN) {
        char words[64];
        snprintf(words, sizeof(words), ",\"terms\":%" PRId64,
                 t->terms[t->lots[d->lot].terms].terms.version);
        add_words(text, size, words);
    }
    if (d->kind == DECISION_TRANSFER) {
        char words[192];
        const char *from = t->sites[t->lanes[d->lane].from].site;
        const char *to = t->sites[t->lanes[d->lane].to].site;
        snprintf(words, sizeof(words),
                 ",\"salesPermille\":%" PRId32 ",\"costPermille\":%" PRId32
                 ",\"agreementPermille\":%" PRId32 ",\"freightPpm\":%" PRId64,
                 learning_sales(t->learning, to), learning_cost(t->learning, from, to),
                 learning_agreement(t->learning, to), freight_ppm(d));
        add_words(text, size, words);
    }
    add_words(text, size, "}");
}

static const char *supplier_name(struct agent_step *step, const struct returns_terms *r)
{
    const struct catalogue_party *party = catalogue_index_party(step->catalogue, r->terms.supplier);
    return party ? party->name : r->terms.supplier;
}

/* Whether the quota, not the lot, says how much goes back. */
static bool quota_binds(const struct situation *t, const struct decision *d)
{
    const struct lots_lot *in = &t->input.lot[d->lot];
    return in->return_cases < in->cases &&
           d->units >= in->return_cases * t->skus[t->lots[d->lot].sku].case_units;
}

static void say_quota(const struct situation *t, const struct decision *d, char *text, size_t size)
{
    if (quota_binds(t, d))
        add_words(text, size, " His quota of the quarter takes no more.");
}

static void say_why(struct agent_step *step, const struct situation *t, const struct decision *d,
                    char *text, size_t size)
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
    case DECISION_RETURN: {
        const struct returns_terms *r = &t->terms[lot->terms];
        char until[CIVIL_TEXT_SIZE];
        snprintf(text, size,
                 "%" PRId64 " of %" PRId64 " at %s will not sell in time, and %s takes them back at"
                 " %" PRId64 ".%" PRId64 " %% of their purchase price until %s.",
                 lot->c.risk_units, lot->c.units, here->name, supplier_name(step, r),
                 r->terms.credit_permille / 10, r->terms.credit_permille % 10,
                 civil_format(lot->c.batch.expiry_day + r->terms.window_to_days, until));
        say_quota(t, d, text, size);
        break;
    }
    case DECISION_WRITE_OFF:
        snprintf(text, size, "Its last day is over: it can neither be sold nor moved to be sold.");
        break;
    }
}

/* What a return gains is over the next best, whatever that is; a transfer asks what it would bring
 * at home. */
static void write_alternative(const struct decision *d, char *text, size_t size)
{
    int64_t value = 0;
    if (d->kind == DECISION_TRANSFER)
        value = d->ask_milli_paise * d->units / 1000;
    if (d->kind == DECISION_RETURN)
        value = d->revenue_paise - d->cost_paise - d->gain_paise;
    snprintf(text, size, "{\"action\":\"hold\",\"valuePaise\":%" PRId64 "}", value);
}

static void add_limit(char *text, size_t size, const char *name, int64_t value)
{
    char words[96];
    if (value == SUPPLIER_NO_LIMIT)
        return;
    snprintf(words, sizeof(words), ",\"%s\":%" PRId64, name, value);
    add_words(text, size, words);
}

/* What binds: for a return his quota before this plan, and how long his window is open. */
static void write_limits(const struct proposal_draft_plan *plan, const struct decision *d,
                         char *text, size_t size)
{
    const struct situation *t = plan->situation;
    const struct situation_lot *lot = &t->lots[d->lot];
    snprintf(text, size, "{\"casePack\":%" PRId64 ",\"freeUnits\":%" PRId64,
             t->skus[lot->sku].case_units, lot->free_units);
    add_limit(text, size, "roomMilliPaise", d->room_milli_paise);
    add_limit(text, size, "daysLeft", lot->days_left);
    if (d->kind == DECISION_RETURN) {
        const struct returns_terms *r = &t->terms[lot->terms];
        add_limit(text, size, "windowDays", lot->days_left + r->terms.window_to_days);
        add_limit(text, size, "quotaUnits", r->left.units);
        add_limit(text, size, "quotaPaise", r->left.paise);
        add_limit(text, size, "leastClaimPaise", r->terms.least_claim_paise);
        add_words(text, size, quota_binds(t, d) ? ",\"binds\":\"quota\"}" : ",\"binds\":\"lot\"}");
        return;
    }
    add_limit(text, size, "freightBudgetLeftPaise", t->budget.freight_left_paise);
    add_limit(text, size, "goodsBudgetLeftPaise", t->budget.goods_left_paise);
    add_limit(text, size, "beyondBudget", (int64_t)plan->decisions->beyond_budget);
    add_words(text, size, "}");
}

struct proposal proposal_draft_make(struct agent_step *step, const struct proposal_draft_plan *plan,
                                    const struct decision *d, int64_t rank)
{
    static const enum proposal_action actions[] = {
        [DECISION_TRANSFER] = PROPOSAL_TRANSFER,
        [DECISION_CAMPAIGN] = PROPOSAL_CAMPAIGN,
        [DECISION_RETURN] = PROPOSAL_SUPPLIER_RETURN,
        [DECISION_WRITE_OFF] = PROPOSAL_WRITE_OFF,
    };
    assert(step && plan && d);
    const struct situation *t = plan->situation;
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
    if (d->kind == DECISION_RETURN)
        text_cut(p.to_site, sizeof(p.to_site), t->terms[lot->terms].terms.supplier);
    p.landed_paise = lot->c.units > 0 ? lot->c.landed_paise * d->units / lot->c.units : 0;
    say_why(step, t, d, p.reason, sizeof(p.reason));
    if (d->kind == DECISION_TRANSFER)
        say_budget(plan, p.reason, sizeof(p.reason));
    write_alternative(d, p.alternative, sizeof(p.alternative));
    write_limits(plan, d, p.limits, sizeof(p.limits));
    write_inputs(plan, d, p.inputs, sizeof(p.inputs));
    return p;
}
