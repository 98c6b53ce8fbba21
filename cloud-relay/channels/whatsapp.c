/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "whatsapp.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

static cJSON *add_object(cJSON *list)
{
    cJSON *item = cJSON_CreateObject();
    return item && cJSON_AddItemToArray(list, item) ? item : NULL;
}

static bool add_body(cJSON *components, const struct message_values *v)
{
    cJSON *body = add_object(components);
    cJSON *parameters = body && cJSON_AddStringToObject(body, "type", "body")
                            ? cJSON_AddArrayToObject(body, "parameters")
                            : NULL;
    for (size_t i = 0; i < v->count; i++) {
        cJSON *one = parameters ? add_object(parameters) : NULL;
        if (!one || !cJSON_AddStringToObject(one, "type", "text") ||
            !cJSON_AddStringToObject(one, "text", v->values[i]))
            return false;
    }
    return parameters;
}

/* The quick reply by which an outlet orders. */
static bool add_button(cJSON *components, const struct outbox_message *m)
{
    static const char prefix[] = "campaign:";
    if (m->purpose != PURPOSE_MARKETING || strncmp(m->cause, prefix, sizeof(prefix) - 1) != 0)
        return true;
    char payload[EVENT_CAUSE_SIZE + CONTACT_PARTY_SIZE];
    snprintf(payload, sizeof(payload), "ORDER:%s:%s", m->cause + sizeof(prefix) - 1, m->party);
    cJSON *button = add_object(components);
    if (!button || !cJSON_AddStringToObject(button, "type", "button") ||
        !cJSON_AddStringToObject(button, "sub_type", "quick_reply") ||
        !cJSON_AddStringToObject(button, "index", "0"))
        return false;
    cJSON *parameters = cJSON_AddArrayToObject(button, "parameters");
    cJSON *one = parameters ? add_object(parameters) : NULL;
    return one && cJSON_AddStringToObject(one, "type", "payload") &&
           cJSON_AddStringToObject(one, "payload", payload);
}

static bool add_template(cJSON *root, const struct outbox_message *m)
{
    cJSON *t = cJSON_AddObjectToObject(root, "template");
    if (!t || !cJSON_AddStringToObject(t, "name", m->template.provider_name))
        return false;
    cJSON *language = cJSON_AddObjectToObject(t, "language");
    cJSON *components = cJSON_AddArrayToObject(t, "components");
    return language && cJSON_AddStringToObject(language, "code", m->template.language) &&
           components && add_body(components, &m->values) && add_button(components, m);
}

char *whatsapp_write(const struct outbox_message *m)
{
    assert(m);
    cJSON *root = cJSON_CreateObject();
    char *text = NULL;
    /* A business-scoped id stands where the number would. */
    if (root && cJSON_AddStringToObject(root, "messaging_product", "whatsapp") &&
        cJSON_AddStringToObject(root, "recipient_type", "individual") &&
        cJSON_AddStringToObject(root, "to", m->address) &&
        cJSON_AddStringToObject(root, "type", "template") && add_template(root, m) &&
        cJSON_AddStringToObject(root, "biz_opaque_callback_data", m->id))
        text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    return text;
}

static const char *text_at(const cJSON *root, const char *list, const char *name)
{
    const cJSON *one = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(root, list), 0);
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, name));
}

struct send_outcome whatsapp_answer(const struct http_answer *a)
{
    assert(a);
    struct send_outcome o = {.result = SENT_UNKNOWN, .http_status = a->status};
    cJSON *root = cJSON_Parse(a->body);
    const char *id = text_at(root, "messages", "id");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(root, "error");
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(error, "code");
    if (a->status >= 200 && a->status < 300) {
        /* Taken, but no id that we could keep: its receipts carry ours. */
        if (id && text_copy(o.provider_id, sizeof(o.provider_id), id) == 0)
            o.result = SENT_ACCEPTED;
    } else if (a->status >= 400) {
        o.result = SENT_REFUSED;
        if (cJSON_IsNumber(code))
            snprintf(o.code, sizeof(o.code), "%" PRId64, (int64_t)code->valuedouble);
        else
            snprintf(o.code, sizeof(o.code), "http_%" PRId64, a->status);
    }
    cJSON_Delete(root);
    return o;
}
