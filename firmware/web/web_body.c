/* SPDX-License-Identifier: Apache-2.0 */
#include "web_body.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

static void json_free(cJSON **json)
{
    cJSON_Delete(*json);
}

struct member {
    enum web_body_kind kind;
    const char *name;
    bool is_text; /* else a whole number */
    size_t offset;
    size_t size;      /* of the text with its NUL */
    int32_t min, max; /* of the number */
};

static const struct member members[] = {
    {BODY_COMMAND, "command", true, offsetof(struct web_body, command), STATION_COMMAND_SIZE, 0, 0},
    {BODY_SNOOZE, "days", false, offsetof(struct web_body, days), 0, 1, WEB_SNOOZE_DAYS_MAX},
};

static int read_text(const struct member *m, const cJSON *value, struct web_body *body,
                     struct diag *reterr)
{
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0' ||
        !utf8_is_clean(value->valuestring) ||
        text_copy((char *)body + m->offset, m->size, value->valuestring) < 0) {
        diag_set(reterr, 0, "%s: a text of 1 to %zu bytes", m->name, m->size - 1);
        return -EINVAL;
    }
    return 0;
}

static int read_number(const struct member *m, const cJSON *value, struct web_body *body,
                       struct diag *reterr)
{
    /* The range is checked before the cast: a double beyond it has no defined integer. */
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= m->min && value->valuedouble <= m->max) ||
        value->valuedouble != (double)(int32_t)value->valuedouble) {
        diag_set(reterr, 0, "%s: a whole number from %d to %d", m->name, m->min, m->max);
        return -EINVAL;
    }
    int32_t number = (int32_t)value->valuedouble;
    memcpy((char *)body + m->offset, &number, sizeof(number));
    return 0;
}

static int read_members(enum web_body_kind kind, const cJSON *json, struct web_body *body,
                        struct diag *reterr)
{
    int known = 0;
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const struct member *m = &members[i];
        if (m->kind != kind)
            continue;
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, m->name);
        if (!value) {
            diag_set(reterr, 0, "%s: is missing", m->name);
            return -EINVAL;
        }
        int err =
            m->is_text ? read_text(m, value, body, reterr) : read_number(m, value, body, reterr);
        if (err < 0)
            return err;
        known++;
    }
    if (cJSON_GetArraySize(json) != known) { /* each name was found once: others or doubles */
        diag_set(reterr, 0, "the body has %d members, and %d are known", cJSON_GetArraySize(json),
                 known);
        return -EINVAL;
    }
    return 0;
}

int web_body_read(enum web_body_kind kind, const char *text, size_t len, struct diag *reterr,
                  struct web_body *ret)
{
    assert(text && ret);

    if (kind == BODY_NONE || len > WEB_BODY_MAX) {
        diag_set(reterr, 0, "a body of at most %d bytes", kind == BODY_NONE ? 0 : WEB_BODY_MAX);
        return -EINVAL;
    }
    /* cJSON ends its texts with a NUL, so an escaped one would cut them without a word. */
    if (memchr(text, '\0', len) || memmem(text, len, "\\u0000", 6)) {
        diag_set(reterr, 0, "the body holds a NUL");
        return -EINVAL;
    }
    const char *end = NULL;
    __attribute__((cleanup(json_free))) cJSON *json =
        cJSON_ParseWithLengthOpts(text, len, &end, false);
    while (json && end < text + len && strchr(" \t\r\n", *end))
        end++;
    if (!cJSON_IsObject(json) || end != text + len) {
        diag_set(reterr, 0, "the body is not one JSON object");
        return -EINVAL;
    }
    struct web_body body = {.days = 0};
    int err = read_members(kind, json, &body, reterr);
    if (err < 0)
        return err;
    *ret = body;
    return 0;
}

char *web_body_write(enum web_body_kind kind, const struct web_body *body)
{
    assert(body);
    __attribute__((cleanup(json_free))) cJSON *json = cJSON_CreateObject();
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const struct member *m = &members[i];
        if (m->kind != kind)
            continue;
        const char *field = (const char *)body + m->offset;
        int32_t number = 0;
        memcpy(&number, field, sizeof(number));
        if (!(m->is_text ? cJSON_AddStringToObject(json, m->name, field)
                         : cJSON_AddNumberToObject(json, m->name, number)))
            return NULL;
    }
    return cJSON_PrintUnformatted(json);
}
