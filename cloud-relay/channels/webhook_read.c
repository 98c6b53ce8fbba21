/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of providers as items. Everything in them may be missing, of another type or of any
 * length: an item is told when what it needs is there and fits. */
#include <assert.h>
#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "civil.h"
#include "hmac.h"
#include "text.h"
#include "utf8.h"
#include "webhook.h"

bool webhook_signed(const char *secret, const void *body, size_t len, const char *header)
{
    static const char prefix[] = "sha256=";
    if (!secret || !secret[0] || !header || strncmp(header, prefix, sizeof(prefix) - 1) != 0 ||
        strlen(header) != sizeof(prefix) - 1 + SHA256_HEX_SIZE - 1)
        return false;
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    char theirs[SHA256_HEX_SIZE];
    hmac_sha256(secret, strlen(secret), body, len, digest);
    sha256_hex(digest, hex);
    for (size_t i = 0; i < sizeof(theirs); i++)
        theirs[i] = (char)tolower((unsigned char)header[sizeof(prefix) - 1 + i]);
    return hmac_equal(hex, theirs, SHA256_HEX_SIZE - 1);
}

void webhook_key(const char *secret, const char *tenant, const char *vendor,
                 char ret[WEBHOOK_KEY_SIZE])
{
    char text[128];
    uint8_t digest[SHA256_SIZE];
    int len = snprintf(text, sizeof(text), "sms reports %.40s %.40s", tenant, vendor);
    hmac_sha256(secret, strlen(secret), text, (size_t)len, digest);
    sha256_hex(digest, ret);
}

bool webhook_keyed(const char *secret, const char *tenant, const char *vendor, const char *key)
{
    char ours[WEBHOOK_KEY_SIZE];
    if (!secret || !secret[0] || !key || strlen(key) != WEBHOOK_KEY_SIZE - 1)
        return false;
    webhook_key(secret, tenant, vendor, ours);
    return hmac_equal(ours, key, WEBHOOK_KEY_SIZE - 1);
}

int webhook_subscribe(const char *mode, const char *token, const char *wanted_token)
{
    if (!mode || strcmp(mode, "subscribe") != 0 || !token || !wanted_token || !wanted_token[0] ||
        strlen(token) != strlen(wanted_token) || !hmac_equal(token, wanted_token, strlen(token)))
        return -EPERM;
    return 0;
}

/* ---- fields ---- */

static const cJSON *at(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* An id or an address: printable ASCII that fits. */
static bool take_code(const cJSON *object, const char *name, char *dst, size_t size)
{
    const char *text = cJSON_GetStringValue(at(object, name));
    return text && text_is_code(text) && text_copy(dst, size, text) == 0;
}

/* What a person wrote: on one line, cut where it is long. Of what is not clean text its ASCII is
 * left, so that a STOP is heard whatever stands beside it. */
static void take_words(const cJSON *object, const char *name, char *dst, size_t size)
{
    const char *text = cJSON_GetStringValue(at(object, name));
    if (!text)
        return;
    text_cut(dst, size, text);
    for (char *c = dst; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    if (utf8_is_clean(dst))
        return;
    for (char *c = dst; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = ' ';
}

/* Seconds as Meta writes them, as a text or a number. 0: none, or beyond year 2199. */
static int64_t seconds_at(const cJSON *object, const char *name)
{
    const cJSON *item = at(object, name);
    const char *text = cJSON_GetStringValue(item);
    double s = cJSON_IsNumber(item) ? item->valuedouble : 0;
    if (text && strlen(text) <= 10 && strspn(text, "0123456789") == strlen(text))
        s = (double)strtoll(text, NULL, 10);
    return s > 0 && s < 7.3e9 ? (int64_t)s * 1000 : 0;
}

/* ---- WhatsApp ---- */

struct teller {
    webhook_fn on_item;
    void *context;
    struct webhook_item item;
};

static struct webhook_item *fresh(struct teller *t, enum webhook_kind kind)
{
    t->item = (struct webhook_item){.kind = kind, .channel = CHANNEL_WHATSAPP};
    return &t->item;
}

static int tell(struct teller *t)
{
    return t->on_item(&t->item, t->context);
}

static void take_error_code(const cJSON *object, char *dst, size_t size)
{
    const cJSON *code = at(cJSON_GetArrayItem(at(object, "errors"), 0), "code");
    if (cJSON_IsNumber(code) && code->valuedouble >= 0 && code->valuedouble < 1e9)
        snprintf(dst, size, "%d", (int)code->valuedouble);
}

static int on_status(struct teller *t, const cJSON *status)
{
    struct webhook_item *item = fresh(t, WEBHOOK_RECEIPT);
    struct outbox_receipt *r = &item->receipt;
    const char *word = cJSON_GetStringValue(at(status, "status"));
    if (!word || receipt_status_parse(word, &r->status) < 0 ||
        !take_code(status, "id", r->provider_id, sizeof(r->provider_id)))
        return 0;
    take_code(status, "biz_opaque_callback_data", r->message_id, sizeof(r->message_id));
    take_error_code(status, r->code, sizeof(r->code));
    r->channel = CHANNEL_WHATSAPP;
    r->at_ms = item->at_ms = seconds_at(status, "timestamp");
    return tell(t);
}

static int on_message(struct teller *t, const cJSON *message)
{
    struct webhook_item *item = fresh(t, WEBHOOK_REPLY);
    const cJSON *button = at(message, "button");
    const cJSON *pressed = at(at(message, "interactive"), "button_reply");
    /* The number may be hidden behind a business-scoped id. */
    if ((!take_code(message, "from", item->from, sizeof(item->from)) &&
         !take_code(message, "user_id", item->from, sizeof(item->from))) ||
        !take_code(message, "id", item->id, sizeof(item->id)))
        return 0;
    take_code(at(message, "context"), "id", item->to_id, sizeof(item->to_id));
    take_words(at(message, "text"), "body", item->text, sizeof(item->text));
    take_words(button, "text", item->text, sizeof(item->text));
    take_words(button, "payload", item->payload, sizeof(item->payload));
    take_words(pressed, "id", item->payload, sizeof(item->payload));
    take_words(pressed, "title", item->text, sizeof(item->text));
    item->at_ms = seconds_at(message, "timestamp");
    return tell(t);
}

static int on_preference(struct teller *t, const cJSON *preference)
{
    struct webhook_item *item = fresh(t, WEBHOOK_PREFERENCE);
    const char *category = cJSON_GetStringValue(at(preference, "category"));
    const char *value = cJSON_GetStringValue(at(preference, "value"));
    if (!category || strcmp(category, "marketing_messages") != 0 || !value ||
        (strcmp(value, "stop") != 0 && strcmp(value, "resume") != 0) ||
        (!take_code(preference, "wa_id", item->from, sizeof(item->from)) &&
         !take_code(preference, "user_id", item->from, sizeof(item->from))))
        return 0;
    item->stop = strcmp(value, "stop") == 0;
    item->at_ms = seconds_at(preference, "timestamp");
    return tell(t);
}

static int each(struct teller *t, const cJSON *list, int (*on)(struct teller *, const cJSON *))
{
    const cJSON *one = NULL;
    int err = 0;
    cJSON_ArrayForEach(one, list)
    {
        err = on(t, one);
        if (err < 0)
            return err;
    }
    return 0;
}

static int on_change(struct teller *t, const cJSON *change)
{
    const cJSON *value = at(change, "value");
    int err = each(t, at(value, "statuses"), on_status);
    if (err == 0)
        err = each(t, at(value, "messages"), on_message);
    return err < 0 ? err : each(t, at(value, "user_preferences"), on_preference);
}

static int on_entry(struct teller *t, const cJSON *entry)
{
    return each(t, at(entry, "changes"), on_change);
}

int whatsapp_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context)
{
    assert(body && on_item);
    if (len > WEBHOOK_BODY_MAX)
        return -EBADMSG;
    cJSON *root = cJSON_ParseWithLength(body, len);
    const cJSON *entries = at(root, "entry");
    struct teller t = {.on_item = on_item, .context = context};
    int err = cJSON_IsArray(entries) ? each(&t, entries, on_entry) : -EBADMSG;
    cJSON_Delete(root);
    return err;
}

/* ---- SMS, our contract ---- */

/* What its words mean; all but the first end it. */
static const struct {
    const char *word;
    enum receipt_status status;
} sms_statuses[] = {{"delivered", RECEIPT_DELIVERED},
                    {"failed", RECEIPT_FAILED},
                    {"expired", RECEIPT_FAILED},
                    {"rejected", RECEIPT_FAILED}};

/* RFC 3339, as "2026-11-08T10:31:00+05:30". 0: not readable, or before 1970. */
static int64_t instant_at(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(at(object, name));
    char date[11];
    int32_t day = 0;
    int h = 0, m = 0, s = 0, zh = 0, zm = 0;
    char sign = 0;
    if (!text || strlen(text) < 20 || strlen(text) > 35 ||
        text_copy_n(date, sizeof(date), text, 10) < 0 || civil_parse(date, &day) < 0 ||
        sscanf(text + 10, "T%2d:%2d:%2d", &h, &m, &s) != 3 || h < 0 || h > 23 || m < 0 || m > 59 ||
        s < 0 || s > 60)
        return 0;
    const char *zone = text + strcspn(text + 19, "Z+-") + 19;
    if (*zone != 'Z' &&
        (sscanf(zone, "%c%2d:%2d", &sign, &zh, &zm) != 3 || zh < 0 || zh > 14 || zm < 0 || zm > 59))
        return 0;
    int64_t offset = (sign == '-' ? -1 : 1) * (zh * INT64_C(3600) + zm * INT64_C(60));
    int64_t seconds = day * INT64_C(86400) + h * INT64_C(3600) + m * INT64_C(60) + s - offset;
    return seconds > 0 ? seconds * 1000 : 0;
}

static int read_sms_receipt(const cJSON *root, struct teller *t)
{
    struct webhook_item *item = fresh(t, WEBHOOK_RECEIPT);
    struct outbox_receipt *r = &item->receipt;
    const char *word = cJSON_GetStringValue(at(root, "status"));
    size_t i = 0;
    while (word && i < ARRAY_LEN(sms_statuses) && strcmp(sms_statuses[i].word, word) != 0)
        i++;
    if (!word || i == ARRAY_LEN(sms_statuses) ||
        !take_code(root, "provider_id", r->provider_id, sizeof(r->provider_id)))
        return 0;
    take_code(root, "message_id", r->message_id, sizeof(r->message_id));
    if (!take_code(root, "code", r->code, sizeof(r->code)) && i > 0)
        snprintf(r->code, sizeof(r->code), "%s", word);
    r->status = sms_statuses[i].status;
    r->channel = item->channel = CHANNEL_SMS;
    r->at_ms = item->at_ms = instant_at(root, "at");
    return tell(t);
}

static int read_sms_reply(const cJSON *root, struct teller *t)
{
    struct webhook_item *item = fresh(t, WEBHOOK_REPLY);
    item->channel = CHANNEL_SMS;
    if (!take_code(root, "from", item->from, sizeof(item->from)) ||
        !take_code(root, "inbound_id", item->id, sizeof(item->id)))
        return 0;
    take_words(root, "body", item->text, sizeof(item->text));
    item->at_ms = instant_at(root, "at");
    return tell(t);
}

int sms_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context)
{
    assert(body && on_item);
    if (len > WEBHOOK_BODY_MAX)
        return -EBADMSG;
    cJSON *root = cJSON_ParseWithLength(body, len);
    struct teller t = {.on_item = on_item, .context = context};
    int err = -EBADMSG;
    if (at(root, "provider_id"))
        err = read_sms_receipt(root, &t);
    else if (at(root, "inbound_id"))
        err = read_sms_reply(root, &t);
    cJSON_Delete(root);
    return err;
}

/* ---- words ---- */

static const struct {
    const char *word; /* the first word of a reply; ASCII is compared without case */
    enum reply_meaning meaning;
} reply_words[] = {
    {"STOP", REPLY_STOP}, {"UNSUBSCRIBE", REPLY_STOP}, {"CANCEL", REPLY_STOP},
    {"बंद", REPLY_STOP},   {"रोकें", REPLY_STOP},         {"START", REPLY_RESUME},
    {"शुरू", REPLY_RESUME}, {"YES", REPLY_ORDER},        {"ORDER", REPLY_ORDER},
    {"हाँ", REPLY_ORDER},  {"हां", REPLY_ORDER},
};

#define REPLY_UNITS_MAX 1000000

#define REPLY_BLANKS " \t\r\n.,!:-"

/* A letter that stands alone, or before a number. '\0': none. */
static char take_letter(const char **at)
{
    unsigned char letter = (unsigned char)(*at)[0];
    unsigned char next = letter ? (unsigned char)(*at)[1] : '\0';
    if (letter >= 0x80 || !isalpha(letter) ||
        (next && !(next < 0x80 && isdigit(next)) && !strchr(REPLY_BLANKS, next)))
        return '\0';
    *at += 1 + strspn(*at + 1, REPLY_BLANKS);
    return (char)toupper(letter);
}

/* 1 to REPLY_UNITS_MAX. 0: no number. */
static int64_t take_number(const char **at)
{
    size_t digits = strspn(*at, "0123456789");
    long long number = digits > 0 && digits <= 7 ? strtoll(*at, NULL, 10) : 0;
    if (number < 1 || number > REPLY_UNITS_MAX)
        return 0;
    *at += digits + strspn(*at + digits, REPLY_BLANKS);
    return number;
}

struct reply reply_read(const char *text)
{
    assert(text);
    struct reply r = {.meaning = REPLY_OTHER};
    const char *at = text + strspn(text, " \t\r\n");
    size_t len = strcspn(at, REPLY_BLANKS);
    for (size_t i = 0; i < ARRAY_LEN(reply_words); i++)
        if (strlen(reply_words[i].word) == len && strncasecmp(reply_words[i].word, at, len) == 0)
            r.meaning = reply_words[i].meaning;
    if (r.meaning == REPLY_STOP || r.meaning == REPLY_RESUME)
        return r;
    if (r.meaning == REPLY_ORDER)
        at += len + strspn(at + len, REPLY_BLANKS);
    char word = take_letter(&at);
    int64_t units = take_number(&at);
    if (!word && units > 0)
        word = take_letter(&at);
    if (*at != '\0' || (!word && units == 0))
        return r; /* something else is said besides */
    return (struct reply){REPLY_ORDER, units, word};
}
