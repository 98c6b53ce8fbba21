/* SPDX-License-Identifier: Apache-2.0 */
#include "http_json.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

#include "civil.h"

struct http_json http_json_object(void)
{
    return (struct http_json){.root = cJSON_CreateObject()};
}

struct http_json http_json_array(void)
{
    return (struct http_json){.root = cJSON_CreateArray()};
}

/* Hangs the child in, or fails the builder. Returns the child where it hangs. */
static cJSON *hang(struct http_json *b, cJSON *to, const char *name, cJSON *child)
{
    bool hangs = b->root && to && child &&
                 (name ? cJSON_AddItemToObject(to, name, child) : cJSON_AddItemToArray(to, child));
    if (hangs)
        return child;
    cJSON_Delete(child);
    cJSON_Delete(b->root);
    b->root = NULL;
    return NULL;
}

void http_json_text(struct http_json *b, cJSON *to, const char *name, const char *value)
{
    if (b->root)
        hang(b, to, name, cJSON_CreateString(value));
}

void http_json_text_or_null(struct http_json *b, cJSON *to, const char *name, const char *value)
{
    if (b->root)
        hang(b, to, name, value[0] != '\0' ? cJSON_CreateString(value) : cJSON_CreateNull());
}

void http_json_number(struct http_json *b, cJSON *to, const char *name, int64_t value)
{
    /* A double holds whole numbers to 2^53: paise to 90 million million rupees. */
    if (b->root)
        hang(b, to, name, cJSON_CreateNumber((double)value));
}

void http_json_bool(struct http_json *b, cJSON *to, const char *name, bool value)
{
    if (b->root)
        hang(b, to, name, cJSON_CreateBool(value));
}

void http_json_null(struct http_json *b, cJSON *to, const char *name)
{
    if (b->root)
        hang(b, to, name, cJSON_CreateNull());
}

void http_json_day(struct http_json *b, cJSON *to, const char *name, int32_t day)
{
    char text[CIVIL_TEXT_SIZE];
    http_json_text_or_null(b, to, name, civil_format(day, text));
}

const char *http_instant(int64_t utc_ms, char buf[HTTP_INSTANT_SIZE])
{
    assert(utc_ms >= 0 && buf);
    int32_t day = (int32_t)(utc_ms / CIVIL_MS_PER_DAY);
    int32_t ms = (int32_t)(utc_ms % CIVIL_MS_PER_DAY);
    struct civil_date date = civil_date(day);
    snprintf(buf, HTTP_INSTANT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)date.year % 10000,
             (int)date.month % 100, (int)date.day % 100, (int)(ms / 3600000),
             (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
    return buf;
}

void http_json_instant(struct http_json *b, cJSON *to, const char *name, int64_t utc_ms)
{
    char text[HTTP_INSTANT_SIZE];
    if (utc_ms > 0)
        http_json_text(b, to, name, http_instant(utc_ms, text));
    else
        http_json_null(b, to, name);
}

cJSON *http_json_add(struct http_json *b, cJSON *to, const char *name, cJSON *child)
{
    if (b->root)
        return hang(b, to, name, child);
    cJSON_Delete(child);
    return NULL;
}

cJSON *http_json_add_object(struct http_json *b, cJSON *to, const char *name)
{
    return b->root ? hang(b, to, name, cJSON_CreateObject()) : NULL;
}

cJSON *http_json_add_array(struct http_json *b, cJSON *to, const char *name)
{
    return b->root ? hang(b, to, name, cJSON_CreateArray()) : NULL;
}

char *http_json_end(struct http_json *b)
{
    assert(b);
    char *text = b->root ? cJSON_PrintUnformatted(b->root) : NULL;
    cJSON_Delete(b->root);
    b->root = NULL;
    return text;
}
