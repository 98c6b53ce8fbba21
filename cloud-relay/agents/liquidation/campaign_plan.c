/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign_plan.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "financial_impact.h"
#include "gst_rate.h"
#include "message_template.h"
#include "stock_goods.h"
#include "text.h"

#define DELIVERY_DAYS 2 /* from the order to the shop */
#define NEVER_DAYS 3650
#define AGENT "liquidation"

void campaign_plan_free(struct campaign_plan *plan)
{
    audience_free(&plan->audience);
    free(plan->choices);
    plan->choices = NULL;
}

struct lot_facts {
    int64_t unit_cost_milli; /* landed, of a base unit by 1000 */
    int32_t made_day, received_day;
};

static int read_lot(struct sql *s, const struct campaign *c, struct lot_facts *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT in_units, in_paise, made_day, received_day FROM lot WHERE site = $1"
                     " AND sku = $2 AND batch = $3 AND expiry_day = $4 AND mrp_paise = $5");
    sql_bind_text(q, 1, c->site);
    sql_bind_text(q, 2, c->sku);
    sql_bind_text(q, 3, c->batch.number);
    sql_bind_int(q, 4, c->batch.expiry_day);
    sql_bind_int(q, 5, c->batch.mrp_paise);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = (struct lot_facts){.made_day = CIVIL_NONE, .received_day = CIVIL_NONE};
    if (got == 1)
        *ret = (struct lot_facts){.unit_cost_milli =
                                      sql_int(q, 0) > 0 ? sql_int(q, 1) * 1000 / sql_int(q, 0) : 0,
                                  .made_day = (int32_t)sql_int(q, 2),
                                  .received_day = (int32_t)sql_int(q, 3)};
    return 0;
}

static int32_t days_left(const struct agent_step *step, const struct campaign *c)
{
    return c->batch.expiry_day == CIVIL_NONE ? NEVER_DAYS : c->batch.expiry_day - step->today;
}

static int32_t life_days(const struct campaign *c, const struct lot_facts *lot,
                         const struct catalogue_sku *facts)
{
    if (c->batch.expiry_day != CIVIL_NONE && lot->made_day != CIVIL_NONE &&
        c->batch.expiry_day > lot->made_day)
        return c->batch.expiry_day - lot->made_day;
    return facts->shelf_life_days;
}

/* What becomes of a pack that is not sold: it is destroyed, and its credit is reversed; no supplier
 * has given a return quota that the relay knows of. */
static struct price_input floor_of(const struct agent_step *step, const struct campaign *c,
                                   const struct lot_facts *lot, const struct catalogue_sku *facts,
                                   const struct gst_rate_row *rate)
{
    int64_t pack = facts->packs[0].units;
    int64_t landed = lot->unit_cost_milli * pack / 1000;
    struct setting_for whom = {.category = facts->category, .agent = AGENT};
    struct financial_impact_rates rates = financial_impact_rates_default();
    rates.disposal_paise_a_kg = setting_value(step->settings, SETTING_DISPOSAL_PAISE_KG, &whom);
    struct stock_goods goods =
        stock_goods_of(facts->hsn, facts->outlet_days, pack, facts->volume_ml, facts->weight_g);
    struct financial_impact_stock lying = stock_goods_lying(&goods, pack, &rates);
    return (struct price_input){
        .gst_ppm = rate->gst_ppm,
        .cess_ppm = rate->cess_ppm,
        .mrp_paise = c->batch.mrp_paise,
        .disposal_cost_paise = financial_impact(&lying, &rates).disposal_paise,
        .credit_reversal_paise = stock_goods_credit(&goods, landed, lot->received_day)};
}

int campaign_offer(struct agent_step *step, const struct campaign *c, int64_t deepest_permille,
                   struct offer *ret)
{
    assert(step && c && ret);
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, c->sku);
    const struct gst_rate_row *rate = NULL;
    struct lot_facts lot;
    if (!facts || gst_rate_find(&gst_rate_seed, facts->hsn, "", step->today, &rate) < 0)
        return -ENOENT;
    int err = read_lot(step->s, c, &lot);
    if (err < 0)
        return err;
    struct setting_for whom = {.category = facts->category, .agent = AGENT};
    int64_t most = setting_value(step->settings, SETTING_DISCOUNT_MAX_PERMILLE, &whom);
    struct offer_terms terms = {.usual_paise = facts->price_paise,
                                .days_left = days_left(step, c),
                                .life_days = life_days(c, &lot, facts),
                                .deepest_permille =
                                    deepest_permille < most ? deepest_permille : most,
                                .floor = floor_of(step, c, &lot, facts, rate)};
    return offer_make(&terms, ret);
}

/* ---- the plan ---- */

static int choose(struct agent_step *step, struct campaign_plan *plan)
{
    struct campaign *c = &plan->campaign;
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, c->sku);
    struct lot_facts lot;
    int err = read_lot(step->s, c, &lot);
    if (err == 0)
        err = audience_read(step, c->site, c->sku, &plan->audience);
    if (err < 0)
        return err;
    plan->choices = calloc(plan->audience.count + 1, sizeof(*plan->choices));
    if (!plan->choices)
        return -ENOMEM;
    struct audience_lot goods = {.campaign = c->id,
                                 .days_left_delivered = days_left(step, c) - DELIVERY_DAYS,
                                 .life_days = life_days(c, &lot, facts),
                                 .outlet_days = facts->outlet_days,
                                 .units = c->units,
                                 .pack_units = facts->packs[0].units,
                                 .holdout_permille = c->holdout_permille,
                                 .pack_paise = plan->offer.price_paise,
                                 .overdue_days =
                                     setting_value(step->settings, SETTING_OVERDUE_DAYS, NULL),
                                 .seen_days = plan->audience.seen_days};
    audience_choose(&goods, plan->audience.outlets, plan->audience.count, plan->choices);
    int channels = 0;
    for (size_t i = 0; i < plan->audience.count; i++) {
        plan->offers += plan->choices[i].arm == AUDIENCE_OFFER;
        plan->holdouts += plan->choices[i].arm == AUDIENCE_HOLDOUT;
        if (plan->choices[i].arm == AUDIENCE_OFFER)
            channels |= 1 << plan->choices[i].channel;
    }
    size_t len = 0;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channels & 1 << i)
            len += (size_t)snprintf(c->channels + len, sizeof(c->channels) - len, "%s%s",
                                    len > 0 ? "," : "", channel_name((enum message_channel)i));
    return 0;
}

static struct campaign campaign_of(const struct agent_step *step, const char *id,
                                   const struct proposal *p)
{
    struct campaign c = {.state = CAMPAIGN_APPROVED,
                         .batch = p->batch,
                         .units = p->units,
                         .holdout_permille =
                             setting_value(step->settings, SETTING_HOLDOUT_PERMILLE, NULL),
                         .start_day = step->today,
                         .made_ms = step->now_ms,
                         .decided_ms = p->decided_ms};
    text_cut(c.id, sizeof(c.id), id);
    text_cut(c.proposal_id, sizeof(c.proposal_id), p->id);
    text_cut(c.site, sizeof(c.site), p->from_site);
    text_cut(c.sku, sizeof(c.sku), p->sku);
    text_cut(c.template, sizeof(c.template), TEMPLATE_OFFER);
    text_cut(c.decided_by, sizeof(c.decided_by), p->decided_by);
    return c;
}

static int fill(struct agent_step *step, const struct proposal *p, struct diag *reterr,
                struct campaign_plan *plan)
{
    struct campaign *c = &plan->campaign;
    int64_t stock = 0;
    int err = campaign_stock(step->s, c, &stock);
    if (err == 0 && stock <= 0) {
        diag_set(reterr, 0, "none of the lot is there any more");
        return -ERANGE;
    }
    c->units = c->units < stock ? c->units : stock;
    if (err == 0)
        err = campaign_offer(step, c, p->discount_permille, &plan->offer);
    if (err == -ERANGE || err == -ENOENT)
        diag_set(reterr, 0, "no price lies between floor and ceiling");
    if (err == 0)
        err = choose(step, plan);
    if (err < 0)
        return err;
    if (plan->offers == 0) {
        diag_set(reterr, 0, "no outlet fits that may be written to");
        return -ERANGE;
    }
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, c->sku);
    struct setting_for whom = {.category = facts->category};
    int32_t days = (int32_t)setting_value(step->settings, SETTING_CAMPAIGN_DAYS, &whom);
    int32_t sellable = days_left(step, c) - facts->outlet_days;
    c->end_day = step->today + (days < sellable ? days : sellable > 0 ? sellable : 0);
    c->price_paise = plan->offer.price_paise;
    c->floor_paise = plan->offer.floor_paise;
    c->ceiling_paise = plan->offer.ceiling_paise;
    c->discount_permille = plan->offer.discount_permille;
    return 0;
}

int campaign_plan_make(struct agent_step *step, const char *id, const struct proposal *p,
                       struct diag *reterr, struct campaign_plan *ret)
{
    assert(step && id && p && ret);
    if (!catalogue_index_sku(step->catalogue, p->sku) ||
        !catalogue_index_site(step->catalogue, p->from_site))
        return -ENOENT;
    struct campaign_plan plan = {.campaign = campaign_of(step, id, p)};
    int err = fill(step, p, reterr, &plan);
    if (err < 0)
        campaign_plan_free(&plan);
    else
        *ret = plan;
    return err;
}

int campaign_plan_write(struct agent_step *step, const struct campaign_plan *plan)
{
    assert(step && plan);
    int err = campaign_insert(step->s, &plan->campaign);
    for (size_t i = 0; err == 0 && i < plan->audience.count; i++) {
        const struct audience_choice *choice = &plan->choices[i];
        if (choice->arm == AUDIENCE_OUT)
            continue;
        struct campaign_target t = {.held_out = choice->arm == AUDIENCE_HOLDOUT,
                                    .score = choice->score,
                                    .expected_units = choice->most_units};
        text_cut(t.party, sizeof(t.party), plan->audience.outlets[i].party);
        if (!t.held_out)
            text_cut(t.channel, sizeof(t.channel), channel_name(choice->channel));
        snprintf(t.reason, sizeof(t.reason), "%s; %s", audience_segment_name(choice->segment),
                 choice->why);
        err = campaign_target_insert(step->s, plan->campaign.id, &t);
    }
    return err;
}
