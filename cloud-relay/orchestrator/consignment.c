/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "consignment.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "event_body.h"
#include "event_type.h"
#include "gst_rate.h"
#include "proposal_row.h"
#include "stock_goods.h"
#include "transfer_line.h"
#include "transfer_saga.h"

#define GRAMS_A_KG 1000

/* ---- parts ---- */

static int read_part(struct sql_query *q, struct consignment_part *ret)
{
    *ret = (struct consignment_part){.units = sql_int(q, 4), .landed_paise = sql_int(q, 5)};
    sql_copy(q, 0, ret->proposal, sizeof(ret->proposal));
    sql_copy(q, 1, ret->document, sizeof(ret->document));
    sql_copy(q, 3, ret->sku, sizeof(ret->sku));
    return proposal_state_parse(sql_text(q, 2), &ret->state) < 0 ? -EBADMSG : 0;
}

/* saga_step modulo 8 is the step: from 2 on goods have left, and with them the lorry of their
 * document's number. */
int consignment_each(struct sql *s, const char *from_site, const char *to_site,
                     consignment_fn on_part, void *context)
{
    assert(s && from_site && to_site && on_part);
    AUTO(sql_query)
    q = sql_query(
        s, "SELECT p.proposal_id, p.document, p.state, p.sku, p.units, p.landed_paise"
           " FROM proposal p WHERE p.action = 'transfer' AND p.from_site = $1"
           " AND p.to_site = $2 AND (p.state IN ('proposed', 'approved')"
           " OR (p.state = 'executing' AND p.saga_step % 8 < 2 AND NOT EXISTS"
           " (SELECT 1 FROM paper a JOIN paper b ON b.number = a.number"
           " AND b.kind = a.kind AND b.from_gstin = a.from_gstin"
           " JOIN proposal o ON o.document = b.document"
           " WHERE a.document = p.document AND o.saga_step % 8 > 1 AND o.state <> 'failed')))"
           " ORDER BY p.decided_ms, p.proposal_id");
    sql_bind_text(q, 1, from_site);
    sql_bind_text(q, 2, to_site);
    for (;;) {
        int got = sql_step(q);
        struct consignment_part part;
        if (got > 0)
            got = read_part(q, &part) < 0 ? -EBADMSG : 1;
        if (got <= 0)
            return got;
        got = on_part(&part, context);
        if (got != 0)
            return got;
    }
}

/* ---- value ---- */

struct valuing {
    const struct catalogue_index *catalogue;
    const char *besides;
    int32_t day;
    struct consignment_value sum;
};

/* Exempt goods on a document do not count (CGST Rules, rule 138(1), explanation 2). */
static int add_value(const struct consignment_part *part, void *context)
{
    struct valuing *v = context;
    const struct catalogue_sku *sku = catalogue_index_sku(v->catalogue, part->sku);
    const struct gst_rate_row *rate = NULL;
    if (strcmp(part->proposal, v->besides) == 0)
        return 0;
    bool known = sku && gst_rate_find(&gst_rate_seed, sku->hsn, "", v->day, &rate) == 0;
    if (known && rate->gst_ppm == 0)
        return 0;
    int64_t tax = 0;
    int err = known ? decimal_muldiv(part->landed_paise, rate->gst_ppm, 1000000, &tax) : 0;
    v->sum.taxable_paise += part->landed_paise;
    v->sum.tax_paise += tax;
    return err;
}

int consignment_value(struct sql *s, const struct catalogue_index *catalogue,
                      const struct proposal *besides, int32_t day, struct consignment_value *ret)
{
    assert(s && catalogue && besides && ret);
    struct valuing v = {.catalogue = catalogue, .besides = besides->id, .day = day};
    int err = consignment_each(s, besides->from_site, besides->to_site, add_value, &v);
    if (err == 0)
        *ret = v.sum;
    return err;
}

/* ---- load ---- */

enum consignment_verdict consignment_judge(const struct consignment_load *l)
{
    assert(l);
    if (l->truck_g <= 0 || l->sure_g <= 0)
        return CONSIGNMENT_GOES;
    int64_t lorries = (l->sure_g - 1) / l->truck_g + 1;
    if (lorries > l->trucks)
        return CONSIGNMENT_WAITS;
    if (l->sure_g >= lorries * l->least_g)
        return CONSIGNMENT_GOES;
    return l->sure_g + l->open_g >= lorries * l->least_g ? CONSIGNMENT_WAITS : CONSIGNMENT_FALLS;
}

struct weighing {
    struct sql *s;
    const struct catalogue_index *catalogue;
    struct consignment_load *load;
};

static int64_t grams_of(const struct catalogue_index *catalogue, const char *sku, int64_t units)
{
    const struct catalogue_sku *k = catalogue_index_sku(catalogue, sku);
    if (!k || units <= 0)
        return 0;
    struct stock_goods goods =
        stock_goods_of(k->hsn, k->outlet_days, k->packs[0].units, k->volume_ml, k->weight_g);
    struct financial_impact_rates rates = financial_impact_rates_default();
    return stock_goods_lying(&goods, units, &rates).weight_g;
}

/* What the source has said it will not send does not go. */
static int add_load(const struct consignment_part *part, void *context)
{
    struct weighing *w = context;
    int64_t units = part->units, not_sent = 0;
    if (part->state == PROPOSAL_EXECUTING) {
        int err = transfer_line_not_sent(w->s, part->document, &not_sent);
        if (err < 0)
            return err;
    }
    int64_t grams = grams_of(w->catalogue, part->sku, units - not_sent);
    *(part->state == PROPOSAL_PROPOSED ? &w->load->open_g : &w->load->sure_g) += grams;
    return 0;
}

static int read_lane(struct sql *s, const char *from_site, const char *to_site,
                     struct consignment_load *l)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT kg_a_truck, trucks, least_kg FROM lane WHERE from_site = $1"
                     " AND to_site = $2");
    sql_bind_text(q, 1, from_site);
    sql_bind_text(q, 2, to_site);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    l->truck_g = sql_int(q, 0) * GRAMS_A_KG;
    l->trucks = sql_int(q, 1);
    l->least_g = sql_int(q, 2) * GRAMS_A_KG;
    return 0;
}

int consignment_load(struct sql *s, const struct catalogue_index *catalogue, const char *from_site,
                     const char *to_site, struct consignment_load *ret)
{
    assert(s && catalogue && from_site && to_site && ret);
    struct consignment_load l = {0};
    struct weighing w = {s, catalogue, &l};
    int err = read_lane(s, from_site, to_site, &l);
    if (err == 0)
        err = consignment_each(s, from_site, to_site, add_load, &w);
    if (err == 0)
        *ret = l;
    return err;
}

/* ---- consequences ---- */

struct parts {
    struct consignment_part *rows;
    size_t count, room;
};

static int keep_part(const struct consignment_part *part, void *context)
{
    struct parts *all = context;
    if (part->state == PROPOSAL_PROPOSED)
        return 0;
    if (all->count == all->room) {
        size_t room = all->room ? 2 * all->room : 16;
        struct consignment_part *grown = realloc(all->rows, room * sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        all->rows = grown;
        all->room = room;
    }
    all->rows[all->count++] = *part;
    return 0;
}

static int say_it_waits(struct agent_step *step, const char *id, const struct consignment_load *l)
{
    struct proposal p;
    char cause[EVENT_CAUSE_SIZE];
    int err = proposal_find(step->s, id, &p);
    if (err < 0)
        return err;
    snprintf(cause, sizeof(cause), "waits:%s:%" PRId64 ":%" PRId64, id, l->sure_g, l->open_g);
    struct proposal_by by = {.actor = "agent:orchestrator", .cause = cause, .now_ms = step->now_ms};
    AUTO(event_body) b = proposal_body(&p);
    event_body_text(b, "why",
                    l->sure_g > l->truck_g * l->trucks
                        ? "more than the lane's lorries take: it goes when others have left"
                        : "less than a lorry's least load: what is still proposed decides");
    event_body_int(b, "sureKg", l->sure_g / GRAMS_A_KG);
    event_body_int(b, "openKg", l->open_g / GRAMS_A_KG);
    event_body_int(b, "leastKg", l->least_g / GRAMS_A_KG);
    err = proposal_say(step->s, &p, b, EVENT_TRANSFER_WAITS, &by);
    return err < 0 ? err : 0;
}

static int let_fall(struct agent_step *step, const struct consignment_part *part,
                    const struct consignment_load *l, const char *cause)
{
    char why[PROPOSAL_TEXT_SIZE];
    snprintf(why, sizeof(why),
             "%" PRId64 " kg are left of at least %" PRId64 " kg that a lorry must carry",
             l->sure_g / GRAMS_A_KG, l->least_g / GRAMS_A_KG);
    if (part->state == PROPOSAL_EXECUTING)
        return transfer_time_out(step, part->proposal, TRANSFER_CALLED_OFF, cause);
    struct proposal_by by = {.actor = "agent:orchestrator", .cause = cause, .now_ms = step->now_ms};
    return proposal_withdraw(step->s, part->proposal, why, &by);
}

static int settle_part(struct agent_step *step, const struct consignment_part *part,
                       enum consignment_verdict verdict, const struct consignment_load *l,
                       const char *cause)
{
    bool approved = part->state == PROPOSAL_APPROVED;
    int err = 0;
    switch (verdict) {
    case CONSIGNMENT_GOES:
        err = approved ? transfer_execute(step, part->proposal, cause) : 0;
        break;
    case CONSIGNMENT_WAITS:
        err = approved ? say_it_waits(step, part->proposal, l) : 0;
        break;
    case CONSIGNMENT_FALLS:
        err = let_fall(step, part, l, cause);
        break;
    }
    return err < 0 && err != -EPERM ? err : 0; /* -EPERM: settled by an earlier part */
}

int consignment_settle(struct agent_step *step, const char *from_site, const char *to_site,
                       const char *cause)
{
    assert(step && from_site && to_site && cause);
    struct consignment_load l;
    struct parts all = {0};
    int err = consignment_load(step->s, step->catalogue, from_site, to_site, &l);
    if (err == 0)
        err = consignment_each(step->s, from_site, to_site, keep_part, &all);
    enum consignment_verdict verdict = err == 0 ? consignment_judge(&l) : CONSIGNMENT_WAITS;
    int64_t grams = 0;
    for (size_t i = 0; err == 0 && i < all.count; i++) {
        /* Of more than the lorries take, those that were decided first go. */
        grams += grams_of(step->catalogue, all.rows[i].sku, all.rows[i].units);
        bool first = l.sure_g > l.truck_g * l.trucks && grams <= l.truck_g * l.trucks;
        err = settle_part(step, &all.rows[i], first ? CONSIGNMENT_GOES : verdict, &l, cause);
    }
    free(all.rows);
    return err;
}
