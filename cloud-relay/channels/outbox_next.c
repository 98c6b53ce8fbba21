/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which message goes next, and whether it may: reads what send_judge() wants to know. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "campaign.h"
#include "outbox.h"
#include "quota.h"
#include "text.h"

struct row { /* of outbox, with what its fields are */
    struct outbox_message m;
    char template[TEMPLATE_NAME_SIZE];
    char language[8];
    char variables[OUTBOX_VARIABLES_MAX + 1];
    char key[OUTBOX_KEY_SIZE];
};

static int read_row(struct sql *s, enum message_channel channel, int64_t now_ms, struct row *r)
{
    AUTO(sql_query)
    q = sql_query(
        s, "SELECT message_id, party, template, language, variables, cause, attempts,"
           " purpose, idempotency_key, trace FROM outbox WHERE channel = $1 AND state = 'queued'"
           " AND due_ms <= $2 ORDER BY rank, due_ms, made_ms, message_id LIMIT 1");
    sql_bind_text(q, 1, channel_name(channel));
    sql_bind_int(q, 2, now_ms);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    *r = (struct row){.m = {.channel = channel, .attempt = sql_int(q, 6) + 1}};
    sql_copy(q, 0, r->m.id, sizeof(r->m.id));
    sql_copy(q, 1, r->m.party, sizeof(r->m.party));
    sql_copy(q, 2, r->template, sizeof(r->template));
    sql_copy(q, 3, r->language, sizeof(r->language));
    sql_copy(q, 4, r->variables, sizeof(r->variables));
    sql_copy(q, 5, r->m.cause, sizeof(r->m.cause));
    sql_copy(q, 8, r->key, sizeof(r->key));
    sql_copy(q, 9, r->m.trace, sizeof(r->m.trace));
    int err = purpose_parse(sql_text(q, 7), &r->m.purpose);
    got = err < 0 ? -EBADMSG : sql_step(q);
    return got < 0 ? got : 1;
}

/* ---- facts ---- */

/* A campaign's messages go while it runs, and not before or after. */
static int read_campaign(struct sql *s, const struct row *r, struct send_facts *f)
{
    static const char prefix[] = "campaign:";
    if (strncmp(r->m.cause, prefix, sizeof(prefix) - 1) != 0)
        return 0;
    AUTO(sql_query) q = sql_query(s, "SELECT state, why FROM campaign WHERE campaign_id = $1");
    sql_bind_text(q, 1, r->m.cause + sizeof(prefix) - 1);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    const char *state = sql_text(q, 0);
    /* What the outlet ordered is confirmed also when the campaign has ended meanwhile. */
    if (r->m.purpose == PURPOSE_MARKETING &&
        (strcmp(state, "stopped") == 0 || strcmp(state, "done") == 0))
        f->called_off = "campaign_over";
    if (r->m.purpose == PURPOSE_MARKETING && strcmp(state, "paused") == 0 &&
        strcmp(sql_text(q, 1), CAMPAIGN_EXHAUSTED) == 0)
        f->called_off = "stock_promised";
    f->held |= r->m.purpose == PURPOSE_MARKETING && strcmp(state, "paused") == 0;
    return 0;
}

/* A message that stands in for another (key "after:ID:CHANNEL") goes unless that one arrived. */
static int read_first(struct sql *s, const struct row *r, struct send_facts *f)
{
    static const char prefix[] = "after:";
    char id[OUTBOX_ID_SIZE];
    const char *from = r->key + sizeof(prefix) - 1;
    if (strncmp(r->key, prefix, sizeof(prefix) - 1) != 0 ||
        text_copy_n(id, sizeof(id), from, strcspn(from, ":")) < 0)
        return 0;
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*) FROM outbox WHERE message_id = $1"
                     " AND state IN ('delivered', 'read')");
    sql_bind_text(q, 1, id);
    int got = sql_step(q);
    if (got == 1)
        f->superseded = sql_int(q, 0) > 0;
    return got < 0 ? got : 0;
}

static int read_contact(struct sql *s, struct row *r, struct contact *c, struct send_facts *f)
{
    int err = contact_find(s, r->m.party, r->m.channel, c);
    if (err == -ENOENT) {
        c->state[0] = '\0';
        err = 0;
    }
    f->contact_state = c->state;
    if (err == 0)
        err = consent_now(s, r->m.party, r->m.channel, r->m.purpose, &f->consent);
    return err;
}

/* What may have reached the party counts, over all campaigns and channels. */
static int read_sent(struct sql *s, const struct row *r, struct send_facts *f)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*) FROM outbox WHERE party = $1 AND purpose = 'marketing'"
                     " AND sent_ms > $2 AND message_id <> $3"
                     " AND state IN ('sending', 'sent', 'delivered', 'read', 'dead')");
    sql_bind_text(q, 1, r->m.party);
    sql_bind_int(q, 2, f->now_ms - SEND_WEEK_MS);
    sql_bind_text(q, 3, r->m.id);
    int got = sql_step(q);
    if (got < 0)
        return got;
    f->sent_week = sql_int(q, 0);
    AUTO(sql_query)
    last = sql_query(s, "SELECT CAST(coalesce(max(sent_ms), 0) AS BIGINT) FROM outbox"
                        " WHERE party = $1 AND channel = $2");
    sql_bind_text(last, 1, r->m.party);
    sql_bind_text(last, 2, channel_name(r->m.channel));
    got = sql_step(last);
    if (got == 1)
        f->last_to_user_ms = sql_int(last, 0);
    return got < 0 ? got : 0;
}

/* What people did not ask for waits; everything that goes counts. */
static int read_quota(struct sql *s, const struct row *r, const struct setting_book *settings,
                      struct send_facts *f)
{
    static const enum quota spans[] = {QUOTA_MESSAGES_MONTH, QUOTA_MESSAGES_DAY};
    for (size_t i = 0; r->m.purpose == PURPOSE_MARKETING && i < ARRAY_LEN(spans); i++) {
        struct quota_use use;
        int err = quota_read(s, settings, spans[i], f->now_ms, &use);
        if (err < 0)
            return err;
        if (use.allowed > 0 && use.used >= use.allowed) {
            f->quota_until_ms = quota_next_ms(spans[i], f->now_ms);
            return 0;
        }
    }
    return 0;
}

static int read_template(struct sql *s, struct row *r, const struct contact *c,
                         struct send_facts *f, char fault[MESSAGE_WHY_SIZE])
{
    const char *language = r->language[0] ? r->language : c->language[0] ? c->language : "en";
    struct message_template *t = &r->m.template;
    int err = message_template_find(s, r->template, r->m.channel, language, t);
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    f->template_found = true;
    f->template_approved = t->approved;
    f->category_fits =
        (strcmp(t->category, "marketing") == 0) == (r->m.purpose == PURPOSE_MARKETING);
    err = message_template_values(t, r->m.channel, r->variables, &r->m.values, fault);
    if (err == 0)
        err = message_template_fill(t, &r->m.values, r->m.text);
    if (err < 0)
        snprintf(fault, MESSAGE_WHY_SIZE, "%s", err == -EMSGSIZE ? "too long in all" : "not texts");
    return 0;
}

static int judge(struct sql *s, struct row *r, const struct setting_book *settings, int64_t now_ms,
                 struct send_decision *ret)
{
    struct contact c = {0};
    char fault[MESSAGE_WHY_SIZE] = "";
    struct send_facts f = {.channel = r->m.channel,
                           .purpose = r->m.purpose,
                           .now_ms = now_ms,
                           .called_off = "",
                           .week_cap = setting_value(settings, SETTING_CONTACTS_WEEK, NULL),
                           .variable_fault = fault};
    f.held = r->m.purpose == PURPOSE_MARKETING &&
             setting_value(settings, SETTING_KILL_SWITCH, NULL) != 0;
    int err = read_campaign(s, r, &f);
    if (err == 0)
        err = read_first(s, r, &f);
    if (err == 0)
        err = read_contact(s, r, &c, &f);
    if (err == 0)
        err = read_sent(s, r, &f);
    if (err == 0)
        err = read_quota(s, r, settings, &f);
    if (err == 0)
        err = read_template(s, r, &c, &f, fault);
    if (err < 0)
        return err;
    memcpy(r->m.address, c.address, sizeof(r->m.address));
    *ret = send_judge(&f);
    return 0;
}

/* ---- what follows ---- */

static int write_verdict(struct sql *s, const struct row *r, const struct send_decision *d,
                         int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE outbox SET state = $2, why = $3, due_ms = $4, changed_ms = $5"
                     " WHERE message_id = $1");
    sql_bind_text(q, 1, r->m.id);
    sql_bind_text(q, 2, d->verdict == SEND_BLOCKED ? "blocked" : "queued");
    sql_bind_text(q, 3, d->why);
    sql_bind_int(q, 4, d->verdict == SEND_LATER ? d->until_ms : now_ms);
    sql_bind_int(q, 5, now_ms);
    return sql_run(q);
}

static int mark(struct sql *s, const struct row *r, int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE outbox SET state = 'sending', why = '', attempts = $2, lease_ms = $3,"
                     " sent_ms = $4, changed_ms = $4 WHERE message_id = $1");
    sql_bind_text(q, 1, r->m.id);
    sql_bind_int(q, 2, r->m.attempt);
    sql_bind_int(q, 3, now_ms + OUTBOX_LEASE_MS);
    sql_bind_int(q, 4, now_ms);
    int err = sql_run(q);
    return err < 0 ? err : quota_count(s, QUOTA_MESSAGES_DAY, now_ms);
}

static int next_due(struct sql *s, enum message_channel channel, int64_t *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(min(CASE WHEN state = 'queued' THEN due_ms ELSE lease_ms END)"
                     " AS BIGINT) FROM outbox WHERE channel = $1"
                     " AND state IN ('queued', 'sending')");
    sql_bind_text(q, 1, channel_name(channel));
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = got && !sql_null(q, 0) ? sql_int(q, 0) : INT64_MAX;
    return 0;
}

int outbox_next(struct sql *s, enum message_channel channel, const struct setting_book *settings,
                int64_t now_ms, struct outbox_message *ret, int64_t *ret_due_ms)
{
    assert(s && ret && ret_due_ms);
    struct row r;
    int err = sql_lock(s, "outbox"); /* caps are counted by one sender at a time */
    if (err == 0)
        err = channel_paused(s, channel, now_ms, ret_due_ms);
    if (err != 0)
        return err < 0 ? err : 0;
    for (int i = 0; i < OUTBOX_JUDGED_MAX; i++) {
        struct send_decision d;
        int got = read_row(s, channel, now_ms, &r);
        if (got == 0)
            return next_due(s, channel, ret_due_ms);
        err = got < 0 ? got : judge(s, &r, settings, now_ms, &d);
        if (err == 0)
            err = d.verdict == SEND_NOW ? mark(s, &r, now_ms) : write_verdict(s, &r, &d, now_ms);
        if (err < 0)
            return err;
        if (d.verdict == SEND_NOW) {
            *ret = r.m;
            return 1;
        }
    }
    *ret_due_ms = now_ms;
    return 0;
}
