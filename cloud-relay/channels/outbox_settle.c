/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a try: by the provider's answer, by his receipts, or by nothing at all. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "outbox.h"

struct held { /* what a receipt or an answer finds */
    char id[OUTBOX_ID_SIZE];
    enum message_state state;
    enum message_channel channel;
    enum message_purpose purpose;
    char party[CONTACT_PARTY_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    int64_t attempts;
};

static const char select_held[] =
    "SELECT message_id, state, purpose, party, cause, attempts, channel FROM outbox WHERE"
    " message_id = $1";
static const char select_by_provider[] =
    "SELECT message_id, state, purpose, party, cause, attempts, channel FROM outbox WHERE"
    " channel = $1 AND provider_id = $2 AND provider_id <> '' ORDER BY message_id LIMIT 1";

static int read_held(struct sql_query *q, struct held *ret)
{
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    struct held h = {.attempts = sql_int(q, 5)};
    sql_copy(q, 0, h.id, sizeof(h.id));
    sql_copy(q, 3, h.party, sizeof(h.party));
    sql_copy(q, 4, h.cause, sizeof(h.cause));
    if (message_state_parse(sql_text(q, 1), &h.state) < 0 ||
        purpose_parse(sql_text(q, 2), &h.purpose) < 0 ||
        channel_parse(sql_text(q, 6), &h.channel) < 0)
        return -EBADMSG;
    got = sql_step(q);
    if (got < 0)
        return got;
    *ret = h;
    return 0;
}

static int find_held(struct sql *s, const char *id, struct held *ret)
{
    AUTO(sql_query) q = sql_query(s, select_held);
    sql_bind_text(q, 1, id);
    return read_held(q, ret);
}

static int write_state(struct sql *s, const char *id, enum message_state state, const char *why,
                       int64_t due_ms, int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE outbox SET state = $2, why = $3, due_ms = $4, changed_ms = $5,"
                     " lease_ms = 0 WHERE message_id = $1");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, message_state_name(state));
    sql_bind_text(q, 3, why);
    sql_bind_int(q, 4, due_ms);
    sql_bind_int(q, 5, now_ms);
    return sql_run(q);
}

/* ---- what a code leads to ---- */

/* The same words on the next channel, once: its own consent, template and hours are judged there.
 */
static int try_other(struct sql *s, const struct held *h, int64_t now_ms)
{
    enum message_channel next;
    if (channel_after(h->channel, &next) < 0)
        return 0;
    char key[OUTBOX_KEY_SIZE];
    snprintf(key, sizeof(key), "after:%s:%s", h->id, channel_name(next));
    AUTO(sql_query)
    q = sql_query(s, "SELECT template, language, variables, rank, trace FROM outbox"
                     " WHERE message_id = $1");
    sql_bind_text(q, 1, h->id);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    struct outbox_draft d = {.key = key,
                             .channel = next,
                             .purpose = h->purpose,
                             .party = h->party,
                             .template = sql_text(q, 0),
                             .language = sql_text(q, 1),
                             .variables = sql_text(q, 2),
                             .rank = sql_int(q, 3),
                             .cause = h->cause,
                             .trace = sql_text(q, 4)};
    int err = outbox_queue(s, &d, now_ms, NULL);
    return err < 0 ? err : 0;
}

static int withdraw(struct sql *s, const struct held *h, const char *code, int64_t now_ms)
{
    char evidence[96];
    snprintf(evidence, sizeof(evidence), "%s code %.32s", h->id, code);
    struct consent_record r = {.party = h->party,
                               .channel = h->channel,
                               .purpose = PURPOSE_MARKETING,
                               .status = CONSENT_WITHDRAWN,
                               .source = "provider",
                               .text_shown = "",
                               .language = "",
                               .evidence = evidence,
                               .at_ms = now_ms};
    int err = consent_append(s, &r);
    if (err == 0)
        err = outbox_call_off(s, h->party, h->channel, r.purpose, now_ms);
    return err < 0 ? err : 0;
}

static int pause_campaign(struct sql *s, const struct held *h, const char *why)
{
    static const char prefix[] = "campaign:";
    if (strncmp(h->cause, prefix, sizeof(prefix) - 1) != 0)
        return 0;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE campaign SET state = 'paused', why = $2 WHERE campaign_id = $1"
                     " AND state = 'running'");
    sql_bind_text(q, 1, h->cause + sizeof(prefix) - 1);
    sql_bind_text(q, 2, why);
    return sql_run(q);
}

/* What besides the message itself a code changes. */
static int follow(struct sql *s, const struct held *h, const struct provider_code *code,
                  const char *text, int64_t now_ms)
{
    char why[MESSAGE_WHY_SIZE];
    snprintf(why, sizeof(why), "%.32s: %.60s", text, code->meaning);
    int err = 0;
    switch (code->treatment) {
    case CODE_UNREACHABLE:
        err = contact_suppress(s, h->party, h->channel, "unreachable", now_ms);
        return err < 0 ? err : try_other(s, h, now_ms);
    case CODE_OTHER_CHANNEL:
        return try_other(s, h, now_ms);
    case CODE_SUPPRESS:
        return withdraw(s, h, text, now_ms);
    case CODE_STOP_CAMPAIGN:
        return pause_campaign(s, h, why);
    case CODE_PAUSE_CHANNEL:
        return channel_pause(s, h->channel, why, now_ms, now_ms + code->wait_ms);
    case CODE_RETRY:
    case CODE_FAIL:
        return 0;
    }
    return 0;
}

static int64_t wait_of(const struct provider_code *code, int64_t attempts)
{
    int64_t backoff = provider_backoff_ms(attempts > 0 ? attempts : 1);
    return code->wait_ms > backoff ? code->wait_ms : backoff;
}

/* Tries that are used up, or a refusal for good, or another try later. */
static int refused(struct sql *s, const struct held *h, const struct send_outcome *o,
                   int64_t now_ms)
{
    const struct provider_code *code = provider_code_find(h->channel, o->code, o->http_status);
    bool again = code->treatment == CODE_RETRY || code->treatment == CODE_PAUSE_CHANNEL;
    char why[MESSAGE_WHY_SIZE];
    snprintf(why, sizeof(why), "%.32s: %.60s", o->code, code->meaning);
    int err = 0;
    if (!again)
        err = write_state(s, h->id, MESSAGE_FAILED, why, now_ms, now_ms);
    else if (h->attempts >= OUTBOX_TRIES)
        err = write_state(s, h->id, MESSAGE_DEAD, why, now_ms, now_ms);
    else
        err =
            write_state(s, h->id, MESSAGE_QUEUED, why, now_ms + wait_of(code, h->attempts), now_ms);
    return err < 0 ? err : follow(s, h, code, o->code, now_ms);
}

/* ---- no answer ---- */

static int leave_unknown(struct sql *s, const struct held *h, int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE outbox SET why = 'no_answer', lease_ms = $2, changed_ms = $3"
                     " WHERE message_id = $1");
    sql_bind_text(q, 1, h->id);
    sql_bind_int(q, 2, now_ms + OUTBOX_UNKNOWN_MS);
    sql_bind_int(q, 3, now_ms);
    return sql_run(q);
}

static int unanswered(struct sql *s, const struct held *h, bool repeatable, int64_t now_ms)
{
    if (!repeatable)
        return leave_unknown(s, h, now_ms);
    bool used_up = h->attempts >= OUTBOX_TRIES;
    return write_state(s, h->id, used_up ? MESSAGE_DEAD : MESSAGE_QUEUED,
                       used_up ? "outcome_unknown" : "no_answer", now_ms + OUTBOX_REPEAT_MS,
                       now_ms);
}

int outbox_recover(struct sql *s, enum message_channel channel, bool repeatable, int64_t now_ms)
{
    assert(s);
    int handled = 0;
    int err = sql_lock(s, "outbox");
    while (err == 0 && handled < OUTBOX_JUDGED_MAX) {
        struct held h;
        AUTO(sql_query)
        q = sql_query(s, "SELECT message_id, state, purpose, party, cause, attempts, channel, why"
                         " FROM outbox WHERE channel = $1 AND state = 'sending' AND lease_ms <= $2"
                         " ORDER BY message_id LIMIT 1");
        sql_bind_text(q, 1, channel_name(channel));
        sql_bind_int(q, 2, now_ms);
        int got = sql_step(q);
        if (got <= 0)
            return got < 0 ? got : handled;
        bool waited = strcmp(sql_text(q, 7), "no_answer") == 0;
        char id[OUTBOX_ID_SIZE];
        snprintf(id, sizeof(id), "%s", sql_text(q, 0));
        err = find_held(s, id, &h);
        if (err == 0)
            err = waited ? write_state(s, id, MESSAGE_DEAD, "outcome_unknown", now_ms, now_ms)
                         : unanswered(s, &h, repeatable, now_ms);
        handled++;
    }
    return err < 0 ? err : handled;
}

/* ---- receipts ---- */

static int apply(struct sql *s, struct held *h, enum receipt_status status, const char *code,
                 int64_t now_ms)
{
    enum message_state next = message_merge(h->state, status);
    if (next == h->state)
        return 0;
    const struct provider_code *row = provider_code_find(h->channel, code, 0);
    char why[MESSAGE_WHY_SIZE] = "";
    if (status == RECEIPT_FAILED)
        snprintf(why, sizeof(why), "%.32s: %.60s", code, row->meaning);
    h->state = next;
    int err = write_state(s, h->id, next, why, now_ms, now_ms);
    if (err < 0 || status != RECEIPT_FAILED)
        return err;
    /* It is over on this channel, whatever the code would allow for an answer. */
    bool elsewhere = row->treatment == CODE_RETRY || row->treatment == CODE_FAIL;
    err = follow(s, h, row, code, now_ms);
    return err < 0 || !elsewhere ? err : try_other(s, h, now_ms);
}

/* Those that were here before the answer. */
static int apply_kept(struct sql *s, struct held *h, const char *provider_id, int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT status, code FROM receipt WHERE channel = $1 AND provider_id = $2"
                     " ORDER BY status");
    sql_bind_text(q, 1, channel_name(h->channel));
    sql_bind_text(q, 2, provider_id);
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        enum receipt_status status;
        int err = receipt_status_parse(sql_text(q, 0), &status);
        if (err == 0)
            err = apply(s, h, status, sql_text(q, 1), now_ms);
        if (err < 0)
            return err;
    }
    return got;
}

static int keep(struct sql *s, const struct outbox_receipt *r, int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO receipt(channel, provider_id, status, at_ms, code, came_ms)"
                     " VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
    sql_bind_text(q, 1, channel_name(r->channel));
    sql_bind_text(q, 2, r->provider_id);
    sql_bind_text(q, 3, receipt_status_name(r->status));
    sql_bind_int(q, 4, r->at_ms);
    sql_bind_text(q, 5, r->code);
    sql_bind_int(q, 6, now_ms);
    int err = sql_run(q);
    return err < 0 ? err : sql_changes(q) == 0;
}

static int note_provider(struct sql *s, const char *id, const char *provider_id)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE outbox SET provider_id = $2 WHERE message_id = $1"
                     " AND provider_id = ''");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, provider_id);
    return sql_run(q);
}

static int find_receipts_message(struct sql *s, const struct outbox_receipt *r, struct held *ret)
{
    if (r->message_id[0]) {
        int err = find_held(s, r->message_id, ret);
        if (err != -ENOENT)
            return err == 0 && ret->channel != r->channel ? -ENOENT : err;
    }
    AUTO(sql_query) q = sql_query(s, select_by_provider);
    sql_bind_text(q, 1, channel_name(r->channel));
    sql_bind_text(q, 2, r->provider_id);
    return read_held(q, ret);
}

int outbox_receive(struct sql *s, const struct outbox_receipt *r, int64_t now_ms)
{
    assert(s && r);
    int known = sql_lock(s, "outbox");
    if (known == 0)
        known = keep(s, r, now_ms);
    if (known != 0)
        return known;
    struct held h;
    int err = find_receipts_message(s, r, &h);
    if (err == 0)
        err = note_provider(s, h.id, r->provider_id);
    if (err == 0)
        err = apply(s, &h, r->status, r->code, now_ms);
    return err == -ENOENT ? 0 : err;
}

/* ---- the answer ---- */

static int accepted(struct sql *s, struct held *h, const struct send_outcome *o, int64_t now_ms)
{
    int err = note_provider(s, h->id, o->provider_id);
    if (err == 0)
        err = write_state(s, h->id, MESSAGE_SENT, "", now_ms, now_ms);
    h->state = MESSAGE_SENT;
    if (err == 0 && o->provider_id[0])
        err = apply_kept(s, h, o->provider_id, now_ms);
    return err;
}

/* It was taken for lost: what waits to be repeated, or was given up, was sent after all. */
static int accepted_late(struct sql *s, struct held *h, const struct send_outcome *o,
                         int64_t now_ms)
{
    int err = note_provider(s, h->id, o->provider_id);
    if (err == 0)
        err = apply(s, h, RECEIPT_SENT, "", now_ms);
    if (err == 0 && o->provider_id[0])
        err = apply_kept(s, h, o->provider_id, now_ms);
    return err;
}

int outbox_settle(struct sql *s, const struct outbox_message *m, const struct send_outcome *o,
                  int64_t now_ms)
{
    assert(s && m && o);
    struct held h;
    int err = sql_lock(s, "outbox");
    if (err == 0)
        err = find_held(s, m->id, &h);
    if (err < 0)
        return err;
    if (h.state != MESSAGE_SENDING || h.attempts != m->attempt) {
        err = o->result == SENT_ACCEPTED ? accepted_late(s, &h, o, now_ms) : 0;
        return err < 0 ? err : 1;
    }
    switch (o->result) {
    case SENT_ACCEPTED:
        return accepted(s, &h, o, now_ms);
    case SENT_REFUSED:
        return refused(s, &h, o, now_ms);
    case SENT_NOTHING: {
        bool used_up = h.attempts >= OUTBOX_TRIES;
        return write_state(s, h.id, used_up ? MESSAGE_DEAD : MESSAGE_QUEUED, "not_reached",
                           now_ms + provider_backoff_ms(h.attempts), now_ms);
    }
    case SENT_UNKNOWN:
        return unanswered(s, &h, o->repeatable, now_ms);
    }
    return 0;
}
