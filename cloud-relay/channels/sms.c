/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sms.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* A discount is promotional whatever else the message says; the rest is about the outlet's own
 * business or for the distributor's people. */
static const char *kind_of(enum message_purpose purpose)
{
    return purpose == PURPOSE_MARKETING ? "promotional" : "service";
}

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
           cJSON_AddStringToObject(root, "kind", kind_of(m->purpose)) &&
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

/* What an accepted answer must hold, and where the provider's id and code stand. */
static bool ours_accepted(const cJSON *root)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "accepted"));
}

static bool msg91_accepted(const cJSON *root)
{
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "type"));
    return type && strcmp(type, "success") == 0;
}

static const struct vendor {
    bool (*add)(cJSON *root, const struct sms_sender *sender, const struct outbox_message *m);
    bool (*accepted)(const cJSON *root);
    const char *id, *code;
    bool repeatable;
} vendors[SMS_VENDOR_COUNT] = {
    [SMS_OURS] = {add_ours, ours_accepted, "provider_id", "code", true},
    [SMS_MSG91] = {add_msg91, msg91_accepted, "message", "code", false},
};

bool sms_repeatable(enum sms_vendor vendor)
{
    return vendors[vendor].repeatable;
}

char *sms_write(const struct sms_sender *sender, const struct outbox_message *m)
{
    assert(sender && m && (size_t)sender->vendor < SMS_VENDOR_COUNT);
    cJSON *root = cJSON_CreateObject();
    char *text =
        root && vendors[sender->vendor].add(root, sender, m) ? cJSON_PrintUnformatted(root) : NULL;
    cJSON_Delete(root);
    return text;
}

struct send_outcome sms_answer(enum sms_vendor vendor, const struct http_answer *a)
{
    assert(a && (size_t)vendor < SMS_VENDOR_COUNT);
    const struct vendor *v = &vendors[vendor];
    struct send_outcome o = {
        .result = SENT_UNKNOWN, .repeatable = v->repeatable, .http_status = a->status};
    cJSON *root = cJSON_Parse(a->body);
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, v->id));
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(root, v->code);
    bool ok = a->status >= 200 && a->status < 300;
    if (ok && v->accepted(root)) {
        if (id && text_copy(o.provider_id, sizeof(o.provider_id), id) == 0)
            o.result = SENT_ACCEPTED;
    } else if (a->status >= 400 || (ok && cJSON_IsObject(root))) {
        o.result = SENT_REFUSED;
        if (cJSON_GetStringValue(code))
            text_cut(o.code, sizeof(o.code), cJSON_GetStringValue(code));
        else if (cJSON_IsNumber(code))
            snprintf(o.code, sizeof(o.code), "%" PRId64, (int64_t)code->valuedouble);
        else
            snprintf(o.code, sizeof(o.code), "%" PRId64, a->status);
    }
    cJSON_Delete(root);
    return o;
}
