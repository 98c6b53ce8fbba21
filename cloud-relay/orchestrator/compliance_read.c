/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What compliance looks at, from the store. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "compliance.h"
#include "consignment.h"
#include "decimal.h"
#include "road.h"
#include "supplier_return.h"
#include "text.h"
#include "transfer_saga.h"

static void bind_lot(struct sql_query *q, const char *site, const char *sku,
                     const struct batch_key *b)
{
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, sku);
    sql_bind_text(q, 3, b->number);
    sql_bind_int(q, 4, b->expiry_day);
    sql_bind_int(q, 5, b->mrp_paise);
}

/* What of the lot lies there in another status than sellable. */
static int read_held(struct sql *s, const struct compliance_ask *a, int64_t *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM stock WHERE site = $1"
                     " AND sku = $2 AND batch = $3 AND expiry_day = $4 AND mrp_paise = $5"
                     " AND status <> 0");
    bind_lot(q, a->from_site, a->sku, &a->batch);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = sql_int(q, 0);
    return 0;
}

/* Landed cost of the units, by the lot's own average, else by the catalogue. */
static int read_cost(struct sql *s, const struct compliance_ask *a, const struct catalogue_sku *k,
                     struct compliance_input *in)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT in_units, in_paise, made_day FROM lot WHERE site = $1 AND sku = $2"
                     " AND batch = $3 AND expiry_day = $4 AND mrp_paise = $5");
    bind_lot(q, a->from_site, a->sku, &a->batch);
    int got = sql_step(q);
    if (got < 0)
        return got;
    int64_t units = got ? sql_int(q, 0) : 0, paise = got ? sql_int(q, 1) : 0;
    in->made_day = got ? (int32_t)sql_int(q, 2) : CIVIL_NONE;
    if (units <= 0 || paise <= 0) {
        units = k->packs[0].units > 0 ? k->packs[0].units : 1;
        paise = k->cost_paise;
    }
    return decimal_muldiv(paise, a->units, units, &in->cost_paise);
}

static int read_sku(struct sql *s, const struct compliance_ask *a, const struct catalogue_sku *k,
                    struct compliance_input *in)
{
    int64_t piece = k->packs[0].units > 0 ? k->packs[0].units : 1;
    text_cut(in->hsn, sizeof(in->hsn), k->hsn);
    in->life_days = k->shelf_life_days;
    in->arrival_days = k->outlet_days;
    int err = read_cost(s, a, k, in);
    if (err == 0 && k->price_paise > 0)
        err = decimal_muldiv(k->price_paise, a->units, piece, &in->market_paise);
    return err;
}

/* The other end: a site of ours, or a party of the trade. */
static int read_other_end(struct sql *s, const struct compliance_ask *a, const struct site *from,
                          const struct catalogue_index *catalogue, struct compliance_input *in)
{
    const struct site *to = catalogue_index_site(catalogue, a->to_site);
    const struct catalogue_party *party = catalogue_index_party(catalogue, a->to_site);
    if (to) {
        struct road road;
        int err = road_between(s, from, to, &road);
        if (err < 0)
            return err;
        in->km = road.km;
        in->lead_days = road.lead_days;
        text_cut(in->to_gstin, sizeof(in->to_gstin), to->gstin);
        text_cut(in->to_pincode, sizeof(in->to_pincode), to->pincode);
    } else if (party) {
        text_cut(in->to_gstin, sizeof(in->to_gstin), party->gstin);
        if (party->min_life_days > in->arrival_days)
            in->arrival_days = party->min_life_days;
    } else if (a->to_site[0]) {
        return -ENOENT;
    }
    return 0;
}

/* What goes back: the supplier's terms on that day, his quota without this proposal, and the claim
 * with it. */
static int read_terms(struct sql *s, const struct compliance_ask *a, const struct catalogue_sku *k,
                      const struct catalogue_index *catalogue, struct compliance_return *ret)
{
    struct supplier_terms t;
    int got = supplier_terms_find(s, a->to_site, k->brand, &t);
    if (got <= 0)
        return got;
    struct compliance_return r = {.known = true,
                                  .returnable = t.returnable,
                                  .in_window =
                                      supplier_window_open(&t, a->batch.expiry_day, a->day),
                                  .supplied = t.supplied,
                                  .least_claim_paise = t.least_claim_paise};
    struct supplier_flow seen;
    int err =
        supplier_flow_read(s, catalogue, &t, a->day, a->proposal ? a->proposal->id : "", &seen);
    if (err == 0)
        err = supplier_bought_day(s, a->to_site, k->sku, &a->batch, &r.bought_day);
    if (err == 0)
        err = supplier_claim_read(s, a->to_site, a->from_site, civil_ist_start_ms(a->day),
                                  &r.claim_paise);
    if (err < 0)
        return err;
    struct supplier_quota left = supplier_quota_left(&t, &seen);
    r.quota_units = left.units;
    r.quota_paise = left.paise;
    *ret = r;
    return 0;
}

int compliance_read(struct sql *s, const struct compliance_ask *a,
                    const struct catalogue_index *catalogue, const struct setting_book *settings,
                    struct compliance_input *ret)
{
    assert(s && a && catalogue && ret);
    const struct site *from = catalogue_index_site(catalogue, a->from_site);
    const struct catalogue_sku *sku = catalogue_index_sku(catalogue, a->sku);
    if (!from || !sku)
        return -ENOENT;
    const struct setting_for whom = {sku->category, from->territory, NULL};
    struct compliance_input in = {
        .movement = a->movement,
        .day = a->day,
        .expiry_day = a->batch.expiry_day,
        .units = a->units,
        .market_paise = GST_TRANSFER_UNKNOWN,
        .eway_limit_paise = setting_value(settings, SETTING_EWAY_LIMIT_PAISE, &whom),
        .back.bought_day = CIVIL_NONE,
        .motor_vehicle = setting_value(settings, SETTING_MOTOR_VEHICLE, &whom) != 0,
        .full_credit = setting_value(settings, SETTING_FULL_CREDIT, &whom) != 0,
        .strict = setting_value(settings, SETTING_COMPLIANCE_STRICT, &whom) != 0,
    };
    text_cut(in.from_gstin, sizeof(in.from_gstin), from->gstin);
    text_cut(in.from_pincode, sizeof(in.from_pincode), from->pincode);
    int err = read_sku(s, a, sku, &in);
    if (err == 0)
        err = read_other_end(s, a, from, catalogue, &in);
    if (err == 0)
        err = transfer_free_units(s, a->from_site, a->sku, &a->batch, &in.sellable_units);
    if (err == 0)
        err = read_held(s, a, &in.held_units);
    if (err == 0 && a->movement == MOVEMENT_SUPPLIER_RETURN)
        err = read_terms(s, a, sku, catalogue, &in.back);
    if (err < 0)
        return err;
    in.back.landed_paise = a->proposal ? a->proposal->landed_paise : in.cost_paise;
    if (in.arrival_days == 0 && in.life_days > 0)
        in.arrival_days = (int32_t)setting_value(settings, SETTING_GUARD_DAYS, &whom);
    if (a->proposal && a->movement == MOVEMENT_TRANSFER) {
        struct consignment_value beside;
        err = consignment_value(s, catalogue, a->proposal, a->day, &beside);
        if (err < 0)
            return err;
        in.beside_paise = beside.taxable_paise;
        in.beside_tax_paise = beside.tax_paise;
    }
    /* Without full credit at the other end only the open market's value is right; what goes back
     * has the value that it was bought at. */
    bool at_cost = in.full_credit || in.market_paise < 0 || a->movement == MOVEMENT_SUPPLIER_RETURN;
    in.value_paise = at_cost ? in.cost_paise : in.market_paise;
    *ret = in;
    return 0;
}
