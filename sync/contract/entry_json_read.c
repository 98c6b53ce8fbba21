/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "entry_json.h"
#include "json_object.h"
#include "text.h"

#define WHOLE ((INT64_C(1) << 53) - 1) /* what cJSON's double holds exactly */

static bool is_day(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, "_day") == 0;
}

/* A number that entry_json() wrote as a word. */
static int number_of_word(const char *field, const char *word, int64_t *ret)
{
    enum entry_kind kind = ENTRY_OPENED;
    enum stock_status status = STOCK_SELLABLE;
    int32_t day = 0;
    if (is_day(field) && civil_parse(word, &day) == 0) {
        *ret = day;
        return 0;
    }
    if (strcmp(field, "kind") == 0 && entry_kind_parse(word, &kind) == 0) {
        *ret = (int64_t)kind;
        return 0;
    }
    if (strncmp(field, "status", 6) == 0 && stock_status_parse(word, &status) == 0) {
        *ret = (int64_t)status;
        return 0;
    }
    for (int32_t i = 0; strcmp(field, "expiry_kind") == 0 && i < EXPIRY_KIND_COUNT; i++)
        if (strcmp(word, expiry_kind_name(i)) == 0) {
            *ret = i;
            return 0;
        }
    return -EBADMSG;
}

static int take_number(const cJSON *v, const struct entry_field *f, struct entry *e)
{
    int64_t number = 0;
    if (cJSON_IsString(v)) {
        if (number_of_word(f->name, v->valuestring, &number) < 0)
            return -EBADMSG;
    } else if (cJSON_IsNumber(v) && v->valuedouble >= -(double)WHOLE &&
               v->valuedouble <= (double)WHOLE &&
               v->valuedouble == (double)(int64_t)v->valuedouble) {
        number = (int64_t)v->valuedouble;
    } else {
        return -EBADMSG;
    }
    if (number == f->absent ||
        (f->type == ENTRY_FIELD_I32 && (number < INT32_MIN || number > INT32_MAX)))
        return -EBADMSG;
    char *at = (char *)e + f->offset;
    if (f->type == ENTRY_FIELD_I32)
        *(int32_t *)at = (int32_t)number;
    else
        *(int64_t *)at = number;
    return 0;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Two hexadecimal digits. -1: they are none. */
static int two_digits(const char *text)
{
    int high = digit(text[0]);
    return high < 0 || digit(text[1]) < 0 ? -1 : high << 4 | digit(text[1]);
}

/* Bytes as entry_json() writes them: sha256 as digits, a scan as text with \xNN. */
static int take_bytes(const char *text, const struct entry_field *f, struct entry *e)
{
    bool plain = strcmp(f->name, "scan") == 0;
    uint8_t *at = (uint8_t *)e + f->offset;
    size_t n = 0;
    while (*text) {
        int byte = (unsigned char)*text;
        size_t took = 1;
        if (!plain) {
            byte = two_digits(text);
            took = 2;
        } else if (byte == '\\') {
            byte = text[1] == 'x' ? two_digits(text + 2) : -1;
            took = 4;
        }
        if (byte < 0 || n == f->size)
            return -EBADMSG;
        at[n++] = (uint8_t)byte;
        text += took;
    }
    *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)n;
    return n > 0 ? 0 : -EBADMSG;
}

static int take_field(const cJSON *v, const struct entry_field *f, struct entry *e)
{
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64:
        return take_number(v, f, e);
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT:
        return cJSON_IsString(v) && v->valuestring[0] &&
                       text_copy((char *)e + f->offset, f->size, v->valuestring) == 0
                   ? 0
                   : -EBADMSG;
    case ENTRY_FIELD_BYTES:
        return cJSON_IsString(v) ? take_bytes(v->valuestring, f, e) : -EBADMSG;
    }
    return -EBADMSG;
}

/* Members stand in the order of the columns, so each is looked for behind the one before. */
int entry_json_read(const char *line, size_t len, struct entry *ret, struct diag *reterr)
{
    assert(line && ret);
    cJSON *o = NULL;
    int err = json_object(line, len, 1, &o, reterr);
    if (err < 0)
        return err;
    struct entry e = entry_new(ENTRY_OPENED);
    e.kind = 0;
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    size_t i = 0;
    for (const cJSON *v = o->child; err == 0 && v; v = v->next) {
        while (i < count && strcmp(fields[i].name, v->string) != 0)
            i++;
        err = i < count ? take_field(v, &fields[i], &e) : -EPROTO;
        if (err == -EPROTO)
            diag_set(reterr, 0, "\"%.40s\" is no field of this release, or not in its place",
                     v->string);
        else if (err < 0)
            diag_set(reterr, 0, "%.40s: not a value that can stand there", v->string);
        i++;
    }
    cJSON_Delete(o);
    if (err == 0)
        *ret = e;
    return err;
}
