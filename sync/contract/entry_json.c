/* SPDX-License-Identifier: Apache-2.0 */
#include "entry_json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"

/* cJSON holds numbers as doubles; beyond 2^53 they would lose digits, so they go in as text. */
static bool add_number(cJSON *o, const char *name, int64_t v)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, v);
    return cJSON_AddRawToObject(o, name, text) != NULL;
}

static bool add_day(cJSON *o, const char *name, int64_t day)
{
    char text[CIVIL_TEXT_SIZE];
    return cJSON_AddStringToObject(o, name, civil_format((int32_t)day, text)) != NULL;
}

/* Bytes of a device: printable ASCII as it is, everything else as \xNN. */
static bool add_scan(cJSON *o, const char *name, const uint8_t *bytes, size_t len)
{
    char text[4 * (ENTRY_SCAN_SIZE - 1) + 1];
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        if (bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '\\')
            text[n++] = (char)bytes[i];
        else
            n += (size_t)snprintf(text + n, sizeof(text) - n, "\\x%02x", bytes[i]);
    text[n] = '\0';
    return cJSON_AddStringToObject(o, name, text) != NULL;
}

static bool add_hex(cJSON *o, const char *name, const uint8_t *bytes, size_t len)
{
    char text[2 * ENTRY_SHA256_SIZE + 1] = "";
    assert(len <= ENTRY_SHA256_SIZE);
    for (size_t i = 0; i < len; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return cJSON_AddStringToObject(o, name, text) != NULL;
}

static bool is_day(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, "_day") == 0;
}

static bool add_field(cJSON *o, const struct entry *e, const struct entry_field *f)
{
    const char *at = (const char *)e + f->offset;
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64: {
        int64_t v = entry_field_number(e, f);
        if (is_day(f->name))
            return add_day(o, f->name, v);
        if (strcmp(f->name, "kind") == 0 && entry_kind_name((int32_t)v))
            return cJSON_AddStringToObject(o, f->name, entry_kind_name((int32_t)v)) != NULL;
        if (strncmp(f->name, "status", 6) == 0 && v >= 0 && v < STOCK_STATUS_COUNT)
            return cJSON_AddStringToObject(o, f->name, stock_status_name((enum stock_status)v)) !=
                   NULL;
        if (strcmp(f->name, "expiry_kind") == 0 && expiry_kind_name((int32_t)v))
            return cJSON_AddStringToObject(o, f->name, expiry_kind_name((int32_t)v)) != NULL;
        return add_number(o, f->name, v);
    }
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT:
        return cJSON_AddStringToObject(o, f->name, at) != NULL;
    case ENTRY_FIELD_BYTES: {
        uint16_t len = *(const uint16_t *)((const char *)e + f->len_offset);
        return strcmp(f->name, "scan") == 0 ? add_scan(o, f->name, (const uint8_t *)at, len)
                                            : add_hex(o, f->name, (const uint8_t *)at, len);
    }
    }
    return false;
}

char *entry_json(const struct entry *e)
{
    assert(e);
    cJSON *o = cJSON_CreateObject();
    if (!o)
        return NULL;
    bool whole = true;
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (size_t i = 0; i < count && whole; i++)
        if (entry_field_present(e, &fields[i]))
            whole = add_field(o, e, &fields[i]);
    char *line = whole ? cJSON_PrintUnformatted(o) : NULL;
    cJSON_Delete(o);
    return line;
}
