/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came, into the store: receipts, the consent ledger, and answers as events. */
#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "event_type.h"
#include "hmac.h"
#include "text.h"
#include "webhook.h"

static const char actor[] = "channels";

/* ---- consent ---- */

static int write_wish(struct sql *s, const struct contact *c, bool stop, const char *source,
                      const char *text, const char *evidence, int64_t at_ms)
{
    struct consent_record r = {.party = c->party,
                               .channel = c->channel,
                               .purpose = PURPOSE_MARKETING,
                               .status = stop ? CONSENT_WITHDRAWN : CONSENT_GRANTED,
                               .source = source,
                               .text_shown = text,
                               .language = c->language,
                               .evidence = evidence,
                               .at_ms = at_ms};
    return consent_append(s, &r);
}

static int take_preference(struct sql *s, const struct webhook_item *item, const struct contact *c,
                           int64_t now_ms)
{
    char evidence[48]; /* the provider gives no id: his own instant tells one wish from another */
    snprintf(evidence, sizeof(evidence), "preference:%lld", (long long)item->at_ms);
    return write_wish(s, c, item->stop, "provider", "marketing_messages", evidence,
                      item->at_ms > 0 ? item->at_ms : now_ms);
}

/* ---- orders ---- */

struct answer {
    char campaign[33];
    int64_t units; /* 0: as many as were offered */
};

/* "ORDER:campaign:party" of our own button, pressed by that party. */
static bool read_payload(const char *payload, const char *party, struct answer *a)
{
    static const char prefix[] = "ORDER:";
    if (strncmp(payload, prefix, sizeof(prefix) - 1) != 0)
        return false;
    const char *campaign = payload + sizeof(prefix) - 1;
    const char *end = strchr(campaign, ':');
    return end && strcmp(end + 1, party) == 0 &&
           text_copy_n(a->campaign, sizeof(a->campaign), campaign, (size_t)(end - campaign)) == 0 &&
           text_is_code(a->campaign);
}

/* The offer that was answered, or the last one that this party got on this channel. */
static int find_offer(struct sql *s, const struct webhook_item *item, const char *party,
                      struct answer *a)
{
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT cause FROM outbox WHERE party = $1 AND channel = $2 AND"
                  " purpose = 'marketing' AND sent_ms > 0 AND substr(cause, 1, 9) = 'campaign:'"
                  " AND ($3 = '' OR provider_id = $3) ORDER BY sent_ms DESC, message_id LIMIT 1");
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel_name(item->channel));
    sql_bind_text(q, 3, item->to_id);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    return text_copy(a->campaign, sizeof(a->campaign), sql_text(q, 0) + 9) < 0 ? -ENOENT : 0;
}

static int tell_answer(struct sql *s, const struct webhook_item *item, const struct contact *c,
                       const struct answer *a, int64_t now_ms)
{
    char subject[EVENT_SUBJECT_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    /* A provider's id may be longer than a cause: its digest is as good to tell two apart. */
    sha256(item->id, strlen(item->id), digest);
    snprintf(subject, sizeof(subject), "campaign:%s", a->campaign);
    snprintf(cause, sizeof(cause), "reply:%s:%s", channel_name(item->channel),
             sha256_hex(digest, hex));
    cJSON *body = cJSON_CreateObject();
    char *text = NULL;
    if (body && cJSON_AddStringToObject(body, "campaign", a->campaign) &&
        cJSON_AddStringToObject(body, "party", c->party) &&
        cJSON_AddStringToObject(body, "channel", channel_name(item->channel)) &&
        cJSON_AddNumberToObject(body, "units", (double)a->units))
        text = cJSON_PrintUnformatted(body);
    cJSON_Delete(body);
    if (!text)
        return -ENOMEM;
    struct event_draft draft = {.kind = EVENT_HAPPENED,
                                .type = EVENT_CAMPAIGN_ANSWERED,
                                .version = 1,
                                .actor = actor,
                                .subject = subject,
                                .cause = cause,
                                .trace = "",
                                .body = text,
                                .wall_ms = now_ms};
    int err = event_append(s, &draft, NULL);
    cJSON_free(text);
    return err;
}

static int take_reply(struct sql *s, const struct webhook_item *item, const struct contact *c,
                      int64_t now_ms)
{
    struct answer a = {.units = 0};
    enum reply_meaning meaning = reply_read(item->text, &a.units);
    int64_t at_ms = item->at_ms > 0 ? item->at_ms : now_ms;
    if (read_payload(item->payload, c->party, &a))
        return tell_answer(s, item, c, &a, now_ms);
    switch (meaning) {
    case REPLY_STOP:
        return write_wish(s, c, true, "inbound message", item->text, item->id, at_ms);
    case REPLY_RESUME:
        return write_wish(s, c, false, "inbound message", item->text, item->id, at_ms);
    case REPLY_ORDER: {
        int err = find_offer(s, item, c->party, &a);
        return err == -ENOENT ? 1 : err < 0 ? err : tell_answer(s, item, c, &a, now_ms);
    }
    case REPLY_OTHER:
        return 1;
    }
    return 1;
}

int webhook_take(struct sql *s, const struct webhook_item *item, int64_t now_ms)
{
    assert(s && item);
    struct contact c;
    if (item->kind == WEBHOOK_RECEIPT)
        return outbox_receive(s, &item->receipt, now_ms);
    int err = contact_find_address(s, item->channel, item->from, &c);
    if (err < 0)
        return err == -ENOENT ? 1 : err;
    return item->kind == WEBHOOK_REPLY ? take_reply(s, item, &c, now_ms)
                                       : take_preference(s, item, &c, now_ms);
}

/* ---- one click ---- */

#define TOKEN_MAC_SIZE 33 /* half of the digest, in hexadecimal */

static void token_mac(const char *secret, const char *hex_party, char ret[TOKEN_MAC_SIZE])
{
    static const char purpose[] = "unsubscribe email marketing ";
    char text[sizeof(purpose) + UNSUBSCRIBE_TOKEN_SIZE];
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    int len = snprintf(text, sizeof(text), "%s%s", purpose, hex_party);
    hmac_sha256(secret, strlen(secret), text, (size_t)len, digest);
    memcpy(ret, sha256_hex(digest, hex), TOKEN_MAC_SIZE - 1);
    ret[TOKEN_MAC_SIZE - 1] = '\0';
}

int unsubscribe_token(const char *secret, const char *party, char ret[UNSUBSCRIBE_TOKEN_SIZE])
{
    assert(secret && party && ret);
    size_t len = strlen(party);
    if (len == 0 || len >= CONTACT_PARTY_SIZE)
        return -EINVAL;
    char hex[2 * CONTACT_PARTY_SIZE];
    char mac[TOKEN_MAC_SIZE];
    for (size_t i = 0; i < len; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned char)party[i]);
    token_mac(secret, hex, mac);
    snprintf(ret, UNSUBSCRIBE_TOKEN_SIZE, "%s-%s", hex, mac);
    return 0;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_token(const char *secret, const char *token, char party[CONTACT_PARTY_SIZE])
{
    char hex[2 * CONTACT_PARTY_SIZE];
    char mac[TOKEN_MAC_SIZE];
    size_t len = strcspn(token, "-");
    if (len == 0 || len % 2 || len / 2 >= CONTACT_PARTY_SIZE || token[len] != '-' ||
        strlen(token + len + 1) != TOKEN_MAC_SIZE - 1 ||
        text_copy_n(hex, sizeof(hex), token, len) < 0)
        return -EPERM;
    token_mac(secret, hex, mac);
    if (!hmac_equal(mac, token + len + 1, TOKEN_MAC_SIZE - 1))
        return -EPERM;
    for (size_t i = 0; i < len / 2; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return -EPERM;
        party[i] = (char)(high << 4 | low);
    }
    party[len / 2] = '\0';
    return 0;
}

int unsubscribe_take(struct sql *s, const char *secret, const char *token, int64_t now_ms)
{
    assert(s && secret && token);
    struct contact c = {.channel = CHANNEL_EMAIL, .language = ""};
    int err = secret[0] ? read_token(secret, token, c.party) : -EPERM;
    return err < 0
               ? err
               : write_wish(s, &c, true, "one-click", "List-Unsubscribe=One-Click", token, now_ms);
}
