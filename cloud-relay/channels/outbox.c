/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "alert.h"
#include "civil.h"
#include "sha256.h"

/* Of tenant and key: nobody has to remember it, and no two tenants of one provider share one. */
static void make_id(struct sql *s, const char *key, char ret[OUTBOX_ID_SIZE])
{
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    char of_tenant[96];
    int len = snprintf(of_tenant, sizeof(of_tenant), "%s\n", sql_tenant(s));
    sha256_pair(of_tenant, (size_t)len, key, strlen(key), digest);
    snprintf(ret, OUTBOX_ID_SIZE, "M%.31s", sha256_hex(digest, hex));
}

static bool fits(const char *text, size_t size)
{
    return text[0] != '\0' && strlen(text) < size;
}

int outbox_queue(struct sql *s, const struct outbox_draft *d, int64_t now_ms,
                 char ret_id[OUTBOX_ID_SIZE])
{
    assert(s && d && d->key && d->party && d->template && d->language && d->variables && d->cause);
    const char *trace = d->trace ? d->trace : "";
    if (!fits(d->key, OUTBOX_KEY_SIZE) || !fits(d->party, CONTACT_PARTY_SIZE) ||
        !fits(d->template, TEMPLATE_NAME_SIZE) || !fits(d->variables, OUTBOX_VARIABLES_MAX + 1) ||
        !fits(d->cause, EVENT_CAUSE_SIZE) || strlen(d->language) >= 8 ||
        strlen(trace) >= EVENT_TRACE_SIZE)
        return -EINVAL;
    char id[OUTBOX_ID_SIZE];
    make_id(s, d->key, id);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO outbox(message_id, idempotency_key, channel, purpose, party,"
                     " template, language, variables, state, rank, attempts, due_ms, made_ms,"
                     " changed_ms, lease_ms, provider_id, why, cause, trace) VALUES($1, $2, $3, $4,"
                     " $5, $6, $7, $8, 'queued', $9, 0, $10, $11, $11, 0, '', '', $12, $13)"
                     " ON CONFLICT DO NOTHING");
    const char *const texts[] = {id,
                                 d->key,
                                 channel_name(d->channel),
                                 purpose_name(d->purpose),
                                 d->party,
                                 d->template,
                                 d->language,
                                 d->variables};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        sql_bind_text(q, 1 + (int)i, texts[i]);
    sql_bind_int(q, 9, d->rank);
    sql_bind_int(q, 10, d->due_ms > 0 ? d->due_ms : now_ms);
    sql_bind_int(q, 11, now_ms);
    sql_bind_text(q, 12, d->cause);
    sql_bind_text(q, 13, trace);
    int err = sql_run(q);
    if (err == 0 && ret_id)
        memcpy(ret_id, id, sizeof(id));
    return err < 0 ? err : sql_changes(q) == 0;
}

int outbox_count(struct sql *s, const char *cause, int64_t ret[MESSAGE_STATE_COUNT])
{
    assert(s && cause && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT state, count(*) FROM outbox WHERE $1 = '' OR cause = $1"
                     " GROUP BY state");
    sql_bind_text(q, 1, cause);
    int64_t counts[MESSAGE_STATE_COUNT] = {0};
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        enum message_state state;
        if (message_state_parse(sql_text(q, 0), &state) < 0)
            return -EBADMSG;
        counts[state] = sql_int(q, 1);
    }
    if (got == 0)
        memcpy(ret, counts, sizeof(counts));
    return got;
}

int outbox_call_off(struct sql *s, const char *party, enum message_channel channel,
                    enum message_purpose purpose, int64_t now_ms)
{
    assert(s && party);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE outbox SET state = 'blocked', why = 'no_consent: withdrawn',"
                     " changed_ms = $4 WHERE party = $1 AND channel = $2 AND purpose = $3"
                     " AND state = 'queued'");
    int err = sql_lock(s, "outbox");
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel_name(channel));
    sql_bind_text(q, 3, purpose_name(purpose));
    sql_bind_int(q, 4, now_ms);
    if (err == 0)
        err = sql_run(q);
    return err < 0 ? err : (int)sql_changes(q);
}

/* ---- a channel that cannot be sent on ---- */

static void hold_why(const char *lack, char ret[MESSAGE_WHY_SIZE])
{
    snprintf(ret, MESSAGE_WHY_SIZE, "no_account: %.60s is not set", lack);
}

int outbox_is_waiting(struct sql *s, enum message_channel channel, const char *lack)
{
    assert(s && lack);
    char why[MESSAGE_WHY_SIZE];
    hold_why(lack, why);
    AUTO(sql_query)
    q = sql_query(s, "SELECT 1 FROM outbox WHERE channel = $1 AND state = 'queued'"
                     " AND why <> $2 LIMIT 1");
    sql_bind_text(q, 1, channel_name(channel));
    sql_bind_text(q, 2, why);
    return sql_step(q);
}

static int raise(struct sql *s, const char *type, enum message_channel channel, int64_t occasion,
                 const char *message, const char *action, int64_t now_ms)
{
    char id[ALERT_ID_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    snprintf(id, sizeof(id), "%s:::%s:%" PRId64, type, channel_name(channel), occasion);
    snprintf(cause, sizeof(cause), "%s:%s:%" PRId64, type, channel_name(channel), occasion);
    struct alert alert = {.id = id,
                          .type = type,
                          .severity = ALERT_HIGH,
                          .site = "",
                          .sku = "",
                          .message = message,
                          .action = action,
                          .cause = cause,
                          .trace = "",
                          .at_ms = now_ms};
    int err = alert_raise(s, &alert, "channels");
    return err < 0 ? err : 0;
}

int outbox_hold(struct sql *s, enum message_channel channel, const char *lack, int64_t now_ms)
{
    assert(s && lack);
    char why[MESSAGE_WHY_SIZE];
    char message[ALERT_TEXT_SIZE];
    hold_why(lack, why);
    int err = sql_lock(s, "outbox");
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE outbox SET why = $2, changed_ms = $3 WHERE channel = $1"
                     " AND state = 'queued' AND why <> $2");
    sql_bind_text(q, 1, channel_name(channel));
    sql_bind_text(q, 2, why);
    sql_bind_int(q, 3, now_ms);
    err = sql_run(q);
    int held = err < 0 ? err : (int)sql_changes(q);
    if (held <= 0)
        return held;
    snprintf(message, sizeof(message), "Messages by %s wait: %.60s is not set.",
             channel_name(channel), lack);
    err = raise(s, "channel_without_account", channel, civil_ist_day(now_ms), message,
                "Set it with relayctl, or take the channel out of the campaigns.", now_ms);
    return err < 0 ? err : held;
}

/* ---- a channel that rests ---- */

int channel_paused(struct sql *s, enum message_channel channel, int64_t now_ms,
                   int64_t *ret_until_ms)
{
    assert(s && ret_until_ms);
    AUTO(sql_query)
    q = sql_query(s, "SELECT until_ms FROM channel_pause WHERE channel = $1 AND until_ms > $2");
    sql_bind_text(q, 1, channel_name(channel));
    sql_bind_int(q, 2, now_ms);
    int got = sql_step(q);
    if (got == 1)
        *ret_until_ms = sql_int(q, 0);
    return got;
}

int channel_pause(struct sql *s, enum message_channel channel, const char *why, int64_t from_ms,
                  int64_t until_ms)
{
    assert(s && why);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO channel_pause(channel, why, from_ms, until_ms)"
                     " VALUES($1, $2, $3, $4) ON CONFLICT(tenant, channel) DO UPDATE SET"
                     " why = excluded.why, from_ms = excluded.from_ms,"
                     " until_ms = excluded.until_ms");
    sql_bind_text(q, 1, channel_name(channel));
    sql_bind_text(q, 2, why);
    sql_bind_int(q, 3, from_ms);
    sql_bind_int(q, 4, until_ms);
    int err = sql_run(q);
    char message[ALERT_TEXT_SIZE];
    snprintf(message, sizeof(message), "Nothing is sent by %s for %" PRId64 " minutes. %.120s.",
             channel_name(channel), (until_ms - from_ms + 59999) / 60000, why);
    return err < 0 ? err
                   : raise(s, "channel_paused", channel, from_ms, message,
                           "Look at the account with the provider.", from_ms);
}

int channel_resume(struct sql *s, enum message_channel channel)
{
    assert(s);
    AUTO(sql_query) q = sql_query(s, "DELETE FROM channel_pause WHERE channel = $1");
    sql_bind_text(q, 1, channel_name(channel));
    int err = sql_run(q);
    return err < 0 ? err : sql_changes(q) == 0;
}
