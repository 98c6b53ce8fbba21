/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "situation.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "cooldown.h"
#include "decimal.h"
#include "transfer_saga.h"

#define MG_A_KG INT64_C(1000000)
#define NO_LIMIT_KG INT64_C(1000000) /* of room where none is said */
#define HANDLING_PAISE_A_KG 233      /* 14 rupees a case of 6 kg, loading and unloading */
#define INSURANCE_PERMILLE 1         /* of the goods' value on the road */
#define TAX_AND_RETAIL_PERMILLE 1155 /* of an MRP: 5 % tax, then a retailer's 10 % */
#define NEVER_DAYS 3650              /* goods without a date */
#define CAMPAIGN_LEAST_DAYS 7        /* shorter lives cannot be offered and still be sold on */
#define SEGMENTS 6
#define BUCKETS 3

static const int32_t bucket_end[BUCKETS] = {21, 45, 90};

/* Steps of the discount ladder by share of life left (trade practice, see the domain facts). */
static const struct {
    int32_t life_permille; /* at least */
    int32_t discount_permille;
} ladder[] = {{500, 100}, {333, 150}, {200, 250}, {100, 400}, {0, 500}};
#define SECOND_STEP_PERMILLE 200 /* deeper for what the first step does not clear */
#define FIRST_SHARE_PERMILLE 300 /* of a lot at the first step, and ... */
#define SECOND_SHARE_PERMILLE 400

void situation_free(struct situation *t)
{
    if (!t)
        return;
    learning_free(t->learning);
    free(t->skus);
    free(t->lots);
    free(t->lanes);
    free(t->terms);
    free((void *)t->input.room_mg);
    free((void *)t->input.sku);
    free((void *)t->input.lot);
    free((void *)t->input.demand);
    free((void *)t->input.lane);
    free((void *)t->input.bar);
    free(t);
}

/* ---- cases become lots ---- */

static int find_site(const struct situation *t, const char *site, uint32_t *ret)
{
    for (size_t i = 0; i < t->sites_count; i++)
        if (strcmp(t->sites[i].site, site) == 0) {
            *ret = (uint32_t)i;
            return 0;
        }
    return -ENOENT;
}

static int64_t case_units_of(const struct catalogue_sku *facts)
{
    return facts->packs[facts->packs_count - 1].units; /* the largest pack */
}

static int add_sku(struct situation *t, const struct catalogue_sku *facts, uint32_t *ret)
{
    for (size_t i = 0; i < t->skus_count; i++)
        if (strcmp(t->skus[i].sku, facts->sku) == 0) {
            *ret = (uint32_t)i;
            return 0;
        }
    struct situation_sku *grown = realloc(t->skus, (t->skus_count + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    t->skus = grown;
    struct situation_sku *k = &t->skus[t->skus_count];
    *k = (struct situation_sku){.facts = facts,
                                .case_units = case_units_of(facts),
                                .price_paise = facts->price_paise / facts->packs[0].units};
    memcpy(k->sku, facts->sku, sizeof(k->sku));
    *ret = (uint32_t)t->skus_count++;
    return 0;
}

struct gathering {
    struct agent_step *step;
    struct situation *t;
    size_t room;
    int err;
};

/* A case whose SKU, site or price is not known stays as it is: people see it, no plan can. */
static int on_case(const struct recovery_case *c, void *context)
{
    struct gathering *g = context;
    struct situation *t = g->t;
    const struct catalogue_sku *facts = catalogue_index_sku(g->step->catalogue, c->sku);
    struct situation_lot lot = {.c = *c};
    if (!facts || facts->price_paise / facts->packs[0].units <= 0 ||
        find_site(t, c->site, &lot.site) < 0)
        return 0;
    if (t->lots_count == g->room) {
        g->room = g->room ? g->room * 2 : 64;
        struct situation_lot *grown = realloc(t->lots, g->room * sizeof(*grown));
        if (!grown)
            return g->err = -ENOMEM;
        t->lots = grown;
    }
    g->err = add_sku(t, facts, &lot.sku);
    if (g->err == 0)
        t->lots[t->lots_count++] = lot;
    return g->err;
}

static int32_t discount_at(int32_t life_permille)
{
    for (size_t i = 0; i < ARRAY_LEN(ladder); i++)
        if (life_permille >= ladder[i].life_permille)
            return ladder[i].discount_permille;
    return ladder[ARRAY_LEN(ladder) - 1].discount_permille;
}

static void set_ladder(struct agent_step *step, const struct situation *t,
                       struct situation_lot *lot)
{
    const struct catalogue_sku *facts = t->skus[lot->sku].facts;
    int32_t life = facts->shelf_life_days > 0 ? facts->shelf_life_days : NEVER_DAYS;
    int32_t left = lot->days_left < 0 ? 0 : lot->days_left;
    int64_t share = (int64_t)left * 1000 / life;
    struct setting_for whom = {facts->category, t->sites[lot->site].territory, "reallocation"};
    int64_t most = setting_value(step->settings, SETTING_DISCOUNT_MAX_PERMILLE, &whom);
    int64_t first = discount_at((int32_t)share);
    lot->discount_permille = (int32_t)(first < most ? first : most);
    first += SECOND_STEP_PERMILLE;
    lot->deepest_permille = (int32_t)(first < most ? first : most);
}

/* Free units in whole cases; what does not fill one stays and sells where it lies. */
static int measure_lots(struct agent_step *step, struct situation *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->lots_count; i++) {
        struct situation_lot lot = t->lots[i];
        int err =
            transfer_free_units(step->s, lot.c.site, lot.c.sku, &lot.c.batch, &lot.free_units);
        if (err < 0)
            return err;
        int64_t in_case = t->skus[lot.sku].case_units;
        lot.units = lot.free_units > 0 ? lot.free_units / in_case * in_case : 0;
        lot.days_left =
            lot.c.batch.expiry_day == CIVIL_NONE ? NEVER_DAYS : lot.c.batch.expiry_day - t->today;
        set_ladder(step, t, &lot);
        if (lot.units > 0)
            t->lots[kept++] = lot;
    }
    t->lots_count = kept;
    return 0;
}

/* ---- the planner's arrays ---- */

static int64_t per_case(int64_t paise, int64_t units, int64_t case_units)
{
    int64_t n = 0;
    return units > 0 && decimal_muldiv(paise, case_units, units, &n) == 0 ? n : 0;
}

static struct lots_lot lot_of(struct agent_step *step, const struct situation *t, size_t i,
                              bool rests)
{
    const struct situation_lot *lot = &t->lots[i];
    const struct situation_sku *k = &t->skus[lot->sku];
    const struct catalogue_sku *facts = k->facts;
    struct setting_for whom = {facts->category, t->sites[lot->site].territory, "reallocation"};
    int64_t carrying = setting_value(step->settings, SETTING_CARRYING_PERMILLE, &whom);
    int64_t landed = per_case(lot->c.landed_paise, lot->c.units, k->case_units);
    int64_t unit_ceiling =
        lot->c.batch.mrp_paise / facts->packs[0].units * 1000 / TAX_AND_RETAIL_PERMILLE;
    int64_t usual = k->price_paise * k->case_units;
    struct stock_goods goods = stock_goods_of(facts->hsn, facts->outlet_days, facts->packs[0].units,
                                              facts->volume_ml, facts->weight_g);
    struct financial_impact_rates rates = financial_impact_rates_default();
    rates.disposal_paise_a_kg = setting_value(step->settings, SETTING_DISPOSAL_PAISE_KG, &whom);
    struct financial_impact_stock lying = stock_goods_lying(&goods, k->case_units, &rates);
    int64_t cases = lot->units / k->case_units;
    int32_t days = lot->days_left < 0 ? 0 : lot->days_left > 365 ? 365 : lot->days_left;
    struct lots_lot l = {
        .id = i,
        .sku = lot->sku,
        .site = lot->site,
        .cases = cases,
        .days_left = lot->days_left,
        .order = rests ? LOTS_STAY : LOTS_FREE,
        .ceiling_paise = unit_ceiling > 0 ? unit_ceiling : k->price_paise,
        .carry_paise = landed * carrying / 1000 * days / 730, /* half of its days on average */
        .write_off_paise = financial_impact(&lying, &rates).disposal_paise +
                           stock_goods_credit(&goods, landed, t->today),
    };
    if (lot->discount_permille > 0 && /* nobody answers an offer of the usual price */
        lot->days_left >= CAMPAIGN_LEAST_DAYS + facts->outlet_days) {
        l.tier[0] = (struct lots_tier){cases * FIRST_SHARE_PERMILLE / 1000,
                                       usual * (1000 - lot->discount_permille) / 1000};
        l.tier[1] = (struct lots_tier){cases * SECOND_SHARE_PERMILLE / 1000,
                                       usual * (1000 - lot->deepest_permille) / 1000};
    }
    return l;
}

static int fill_lots(struct agent_step *step, struct situation *t)
{
    struct lots_sku *skus = calloc(t->skus_count + 1, sizeof(*skus));
    struct lots_lot *lots = calloc(t->lots_count + 1, sizeof(*lots));
    t->input.sku = skus;
    t->input.lot = lots;
    if (!skus || !lots)
        return -ENOMEM;
    struct financial_impact_rates rates = financial_impact_rates_default();
    for (size_t i = 0; i < t->skus_count; i++) {
        const struct situation_sku *k = &t->skus[i];
        struct stock_goods goods =
            stock_goods_of(k->facts->hsn, k->facts->outlet_days, k->facts->packs[0].units,
                           k->facts->volume_ml, k->facts->weight_g);
        int64_t grams = stock_goods_lying(&goods, k->case_units, &rates).weight_g;
        skus[i] = (struct lots_sku){(uint32_t)i, k->case_units, grams > 0 ? grams * 1000 : 1000};
    }
    t->input.skus = t->skus_count;
    for (size_t i = 0; i < t->lots_count; i++) {
        struct situation_lot *lot = &t->lots[i];
        int64_t until = 0, unoffered_until = 0;
        int err = cooldown_lot(step->s, lot->c.site, lot->c.sku, &lot->c.batch, &until);
        if (err == 0)
            err = cooldown_offer(step->s, lot->c.site, lot->c.sku, &lot->c.batch, &unoffered_until);
        if (err < 0)
            return err;
        if (unoffered_until > step->now_ms)
            lot->discount_permille = lot->deepest_permille = 0;
        lots[i] = lot_of(step, t, i, until > step->now_ms);
    }
    t->input.lots = t->lots_count;
    return 0;
}

/* Healthy stock sells before anything that comes: what lies there outside of cases, and what is on
 * its way already. */
static int healthy_units(struct sql *s, const struct situation *t, uint32_t sku, uint32_t site,
                         int64_t on_hand, int64_t *ret)
{
    for (size_t i = 0; i < t->lots_count; i++)
        if (t->lots[i].sku == sku && t->lots[i].site == site)
            on_hand -= t->lots[i].free_units;
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM order_line"
                     " WHERE site = $1 AND sku = $2 AND kind = 'transfer_in' AND state = 'open'");
    sql_bind_text(q, 1, t->sites[site].site);
    sql_bind_text(q, 2, t->skus[sku].sku);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = (on_hand > 0 ? on_hand : 0) + (got > 0 ? sql_int(q, 0) : 0);
    return 0;
}

static int read_demand(struct agent_step *step, const struct situation *t, uint32_t sku,
                       uint32_t site, struct lots_demand *ret)
{
    AUTO(sql_query)
    q = sql_query(step->s,
                  "SELECT f.mean_1, f.shape_1, f.mean_2, f.shape_2, f.mean_3, f.shape_3, k.units"
                  " FROM forecast_score f JOIN sku_score k ON k.site = f.site AND k.sku = f.sku"
                  " WHERE f.site = $1 AND f.sku = $2");
    sql_bind_text(q, 1, t->sites[site].site);
    sql_bind_text(q, 2, t->skus[sku].sku);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    const struct catalogue_sku *facts = t->skus[sku].facts;
    struct setting_for whom = {facts->category, t->sites[site].territory, "reallocation"};
    int64_t guard = setting_value(step->settings, SETTING_GUARD_DAYS, &whom);
    *ret = (struct lots_demand){.sku = sku,
                                .site = site,
                                .price_paise = t->skus[sku].price_paise,
                                .guard_days = facts->outlet_days > guard ? facts->outlet_days
                                                                         : (int32_t)guard};
    int32_t came = learning_sales(t->learning, t->sites[site].site);
    for (int b = 0; b < BUCKETS; b++) {
        ret->mean_units[b] = (double)sql_int(q, 2 * b) * came / 1000000;
        ret->shape[b] = (double)sql_int(q, 2 * b + 1) / 1000;
    }
    int err = healthy_units(step->s, t, sku, site, sql_int(q, 6), &ret->on_hand_units);
    return err < 0 ? err : 1;
}

/* Whether any journal has told of stock there. A site that is only being opened is known by its
 * sales history alone: it would look sold out, and all others would be asked to fill it. */
static int stock_is_told(struct sql *s, const char *site)
{
    AUTO(sql_query) q = sql_query(s, "SELECT 1 FROM account WHERE site = $1 LIMIT 1");
    sql_bind_text(q, 1, site);
    return sql_step(q);
}

static int fill_demand(struct agent_step *step, struct situation *t)
{
    struct lots_demand *rows = calloc(t->skus_count * t->sites_count + 1, sizeof(*rows));
    t->input.demand = rows;
    if (!rows)
        return -ENOMEM;
    size_t n = 0;
    for (uint32_t j = 0; j < t->sites_count; j++) {
        int got = stock_is_told(step->s, t->sites[j].site);
        for (uint32_t k = 0; got > 0 && k < t->skus_count; k++) {
            int has = read_demand(step, t, k, j, &rows[n]);
            if (has < 0)
                return has;
            n += has > 0;
        }
        if (got < 0)
            return got;
    }
    t->input.demands = n;
    return 0;
}

static int add_lane(struct situation *t, uint32_t i, uint32_t j, const struct lane_terms *terms)
{
    size_t n = t->lanes_count;
    int32_t cost = learning_cost(t->learning, t->sites[i].site, t->sites[j].site);
    struct lots_lane *rows = (struct lots_lane *)t->input.lane;
    struct plan_lane lane = {.id = (uint32_t)n,
                             .from = i,
                             .to = j,
                             .trucks_max = terms->trucks,
                             .truck_mg = terms->kg_a_truck * MG_A_KG,
                             .truck_paise = terms->paise_a_truck * cost / 1000,
                             .least_mg = terms->least_kg * MG_A_KG};
    rows[n] = (struct lots_lane){.lane = lane,
                                 .lead_days = (int32_t)terms->lead_days,
                                 .tonne_paise = (terms->paise_a_kg + HANDLING_PAISE_A_KG) * cost,
                                 .value_permille = INSURANCE_PERMILLE};
    t->lanes[n] = (struct situation_lane){i, j, *terms};
    t->lanes_count = t->input.lanes = n + 1;
    return 0;
}

static int fill_lanes(struct agent_step *step, struct situation *t)
{
    size_t most = t->sites_count * t->sites_count + 1;
    int64_t *room = calloc(t->sites_count + 1, sizeof(*room));
    t->input.room_mg = room;
    t->input.lane = calloc(most, sizeof(*t->input.lane));
    t->lanes = calloc(most, sizeof(*t->lanes));
    if (!room || !t->input.lane || !t->lanes)
        return -ENOMEM;
    t->input.sites = (uint32_t)t->sites_count;
    int64_t radius = setting_value(step->settings, SETTING_RADIUS_KM,
                                   &(struct setting_for){.agent = "reallocation"});
    for (uint32_t i = 0; i < t->sites_count; i++) {
        int64_t kg = t->sites[i].receive_kg;
        room[i] = (kg > 0 ? kg : NO_LIMIT_KG) * MG_A_KG;
        for (uint32_t j = 0; j < t->sites_count; j++) {
            struct lane_terms terms;
            int open = i == j ? 0 : lane_terms_read(step->s, &t->sites[i], &t->sites[j], &terms);
            if (open < 0)
                return open;
            if (open > 0 && terms.km <= radius && terms.trucks > 0 && terms.kg_a_truck > 0)
                open = add_lane(t, i, j, &terms);
            if (open < 0)
                return open;
        }
    }
    return 0;
}

int situation_bar(struct situation *t, uint32_t sku, uint32_t lane)
{
    assert(t && sku < t->skus_count && lane < t->lanes_count);
    struct lots_bar *grown =
        realloc((void *)t->input.bar, (t->input.bars + 1) * sizeof(*t->input.bar));
    if (!grown)
        return -ENOMEM;
    t->input.bar = grown;
    grown[t->input.bars++] = (struct lots_bar){sku, lane};
    return 0;
}

static int fill_bars(struct agent_step *step, struct situation *t)
{
    for (uint32_t k = 0; k < t->skus_count; k++)
        for (uint32_t l = 0; l < t->lanes_count; l++) {
            int64_t until = 0;
            int err = cooldown_lane(step->s, t->sites[t->lanes[l].from].site,
                                    t->sites[t->lanes[l].to].site, t->skus[k].sku, &until);
            if (err == 0 && until > step->now_ms)
                err = situation_bar(t, k, l);
            if (err < 0)
                return err;
        }
    return 0;
}

int situation_read(struct agent_step *step, struct situation **ret)
{
    assert(step && ret);
    AUTO(situation) t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    t->today = step->today;
    t->sites = catalogue_index_sites(step->catalogue, &t->sites_count);
    struct gathering g = {.step = step, .t = t};
    struct recovery_filter filter = {.state = RECOVERY_ASSESSED,
                                     .site = "",
                                     .sku = "",
                                     .after_id = "",
                                     .limit = SITUATION_LOTS_MAX};
    int err = recovery_each(step->s, &filter, on_case, &g);
    err = g.err < 0 ? g.err : err;
    if (err == 0)
        err = measure_lots(step, t);
    if (err < 0 || t->lots_count == 0)
        return err;
    memcpy(t->input.bucket_end, bucket_end, sizeof(bucket_end));
    t->input.buckets = BUCKETS;
    t->input.segments = SEGMENTS;
    err = learning_read(step, &t->learning);
    if (err == 0)
        err = budget_read(step, &t->budget);
    if (err == 0)
        err = fill_lots(step, t);
    if (err == 0)
        err = returns_read(step, t);
    if (err == 0)
        err = fill_demand(step, t);
    if (err == 0)
        err = fill_lanes(step, t);
    if (err == 0)
        err = fill_bars(step, t);
    if (err < 0)
        return err;
    *ret = TAKE(t);
    return 1;
}

int64_t situation_window_milli(const struct situation *t, uint32_t sku, uint32_t site, int32_t days)
{
    assert(t);
    for (size_t i = 0; i < t->input.demands; i++) {
        const struct lots_demand *d = &t->input.demand[i];
        if (d->sku != sku || d->site != site)
            continue;
        double sum = 0;
        int32_t from = 0;
        for (int b = 0; b < BUCKETS && days > from; b++) {
            int32_t span = bucket_end[b] - from;
            int32_t used = days - from < span ? days - from : span;
            sum += d->mean_units[b] * used / span;
            from = bucket_end[b];
        }
        return (int64_t)(sum * 1000 + 0.5);
    }
    return 0;
}
