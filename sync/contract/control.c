/* SPDX-License-Identifier: Apache-2.0 */
#include "control.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "json_object.h"
#include "text.h"

/* One table says what every message holds; writing and reading both follow it. */
enum member_type {
    MEMBER_NAME, /* char[]: as origin_check() wants it */
    MEMBER_TYPE, /* char[]: the name of a document */
    MEMBER_CODE, /* char[]: printable ASCII without quotes and backslashes */
    MEMBER_U32,
    MEMBER_I32,
    MEMBER_I64,
    MEMBER_SHA256,
    MEMBER_WIRE, /* struct wire_range */
    MEMBER_WHY,  /* enum nack_why */
    MEMBER_HAVE, /* struct control_have[], its count in `size` behind it */
    MEMBER_WANT, /* struct control_want[] */
};

struct member {
    const char *name;
    enum member_type type;
    size_t offset;
    size_t size; /* of a char[]; of MEMBER_HAVE and MEMBER_WANT: offset of the count */
    int64_t min;
    int64_t max;
    bool later; /* MEMBER_I32 of a later release: left out where it is 0, and then read as 0 */
};

#define MEMBERS_MAX 11 /* of one message, session included */
#define SEQ_MAX CONTROL_NUMBER_MAX

/* clang-format off: one row a member */
#define AT(field) offsetof(struct control, field)
#define SIZE(field) sizeof(((struct control *)0)->field)
#define NUMBER(name, type, field, min, max)                                                        \
    {                                                                                              \
        name, type, AT(field), 0, min, max, false                                                  \
    }
#define LATER(name, type, field, min, max)                                                         \
    {                                                                                              \
        name, type, AT(field), 0, min, max, true                                                   \
    }
#define CHARS(name, type, field)                                                                   \
    {                                                                                              \
        name, type, AT(field), SIZE(field), 0, 0, false                                            \
    }
#define SESSION NUMBER("s", MEMBER_I64, session, 0, CONTROL_NUMBER_MAX)
#define ORIGIN(of)                                                                                 \
    CHARS("ten", MEMBER_NAME, of.origin.tenant), CHARS("dev", MEMBER_NAME, of.origin.device),      \
        NUMBER("ep", MEMBER_U32, of.origin.epoch, 1, UINT32_MAX)

static const struct {
    const char *name;
    struct member members[MEMBERS_MAX]; /* ended by one without a name, or full */
} kinds[CONTROL_KIND_COUNT] = {
    [CONTROL_HELLO] = {"hello",
                       {ORIGIN(hello),
                        SESSION,
                        NUMBER("floor", MEMBER_I64, hello.floor, 0, SEQ_MAX),
                        NUMBER("head", MEMBER_I64, hello.head, 0, SEQ_MAX),
                        {"hash", MEMBER_SHA256, AT(hello.hash), 0, 0, 0, false},
                        CHARS("fw", MEMBER_CODE, hello.release),
                        NUMBER("schema", MEMBER_I32, hello.schema, 1, INT32_MAX),
                        {"wire", MEMBER_WIRE, AT(hello.wire), 0, 0, 0, false},
                        {"have", MEMBER_HAVE, AT(hello.have), AT(hello.have_count), 0, 0, false}}},
    [CONTROL_RESUME] = {"resume",
                        {SESSION,
                         NUMBER("wm", MEMBER_I64, resume.wm, 0, SEQ_MAX),
                         NUMBER("safe", MEMBER_I64, resume.safe, 0, SEQ_MAX),
                         NUMBER("now", MEMBER_I64, resume.now_ms, 0, CONTROL_NUMBER_MAX),
                         NUMBER("wire", MEMBER_I32, resume.wire, 1, WIRE_VERSION_MAX),
                         NUMBER("window", MEMBER_I32, resume.window, 1, CONTROL_WINDOW_MAX),
                         NUMBER("flush_ms", MEMBER_I32, resume.flush_ms, 0, CONTROL_INTERVAL_MAX),
                         {"want", MEMBER_WANT, AT(resume.want), AT(resume.want_count), 0, 0,
                          false}}},
    [CONTROL_ACK] = {"ack",
                     {SESSION, NUMBER("wm", MEMBER_I64, ack.wm, 0, SEQ_MAX),
                      NUMBER("safe", MEMBER_I64, ack.safe, 0, SEQ_MAX)}},
    [CONTROL_NACK] = {"nack",
                      {SESSION,
                       NUMBER("wm", MEMBER_I64, nack.wm, 0, SEQ_MAX),
                       {"why", MEMBER_WHY, AT(nack.why), 0, 0, 0, false},
                       NUMBER("retry_ms", MEMBER_I32, nack.retry_ms, 0, CONTROL_INTERVAL_MAX)}},
    [CONTROL_GET] = {"get",
                     {ORIGIN(get), SESSION, CHARS("type", MEMBER_TYPE, get.type),
                      NUMBER("version", MEMBER_I64, get.version, 1, CONTROL_NUMBER_MAX),
                      NUMBER("from", MEMBER_I64, get.from_version, 0, CONTROL_NUMBER_MAX),
                      NUMBER("at", MEMBER_I32, get.at, 0, INT32_MAX),
                      LATER("fetch", MEMBER_I32, get.fetch, 0, 1)}},
    [CONTROL_COMMAND] = {"command",
                         {SESSION, NUMBER("id", MEMBER_I64, command.id, 1, CONTROL_NUMBER_MAX),
                          NUMBER("expires", MEMBER_I64, command.expires_ms, 0, CONTROL_NUMBER_MAX),
                          CHARS("what", MEMBER_CODE, command.what)}},
    [CONTROL_FETCH] = {"fetch",
                       {SESSION, CHARS("type", MEMBER_TYPE, fetch.type),
                        NUMBER("version", MEMBER_I64, fetch.version, 1, CONTROL_NUMBER_MAX),
                        NUMBER("bytes", MEMBER_I64, fetch.bytes, 1, CONTROL_FETCH_MAX),
                        CHARS("ticket", MEMBER_CODE, fetch.ticket)}},
};
/* clang-format on */

#define WHY_COUNT 5
static const char *const why_names[WHY_COUNT] = {
    [NACK_GAP] = "gap",     [NACK_FORK] = "fork",   [NACK_SCHEMA] = "schema",
    [NACK_QUOTA] = "quota", [NACK_OTHER] = "other",
};

const char *control_kind_name(enum control_kind kind)
{
    return kinds[kind].name;
}

const char *nack_why_name(enum nack_why why)
{
    return why_names[why];
}

static const struct member *member_at(enum control_kind kind, size_t i)
{
    const struct member *m = &kinds[kind].members[i];
    return i < MEMBERS_MAX && m->name ? m : NULL;
}

/* ---- writing ---- */

struct text {
    char *at;
    size_t len;
};

static void put(struct text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void put(struct text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(t->at + t->len, CONTROL_MAX - t->len, fmt, args);
    va_end(args);
    assert(n >= 0 && (size_t)n < CONTROL_MAX - t->len);
    t->len += (size_t)n;
}

static void put_sha256(struct text *t, const uint8_t *bytes)
{
    put(t, "\"");
    for (size_t i = 0; i < CONTROL_SHA256_SIZE; i++)
        put(t, "%02x", bytes[i]);
    put(t, "\"");
}

static void put_have(struct text *t, const struct control_have *have, size_t count)
{
    assert(count <= CONTROL_DOCUMENTS_MAX);
    put(t, "{");
    for (size_t i = 0; i < count; i++)
        put(t, "%s\"%s\":%" PRId64, i > 0 ? "," : "", have[i].type, have[i].version);
    put(t, "}");
}

static void put_want(struct text *t, const struct control_want *want, size_t count)
{
    assert(count <= CONTROL_DOCUMENTS_MAX);
    put(t, "{");
    for (size_t i = 0; i < count; i++) {
        put(t, "%s\"%s\":[%" PRId64 ",", i > 0 ? "," : "", want[i].type, want[i].version);
        put_sha256(t, want[i].sha256);
        put(t, ",%" PRId64 "]", want[i].bytes);
    }
    put(t, "}");
}

static void put_member(struct text *t, const struct member *m, const struct control *c)
{
    const void *at = (const char *)c + m->offset;
    const void *count = (const char *)c + m->size;
    const struct wire_range *wire = at;
    put(t, ",\"%s\":", m->name);
    switch (m->type) {
    case MEMBER_NAME:
    case MEMBER_TYPE:
    case MEMBER_CODE: /* none of them holds what JSON would have to escape */
        put(t, "\"%s\"", (const char *)at);
        return;
    case MEMBER_U32:
        put(t, "%" PRIu32, *(const uint32_t *)at);
        return;
    case MEMBER_I32:
        put(t, "%" PRId32, *(const int32_t *)at);
        return;
    case MEMBER_I64:
        put(t, "%" PRId64, *(const int64_t *)at);
        return;
    case MEMBER_SHA256:
        put_sha256(t, at);
        return;
    case MEMBER_WIRE:
        put(t, "[%d,%d]", wire->oldest, wire->newest);
        return;
    case MEMBER_WHY:
        put(t, "\"%s\"", why_names[*(const enum nack_why *)at]);
        return;
    case MEMBER_HAVE:
        put_have(t, at, *(const size_t *)count);
        return;
    case MEMBER_WANT:
        put_want(t, at, *(const size_t *)count);
        return;
    }
}

size_t control_write(const struct control *message, char buf[CONTROL_MAX])
{
    assert(message && buf);
    struct text t = {buf, 0};
    put(&t, "{\"m\":\"%s\"", kinds[message->kind].name);
    const struct member *m = NULL;
    for (size_t i = 0; (m = member_at(message->kind, i)); i++)
        if (!m->later || *(const int32_t *)(const void *)((const char *)message + m->offset) != 0)
            put_member(&t, m, message);
    put(&t, "}");
    return t.len;
}

/* ---- reading ---- */

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

static int take_text(const cJSON *v, const struct member *m, char *field, struct diag *reterr)
{
    const char *text = cJSON_IsString(v) ? v->valuestring : NULL;
    bool good = false;
    if (text)
        good = m->type == MEMBER_NAME   ? is_name(text)
               : m->type == MEMBER_TYPE ? is_type(text)
                                        : is_plain_code(text);
    if (good && text_copy(field, m->size, text) == 0)
        return 0;
    diag_set(reterr, 0, "%s: a text of 1 to %zu %s", m->name, m->size - 1,
             m->type == MEMBER_CODE ? "printable characters" : "of a-z, 0-9 and -");
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
    *ret = NACK_OTHER;
    for (int i = 0; i < WHY_COUNT; i++)
        if (strcmp(why_names[i], v->valuestring) == 0)
            *ret = (enum nack_why)i;
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

static int take_have(const cJSON *v, const char *name, struct control_have *ret, size_t *ret_count,
                     struct diag *reterr)
{
    if (!cJSON_IsObject(v) || cJSON_GetArraySize(v) > CONTROL_DOCUMENTS_MAX)
        return bad(reterr, name, "an object of at most 16 documents");
    size_t n = 0;
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, v)
    {
        int err = take_type(one, v, ret[n].type, reterr);
        if (err == 0)
            err = take_number(one, name, 0, CONTROL_NUMBER_MAX, &ret[n].version, reterr);
        if (err < 0)
            return err;
        n++;
    }
    *ret_count = n;
    return 0;
}

static int take_want_one(const cJSON *v, const char *name, struct control_want *ret,
                         struct diag *reterr)
{
    if (!cJSON_IsArray(v) || cJSON_GetArraySize(v) < 3)
        return bad(reterr, name, "[version, sha256, bytes]");
    int err =
        take_number(cJSON_GetArrayItem(v, 0), name, 1, CONTROL_NUMBER_MAX, &ret->version, reterr);
    if (err == 0)
        err = take_sha256(cJSON_GetArrayItem(v, 1), name, ret->sha256, reterr);
    if (err == 0)
        err =
            take_number(cJSON_GetArrayItem(v, 2), name, 0, CONTROL_NUMBER_MAX, &ret->bytes, reterr);
    return err;
}

static int take_want(const cJSON *v, const char *name, struct control_want *ret, size_t *ret_count,
                     struct diag *reterr)
{
    if (!cJSON_IsObject(v) || cJSON_GetArraySize(v) > CONTROL_DOCUMENTS_MAX)
        return bad(reterr, name, "an object of at most 16 documents");
    size_t n = 0;
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, v)
    {
        int err = take_type(one, v, ret[n].type, reterr);
        if (err == 0)
            err = take_want_one(one, name, &ret[n], reterr);
        if (err < 0)
            return err;
        n++;
    }
    *ret_count = n;
    return 0;
}

static int take_member(const cJSON *v, const struct member *m, struct control *c,
                       struct diag *reterr)
{
    void *at = (char *)c + m->offset;
    size_t *count = (size_t *)(void *)((char *)c + m->size);
    int64_t number = 0;
    int err = 0;
    switch (m->type) {
    case MEMBER_NAME:
    case MEMBER_TYPE:
    case MEMBER_CODE:
        return take_text(v, m, at, reterr);
    case MEMBER_U32:
    case MEMBER_I32:
    case MEMBER_I64:
        err = take_number(v, m->name, m->min, m->max, &number, reterr);
        if (err < 0)
            return err;
        if (m->type == MEMBER_U32)
            *(uint32_t *)at = (uint32_t)number;
        else if (m->type == MEMBER_I32)
            *(int32_t *)at = (int32_t)number;
        else
            *(int64_t *)at = number;
        return 0;
    case MEMBER_SHA256:
        return take_sha256(v, m->name, at, reterr);
    case MEMBER_WIRE:
        return take_wire(v, m->name, at, reterr);
    case MEMBER_WHY:
        return take_why(v, m->name, at, reterr);
    case MEMBER_HAVE:
        return take_have(v, m->name, at, count, reterr);
    case MEMBER_WANT:
        return take_want(v, m->name, at, count, reterr);
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
    for (int i = 0; i < CONTROL_KIND_COUNT; i++)
        if (strcmp(kinds[i].name, m->valuestring) == 0) {
            *ret = (enum control_kind)i;
            return 0;
        }
    diag_set(reterr, 0, "m: \"%.40s\" is no message of this release", m->valuestring);
    return -EPROTO;
}

static int read_object(const cJSON *object, struct control *ret, struct diag *reterr)
{
    struct control c = {.kind = CONTROL_HELLO};
    int err = read_kind(object, &c.kind, reterr);
    const struct member *m = NULL;
    for (size_t i = 0; err == 0 && (m = member_at(c.kind, i)); i++) {
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
