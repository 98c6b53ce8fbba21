/* SPDX-License-Identifier: Apache-2.0 */
#include "control_member.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

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

static void put_member(struct text *t, const struct control_member *m, const struct control *c)
{
    const void *at = (const char *)c + m->offset;
    const void *count = (const char *)c + m->size;
    const struct wire_range *wire = at;
    put(t, ",\"%s\":", m->name);
    switch (m->type) {
    case CONTROL_MEMBER_NAME:
    case CONTROL_MEMBER_TYPE:
    case CONTROL_MEMBER_CODE: /* none of them holds what JSON would have to escape */
        put(t, "\"%s\"", (const char *)at);
        return;
    case CONTROL_MEMBER_U32:
        put(t, "%" PRIu32, *(const uint32_t *)at);
        return;
    case CONTROL_MEMBER_I32:
        put(t, "%" PRId32, *(const int32_t *)at);
        return;
    case CONTROL_MEMBER_I64:
        put(t, "%" PRId64, *(const int64_t *)at);
        return;
    case CONTROL_MEMBER_SHA256:
        put_sha256(t, at);
        return;
    case CONTROL_MEMBER_WIRE:
        put(t, "[%d,%d]", wire->oldest, wire->newest);
        return;
    case CONTROL_MEMBER_WHY:
        put(t, "\"%s\"", nack_why_name(*(const enum nack_why *)at));
        return;
    case CONTROL_MEMBER_HAVE:
        put_have(t, at, *(const size_t *)count);
        return;
    case CONTROL_MEMBER_WANT:
        put_want(t, at, *(const size_t *)count);
        return;
    }
}

size_t control_write(const struct control *message, char buf[CONTROL_MAX])
{
    assert(message && buf);
    struct text t = {buf, 0};
    put(&t, "{\"m\":\"%s\"", control_kind_name(message->kind));
    const struct control_member *m = NULL;
    for (size_t i = 0; (m = control_member(message->kind, i)); i++)
        if (!m->later || *(const int32_t *)(const void *)((const char *)message + m->offset) != 0)
            put_member(&t, m, message);
    put(&t, "}");
    return t.len;
}
