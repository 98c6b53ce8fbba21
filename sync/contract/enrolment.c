/* SPDX-License-Identifier: Apache-2.0 */
#include "enrolment.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

#define NUMBER_MAX INT64_C(9007199254740991) /* what JSON's numbers hold exactly: 2^53 - 1 */

static void json_free(cJSON **json)
{
    cJSON_Delete(*json);
}
#define JSON __attribute__((cleanup(json_free))) cJSON *

enum shape {
    SHAPE_LINE, /* clean UTF-8 */
    SHAPE_PEM,  /* printable ASCII and line ends */
    SHAPE_U32,
    SHAPE_I32,
    SHAPE_I64,
};

/* One member of a body: read and written by the same row. */
struct member {
    const char *name;
    enum shape shape;
    bool needed; /* else "" or 0 stands for its absence */
    size_t offset;
    size_t size; /* of texts, with the NUL */
    int64_t min;
    int64_t max;
};

#define TEXT(type, name, shape, needed, field)                                                     \
    {                                                                                              \
        name, shape, needed, offsetof(struct type, field), sizeof(((struct type *)0)->field), 0, 0 \
    }
#define NUMBER(type, name, shape, needed, field, min, max)                                         \
    {                                                                                              \
        name, shape, needed, offsetof(struct type, field), 0, min, max                             \
    }

static const struct member request_members[] = {
    TEXT(enrolment_request, "claim", SHAPE_LINE, false, claim),
    TEXT(enrolment_request, "certificate", SHAPE_PEM, false, certificate),
    TEXT(enrolment_request, "csr", SHAPE_PEM, true, csr),
    TEXT(enrolment_request, "name", SHAPE_LINE, false, name),
    NUMBER(enrolment_request, "epoch", SHAPE_U32, false, epoch, 1, UINT32_MAX),
};
static const struct member fact_members[] = {
    TEXT(enrolment_request, "serial", SHAPE_LINE, false, serial),
    TEXT(enrolment_request, "hardware", SHAPE_LINE, false, hardware),
    TEXT(enrolment_request, "release", SHAPE_LINE, false, release),
};
static const struct member grant_members[] = {
    TEXT(enrolment_grant, "tenant", SHAPE_LINE, true, origin.tenant),
    TEXT(enrolment_grant, "device", SHAPE_LINE, true, origin.device),
    NUMBER(enrolment_grant, "epoch", SHAPE_U32, true, origin.epoch, 1, UINT32_MAX),
    NUMBER(enrolment_grant, "shard", SHAPE_I32, true, shard, 0, ENROLMENT_SHARD_MAX),
    TEXT(enrolment_grant, "site", SHAPE_LINE, false, site),
    TEXT(enrolment_grant, "certificate", SHAPE_PEM, true, certificate),
    TEXT(enrolment_grant, "ca", SHAPE_PEM, true, ca),
    NUMBER(enrolment_grant, "now", SHAPE_I64, true, now_ms, 1, NUMBER_MAX),
};

static const struct {
    const char *name;
    int status;
} refusals[ENROLMENT_REFUSAL_COUNT] = {
    [ENROLMENT_MALFORMED] = {"malformed", 400},
    [ENROLMENT_CLAIM_UNKNOWN] = {"claim_unknown", 403},
    [ENROLMENT_CLAIM_USED] = {"claim_used", 409},
    [ENROLMENT_MISMATCH] = {"claim_mismatch", 409},
    [ENROLMENT_REVOKED] = {"certificate_revoked", 403},
    [ENROLMENT_BUSY] = {"busy", 503},
};

const char *enrolment_refusal_name(enum enrolment_refusal why)
{
    assert((size_t)why < ENROLMENT_REFUSAL_COUNT);
    return refusals[why].name;
}

int enrolment_refusal_status(enum enrolment_refusal why)
{
    assert((size_t)why < ENROLMENT_REFUSAL_COUNT);
    return refusals[why].status;
}

/* --- reading */

static bool is_pem(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((*c < ' ' || *c > '~') && *c != '\n' && *c != '\r')
            return false;
    return strncmp(text, "-----BEGIN ", 11) == 0;
}

static int read_text(const struct member *m, const cJSON *value, void *record, struct diag *reterr)
{
    const char *text = cJSON_GetStringValue(value);
    bool good = text && (*text || !m->needed) &&
                (m->shape == SHAPE_PEM ? !*text || is_pem(text) : utf8_is_clean(text));
    if (good && text_copy((char *)record + m->offset, m->size, text) == 0)
        return 0;
    diag_set(reterr, 0, "%s: a %s of %d to %zu bytes", m->name,
             m->shape == SHAPE_PEM ? "PEM text" : "text", m->needed, m->size - 1);
    return -EINVAL;
}

static void store_number(const struct member *m, int64_t number, void *record)
{
    char *at = (char *)record + m->offset;
    const uint32_t u32 = (uint32_t)number;
    const int32_t i32 = (int32_t)number;
    if (m->shape == SHAPE_U32)
        memcpy(at, &u32, sizeof(u32));
    else if (m->shape == SHAPE_I32)
        memcpy(at, &i32, sizeof(i32));
    else
        memcpy(at, &number, sizeof(number));
}

static int read_number(const char *name, const cJSON *value, int64_t min, int64_t max, int64_t *ret,
                       struct diag *reterr)
{
    /* The range is checked before the cast: a double beyond it has no defined integer. */
    double v = cJSON_IsNumber(value) ? value->valuedouble : -1.0;
    if (!(v >= (double)min && v <= (double)max) || v != (double)(int64_t)v) {
        diag_set(reterr, 0, "%s: a whole number from %" PRId64 " to %" PRId64, name, min, max);
        return -EINVAL;
    }
    *ret = (int64_t)v;
    return 0;
}

/* The member of that name, or NULL; -EINVAL when it stands there twice. */
static int find(const cJSON *json, const char *name, const cJSON **ret, struct diag *reterr)
{
    const cJSON *found = NULL;
    for (const cJSON *at = json->child; at; at = at->next) {
        if (strcmp(at->string, name) != 0)
            continue;
        if (found) {
            diag_set(reterr, 0, "%s: stands twice", name);
            return -EINVAL;
        }
        found = at;
    }
    *ret = found;
    return 0;
}

static int read_members(const cJSON *json, const struct member *members, size_t count, void *record,
                        struct diag *reterr)
{
    for (size_t i = 0; i < count; i++) {
        const struct member *m = &members[i];
        const cJSON *value = NULL;
        int err = find(json, m->name, &value, reterr);
        if (err < 0)
            return err;
        if (!value && m->needed) {
            diag_set(reterr, 0, "%s: is missing", m->name);
            return -EINVAL;
        }
        if (!value)
            continue;
        if (m->shape == SHAPE_LINE || m->shape == SHAPE_PEM) {
            err = read_text(m, value, record, reterr);
        } else {
            int64_t number = 0;
            err = read_number(m->name, value, m->min, m->max, &number, reterr);
            if (err == 0)
                store_number(m, number, record);
        }
        if (err < 0)
            return err;
    }
    return 0;
}

static int read_object(const char *text, size_t len, cJSON **ret, struct diag *reterr)
{
    /* cJSON ends its texts with a NUL, so an escaped one would cut them without a word. */
    if (len > ENROLMENT_BODY_MAX || memchr(text, '\0', len) || memmem(text, len, "\\u0000", 6)) {
        diag_set(reterr, 0, "a body of at most %d bytes without NUL", ENROLMENT_BODY_MAX);
        return -EINVAL;
    }
    const char *end = NULL;
    JSON json = cJSON_ParseWithLengthOpts(text, len, &end, false);
    while (json && end < text + len && strchr(" \t\r\n", *end))
        end++;
    if (!cJSON_IsObject(json) || end != text + len) {
        diag_set(reterr, 0, "the body is not one JSON object");
        return -EINVAL;
    }
    *ret = json;
    json = NULL;
    return 0;
}

static int read_version(const cJSON *json, struct diag *reterr)
{
    const cJSON *value = NULL;
    int64_t version = 0;
    int err = find(json, "v", &value, reterr);
    if (err == 0)
        err = read_number("v", value, 1, 1000000, &version, reterr);
    if (err == 0 && version != ENROLMENT_VERSION) {
        diag_set(reterr, 0, "v: version %d is understood", ENROLMENT_VERSION);
        err = -EPROTO;
    }
    return err;
}

int enrolment_request_read(const char *text, size_t len, struct diag *reterr,
                           struct enrolment_request *ret)
{
    assert(text && ret);
    JSON json = NULL;
    int err = read_object(text, len, &json, reterr);
    if (err == 0)
        err = read_version(json, reterr);
    struct enrolment_request r = {.epoch = 0};
    if (err == 0)
        err = read_members(json, request_members, ARRAY_LEN(request_members), &r, reterr);
    const cJSON *facts = NULL;
    if (err == 0)
        err = find(json, "facts", &facts, reterr);
    if (err == 0 && facts && !cJSON_IsObject(facts)) {
        diag_set(reterr, 0, "facts: an object");
        err = -EINVAL;
    }
    if (err == 0 && facts)
        err = read_members(facts, fact_members, ARRAY_LEN(fact_members), &r, reterr);
    if (err == 0 && !*r.claim == !*r.certificate) {
        diag_set(reterr, 0, "either a claim or the present certificate");
        err = -EINVAL;
    }
    if (err == 0)
        *ret = r;
    return err;
}

/* "host:port": what follows the last colon is the port, so that [::1]:8883 is one too. */
static bool is_broker(const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    return colon && colon > text && digits > 0 && digits <= 5 && colon[1 + digits] == '\0' &&
           text_is_code(text) && !strchr(text, ' ');
}

static int read_brokers(const cJSON *json, struct enrolment_grant *g, struct diag *reterr)
{
    const cJSON *list = NULL;
    int err = find(json, "brokers", &list, reterr);
    if (err < 0)
        return err;
    int count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
    bool good = count >= 1 && count <= ENROLMENT_BROKERS_MAX;
    const cJSON *at = good ? list->child : NULL;
    for (int i = 0; good && i < count; i++, at = at->next) {
        const char *text = cJSON_GetStringValue(at);
        good =
            text && is_broker(text) && text_copy(g->brokers[i], sizeof(g->brokers[i]), text) == 0;
    }
    if (!good) {
        diag_set(reterr, 0, "brokers: 1 to %d texts \"host:port\"", ENROLMENT_BROKERS_MAX);
        return -EINVAL;
    }
    g->brokers_count = (size_t)count;
    return 0;
}

int enrolment_grant_read(const char *text, size_t len, struct diag *reterr,
                         struct enrolment_grant *ret)
{
    assert(text && ret);
    JSON json = NULL;
    int err = read_object(text, len, &json, reterr);
    if (err == 0)
        err = read_version(json, reterr);
    struct enrolment_grant g = {.shard = 0};
    if (err == 0)
        err = read_members(json, grant_members, ARRAY_LEN(grant_members), &g, reterr);
    if (err == 0)
        err = read_brokers(json, &g, reterr);
    if (err == 0)
        err = origin_check(&g.origin, reterr);
    if (err == 0)
        *ret = g;
    return err;
}

int enrolment_refusal_read(const char *text, size_t len, struct diag *reterr,
                           enum enrolment_refusal *ret, char ret_words[ENROLMENT_WORDS_SIZE])
{
    assert(text && ret && ret_words);
    JSON json = NULL;
    int err = read_object(text, len, &json, reterr);
    const cJSON *word = NULL;
    const cJSON *message = NULL;
    if (err == 0)
        err = find(json, "error", &word, reterr);
    if (err == 0)
        err = find(json, "message", &message, reterr);
    if (err < 0)
        return err;
    if (!cJSON_IsString(word)) {
        diag_set(reterr, 0, "error: is missing");
        return -EINVAL;
    }
    enum enrolment_refusal why = ENROLMENT_BUSY;
    for (size_t i = 0; i < ENROLMENT_REFUSAL_COUNT; i++)
        if (strcmp(word->valuestring, refusals[i].name) == 0)
            why = (enum enrolment_refusal)i;
    const char *words = cJSON_GetStringValue(message);
    *ret = why;
    text_cut(ret_words, ENROLMENT_WORDS_SIZE, words && utf8_is_clean(words) ? words : "");
    return 0;
}

/* --- writing */

static int64_t number_of(const struct member *m, const void *record)
{
    const char *at = (const char *)record + m->offset;
    uint32_t u32 = 0;
    int32_t i32 = 0;
    int64_t i64 = 0;
    if (m->shape == SHAPE_U32) {
        memcpy(&u32, at, sizeof(u32));
        return u32;
    }
    if (m->shape == SHAPE_I32) {
        memcpy(&i32, at, sizeof(i32));
        return i32;
    }
    memcpy(&i64, at, sizeof(i64));
    return i64;
}

static bool add_member(cJSON *json, const struct member *m, const void *record)
{
    if (m->shape == SHAPE_LINE || m->shape == SHAPE_PEM) {
        const char *text = (const char *)record + m->offset;
        return (!*text && !m->needed) || cJSON_AddStringToObject(json, m->name, text);
    }
    int64_t number = number_of(m, record);
    if (number == 0 && !m->needed)
        return true;
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, number);
    return cJSON_AddRawToObject(json, m->name, text) != NULL;
}

static bool add_members(cJSON *json, const struct member *members, size_t count, const void *record)
{
    bool good = json != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = add_member(json, &members[i], record);
    return good;
}

char *enrolment_request_write(const struct enrolment_request *r)
{
    assert(r);
    JSON json = cJSON_CreateObject();
    bool good = json && cJSON_AddNumberToObject(json, "v", ENROLMENT_VERSION) &&
                add_members(json, request_members, ARRAY_LEN(request_members), r);
    if (good && (*r->serial || *r->hardware || *r->release))
        good = add_members(cJSON_AddObjectToObject(json, "facts"), fact_members,
                           ARRAY_LEN(fact_members), r);
    return good ? cJSON_PrintUnformatted(json) : NULL;
}

char *enrolment_grant_write(const struct enrolment_grant *g)
{
    assert(g && g->brokers_count <= ENROLMENT_BROKERS_MAX);
    JSON json = cJSON_CreateObject();
    bool good = json && cJSON_AddNumberToObject(json, "v", ENROLMENT_VERSION) &&
                add_members(json, grant_members, ARRAY_LEN(grant_members), g);
    cJSON *brokers = good ? cJSON_AddArrayToObject(json, "brokers") : NULL;
    good = brokers != NULL;
    for (size_t i = 0; good && i < g->brokers_count; i++) {
        cJSON *broker = cJSON_CreateString(g->brokers[i]);
        good = broker && cJSON_AddItemToArray(brokers, broker);
    }
    return good ? cJSON_PrintUnformatted(json) : NULL;
}

char *enrolment_refusal_write(enum enrolment_refusal why, const char *words)
{
    assert(words);
    JSON json = cJSON_CreateObject();
    bool good = json && cJSON_AddStringToObject(json, "error", enrolment_refusal_name(why)) &&
                cJSON_AddStringToObject(json, "message", words);
    return good ? cJSON_PrintUnformatted(json) : NULL;
}
