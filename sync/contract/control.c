/* SPDX-License-Identifier: Apache-2.0 */
#include "control_member.h"

#include <errno.h>
#include <string.h>

#define MEMBERS_MAX 11 /* of one message, session included */
#define SEQ_MAX CONTROL_NUMBER_MAX

#define AT(field) offsetof(struct control, field)
#define SIZE(field) sizeof(((struct control *)0)->field)

/* clang-format off */
#define MEMBER(word, of, field) .name = word, .type = CONTROL_MEMBER_##of, .offset = AT(field)
#define VALUE(word, of, field) {MEMBER(word, of, field)}
#define CHARS(word, of, field) {MEMBER(word, of, field), .size = SIZE(field)}
#define LIST(word, of, field) {MEMBER(word, of, field), .size = AT(field##_count)}
#define NUMBER(word, of, field, least, most) {MEMBER(word, of, field), .min = least, .max = most}
#define LATER(word, of, field, least, most)                                                        \
    {MEMBER(word, of, field), .min = least, .max = most, .later = true}
#define SESSION NUMBER("s", I64, session, 0, CONTROL_NUMBER_MAX)
#define ORIGIN(of)                                                                                 \
    CHARS("ten", NAME, of.origin.tenant),                                                          \
    CHARS("dev", NAME, of.origin.device),                                                          \
    NUMBER("ep", U32, of.origin.epoch, 1, UINT32_MAX)

static const struct {
    const char *name;
    struct control_member members[MEMBERS_MAX]; /* ended by one without a name, or full */
} kinds[CONTROL_KIND_COUNT] = {
    [CONTROL_HELLO] = {"hello", {
        ORIGIN(hello),
        SESSION,
        NUMBER("floor", I64, hello.floor, 0, SEQ_MAX),
        NUMBER("head", I64, hello.head, 0, SEQ_MAX),
        VALUE("hash", SHA256, hello.hash),
        CHARS("fw", CODE, hello.release),
        NUMBER("schema", I32, hello.schema, 1, INT32_MAX),
        VALUE("wire", WIRE, hello.wire),
        LIST("have", HAVE, hello.have),
    }},
    [CONTROL_RESUME] = {"resume", {
        SESSION,
        NUMBER("wm", I64, resume.wm, 0, SEQ_MAX),
        NUMBER("safe", I64, resume.safe, 0, SEQ_MAX),
        NUMBER("now", I64, resume.now_ms, 0, CONTROL_NUMBER_MAX),
        NUMBER("wire", I32, resume.wire, 1, WIRE_VERSION_MAX),
        NUMBER("window", I32, resume.window, 1, CONTROL_WINDOW_MAX),
        NUMBER("flush_ms", I32, resume.flush_ms, 0, CONTROL_INTERVAL_MAX),
        LATER("early", I32, resume.early, 0, CONTROL_EARLY_MAX),
        LIST("want", WANT, resume.want),
    }},
    [CONTROL_ACK] = {"ack", {
        SESSION,
        NUMBER("wm", I64, ack.wm, 0, SEQ_MAX),
        NUMBER("safe", I64, ack.safe, 0, SEQ_MAX),
    }},
    [CONTROL_NACK] = {"nack", {
        SESSION,
        NUMBER("wm", I64, nack.wm, 0, SEQ_MAX),
        VALUE("why", WHY, nack.why),
        NUMBER("retry_ms", I32, nack.retry_ms, 0, CONTROL_INTERVAL_MAX),
    }},
    [CONTROL_GET] = {"get", {
        ORIGIN(get),
        SESSION,
        CHARS("type", TYPE, get.type),
        NUMBER("version", I64, get.version, 1, CONTROL_NUMBER_MAX),
        NUMBER("from", I64, get.from_version, 0, CONTROL_NUMBER_MAX),
        NUMBER("at", I32, get.at, 0, INT32_MAX),
        LATER("fetch", I32, get.fetch, 0, 1),
    }},
    [CONTROL_COMMAND] = {"command", {
        SESSION,
        NUMBER("id", I64, command.id, 1, CONTROL_NUMBER_MAX),
        NUMBER("expires", I64, command.expires_ms, 0, CONTROL_NUMBER_MAX),
        CHARS("what", CODE, command.what),
    }},
    [CONTROL_FETCH] = {"fetch", {
        SESSION,
        CHARS("type", TYPE, fetch.type),
        NUMBER("version", I64, fetch.version, 1, CONTROL_NUMBER_MAX),
        NUMBER("bytes", I64, fetch.bytes, 1, CONTROL_FETCH_MAX),
        CHARS("ticket", CODE, fetch.ticket),
    }},
};
/* clang-format on */

static const char *const why_names[] = {
    [NACK_GAP] = "gap",     [NACK_FORK] = "fork",   [NACK_SCHEMA] = "schema",
    [NACK_QUOTA] = "quota", [NACK_OTHER] = "other",
};

const char *control_kind_name(enum control_kind kind)
{
    return kinds[kind].name;
}

int control_kind_parse(const char *name, enum control_kind *ret)
{
    for (int i = 0; i < CONTROL_KIND_COUNT; i++)
        if (strcmp(kinds[i].name, name) == 0) {
            *ret = (enum control_kind)i;
            return 0;
        }
    return -EPROTO;
}

const char *nack_why_name(enum nack_why why)
{
    return why_names[why];
}

enum nack_why nack_why_parse(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(why_names); i++)
        if (strcmp(why_names[i], name) == 0)
            return (enum nack_why)i;
    return NACK_OTHER;
}

const struct control_member *control_member(enum control_kind kind, size_t i)
{
    const struct control_member *m = &kinds[kind].members[i];
    return i < MEMBERS_MAX && m->name ? m : NULL;
}
