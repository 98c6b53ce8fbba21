/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign_follow.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign_plan.h"
#include "campaign_trace.h"
#include "civil.h"
#include "entry_find.h"
#include "entry_kind_sql.h"
#include "event_body.h"
#include "outbox.h"
#include "stock_effect.h"
#include "text.h"

#define PICK_DAYS 2 /* after its last day an order may still be picked */

static const char actor[] = "agent:liquidation";

/* ---- orders ---- */

static int write_line(struct agent_step *step, const struct campaign *c, const char *party,
                      int64_t units, int64_t number)
{
    char document[CAMPAIGN_ID_SIZE + 24];
    char cause[EVENT_CAUSE_SIZE];
    snprintf(document, sizeof(document), "%s-%" PRId64, c->id, number);
    if (strlen(document) >= ENTRY_DOCUMENT_SIZE)
        return -ERANGE;
    snprintf(cause, sizeof(cause), "campaign:%s", c->id);
    AUTO(sql_query)
    q = sql_query(step->s, "INSERT INTO order_line(document, line, site, kind, party, sku, qty,"
                           " due_day, batch, expiry_day, mrp_paise, received_day, price_paise,"
                           " state, made_ms, cause) VALUES($1, 1, $2, 'sale', $3, $4, $5, $6, $7,"
                           " $8, $9, $10, $11, 'open', $12, $13)");
    sql_bind_text(q, 1, document);
    sql_bind_text(q, 2, c->site);
    sql_bind_text(q, 3, party);
    sql_bind_text(q, 4, c->sku);
    sql_bind_int(q, 5, units);
    sql_bind_int(q, 6, step->today + 1);
    sql_bind_text(q, 7, c->batch.number);
    sql_bind_int(q, 8, c->batch.expiry_day);
    sql_bind_int(q, 9, c->batch.mrp_paise);
    sql_bind_int(q, 10, CIVIL_NONE);
    sql_bind_int(q, 11, c->price_paise);
    sql_bind_int(q, 12, step->now_ms);
    sql_bind_text(q, 13, cause);
    return sql_run(q);
}

static int confirm(struct agent_step *step, const struct campaign *c, const char *party,
                   const char *channel, int64_t packs, const char *cause)
{
    enum message_channel by;
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, c->sku);
    if (channel_parse(channel, &by) < 0 || by == CHANNEL_EMAIL)
        return 0; /* no confirmation is registered for it */
    char text[32];
    char name[31];
    char key[OUTBOX_KEY_SIZE];
    char campaign[EVENT_CAUSE_SIZE];
    char trace[EVENT_TRACE_SIZE];
    int err = campaign_trace(step->s, c->id, trace);
    if (err < 0)
        return err;
    AUTO(event_body) b = event_body_new();
    text_cut(name, sizeof(name), facts->name);
    event_body_text(b, "sku", name);
    snprintf(text, sizeof(text), "%" PRId64, packs);
    event_body_text(b, "units", text);
    snprintf(text, sizeof(text), "%" PRId64 ".%02d", c->price_paise / 100,
             (int)(c->price_paise % 100));
    event_body_text(b, "offer", text);
    char *variables = event_body_write(b);
    if (!variables)
        return -ENOMEM;
    snprintf(key, sizeof(key), "confirm:%.150s", cause);
    snprintf(campaign, sizeof(campaign), "campaign:%s", c->id);
    struct outbox_draft d = {.key = key,
                             .channel = by,
                             .purpose = PURPOSE_TRANSACTION,
                             .party = party,
                             .template = TEMPLATE_ORDER,
                             .language = "",
                             .variables = variables,
                             .rank = OUTBOX_RANK_TRANSACTION,
                             .cause = campaign,
                             .trace = trace};
    err = outbox_queue(step->s, &d, step->now_ms, NULL);
    free(variables);
    return err < 0 ? err : 0;
}

/* In whole packs: what it wants, what it was offered, what is left. Whom a person named without a
 * limit (expected_units 0) may have all that is left. */
static int64_t granted(const struct campaign_target *t, int64_t wanted_packs, int64_t pack,
                       int64_t left)
{
    bool limited = t->expected_units > 0;
    int64_t may = limited ? t->expected_units - t->ordered_units : left;
    int64_t unsaid = limited ? may : pack;
    int64_t want = wanted_packs > 0 ? wanted_packs * pack : unsaid;
    int64_t units = want < may ? want : may;
    units = units < left ? units : left;
    return units > 0 ? units / pack * pack : 0;
}

int campaign_take_order(struct agent_step *step, const char *id, const char *party,
                        const char *channel, int64_t packs, const char *cause)
{
    assert(step && id && party && channel && cause);
    struct campaign c;
    struct campaign_target t;
    struct campaign_left left;
    int err = sql_lock(step->s, "campaign");
    if (err == 0)
        err = campaign_find(step->s, id, &c);
    if (err == 0)
        err = campaign_target_find(step->s, id, party, &t);
    if (err < 0)
        return err == -ENOENT ? 1 : err; /* an answer to what is not ours */
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, c.sku);
    if (!facts || t.held_out || c.state != CAMPAIGN_RUNNING || step->today > c.end_day)
        return 1;
    err = campaign_left(step->s, &c, &left);
    if (err < 0)
        return err;
    int64_t pack = facts->packs[0].units;
    int64_t units = granted(&t, packs, pack, left.units);
    if (units > 0)
        err = write_line(step, &c, party, units, left.lines + 1);
    if (err == 0 && units > 0)
        err = campaign_target_add(step->s, id, party, units, 0, 0);
    if (err == 0 && units > 0)
        err = confirm(step, &c, party, channel, units / pack, cause);
    if (err == 0)
        err = campaign_look(step, &c, cause);
    return err < 0 ? err : units == 0;
}

/* ---- scans ---- */

/* The price that the line of a pick was agreed at; 0: the usual one. */
static int read_price(struct sql *s, const struct entry *e, int64_t *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT price_paise FROM order_line WHERE document = $1 AND line = $2"
                     " AND substr(cause, 1, 9) = 'campaign:'");
    sql_bind_text(q, 1, e->document);
    sql_bind_int(q, 2, e->line);
    int got = sql_step(q);
    *ret = got == 1 ? sql_int(q, 0) : 0;
    return got < 0 ? got : 0;
}

/* Done when all of it is picked, open again when a pick is undone. */
static int move_line(struct sql *s, const struct entry *e, const char *site)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE order_line SET state = CASE WHEN qty <= (SELECT"
                     " CAST(coalesce(sum(d.qty), 0) AS BIGINT) FROM line_done d WHERE"
                     " d.document = $1 AND d.line = $2 AND d.site = $3 AND d.kind = " SQL_PICKED ")"
                     " THEN 'done' ELSE 'open' END WHERE document = $1 AND line = $2 AND site = $3"
                     " AND state IN ('open', 'done') AND substr(cause, 1, 9) = 'campaign:'");
    sql_bind_text(q, 1, e->document);
    sql_bind_int(q, 2, e->line);
    sql_bind_text(q, 3, site);
    return sql_run(q);
}

/* The movement that the entry is about, and the units that left by it: fewer than none where they
 * came back. 0: it is none of an outlet's. */
static int read_movement(struct sql *s, const struct agent_item *item, struct entry *ret,
                         int64_t *ret_units)
{
    struct entry_journal journal = {s, item->device, item->epoch};
    int64_t undone = 0;
    int got = stock_undone(item->entry, entry_find, &journal, ret, &undone);
    if (got < 0)
        return got;
    if (got == 0)
        *ret = *item->entry;
    int64_t units = got > 0 ? -undone : ret->qty;
    *ret_units = ret->kind == ENTRY_RETURNED ? -units : units;
    return ret->kind == ENTRY_PICKED || ret->kind == ENTRY_RETURNED;
}

int campaign_take_entry(struct agent_step *step, const struct agent_item *item)
{
    assert(step && item && item->entry);
    struct entry movement;
    const struct entry *e = &movement;
    int64_t units = 0;
    int taken = read_movement(step->s, item, &movement, &units);
    if (taken <= 0)
        return taken;
    struct campaign c;
    struct campaign_target t;
    int64_t price = 0;
    int err = campaign_find_lot(step->s, item->site, e->sku, &e->batch, &c);
    if (err == 0)
        err = campaign_target_find(step->s, c.id, e->party, &t);
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    /* Long after its end a sale is no answer any more. */
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, e->sku);
    if (!facts || civil_ist_day(e->wall_ms) > c.end_day + PICK_DAYS ||
        civil_ist_day(e->wall_ms) < c.start_day)
        return 0;
    err = read_price(step->s, e, &price);
    if (err < 0)
        return err;
    int64_t paid = units * (price > 0 ? price : facts->price_paise) / facts->packs[0].units;
    err = campaign_target_add(step->s, c.id, e->party, 0, units, paid);
    if (err == 0)
        err = campaign_take_write(step->s, &(struct campaign_take){.campaign_id = c.id,
                                                                   .party = e->party,
                                                                   .device = item->device,
                                                                   .epoch = item->epoch,
                                                                   .seq = item->entry->seq,
                                                                   .document = e->document,
                                                                   .line = e->line,
                                                                   .units = units,
                                                                   .value_paise = paid,
                                                                   .wall_ms = e->wall_ms});
    if (err == 0 && !t.held_out)
        err = campaign_sold(step->s, c.id, units);
    if (err == 0)
        err = move_line(step->s, e, item->site);
    if (err == 0)
        err = campaign_find(step->s, c.id, &c);
    return err < 0 ? err : campaign_look(step, &c, item->cause);
}

/* ---- the end ---- */

static int cancel_lines(struct sql *s, const char *id)
{
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "campaign:%s", id);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE order_line SET state = 'cancelled' WHERE cause = $1"
                     " AND state = 'open'");
    sql_bind_text(q, 1, cause);
    return sql_run(q);
}

/* The proposal ends with what truly was taken; said again it is corrected. */
static int settle(struct agent_step *step, const struct campaign *c, const char *why,
                  const char *cause)
{
    struct campaign_figures f;
    int err = cancel_lines(step->s, c->id);
    if (err == 0)
        err = campaign_figures(step->s, c->id, &f);
    if (err < 0 || !c->proposal_id[0])
        return err;
    char once[EVENT_CAUSE_SIZE];
    snprintf(once, sizeof(once), "%.120s>settle", cause);
    struct proposal_by by = {.actor = actor, .cause = once, .now_ms = step->now_ms};
    struct proposal_outcome o = {.done_units = f.offer.units > 0 ? f.offer.units : 0,
                                 .revenue_paise = f.offer.value_paise,
                                 .why = why};
    err = proposal_finish(step->s, c->proposal_id, &o, &by);
    return err == -EPERM || err == -ENOENT ? 0 : err < 0 ? err : 0;
}

static int finish(struct agent_step *step, const struct campaign *c, const char *why,
                  const char *cause)
{
    struct campaign_by by = {actor, cause, step->now_ms};
    int err = campaign_move(step->s, c->id, CAMPAIGN_DONE, why, &by);
    return err < 0 ? err : settle(step, c, why, cause);
}

int campaign_look(struct agent_step *step, const struct campaign *c, const char *cause)
{
    assert(step && c && cause);
    struct campaign_left left;
    if (c->state == CAMPAIGN_STOPPED || c->state == CAMPAIGN_DONE)
        return settle(step, c, c->why[0] ? c->why : "stopped", cause);
    if (c->state != CAMPAIGN_RUNNING && c->state != CAMPAIGN_PAUSED)
        return 0;
    int err = campaign_left(step->s, c, &left);
    if (err < 0)
        return err;
    if (left.units <= 0 && left.open_units == 0)
        return finish(step, c, "sold out", cause);
    if (step->today > c->end_day + PICK_DAYS || (step->today > c->end_day && left.open_units == 0))
        return finish(step, c, "its last day is over", cause);
    struct campaign_by by = {actor, cause, step->now_ms};
    if (left.units <= 0 && c->state == CAMPAIGN_RUNNING)
        err = campaign_move(step->s, c->id, CAMPAIGN_PAUSED, CAMPAIGN_EXHAUSTED, &by);
    else if (left.units > 0 && c->state == CAMPAIGN_PAUSED &&
             strcmp(c->why, CAMPAIGN_EXHAUSTED) == 0)
        err = campaign_move(step->s, c->id, CAMPAIGN_RUNNING, "", &by);
    return err < 0 ? err : 0;
}
