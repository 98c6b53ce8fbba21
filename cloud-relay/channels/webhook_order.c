/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "webhook_order.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "campaign_trace.h"
#include "civil.h"
#include "event.h"
#include "event_body.h"
#include "event_type.h"
#include "sha256.h"
#include "text.h"

static const char actor[] = "channels";

struct answer {
    char campaign[33];
    int64_t units; /* 0: as many as were offered */
};

/* ---- one answer ---- */

static const char order_prefix[] = "ORDER:";

bool webhook_is_order(const struct webhook_item *item)
{
    return strncmp(item->payload, order_prefix, sizeof(order_prefix) - 1) == 0;
}

/* "ORDER:campaign:party" of our own button, pressed by that party. */
static bool read_payload(const char *payload, const char *party, struct answer *a)
{
    const char *campaign = payload + sizeof(order_prefix) - 1;
    const char *end = strchr(campaign, ':');
    return end && strcmp(end + 1, party) == 0 &&
           text_copy_n(a->campaign, sizeof(a->campaign), campaign, (size_t)(end - campaign)) == 0 &&
           text_is_code(a->campaign);
}

/* The offer that was replied to, or the last one that this party got on this channel. */
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

static int tell_answer(struct sql *s, const struct webhook_item *item, const char *party,
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
    char trace[EVENT_TRACE_SIZE];
    int err = campaign_trace(s, a->campaign, trace);
    if (err < 0)
        return err;
    cJSON *body = cJSON_CreateObject();
    char *text = NULL;
    if (body && cJSON_AddStringToObject(body, "campaign", a->campaign) &&
        cJSON_AddStringToObject(body, "party", party) &&
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
                                .trace = trace,
                                .body = text,
                                .wall_ms = now_ms};
    err = event_append(s, &draft, NULL);
    cJSON_free(text);
    return err;
}

/* A button, or a reply to one message. 1: it is neither. -ENOENT: of nobody who was offered it. */
static int take_pointed(struct sql *s, const struct webhook_item *item, struct answer *a,
                        int64_t now_ms)
{
    struct contact c = {.party = ""};
    bool pressed = webhook_is_order(item);
    int err = 0;
    if (!pressed && item->to_id[0] == '\0')
        return 1;
    while ((err = contact_next_address(s, item->channel, item->from, c.party, &c)) == 0) {
        bool ours = pressed && read_payload(item->payload, c.party, a);
        err = ours ? 0 : pressed ? -ENOENT : find_offer(s, item, c.party, a);
        if (err != -ENOENT)
            return err < 0 ? err : tell_answer(s, item, c.party, a, now_ms);
    }
    return err;
}

/* ---- the offers that are open to an address ---- */

#define OFFERS_MAX 24
#define GOODS_SIZE 41

struct open_offer {
    char campaign[CAMPAIGN_ID_SIZE];
    char party[CONTACT_PARTY_SIZE];
    char word;
    char goods[GOODS_SIZE]; /* as its text names them */
};

struct open_offers {
    size_t count;
    struct open_offer of[OFFERS_MAX];
};

/* What the message said that it was about. */
static void take_goods(const char *variables, char ret[GOODS_SIZE])
{
    cJSON *json = cJSON_Parse(variables);
    const char *sku = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "sku"));
    text_cut(ret, GOODS_SIZE, sku ? sku : "");
    cJSON_Delete(json);
}

/* Running, not over, and sent to somebody who has this address on this channel. */
static int read_offers(struct sql *s, const struct webhook_item *item, int64_t now_ms,
                       struct open_offers *ret)
{
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT c.campaign_id, t.party, (SELECT o.variables FROM outbox o WHERE o.party"
                  " = t.party AND o.channel = $1 AND o.cause = 'campaign:' || c.campaign_id AND"
                  " o.purpose = 'marketing' AND o.sent_ms > 0 ORDER BY o.sent_ms DESC,"
                  " o.message_id LIMIT 1) FROM contact k JOIN campaign_target t ON t.party ="
                  " k.party JOIN campaign c ON c.campaign_id = t.campaign_id WHERE k.channel = $1"
                  " AND k.address = $2 AND c.state = 'running' AND c.end_day >= $3 AND t.arm ="
                  " 'offer' ORDER BY c.made_ms, c.campaign_id, t.party LIMIT 500");
    sql_bind_text(q, 1, channel_name(item->channel));
    sql_bind_text(q, 2, item->from);
    sql_bind_int(q, 3, civil_ist_day(now_ms));
    int got = 0;
    while (ret->count < OFFERS_MAX && (got = sql_step(q)) == 1) {
        struct open_offer *o = &ret->of[ret->count];
        if (sql_null(q, 2))
            continue; /* on the way still, or by another channel */
        sql_copy(q, 0, o->campaign, sizeof(o->campaign));
        sql_copy(q, 1, o->party, sizeof(o->party));
        take_goods(sql_text(q, 2), o->goods);
        ret->count++;
    }
    return got < 0 ? got : 0;
}

static int read_words(struct sql *s, struct open_offers *offers)
{
    int err = 0;
    for (size_t i = 0; err == 0 && i < offers->count; i++)
        err = campaign_word(s, offers->of[i].campaign, offers->of[i].party, &offers->of[i].word);
    return err;
}

/* ---- the question ---- */

/* 1: it was asked often enough today. */
static int may_ask(struct sql *s, const char *party, int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*) FROM outbox WHERE party = $1 AND template = $2"
                     " AND made_ms > $3");
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, TEMPLATE_WHICH);
    sql_bind_int(q, 3, now_ms - CIVIL_MS_PER_DAY);
    int got = sql_step(q);
    return got < 0 ? got : sql_int(q, 0) >= WEBHOOK_ASK_DAY;
}

/* "B, C" is what fits an SMS, whose texts bear their letters; others are told what they stand for.
 */
static char *write_question(const struct open_offers *offers, int64_t units)
{
    char words[31] = "";
    char goods[TEMPLATE_VARIABLE_SIZE] = "";
    char example[24];
    for (size_t i = 0; i < offers->count; i++) {
        const struct open_offer *o = &offers->of[i];
        size_t w = strlen(words), g = strlen(goods);
        if (o->word == '\0' || w + 4 > sizeof(words) || g + GOODS_SIZE + 4 > sizeof(goods))
            continue;
        snprintf(words + w, sizeof(words) - w, "%s%c", w ? ", " : "", o->word);
        snprintf(goods + g, sizeof(goods) - g, "%s%c %s", g ? "; " : "", o->word, o->goods);
    }
    snprintf(example, sizeof(example), "%c %lld", words[0] ? words[0] : '-',
             (long long)(units > 0 ? units : 1));
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "words", words);
    event_body_text(b, "offers", goods);
    event_body_text(b, "example", example);
    return event_body_write(b);
}

static int ask(struct sql *s, const struct webhook_item *item, const struct open_offers *offers,
               int64_t units, int64_t now_ms)
{
    const char *party = offers->of[0].party;
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    char key[OUTBOX_KEY_SIZE];
    int often = may_ask(s, party, now_ms);
    if (often != 0)
        return often;
    sha256(item->id, strlen(item->id), digest);
    snprintf(key, sizeof(key), "which:%s:%s", channel_name(item->channel), sha256_hex(digest, hex));
    char *variables = write_question(offers, units);
    if (!variables)
        return -ENOMEM;
    struct outbox_draft d = {.key = key,
                             .channel = item->channel,
                             .purpose = PURPOSE_TRANSACTION,
                             .party = party,
                             .template = TEMPLATE_WHICH,
                             .language = "",
                             .variables = variables,
                             .rank = OUTBOX_RANK_TRANSACTION,
                             .cause = "reply"};
    int err = outbox_queue(s, &d, now_ms, NULL);
    free(variables);
    return err;
}

/* ---- an answer that names no message ---- */

/* To an offer that is over: it is written down, and refused by whom it concerns. */
static int take_last(struct sql *s, const struct webhook_item *item, struct answer *a,
                     int64_t now_ms)
{
    struct contact c = {.party = ""};
    int err = 0;
    while ((err = contact_next_address(s, item->channel, item->from, c.party, &c)) == 0) {
        err = find_offer(s, item, c.party, a);
        if (err != -ENOENT)
            return err < 0 ? err : tell_answer(s, item, c.party, a, now_ms);
    }
    return err == -ENOENT ? 1 : err;
}

static const struct open_offer *named(const struct open_offers *offers, const struct reply *said)
{
    for (size_t i = 0; said->word && i < offers->count; i++)
        if (offers->of[i].word == said->word)
            return &offers->of[i];
    return !said->word && offers->count == 1 ? &offers->of[0] : NULL;
}

static int take_open(struct sql *s, const struct webhook_item *item, const struct reply *said,
                     struct answer *a, int64_t now_ms)
{
    struct open_offers offers = {.count = 0};
    int err = read_offers(s, item, now_ms, &offers);
    if (err < 0)
        return err;
    if (offers.count == 0)
        return said->word ? 1 : take_last(s, item, a, now_ms);
    if (said->word || offers.count > 1)
        err = read_words(s, &offers);
    if (err < 0)
        return err;
    const struct open_offer *o = named(&offers, said);
    if (!o && said->word && said->units == 0)
        return 1; /* a letter that means something else to whom wrote it */
    if (!o)
        return ask(s, item, &offers, said->units, now_ms);
    text_cut(a->campaign, sizeof(a->campaign), o->campaign);
    return tell_answer(s, item, o->party, a, now_ms);
}

int webhook_take_order(struct sql *s, const struct webhook_item *item, const struct reply *said,
                       int64_t now_ms)
{
    assert(s && item && said);
    struct answer a = {.units = said->units};
    int err = take_pointed(s, item, &a, now_ms);
    if (webhook_is_order(item) || item->to_id[0])
        return err == -ENOENT ? 1 : err;
    return err < 0 ? err : take_open(s, item, said, &a, now_ms);
}
