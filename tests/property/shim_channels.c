/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Campaigns and routing as flat calls for ctypes: the pure rules, and one campaign over a store
 * that lives through a script of interactions. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audience.h"
#include "campaign_follow.h"
#include "channel_offer.h"
#include "offer.h"
#include "routing.h"

/* in: usual, days left, life, deepest, gst ppm, mrp, disposal, credit reversal, selling cost.
 * out: step, price, discount, floor, ceiling. */
int channels_offer(const int64_t in[9], int64_t out[5]);
int channels_offer(const int64_t in[9], int64_t out[5])
{
    struct offer o;
    struct offer_terms t = {.usual_paise = in[0],
                            .days_left = (int32_t)in[1],
                            .life_days = (int32_t)in[2],
                            .deepest_permille = in[3],
                            .floor = {.gst_ppm = (int32_t)in[4],
                                      .mrp_paise = in[5],
                                      .disposal_cost_paise = in[6],
                                      .credit_reversal_paise = in[7],
                                      .selling_cost_paise = in[8]}};
    int err = offer_make(&t, &o);
    if (err < 0)
        return err;
    const int64_t all[] = {o.step, o.price_paise, o.discount_permille, o.floor_paise,
                           o.ceiling_paise};
    memcpy(out, all, sizeof(all));
    return 0;
}

/* lot: days left delivered, life, outlet days, units, pack, holdout permille, days seen, price of a
 * pack, days that a bill may be overdue. An outlet: territory, days since, days bought, value, sku
 * units, category units, least days, least permille, channels, three offers, three answers, SKUs of
 * the category, whether its credit is known, what it may still owe, days overdue (19). out, an
 * outlet: arm, channel, score, expected, most.
 */
#define OUTLET_FIELDS 19
#define CHOICE_FIELDS 5
int channels_audience(const char *campaign, const int64_t lot[9], size_t n,
                      const char *const *parties, const int64_t *in, int64_t *out);
int channels_audience(const char *campaign, const int64_t lot[9], size_t n,
                      const char *const *parties, const int64_t *in, int64_t *out)
{
    struct audience_lot l = {campaign, (int32_t)lot[0], (int32_t)lot[1], (int32_t)lot[2], lot[3],
                             lot[4],   lot[5],          lot[7],          lot[8],          lot[6]};
    struct audience_outlet *o = calloc(n + 1, sizeof(*o));
    struct audience_choice *c = calloc(n + 1, sizeof(*c));
    for (size_t i = 0; o && c && i < n; i++, in += OUTLET_FIELDS)
        o[i] = (struct audience_outlet){parties[i],
                                        in[0] != 0,
                                        (int32_t)in[1],
                                        in[2],
                                        in[3],
                                        in[4],
                                        in[5],
                                        (int32_t)in[6],
                                        (int32_t)in[7],
                                        (int)in[8],
                                        {in[9], in[10], in[11]},
                                        {in[12], in[13], in[14]},
                                        in[15],
                                        in[16] != 0,
                                        in[17],
                                        in[18]};
    if (o && c)
        audience_choose(&l, o, n, c);
    for (size_t i = 0; o && c && i < n; i++, out += CHOICE_FIELDS) {
        const int64_t all[] = {c[i].arm, c[i].channel, c[i].score, c[i].expected_units,
                               c[i].most_units};
        memcpy(out, all, sizeof(all));
    }
    int err = o && c ? 0 : -ENOMEM;
    free(o);
    free(c);
    return err;
}

/* out: told, channel, due. */
void channels_route(const char *type, int severity, const char *territory, int level,
                    int64_t now_ms, const char *role, const char *territories, const int64_t who[5],
                    int64_t out[3]);
void channels_route(const char *type, int severity, const char *territory, int level,
                    int64_t now_ms, const char *role, const char *territories, const int64_t who[5],
                    int64_t out[3])
{
    struct routing_matter m = {type, (enum alert_severity)severity, territory, level, now_ms};
    struct routing_person p = {.role = routing_role(role),
                               .territories = territories,
                               .channels = (int)who[0],
                               .least = (enum alert_severity)who[1],
                               .channel = (int)who[2],
                               .quiet_from_min = (int32_t)who[3],
                               .quiet_to_min = (int32_t)who[4]};
    struct routing r = routing_decide(&m, &p);
    out[0] = r.told;
    out[1] = r.channel;
    out[2] = r.due_ms;
}

/* ---- one campaign and what happens to it ---- */

#define CAMPAIGN "K1"
#define SITE "PUNE"

struct play {
    struct sql *s;
    struct agent_step step;
    struct campaign c;
    struct catalogue_index *catalogue;
    int64_t seq; /* of the last entry */
};

static int lay_catalogue(struct sql *s)
{
    static const char body[] =
        "sku,name,hsn,unit,expiry_kind,shelf_life_days,cost,price,mrp,"
        "piece_units\nBISC,Biscuits,19053100,piece,best_before,180,8,9,10,1\n";
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes,"
                     " body) VALUES('*', 'catalogue', 1, $1, 0, 'user:x', 0, $1)");
    sql_bind_bytes(q, 1, body, sizeof(body) - 1);
    return sql_run(q);
}

static int begin(struct play *p, const char *folder)
{
    char address[512];
    struct diag why = {0};
    snprintf(address, sizeof(address), "sqlite:%s", folder);
    int err = sql_tenant_create(address, "acme", &why);
    if (err >= 0)
        err = sql_open(address, "acme", &why, &p->s);
    if (err >= 0)
        err = sql_begin(p->s, SQL_WRITE);
    if (err >= 0)
        err = message_template_seed(p->s, 1);
    if (err >= 0)
        err = lay_catalogue(p->s);
    if (err >= 0)
        err = catalogue_index_open(p->s, &why, &p->catalogue);
    p->c = (struct campaign){.id = CAMPAIGN,
                             .state = CAMPAIGN_RUNNING,
                             .site = SITE,
                             .sku = "BISC",
                             .batch = {"B1", CHANNEL_DAY + 90, 1000},
                             .units = 1000000,
                             .price_paise = 700,
                             .start_day = CHANNEL_DAY,
                             .end_day = CHANNEL_DAY + 9};
    p->step = (struct agent_step){.s = p->s,
                                  .agent = "liquidation",
                                  .catalogue = p->catalogue,
                                  .now_ms = CHANNEL_NOON,
                                  .today = CHANNEL_DAY};
    return err < 0 ? err : campaign_insert(p->s, &p->c);
}

/* The lot's stock, so that the campaign is not over. */
static int lay_stock(struct play *p)
{
    AUTO(sql_query)
    q = sql_query(p->s, "INSERT INTO stock(site, sku, batch, expiry_day, mrp_paise, status, bin,"
                        " device, qty) VALUES('PUNE', 'BISC', 'B1', $1, 1000, 0, 'A1', 'd',"
                        " 1000000)");
    sql_bind_int(q, 1, p->c.batch.expiry_day);
    return sql_run(q);
}

static int lay_line(struct play *p, const char *party, int64_t number)
{
    char document[32];
    snprintf(document, sizeof(document), CAMPAIGN "-%" PRId64, number);
    AUTO(sql_query)
    q = sql_query(p->s, "INSERT INTO order_line(document, line, site, kind, party, sku, qty,"
                        " due_day, batch, expiry_day, mrp_paise, received_day, price_paise, state,"
                        " made_ms, cause) VALUES($1, 1, 'PUNE', 'sale', $2, 'BISC', 1, 0, 'B1', 0,"
                        " 1000, 0, 700, 'done', 0, 'campaign:" CAMPAIGN "')");
    sql_bind_text(q, 1, document);
    sql_bind_text(q, 2, party);
    return sql_run(q);
}

static int scan(struct play *p, enum entry_kind kind, const char *party, int64_t qty,
                const char *batch, int64_t order)
{
    struct entry e = entry_new(kind);
    snprintf(e.sku, sizeof(e.sku), "BISC");
    snprintf(e.party, sizeof(e.party), "%s", party);
    e.batch = p->c.batch;
    snprintf(e.batch.number, sizeof(e.batch.number), "%s", batch);
    e.qty = qty;
    e.seq = ++p->seq; /* no entry comes twice */
    e.wall_ms = CHANNEL_NOON;
    if (order > 0)
        snprintf(e.document, sizeof(e.document), CAMPAIGN "-%" PRId64, order);
    e.line = order > 0 ? 1 : 0;
    int err = order > 0 ? lay_line(p, party, order) : 0;
    struct agent_item item = {
        .source = AGENT_ENTRY, .cause = "entry:d:1:1", .device = "d", .site = SITE, .entry = &e};
    return err < 0 ? err : campaign_take_entry(&p->step, &item);
}

static int send_offer(struct play *p, const char *party, int64_t outlet)
{
    char key[64];
    char provider_id[32];
    struct outbox_message m;
    int64_t due = 0;
    snprintf(key, sizeof(key), "campaign:" CAMPAIGN ":%s:1", party);
    struct outbox_draft d = channel_offer_draft(key, CHANNEL_WHATSAPP, party, "campaign:" CAMPAIGN);
    int err = outbox_queue(p->s, &d, CHANNEL_NOON, NULL);
    if (err == 0)
        err = outbox_next(p->s, CHANNEL_WHATSAPP, NULL, CHANNEL_NOON, &m, &due);
    if (err != 1)
        return err;
    struct send_outcome o = {.result = SENT_ACCEPTED};
    snprintf(provider_id, sizeof(provider_id), "w%" PRId64, outlet);
    snprintf(o.provider_id, sizeof(o.provider_id), "%s", provider_id);
    return outbox_settle(p->s, &m, &o, CHANNEL_NOON);
}

static int tell_receipt(struct play *p, int64_t outlet, int64_t status)
{
    struct outbox_receipt r = {.channel = CHANNEL_WHATSAPP, .status = (enum receipt_status)status};
    snprintf(r.provider_id, sizeof(r.provider_id), "w%" PRId64, outlet);
    snprintf(r.code, sizeof(r.code), "%s", status == RECEIPT_FAILED ? "132000" : "");
    return outbox_receive(p->s, &r, CHANNEL_NOON);
}

static int join(struct play *p, const char *party, int64_t outlet, bool held_out)
{
    struct campaign_target t = {.held_out = held_out};
    snprintf(t.party, sizeof(t.party), "%s", party);
    snprintf(t.channel, sizeof(t.channel), "%s", held_out ? "" : "whatsapp");
    int err = channel_offer_outlet(p->s, (int)outlet);
    return err < 0 ? err : campaign_target_insert(p->s, CAMPAIGN, &t);
}

/* Five numbers an event: what, outlet, a, b, order. 0 joins (a: held out), 1 sends, 2 a receipt (a:
 * status), 3 a pick (a: units, b: 1 of another lot, order: number of a line or 0), 4 a return. */
enum { JOINS, SENDS, RECEIPT, PICKS, RETURNS };

static int obey(struct play *p, const int64_t e[5])
{
    char party[32];
    snprintf(party, sizeof(party), "OUT-%" PRId64, e[1]);
    switch (e[0]) {
    case JOINS:
        return join(p, party, e[1], e[2] != 0);
    case SENDS:
        return send_offer(p, party, e[1]);
    case RECEIPT:
        return tell_receipt(p, e[1], e[2]);
    case PICKS:
        return scan(p, ENTRY_PICKED, party, e[2], e[3] ? "B2" : "B1", e[4]);
    case RETURNS:
        return scan(p, ENTRY_RETURNED, party, e[2], e[3] ? "B2" : "B1", 0);
    default:
        return -EINVAL;
    }
}

/* out: impressions, clicks, conversions, revenue, offer outlets, units, holdout outlets, buyers,
 * units, lift, sold units of the campaign. */
int channels_play(const char *folder, size_t n, const int64_t *events, int64_t out[11]);
int channels_play(const char *folder, size_t n, const int64_t *events, int64_t out[11])
{
    struct play p = {0};
    struct campaign_figures f = {0};
    int err = begin(&p, folder);
    if (err == 0)
        err = lay_stock(&p);
    for (size_t i = 0; err >= 0 && i < n; i++)
        err = obey(&p, events + 5 * i);
    if (err >= 0)
        err = campaign_figures(p.s, CAMPAIGN, &f);
    if (err >= 0)
        err = campaign_find(p.s, CAMPAIGN, &p.c);
    const int64_t all[] = {f.impressions,   f.clicks,        f.conversions,     f.revenue_paise,
                           f.offer.outlets, f.offer.units,   f.holdout.outlets, f.holdout.buyers,
                           f.holdout.units, f.lift_permille, p.c.sold_units};
    memcpy(out, all, sizeof(all));
    catalogue_index_free(p.catalogue);
    sql_free(p.s);
    return err < 0 ? err : 0;
}
