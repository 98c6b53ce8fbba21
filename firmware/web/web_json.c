/* SPDX-License-Identifier: Apache-2.0 */
#include "web_json.h"

#include <assert.h>
#include <stddef.h>

#include "civil.h"

struct web_json web_json_object(void)
{
    return (struct web_json){.root = cJSON_CreateObject()};
}

struct web_json web_json_array(void)
{
    return (struct web_json){.root = cJSON_CreateArray()};
}

/* Hangs the child in, or fails the builder. Returns the child where it hangs. */
static cJSON *hang(struct web_json *b, cJSON *to, const char *name, cJSON *child)
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

void web_json_text(struct web_json *b, cJSON *to, const char *name, const char *value)
{
    if (b->root)
        hang(b, to, name, cJSON_CreateString(value));
}

void web_json_text_or_null(struct web_json *b, cJSON *to, const char *name, const char *value)
{
    if (b->root)
        hang(b, to, name, value[0] != '\0' ? cJSON_CreateString(value) : cJSON_CreateNull());
}

void web_json_number(struct web_json *b, cJSON *to, const char *name, int64_t value)
{
    /* A double holds whole numbers to 2^53: paise to 90 million million rupees. */
    if (b->root)
        hang(b, to, name, cJSON_CreateNumber((double)value));
}

void web_json_bool(struct web_json *b, cJSON *to, const char *name, bool value)
{
    if (b->root)
        hang(b, to, name, cJSON_CreateBool(value));
}

void web_json_null(struct web_json *b, cJSON *to, const char *name)
{
    if (b->root)
        hang(b, to, name, cJSON_CreateNull());
}

void web_json_day(struct web_json *b, cJSON *to, const char *name, int32_t day)
{
    char text[CIVIL_TEXT_SIZE];
    web_json_text_or_null(b, to, name, civil_format(day, text));
}

cJSON *web_json_add_object(struct web_json *b, cJSON *to, const char *name)
{
    return b->root ? hang(b, to, name, cJSON_CreateObject()) : NULL;
}

cJSON *web_json_add_array(struct web_json *b, cJSON *to, const char *name)
{
    return b->root ? hang(b, to, name, cJSON_CreateArray()) : NULL;
}

char *web_json_end(struct web_json *b)
{
    assert(b);
    char *text = b->root ? cJSON_PrintUnformatted(b->root) : NULL;
    cJSON_Delete(b->root);
    b->root = NULL;
    return text;
}
