/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "civil.h"
#include "sha256.h"

static void add_hex(struct http_json *b, cJSON *to, const char *name, struct sql_query *q, int c)
{
    char hex[SHA256_HEX_SIZE] = "";
    size_t len = 0;
    const void *bytes = sql_bytes(q, c, &len);
    uint8_t digest[SHA256_SIZE];
    if (len == sizeof(digest)) {
        memcpy(digest, bytes, len);
        sha256_hex(digest, hex);
    }
    http_json_text(b, to, name, hex);
}

static int add_json(struct http_json *b, cJSON *to, const char *name, const char *text)
{
    cJSON *value = cJSON_Parse(text);
    http_json_add(b, to, name, value ? value : cJSON_CreateObject());
    return 0;
}

static int add_sku_name(struct api_call *call, cJSON *to, const char *name, const char *sku)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    const struct catalogue_sku *known = catalogue_index_sku(catalogue, sku);
    http_json_text(&call->answer, to, name, known ? known->name : sku);
    return 0;
}

static int add_field(struct api_call *call, cJSON *to, const struct api_column *column,
                     struct sql_query *q, int c)
{
    struct http_json *b = &call->answer;
    switch (column->as) {
    case FIELD_KEY:
    case FIELD_SKIP:
        break;
    case FIELD_TEXT:
        http_json_text(b, to, column->name, sql_text(q, c));
        break;
    case FIELD_TEXT_OR_NULL:
        http_json_text_or_null(b, to, column->name, sql_text(q, c));
        break;
    case FIELD_INT:
        http_json_number(b, to, column->name, sql_int(q, c));
        break;
    case FIELD_VALUE:
        if (api_sees_value(call))
            http_json_number(b, to, column->name, sql_int(q, c));
        else
            http_json_null(b, to, column->name);
        break;
    case FIELD_DAY: {
        int64_t day = sql_null(q, c) ? CIVIL_NONE : sql_int(q, c);
        http_json_day(b, to, column->name, (int32_t)day);
        break;
    }
    case FIELD_INSTANT:
        http_json_instant(b, to, column->name, sql_int(q, c));
        break;
    case FIELD_BOOL:
        http_json_bool(b, to, column->name, sql_int(q, c) != 0);
        break;
    case FIELD_HEX:
        add_hex(b, to, column->name, q, c);
        break;
    case FIELD_JSON:
        return add_json(b, to, column->name, sql_text(q, c));
    case FIELD_MICRO:
        http_json_add(b, to, column->name, cJSON_CreateNumber((double)sql_int(q, c) / 1e6));
        break;
    case FIELD_SKU_NAME:
        return add_sku_name(call, to, column->name, sql_text(q, c));
    case FIELD_AGE: {
        int err = api_sites_read(call);
        if (err < 0)
            return err;
        api_add_age(call, to, sql_text(q, c));
        break;
    }
    }
    return 0;
}

int api_row(struct api_call *call, cJSON *to, struct sql_query *q, const struct api_column *columns,
            size_t n)
{
    assert(call && q && columns);
    for (size_t i = 0; i < n; i++) {
        int err = add_field(call, to, &columns[i], q, (int)i);
        if (err < 0)
            return err;
    }
    return 0;
}

static int rows_into(struct api_call *call, cJSON *array, struct sql_query *q,
                     const struct api_column *columns, size_t n, int64_t limit, cJSON *next_to)
{
    char key[API_VALUE_SIZE] = "";
    int64_t count = 0;
    int found = 0;
    while ((found = sql_step(q)) == 1) {
        cJSON *row = http_json_add_object(&call->answer, array, NULL);
        int err = api_row(call, row, q, columns, n);
        if (err < 0)
            return err;
        for (size_t i = 0; i < n; i++) {
            if (columns[i].as == FIELD_KEY)
                snprintf(key, sizeof(key), "%s", sql_text(q, (int)i));
        }
        count++;
    }
    if (found == 0 && next_to)
        http_json_text_or_null(&call->answer, next_to, "next", count == limit ? key : "");
    return found;
}

int api_rows(struct api_call *call, struct sql_query *q, const struct api_column *columns, size_t n,
             int64_t limit)
{
    assert(call && q && columns);
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    return rows_into(call, items, q, columns, n, limit, limit > 0 ? call->root : NULL);
}

int api_rows_into(struct api_call *call, cJSON *to, const char *name, struct sql_query *q,
                  const struct api_column *columns, size_t n)
{
    assert(call && name && q && columns);
    cJSON *items = http_json_add_array(&call->answer, to, name);
    return rows_into(call, items, q, columns, n, 0, NULL);
}

int api_page_read(struct api_call *call, struct api_page *ret)
{
    const char *after = api_arg(call, "after");
    *ret = (struct api_page){.number = INT64_MAX};
    if (after[0] == '\0')
        return 0;
    char *end = NULL;
    errno = 0;
    long long number = strtoll(after, &end, 10);
    if (errno != 0 || end == after || *end != '|')
        return api_refuse(call, 400, "malformed", "after", "next of the last page",
                          "it is not where a page ended");
    ret->number = number;
    snprintf(ret->id, sizeof(ret->id), "%s", end + 1);
    return 0;
}
