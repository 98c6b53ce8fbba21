/* SPDX-License-Identifier: Apache-2.0 */
#include "control_member.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "json_object.h"
#include "text.h"

static int bad(struct diag *reterr, const char *member, const char *wanted)
{
    diag_set(reterr, 0, "%.40s: %s", member, wanted);
    return -EBADMSG;
}

static int take_number(const cJSON *v, const char *name, int64_t min, int64_t max, int64_t *ret,
                       struct diag *reterr)
{
    /* A double holds every integer up to CONTROL_NUMBER_MAX, and no limit here is larger. */
    if (cJSON_IsNumber(v) && v->valuedouble >= (double)min && v->valuedouble <= (double)max &&
        v->valuedouble == (double)(int64_t)v->valuedouble) {
        *ret = (int64_t)v->valuedouble;
        return 0;
    }
    diag_set(reterr, 0, "%.40s: a whole number from %" PRId64 " to %" PRId64, name, min, max);
    return -EBADMSG;
}

static bool is_type(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static bool is_name(const char *text)
{
    struct origin o = {.device = "x", .epoch = 1};
    return text_copy(o.tenant, sizeof(o.tenant), text) == 0 && origin_check(&o, NULL) == 0;
}

static bool is_plain_code(const char *text)
{
    return text_is_code(text) && !strpbrk(text, "\"\\");
}

static int take_text(const cJSON *v, const struct control_member *m, char *field,
                     struct diag *reterr)
{
    const char *text = cJSON_IsString(v) ? v->valuestring : NULL;
    bool good = false;
    if (text)
        good = m->type == CONTROL_MEMBER_NAME   ? is_name(text)
               : m->type == CONTROL_MEMBER_TYPE ? is_type(text)
                                                : is_plain_code(text);
    if (good && text_copy(field, m->size, text) == 0)
        return 0;
    diag_set(reterr, 0, "%s: a text of 1 to %zu %s", m->name, m->size - 1,
             m->type == CONTROL_MEMBER_CODE ? "printable characters" : "of a-z, 0-9 and -");
    return -EBADMSG;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static int take_sha256(const cJSON *v, const char *name, uint8_t ret[CONTROL_SHA256_SIZE],
                       struct diag *reterr)
{
    const char *text = cJSON_IsString(v) ? v->valuestring : "";
    if (strlen(text) != (size_t)2 * CONTROL_SHA256_SIZE)
        return bad(reterr, name, "64 hexadecimal digits");
    for (size_t i = 0; i < CONTROL_SHA256_SIZE; i++) {
        int high = digit(text[2 * i]);
        int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return bad(reterr, name, "64 hexadecimal digits in lower case");
        ret[i] = (uint8_t)(high << 4 | low);
    }
    return 0;
}

static int take_wire(const cJSON *v, const char *name, struct wire_range *ret, struct diag *reterr)
{
    if (!cJSON_IsArray(v) || cJSON_GetArraySize(v) != 2)
        return bad(reterr, name, "[oldest, newest]");
    int64_t oldest = 0;
    int64_t newest = 0;
    int err = take_number(cJSON_GetArrayItem(v, 0), name, 1, WIRE_VERSION_MAX, &oldest, reterr);
    if (err == 0)
        err =
            take_number(cJSON_GetArrayItem(v, 1), name, oldest, WIRE_VERSION_MAX, &newest, reterr);
    if (err == 0)
        *ret = (struct wire_range){(int)oldest, (int)newest};
    return err;
}

static int take_why(const cJSON *v, const char *name, enum nack_why *ret, struct diag *reterr)
{
    if (!cJSON_IsString(v))
        return bad(reterr, name, "a text");
    *ret = nack_why_parse(v->valuestring);
    return 0;
}

/* The name of a document as a member's name: no other may stand twice, nor be longer than fits. */
static int take_type(const cJSON *v, const cJSON *all, char ret[CONTROL_TYPE_SIZE],
                     struct diag *reterr)
{
    if (!is_type(v->string) || text_copy(ret, CONTROL_TYPE_SIZE, v->string) < 0)
        return bad(reterr, v->string, "is no name of a document");
    return cJSON_GetObjectItemCaseSensitive(all, v->string) == v
               ? 0
               : bad(reterr, v->string, "stands there twice");
}

/* ---- documents by their names ---- */

typedef int (*take_document_fn)(const cJSON *v, const char *name, void *one, struct diag *reterr);

static int take_have(const cJSON *v, const char *name, void *one, struct diag *reterr)
{
    struct control_have *have = one;
    return take_number(v, name, 0, CONTROL_NUMBER_MAX, &have->version, reterr);
}

static int take_want(const cJSON *v, const char *name, void *one, struct diag *reterr)
{
    struct control_want *want = one;
    if (!cJSON_IsArray(v) || cJSON_GetArraySize(v) < 3)
        return bad(reterr, name, "[version, sha256, bytes]");
    int err =
        take_number(cJSON_GetArrayItem(v, 0), name, 1, CONTROL_NUMBER_MAX, &want->version, reterr);
    if (err == 0)
        err = take_sha256(cJSON_GetArrayItem(v, 1), name, want->sha256, reterr);
    if (err == 0)
        err = take_number(cJSON_GetArrayItem(v, 2), name, 0, CONTROL_NUMBER_MAX, &want->bytes,
                          reterr);
    return err;
}

static_assert(offsetof(struct control_have, type) == 0 && offsetof(struct control_want, type) == 0,
              "take_documents() reads a document's name into the beginning of either");

/* An array of `size` bytes an element, each beginning with its document's name. */
static int take_documents(const cJSON *v, const char *name, take_document_fn take, void *ret,
                          size_t size, size_t *ret_count, struct diag *reterr)
{
    if (!cJSON_IsObject(v) || cJSON_GetArraySize(v) > CONTROL_DOCUMENTS_MAX)
        return bad(reterr, name, "an object of at most 16 documents");
    char *at = ret;
    size_t n = 0;
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, v)
    {
        int err = take_type(one, v, at, reterr);
        if (err == 0)
            err = take(one, name, at, reterr);
        if (err < 0)
            return err;
        at += size;
        n++;
    }
    *ret_count = n;
    return 0;
}

/* ---- messages ---- */

static int take_member(const cJSON *v, const struct control_member *m, struct control *c,
                       struct diag *reterr)
{
    void *at = (char *)c + m->offset;
    size_t *count = (size_t *)(void *)((char *)c + m->size);
    int64_t number = 0;
    int err = 0;
    switch (m->type) {
    case CONTROL_MEMBER_NAME:
    case CONTROL_MEMBER_TYPE:
    case CONTROL_MEMBER_CODE:
        return take_text(v, m, at, reterr);
    case CONTROL_MEMBER_U32:
    case CONTROL_MEMBER_I32:
    case CONTROL_MEMBER_I64:
        err = take_number(v, m->name, m->min, m->max, &number, reterr);
        if (err < 0)
            return err;
        if (m->type == CONTROL_MEMBER_U32)
            *(uint32_t *)at = (uint32_t)number;
        else if (m->type == CONTROL_MEMBER_I32)
            *(int32_t *)at = (int32_t)number;
        else
            *(int64_t *)at = number;
        return 0;
    case CONTROL_MEMBER_SHA256:
        return take_sha256(v, m->name, at, reterr);
    case CONTROL_MEMBER_WIRE:
        return take_wire(v, m->name, at, reterr);
    case CONTROL_MEMBER_WHY:
        return take_why(v, m->name, at, reterr);
    case CONTROL_MEMBER_HAVE:
        return take_documents(v, m->name, take_have, at, sizeof(struct control_have), count,
                              reterr);
    case CONTROL_MEMBER_WANT:
        return take_documents(v, m->name, take_want, at, sizeof(struct control_want), count,
                              reterr);
    }
    return -EBADMSG;
}

/* The member of that name, which must not stand there twice. NULL: it is not there. */
static int find_once(const cJSON *object, const char *name, const cJSON **ret, struct diag *reterr)
{
    const cJSON *found = NULL;
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, object)
    {
        if (strcmp(one->string, name) != 0)
            continue;
        if (found)
            return bad(reterr, name, "stands there twice");
        found = one;
    }
    *ret = found;
    return 0;
}

static int read_kind(const cJSON *object, enum control_kind *ret, struct diag *reterr)
{
    const cJSON *m = NULL;
    int err = find_once(object, "m", &m, reterr);
    if (err < 0)
        return err;
    if (!m)
        return bad(reterr, "m", "is missing");
    if (!cJSON_IsString(m))
        return bad(reterr, "m", "a text");
    if (control_kind_parse(m->valuestring, ret) == 0)
        return 0;
    diag_set(reterr, 0, "m: \"%.40s\" is no message of this release", m->valuestring);
    return -EPROTO;
}

static int read_object(const cJSON *object, struct control *ret, struct diag *reterr)
{
    struct control c = {.kind = CONTROL_HELLO};
    int err = read_kind(object, &c.kind, reterr);
    const struct control_member *m = NULL;
    for (size_t i = 0; err == 0 && (m = control_member(c.kind, i)); i++) {
        const cJSON *v = NULL;
        err = find_once(object, m->name, &v, reterr);
        if (err == 0 && v)
            err = take_member(v, m, &c, reterr);
        else if (err == 0 && !m->later)
            err = bad(reterr, m->name, "is missing");
    }
    if (err == 0)
        *ret = c;
    return err;
}

int control_read(const char *text, size_t len, struct control *ret, struct diag *reterr)
{
    assert(text && ret);
    if (len > CONTROL_MAX)
        return bad(reterr, "message", "at most 4096 bytes");
    cJSON *object = NULL;
    int err = json_object(text, len, CONTROL_DEPTH_MAX, &object, reterr);
    if (err == 0)
        err = read_object(object, ret, reterr);
    cJSON_Delete(object);
    return err;
}
