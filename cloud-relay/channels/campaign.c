/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "campaign_trace.h"
#include "event.h"
#include "event_body.h"
#include "event_type.h"

static const char *const states[CAMPAIGN_STATE_COUNT] = {"draft",  "approved", "running",
                                                         "paused", "stopped",  "done"};

const char *campaign_state_name(enum campaign_state state)
{
    assert((size_t)state < ARRAY_LEN(states));
    return states[state];
}

bool campaign_may(enum campaign_state from, enum campaign_state to)
{
    static const int ways[CAMPAIGN_STATE_COUNT] = {
        [CAMPAIGN_DRAFT] = 1 << CAMPAIGN_APPROVED | 1 << CAMPAIGN_STOPPED,
        [CAMPAIGN_APPROVED] = 1 << CAMPAIGN_RUNNING | 1 << CAMPAIGN_STOPPED,
        [CAMPAIGN_RUNNING] = 1 << CAMPAIGN_PAUSED | 1 << CAMPAIGN_DONE | 1 << CAMPAIGN_STOPPED,
        [CAMPAIGN_PAUSED] = 1 << CAMPAIGN_RUNNING | 1 << CAMPAIGN_DONE | 1 << CAMPAIGN_STOPPED};
    return ways[from] & 1 << to;
}

#define COLUMNS                                                                                    \
    "campaign_id, proposal_id, state, why, site, sku, batch, expiry_day, mrp_paise, units,"        \
    " sold_units, price_paise, floor_paise, ceiling_paise, discount_permille, template, channels," \
    " holdout_permille, start_day, end_day, made_ms, decided_by, decided_ms"

int campaign_insert(struct sql *s, const struct campaign *c)
{
    assert(s && c);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO campaign(" COLUMNS ") VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9,"
                     " $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)");
    const char *const texts[] = {c->id,          c->proposal_id, campaign_state_name(c->state),
                                 c->why,         c->site,        c->sku,
                                 c->batch.number};
    const int64_t numbers[] = {c->batch.expiry_day, c->batch.mrp_paise,  c->units,
                               c->sold_units,       c->price_paise,      c->floor_paise,
                               c->ceiling_paise,    c->discount_permille};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        sql_bind_text(q, 1 + (int)i, texts[i]);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        sql_bind_int(q, 8 + (int)i, numbers[i]);
    sql_bind_text(q, 16, c->template);
    sql_bind_text(q, 17, c->channels);
    sql_bind_int(q, 18, c->holdout_permille);
    sql_bind_int(q, 19, c->start_day);
    sql_bind_int(q, 20, c->end_day);
    sql_bind_int(q, 21, c->made_ms);
    sql_bind_text(q, 22, c->decided_by);
    sql_bind_int(q, 23, c->decided_ms);
    return sql_run(q);
}

static int read_campaign(struct sql_query *q, struct campaign *ret)
{
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    struct campaign c = {.units = sql_int(q, 9),
                         .sold_units = sql_int(q, 10),
                         .price_paise = sql_int(q, 11),
                         .floor_paise = sql_int(q, 12),
                         .ceiling_paise = sql_int(q, 13),
                         .discount_permille = sql_int(q, 14),
                         .holdout_permille = sql_int(q, 17),
                         .start_day = (int32_t)sql_int(q, 18),
                         .end_day = (int32_t)sql_int(q, 19),
                         .made_ms = sql_int(q, 20),
                         .decided_ms = sql_int(q, 22)};
    c.batch.expiry_day = (int32_t)sql_int(q, 7);
    c.batch.mrp_paise = sql_int(q, 8);
    sql_copy(q, 0, c.id, sizeof(c.id));
    sql_copy(q, 1, c.proposal_id, sizeof(c.proposal_id));
    snprintf(c.why, sizeof(c.why), "%.160s", sql_text(q, 3));
    sql_copy(q, 4, c.site, sizeof(c.site));
    sql_copy(q, 5, c.sku, sizeof(c.sku));
    sql_copy(q, 6, c.batch.number, sizeof(c.batch.number));
    sql_copy(q, 15, c.template, sizeof(c.template));
    sql_copy(q, 16, c.channels, sizeof(c.channels));
    sql_copy(q, 21, c.decided_by, sizeof(c.decided_by));
    size_t at = 0;
    while (at < ARRAY_LEN(states) && strcmp(states[at], sql_text(q, 2)) != 0)
        at++;
    if (at == ARRAY_LEN(states))
        return -EBADMSG;
    c.state = (enum campaign_state)at;
    got = sql_step(q);
    if (got < 0)
        return got;
    *ret = c;
    return 0;
}

int campaign_find(struct sql *s, const char *id, struct campaign *ret)
{
    assert(s && id && ret);
    AUTO(sql_query) q = sql_query(s, "SELECT " COLUMNS " FROM campaign WHERE campaign_id = $1");
    sql_bind_text(q, 1, id);
    return read_campaign(q, ret);
}

int campaign_find_proposal(struct sql *s, const char *proposal_id, struct campaign *ret)
{
    assert(s && proposal_id && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM campaign WHERE proposal_id = $1"
                     " ORDER BY campaign_id LIMIT 1");
    sql_bind_text(q, 1, proposal_id);
    return read_campaign(q, ret);
}

int campaign_find_lot(struct sql *s, const char *site, const char *sku,
                      const struct batch_key *batch, struct campaign *ret)
{
    assert(s && site && sku && batch && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM campaign WHERE site = $1 AND sku = $2 AND batch = $3"
                     " AND expiry_day = $4 AND mrp_paise = $5 AND state NOT IN ('draft',"
                     " 'approved') ORDER BY made_ms DESC, campaign_id LIMIT 1");
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, sku);
    sql_bind_text(q, 3, batch->number);
    sql_bind_int(q, 4, batch->expiry_day);
    sql_bind_int(q, 5, batch->mrp_paise);
    return read_campaign(q, ret);
}

int campaign_next(struct sql *s, int wanted, const char *after, struct campaign *ret)
{
    assert(s && after && ret);
    const char *in[CAMPAIGN_STATE_COUNT];
    for (int i = 0; i < CAMPAIGN_STATE_COUNT; i++)
        in[i] = wanted & 1 << i ? states[i] : "";
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM campaign WHERE campaign_id > $1"
                     " AND state IN ($2, $3, $4, $5, $6, $7) ORDER BY campaign_id LIMIT 1");
    sql_bind_text(q, 1, after);
    for (int i = 0; i < CAMPAIGN_STATE_COUNT; i++)
        sql_bind_text(q, 2 + i, in[i]);
    return read_campaign(q, ret);
}

/* ---- moves ---- */

static int tell(struct sql *s, const struct campaign *c, enum campaign_state to, const char *why,
                const struct campaign_by *by)
{
    char subject[EVENT_SUBJECT_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    char trace[EVENT_TRACE_SIZE];
    int err = campaign_trace(s, c->id, trace);
    if (err < 0)
        return err;
    snprintf(subject, sizeof(subject), "campaign:%s", c->id);
    snprintf(cause, sizeof(cause), "%.140s>%s", by->cause, campaign_state_name(to));
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "campaign", c->id);
    event_body_text(b, "from", campaign_state_name(c->state));
    event_body_text(b, "state", campaign_state_name(to));
    event_body_text(b, "why", why);
    struct event_draft draft = {.kind = EVENT_HAPPENED,
                                .type = EVENT_CAMPAIGN_MOVED,
                                .version = 1,
                                .actor = by->actor,
                                .subject = subject,
                                .cause = cause,
                                .trace = trace,
                                .wall_ms = by->now_ms};
    err = event_body_append(b, s, &draft, NULL);
    return err < 0 ? err : 0;
}

int campaign_move(struct sql *s, const char *id, enum campaign_state to, const char *why,
                  const struct campaign_by *by)
{
    assert(s && id && why && by);
    struct campaign c;
    int err = campaign_find(s, id, &c);
    if (err < 0)
        return err;
    if (c.state == to && strcmp(c.why, why) == 0)
        return 1;
    if (c.state != to && !campaign_may(c.state, to))
        return -EPERM;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE campaign SET state = $2, why = $3 WHERE campaign_id = $1");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, campaign_state_name(to));
    sql_bind_text(q, 3, why);
    err = sql_run(q);
    return err < 0 ? err : tell(s, &c, to, why, by);
}

int campaign_decide(struct sql *s, const char *id, enum campaign_state to, const char *why,
                    const struct campaign_by *by)
{
    int err = campaign_move(s, id, to, why, by);
    if (err != 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE campaign SET decided_by = $2, decided_ms = $3 WHERE campaign_id = $1");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, by->actor);
    sql_bind_int(q, 3, by->now_ms);
    return sql_run(q);
}

int campaign_reprice(struct sql *s, const struct campaign *c, int64_t price_paise,
                     int64_t discount_permille, const struct campaign_by *by)
{
    assert(s && c && by);
    char subject[EVENT_SUBJECT_SIZE];
    char before[32];
    char after[32];
    snprintf(subject, sizeof(subject), "campaign:%s", c->id);
    snprintf(before, sizeof(before), "%" PRId64, c->price_paise);
    snprintf(after, sizeof(after), "%" PRId64, price_paise);
    struct audit_record record = {.type = "PriceChanged",
                                  .who = by->actor,
                                  .where = c->site,
                                  .device = "",
                                  .why = "less life is left: the next step of the ladder",
                                  .subject = subject,
                                  .before = before,
                                  .after = after,
                                  .cause = by->cause,
                                  .wall_ms = by->now_ms};
    struct diag fault;
    int err = audit_append(s, &record, &fault, NULL);
    if (err != 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE campaign SET price_paise = $2, discount_permille = $3"
                     " WHERE campaign_id = $1");
    sql_bind_text(q, 1, c->id);
    sql_bind_int(q, 2, price_paise);
    sql_bind_int(q, 3, discount_permille);
    return sql_run(q);
}

int campaign_sold(struct sql *s, const char *id, int64_t units)
{
    assert(s && id);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE campaign SET sold_units = sold_units + $2 WHERE campaign_id = $1");
    sql_bind_text(q, 1, id);
    sql_bind_int(q, 2, units);
    return sql_run(q);
}

/* ---- targets ---- */

int campaign_target_insert(struct sql *s, const char *id, const struct campaign_target *t)
{
    assert(s && id && t);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO campaign_target(campaign_id, party, arm, channel, score,"
                     " expected_units, reason, ordered_units, units, value_paise)"
                     " VALUES($1, $2, $3, $4, $5, $6, $7, 0, 0, 0)");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, t->party);
    sql_bind_text(q, 3, t->held_out ? "holdout" : "offer");
    sql_bind_text(q, 4, t->channel);
    sql_bind_int(q, 5, t->score);
    sql_bind_int(q, 6, t->expected_units);
    sql_bind_text(q, 7, t->reason);
    return sql_run(q);
}

static void copy_target(struct sql_query *q, struct campaign_target *t)
{
    *t = (struct campaign_target){.held_out = strcmp(sql_text(q, 1), "holdout") == 0,
                                  .score = sql_int(q, 3),
                                  .expected_units = sql_int(q, 4),
                                  .ordered_units = sql_int(q, 6),
                                  .units = sql_int(q, 7),
                                  .value_paise = sql_int(q, 8)};
    sql_copy(q, 0, t->party, sizeof(t->party));
    sql_copy(q, 2, t->channel, sizeof(t->channel));
    sql_copy(q, 5, t->reason, sizeof(t->reason));
}

int campaign_target_find(struct sql *s, const char *id, const char *party,
                         struct campaign_target *ret)
{
    assert(s && id && party && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT party, arm, channel, score, expected_units, reason, ordered_units,"
                     " units, value_paise FROM campaign_target WHERE campaign_id = $1"
                     " AND party = $2");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, party);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    struct campaign_target t;
    copy_target(q, &t);
    got = sql_step(q);
    if (got == 0)
        *ret = t;
    return got;
}

int campaign_target_each(struct sql *s, const char *id, campaign_target_fn on_target, void *context)
{
    assert(s && id && on_target);
    AUTO(sql_query)
    q = sql_query(s, "SELECT party, arm, channel, score, expected_units, reason, ordered_units,"
                     " units, value_paise FROM campaign_target WHERE campaign_id = $1"
                     " ORDER BY party LIMIT 5000");
    sql_bind_text(q, 1, id);
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        struct campaign_target t;
        copy_target(q, &t);
        int err = on_target(&t, context);
        if (err != 0)
            return err;
    }
    return got;
}

int campaign_target_add(struct sql *s, const char *id, const char *party, int64_t ordered_units,
                        int64_t units, int64_t value_paise)
{
    assert(s && id && party);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE campaign_target SET ordered_units = ordered_units + $3,"
                     " units = units + $4, value_paise = value_paise + $5"
                     " WHERE campaign_id = $1 AND party = $2");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, party);
    sql_bind_int(q, 3, ordered_units);
    sql_bind_int(q, 4, units);
    sql_bind_int(q, 5, value_paise);
    return sql_run(q);
}

/* ---- figures ---- */

static int add_target(const struct campaign_target *t, void *context)
{
    struct campaign_figures *f = context;
    struct campaign_arm *arm = t->held_out ? &f->holdout : &f->offer;
    arm->outlets++;
    arm->buyers += t->units > 0;
    arm->units += t->units;
    arm->value_paise += t->value_paise;
    f->ordered_units += t->ordered_units;
    return 0;
}

int campaign_figures(struct sql *s, const char *id, struct campaign_figures *ret)
{
    assert(s && id && ret);
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "campaign:%s", id);
    struct campaign_figures f = {0};
    int err = campaign_target_each(s, id, add_target, &f);
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*), count(DISTINCT CASE WHEN o.state IN ('delivered', 'read')"
                     " THEN o.party END), count(DISTINCT CASE WHEN o.state = 'read' OR"
                     " t.ordered_units > 0 THEN o.party END) FROM outbox o LEFT JOIN"
                     " campaign_target t ON t.campaign_id = $2 AND t.party = o.party"
                     " WHERE o.cause = $1 AND o.purpose = 'marketing'");
    sql_bind_text(q, 1, cause);
    sql_bind_text(q, 2, id);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -EIO;
    f.queued = sql_int(q, 0);
    f.impressions = sql_int(q, 1);
    f.clicks = sql_int(q, 2);
    f.conversions = f.offer.buyers;
    f.revenue_paise = f.offer.value_paise;
    if (f.offer.outlets > 0 && f.holdout.outlets > 0)
        f.lift_permille =
            f.offer.buyers * 1000 / f.offer.outlets - f.holdout.buyers * 1000 / f.holdout.outlets;
    *ret = f;
    return 0;
}
