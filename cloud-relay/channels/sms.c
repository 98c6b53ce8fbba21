/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sms.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "text.h"

#define FIELD_SIZE 200
#define HTTP_BAD_GATEWAY 502
#define HTTP_GATEWAY_TIMEOUT 504

const char *const sms_vendor_names[SMS_VENDOR_COUNT + 1] = {"ours", "msg91", "exotel", "gupshup",
                                                            NULL};

/* A discount is promotional whatever else the message says; the rest is about the outlet's own
 * business or for the distributor's people. */
static bool is_promotion(const struct outbox_message *m)
{
    return m->purpose == PURPOSE_MARKETING;
}

/* Any character beyond ASCII makes it UCS-2; the few of GSM 03.38 beyond ASCII are sent as that
 * too, since a gateway that is told "plain" may replace them. */
static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* ---- what is posted ---- */

static bool add_ours(cJSON *root, const struct sms_sender *sender, const struct outbox_message *m)
{
    cJSON *variables = cJSON_AddArrayToObject(root, "variables");
    for (size_t i = 0; i < m->values.count; i++) {
        cJSON *one = cJSON_CreateString(m->values.values[i]);
        if (!variables || !one || !cJSON_AddItemToArray(variables, one))
            return false;
    }
    return variables && cJSON_AddStringToObject(root, "message_id", m->id) &&
           cJSON_AddStringToObject(root, "to", m->address) &&
           cJSON_AddStringToObject(root, "kind", is_promotion(m) ? "promotional" : "service") &&
           cJSON_AddStringToObject(root, "pe_id", sender->pe_id) &&
           cJSON_AddStringToObject(root, "header", sender->header) &&
           cJSON_AddStringToObject(root, "template_id", m->template.provider_name) &&
           cJSON_AddStringToObject(root, "body", m->text) &&
           cJSON_AddStringToObject(root, "callback", sender->callback);
}

static bool add_msg91(cJSON *root, const struct sms_sender *sender, const struct outbox_message *m)
{
    (void)sender;
    cJSON *recipients = cJSON_AddArrayToObject(root, "recipients");
    cJSON *one = cJSON_CreateObject();
    if (!recipients || !one || !cJSON_AddItemToArray(recipients, one) ||
        !cJSON_AddStringToObject(one, "mobiles", m->address))
        return false;
    for (size_t i = 0; i < m->values.count; i++) {
        char name[32];
        snprintf(name, sizeof(name), "VAR%zu", i + 1);
        if (!cJSON_AddStringToObject(one, name, m->values.values[i]))
            return false;
    }
    return cJSON_AddStringToObject(root, "template_id", m->template.provider_name) &&
           cJSON_AddStringToObject(root, "short_url", "0");
}

static char *write_json(const struct sms_sender *sender, const struct outbox_message *m)
{
    bool ours = sender->vendor == SMS_OURS;
    cJSON *root = cJSON_CreateObject();
    bool added = root && (ours ? add_ours(root, sender, m) : add_msg91(root, sender, m));
    char *text = added ? cJSON_PrintUnformatted(root) : NULL;
    cJSON_Delete(root);
    return text;
}

struct pair {
    const char *name;
    const char *value;
};

static char *write_form(const struct pair *pairs, size_t n)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    if (!f)
        return NULL;
    for (size_t i = 0; i < n; i++)
        form_write(f, i == 0, pairs[i].name, pairs[i].value);
    if (fclose(f) == 0)
        return text;
    free(text);
    return NULL;
}

/* CustomField is given back with each report: by it one finds its message without the answer. */
static char *write_exotel(const struct sms_sender *sender, const struct outbox_message *m)
{
    const struct pair pairs[] = {
        {"From", sender->header},
        {"To", m->address},
        {"Body", m->text},
        {"DltEntityId", sender->pe_id},
        {"DltTemplateId", m->template.provider_name},
        {"SmsType", is_promotion(m) ? "promotional" : "transactional"},
        {"EncodingType", is_ascii(m->text) ? "plain" : "unicode"},
        {"CustomField", m->id},
        {"StatusCallback", sender->callback},
    };
    return write_form(pairs, ARRAY_LEN(pairs) - (sender->callback[0] == '\0'));
}

/* In the body, where its pages have a query: what signs in stands in no URL, and in no log. */
static char *write_gupshup(const struct sms_sender *sender, const struct outbox_message *m)
{
    const struct pair pairs[] = {
        {"method", "SendMessage"},
        {"v", "1.1"},
        {"auth_scheme", "plain"},
        {"userid", sender->user},
        {"password", sender->key},
        {"send_to", m->address},
        {"msg", m->text},
        {"msg_type", is_ascii(m->text) ? "TEXT" : "UNICODE_TEXT"},
        {"mask", sender->header},
        {"principalEntityId", sender->pe_id},
        {"dltTemplateId", m->template.provider_name},
        {"format", "text"},
    };
    return write_form(pairs, ARRAY_LEN(pairs));
}

/* ---- what is answered ---- */

static const char *text_at(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static void take_id(const char *id, struct send_outcome *o)
{
    if (id && text_is_code(id) && text_copy(o->provider_id, sizeof(o->provider_id), id) == 0)
        o->result = SENT_ACCEPTED;
}

/* "651" or 651, behind the vendor's name; the HTTP status where there is none. */
static void take_refusal(const char *prefix, const cJSON *code, struct send_outcome *o)
{
    const char *text = cJSON_GetStringValue(code);
    char number[24];
    snprintf(number, sizeof(number), "%" PRId64,
             cJSON_IsNumber(code) ? (int64_t)code->valuedouble : o->http_status);
    bool own = (text && text_is_code(text)) || cJSON_IsNumber(code);
    o->result = SENT_REFUSED;
    snprintf(o->code, sizeof(o->code), "%s%.23s", own ? prefix : "",
             text && text_is_code(text) ? text : number);
}

static void answer_ours(const cJSON *root, const char *body, struct send_outcome *o)
{
    (void)body;
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "accepted")))
        take_id(text_at(root, "provider_id"), o);
    else if (cJSON_IsObject(root))
        take_refusal("", cJSON_GetObjectItemCaseSensitive(root, "code"), o);
}

static void answer_msg91(const cJSON *root, const char *body, struct send_outcome *o)
{
    (void)body;
    const char *type = text_at(root, "type");
    if (type && strcmp(type, "success") == 0)
        take_id(text_at(root, "message"), o);
    else if (cJSON_IsObject(root))
        take_refusal("msg91_", cJSON_GetObjectItemCaseSensitive(root, "code"), o);
}

/* Its codes are the table's own, as the operators' are. */
static void answer_exotel(const cJSON *root, const char *body, struct send_outcome *o)
{
    (void)body;
    const cJSON *message = cJSON_GetObjectItemCaseSensitive(root, "SMSMessage");
    const char *status = text_at(message, "Status");
    if (status && strncmp(status, "failed", strlen("failed")) != 0)
        take_id(text_at(message, "Sid"), o);
    else if (cJSON_IsObject(root))
        take_refusal("", cJSON_GetObjectItemCaseSensitive(message, "DetailedStatusCode"), o);
}

/* The words between bars: "error | 102 | Authentication failed". */
static void answer_gupshup(const cJSON *root, const char *body, struct send_outcome *o)
{
    (void)root;
    char word[3][FIELD_SIZE] = {"", "", ""};
    for (size_t i = 0; i < ARRAY_LEN(word); i++) {
        body += strspn(body, " \t\r\n");
        size_t len = strcspn(body, "|\r\n");
        size_t end = len;
        while (end > 0 && body[end - 1] == ' ')
            end--;
        if (text_copy_n(word[i], FIELD_SIZE, body, end < FIELD_SIZE ? end : FIELD_SIZE - 1) < 0)
            return;
        body += len + (body[len] == '|');
    }
    if (strcmp(word[0], "success") == 0)
        take_id(word[2], o);
    else if (strcmp(word[0], "error") == 0) {
        o->result = SENT_REFUSED;
        snprintf(o->code, sizeof(o->code), "gupshup_%.20s", word[1]);
    }
}

/* ---- the vendors ---- */

enum key_place { KEY_HEADER, KEY_BASIC, KEY_BODY };

static const struct vendor {
    const char *type;
    char *(*write)(const struct sms_sender *sender, const struct outbox_message *m);
    /* Of an answer of 2xx: leaves SENT_UNKNOWN where it says neither yes nor no. */
    void (*answer)(const cJSON *root, const char *body, struct send_outcome *o);
    enum key_place key;
    bool repeatable;
} vendors[SMS_VENDOR_COUNT] = {
    [SMS_OURS] = {"application/json", write_json, answer_ours, KEY_HEADER, true},
    [SMS_MSG91] = {"application/json", write_json, answer_msg91, KEY_HEADER, false},
    [SMS_EXOTEL] = {FORM_TYPE, write_exotel, answer_exotel, KEY_BASIC, false},
    [SMS_GUPSHUP] = {FORM_TYPE, write_gupshup, answer_gupshup, KEY_BODY, false},
};

bool sms_repeatable(enum sms_vendor vendor)
{
    return vendors[vendor].repeatable;
}

bool sms_has_user(enum sms_vendor vendor)
{
    return vendors[vendor].key != KEY_HEADER;
}

int sms_request_write(const struct sms_sender *sender, const struct outbox_message *m,
                      struct sms_request *ret)
{
    assert(sender && m && ret && (size_t)sender->vendor < SMS_VENDOR_COUNT);
    const struct vendor *v = &vendors[sender->vendor];
    struct sms_request r = {.type = v->type, .body = v->write(sender, m)};
    if (!r.body)
        return -ENOMEM;
    if (v->key == KEY_HEADER)
        snprintf(r.header, sizeof(r.header), "authkey: %s", sender->key);
    if (v->key == KEY_BASIC) {
        r.user = sender->user;
        r.password = sender->key;
    }
    *ret = r;
    explicit_bzero(&r, sizeof(r));
    return 0;
}

void sms_request_wipe(struct sms_request *r)
{
    if (r->body)
        explicit_bzero(r->body, strlen(r->body));
    free(r->body);
    explicit_bzero(r, sizeof(*r));
}

struct send_outcome sms_answer(enum sms_vendor vendor, const struct http_answer *a)
{
    assert(a && (size_t)vendor < SMS_VENDOR_COUNT);
    const struct vendor *v = &vendors[vendor];
    struct send_outcome o = {
        .result = SENT_UNKNOWN, .repeatable = v->repeatable, .http_status = a->status};
    /* What stands before the gateway may have handed it on before it gave up. */
    bool passed_on = a->status == HTTP_BAD_GATEWAY || a->status == HTTP_GATEWAY_TIMEOUT;
    cJSON *root = cJSON_Parse(a->body);
    if (a->status >= 200 && a->status < 300)
        v->answer(root, a->body, &o);
    else if (a->status >= 400 && (v->repeatable || !passed_on))
        take_refusal("", vendor == SMS_OURS ? cJSON_GetObjectItemCaseSensitive(root, "code") : NULL,
                     &o);
    cJSON_Delete(root);
    return o;
}
