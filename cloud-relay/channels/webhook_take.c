/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came, into the store: receipts and the consent ledger; orders are webhook_order.h's. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "event.h"
#include "hmac.h"
#include "text.h"
#include "webhook.h"
#include "webhook_order.h"

/* ---- consent ---- */

/* The trail says that somebody's wish was written, and from where; not his address, nor his words.
 */
static int audit_wish(struct sql *s, const struct consent_record *r, int64_t now_ms)
{
    char subject[EVENT_SUBJECT_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    char after[96];
    char text[CONTACT_PARTY_SIZE + OUTBOX_PROVIDER_ID_SIZE + 16];
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    int len = snprintf(text, sizeof(text), "%s\n%s\n%.15s\n%lld", r->party, r->evidence,
                       consent_status_name(r->status), (long long)now_ms);
    sha256(text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1, digest);
    snprintf(subject, sizeof(subject), "party:%s", r->party);
    snprintf(cause, sizeof(cause), "consent:%s", sha256_hex(digest, hex));
    snprintf(after, sizeof(after), "{\"channel\":\"%s\",\"purpose\":\"%s\",\"status\":\"%s\"}",
             channel_name(r->channel), purpose_name(r->purpose), consent_status_name(r->status));
    struct audit_record record = {.type = "ConsentRecorded",
                                  .who = subject,
                                  .where = "",
                                  .device = "",
                                  .why = r->source,
                                  .subject = subject,
                                  .before = "",
                                  .after = after,
                                  .cause = cause,
                                  .wall_ms = now_ms};
    struct diag why = {.line = 0};
    int err = audit_append(s, &record, &why, NULL);
    return err < 0 ? err : 0;
}

/* 1: the ledger says so already. */
static int write_wish(struct sql *s, const struct consent_record *r, int64_t now_ms)
{
    int err = consent_append(s, r);
    if (err != 0)
        return err;
    if (r->status == CONSENT_WITHDRAWN)
        err = outbox_call_off(s, r->party, r->channel, r->purpose, now_ms);
    return err < 0 ? err : audit_wish(s, r, now_ms);
}

/* Whether a withdrawal that was meant later is in the ledger: callbacks come in any order, and a
 * resume that was on the way for long does not undo it. */
static int is_overtaken(struct sql *s, const struct consent_record *r)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT 1 FROM consent WHERE party = $1 AND channel = $2 AND purpose = $3"
                     " AND status = 'withdrawn' AND at_ms > $4 LIMIT 1");
    sql_bind_text(q, 1, r->party);
    sql_bind_text(q, 2, channel_name(r->channel));
    sql_bind_text(q, 3, purpose_name(r->purpose));
    sql_bind_int(q, 4, r->at_ms);
    return r->status == CONSENT_GRANTED ? sql_step(q) : 0;
}

static int take_wish(struct sql *s, const struct webhook_item *item, const struct contact *c,
                     bool stop, int64_t now_ms)
{
    bool said = item->kind == WEBHOOK_REPLY;
    char evidence[OUTBOX_PROVIDER_ID_SIZE];
    /* Without an id of its own, its instant tells one wish from another. */
    if (item->id[0])
        memcpy(evidence, item->id, sizeof(evidence));
    else
        snprintf(evidence, sizeof(evidence), "preference:%lld", (long long)item->at_ms);
    struct consent_record r = {.party = c->party,
                               .channel = c->channel,
                               .purpose = PURPOSE_MARKETING,
                               .status = stop ? CONSENT_WITHDRAWN : CONSENT_GRANTED,
                               .source = said ? "inbound message" : "provider",
                               .text_shown = said ? item->text : "marketing_messages",
                               .language = c->language,
                               .evidence = evidence,
                               .at_ms = item->at_ms > 0 ? item->at_ms : now_ms};
    int known = consent_recorded(s, &r);
    if (known == 0)
        known = is_overtaken(s, &r);
    return known != 0 ? known : write_wish(s, &r, now_ms);
}

/* A wish is the address's: of all parties that have it. 1: of none, or known of each. */
static int take_wishes(struct sql *s, const struct webhook_item *item, bool stop, int64_t now_ms)
{
    struct contact c = {.party = ""};
    int result = 1;
    int err = 0;
    while ((err = contact_next_address(s, item->channel, item->from, c.party, &c)) == 0) {
        int known = take_wish(s, item, &c, stop, now_ms);
        if (known < 0)
            return known;
        result &= known;
    }
    return err == -ENOENT ? result : err;
}

/* The party that a message of ours went to. 1: no such message. */
static int find_receiver(struct sql *s, const char *message_id, enum message_channel channel,
                         struct contact *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT party, language FROM outbox WHERE message_id = $1 AND channel = $2");
    sql_bind_text(q, 1, message_id);
    sql_bind_text(q, 2, channel_name(channel));
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : 1;
    *ret = (struct contact){.channel = channel};
    sql_copy(q, 0, ret->party, sizeof(ret->party));
    sql_copy(q, 1, ret->language, sizeof(ret->language));
    got = sql_step(q); /* whether all fitted */
    return got < 0 ? got : 0;
}

/* By the message that it is about, else by the address. */
static int take_preference(struct sql *s, const struct webhook_item *item, int64_t now_ms)
{
    struct contact c;
    int unknown = item->to_id[0] ? find_receiver(s, item->to_id, item->channel, &c) : 1;
    if (unknown < 0)
        return unknown;
    return unknown ? take_wishes(s, item, item->stop, now_ms)
                   : take_wish(s, item, &c, item->stop, now_ms);
}

/* ---- replies ---- */

static int take_reply(struct sql *s, const struct webhook_item *item, int64_t now_ms)
{
    struct reply said = reply_read(item->text);
    if (webhook_is_order(item))
        said.meaning = REPLY_ORDER;
    switch (said.meaning) {
    case REPLY_STOP:
    case REPLY_RESUME:
        return take_wishes(s, item, said.meaning == REPLY_STOP, now_ms);
    case REPLY_ORDER:
        return webhook_take_order(s, item, &said, now_ms);
    case REPLY_OTHER:
        return 1;
    }
    return 1;
}

int webhook_take(struct sql *s, const struct webhook_item *item, int64_t now_ms)
{
    assert(s && item);
    switch (item->kind) {
    case WEBHOOK_RECEIPT:
        return outbox_receive(s, &item->receipt, now_ms);
    case WEBHOOK_REPLY:
        return take_reply(s, item, now_ms);
    case WEBHOOK_PREFERENCE:
        return take_preference(s, item, now_ms);
    case WEBHOOK_UNSUBSCRIBE:
        return 1; /* whoever has the secret takes it */
    }
    return 1;
}

/* ---- one click ---- */

#define TOKEN_MAC_SIZE 33 /* half of the digest, in hexadecimal */

static void token_mac(const char *secret, const char *body, char ret[TOKEN_MAC_SIZE])
{
    static const char purpose[] = "unsubscribe email marketing ";
    char text[sizeof(purpose) + UNSUBSCRIBE_TOKEN_SIZE];
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    int len = snprintf(text, sizeof(text), "%s%s", purpose, body);
    hmac_sha256(secret, strlen(secret), text, (size_t)len, digest);
    memcpy(ret, sha256_hex(digest, hex), TOKEN_MAC_SIZE - 1);
    ret[TOKEN_MAC_SIZE - 1] = '\0';
}

/* PARTY-DAY-MAC, the party in hexadecimal. */
int unsubscribe_token(const char *secret, const char *party, int64_t now_ms,
                      char ret[UNSUBSCRIBE_TOKEN_SIZE])
{
    assert(secret && party && ret && now_ms >= 0);
    size_t len = strlen(party);
    if (len == 0 || len >= CONTACT_PARTY_SIZE)
        return -EINVAL;
    char body[2 * CONTACT_PARTY_SIZE + 24];
    char mac[TOKEN_MAC_SIZE];
    for (size_t i = 0; i < len; i++)
        snprintf(body + 2 * i, 3, "%02x", (unsigned char)party[i]);
    snprintf(body + 2 * len, 24, "-%" PRId64, now_ms / CIVIL_MS_PER_DAY);
    token_mac(secret, body, mac);
    snprintf(ret, UNSUBSCRIBE_TOKEN_SIZE, "%s-%s", body, mac);
    return 0;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_party(const char *hex, size_t len, char ret[CONTACT_PARTY_SIZE])
{
    if (len == 0 || len % 2 || len / 2 >= CONTACT_PARTY_SIZE)
        return -EPERM;
    for (size_t i = 0; i < len / 2; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return -EPERM;
        ret[i] = (char)(high << 4 | low);
    }
    ret[len / 2] = '\0';
    return 0;
}

int unsubscribe_read(const char *secret, const char *token, int64_t now_ms,
                     char ret_party[CONTACT_PARTY_SIZE])
{
    assert(secret && token && ret_party);
    char body[UNSUBSCRIBE_TOKEN_SIZE];
    char mac[TOKEN_MAC_SIZE];
    char party[CONTACT_PARTY_SIZE];
    const char *end = strrchr(token, '-');
    if (!secret[0] || !end || strlen(end + 1) != TOKEN_MAC_SIZE - 1 ||
        text_copy_n(body, sizeof(body), token, (size_t)(end - token)) < 0)
        return -EPERM;
    token_mac(secret, body, mac);
    size_t hex = strcspn(body, "-");
    if (!hmac_equal(mac, end + 1, TOKEN_MAC_SIZE - 1) || body[hex] != '-' ||
        read_party(body, hex, party) < 0)
        return -EPERM;
    if (now_ms / CIVIL_MS_PER_DAY - strtoll(body + hex + 1, NULL, 10) > UNSUBSCRIBE_DAYS)
        return -ETIME;
    memcpy(ret_party, party, sizeof(party));
    return 0;
}

int unsubscribe_take(struct sql *s, const char *secret, const char *token, int64_t now_ms)
{
    assert(s && secret && token);
    char party[CONTACT_PARTY_SIZE];
    char evidence[UNSUBSCRIBE_TOKEN_SIZE]; /* without what signs it: the store holds no key */
    int err = unsubscribe_read(secret, token, now_ms, party);
    if (err < 0)
        return err;
    snprintf(evidence, sizeof(evidence), "token:%.*s", (int)(strrchr(token, '-') - token), token);
    struct consent_record r = {.party = party,
                               .channel = CHANNEL_EMAIL,
                               .purpose = PURPOSE_MARKETING,
                               .status = CONSENT_WITHDRAWN,
                               .source = "one-click",
                               .text_shown = "List-Unsubscribe=One-Click",
                               .language = "",
                               .evidence = evidence,
                               .at_ms = now_ms};
    return write_wish(s, &r, now_ms);
}
