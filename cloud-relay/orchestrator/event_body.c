/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event_body.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define EXACT_MAX (INT64_C(1) << 53)

struct event_body {
    cJSON *object;
    bool failed;
};

struct event_body *event_body_new(void)
{
    struct event_body *b = calloc(1, sizeof(*b));
    if (b)
        b->object = cJSON_CreateObject();
    return b;
}

void event_body_free(struct event_body *b)
{
    if (!b)
        return;
    cJSON_Delete(b->object);
    free(b);
}

void event_body_text(struct event_body *b, const char *name, const char *value)
{
    assert(name && value);
    if (b && !cJSON_AddStringToObject(b->object, name, value))
        b->failed = true;
}

void event_body_int(struct event_body *b, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, value);
    event_body_raw(b, name, text);
}

void event_body_bool(struct event_body *b, const char *name, bool value)
{
    event_body_raw(b, name, value ? "true" : "false");
}

void event_body_raw(struct event_body *b, const char *name, const char *json)
{
    assert(name && json);
    if (b && !cJSON_AddRawToObject(b->object, name, json[0] ? json : "null"))
        b->failed = true;
}

char *event_body_write(const struct event_body *b)
{
    return b && b->object && !b->failed ? cJSON_PrintUnformatted(b->object) : NULL;
}

int event_body_append(const struct event_body *b, struct sql *s, const struct event_draft *draft,
                      int64_t *ret_seq)
{
    assert(s && draft);
    char *text = event_body_write(b);
    if (!text)
        return -ENOMEM;
    struct event_draft with = *draft;
    with.body = text;
    int err = event_append(s, &with, ret_seq);
    free(text);
    return err;
}

int event_body_get_text(const char *body, const char *name, char *ret, size_t size)
{
    assert(body && name && ret);
    cJSON *o = cJSON_Parse(body);
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    int err = cJSON_IsString(v) && text_copy(ret, size, v->valuestring) == 0 ? 0 : -EBADMSG;
    cJSON_Delete(o);
    return err;
}

int event_body_get_int(const char *body, const char *name, int64_t *ret)
{
    assert(body && name && ret);
    cJSON *o = cJSON_Parse(body);
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    double n = cJSON_IsNumber(v) ? v->valuedouble : 0;
    int err = cJSON_IsNumber(v) && n >= -(double)EXACT_MAX && n <= (double)EXACT_MAX &&
                      n == (double)(int64_t)n
                  ? 0
                  : -EBADMSG;
    if (err == 0)
        *ret = (int64_t)n;
    cJSON_Delete(o);
    return err;
}
