/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch_head.h"
#include "entry_json.h"
#include "json_object.h"
#include "text.h"

static void hex(const uint8_t *bytes, size_t len, char *ret)
{
    for (size_t i = 0; i < len; i++)
        snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
}

/* Adds a line; -ENOSPC. */
static int add(uint8_t *at, size_t room, size_t *len, const char *line)
{
    size_t n = strlen(line);
    if (n + 1 > room - *len)
        return -ENOSPC;
    memcpy(at + *len, line, n);
    at[*len + n] = '\n';
    *len += n + 1;
    return 0;
}

int batch_json_write(const struct batch_head *head, const struct entry *entries, uint8_t *at,
                     size_t room, size_t *ret_len)
{
    assert(head && entries && at && ret_len);
    char hash[2 * BATCH_HASH_SIZE + 1];
    hex(head->head_hash, BATCH_HASH_SIZE, hash);
    char line[512];
    snprintf(line, sizeof(line),
             "{\"wire\":%d,\"ten\":\"%s\",\"dev\":\"%s\",\"ep\":%" PRIu32 ",\"s\":%" PRId64
             ",\"first_seq\":%" PRId64 ",\"n\":%" PRId32 ",\"head_hash\":\"%s\"}",
             head->wire, head->origin.tenant, head->origin.device, head->origin.epoch,
             head->session, head->first_seq, head->count, hash);
    size_t len = 0;
    int err = add(at, room, &len, line);
    for (int32_t i = 0; err == 0 && i < head->count; i++) {
        char *entry = entry_json(&entries[i]);
        err = entry ? add(at, room, &len, entry) : -ENOMEM;
        free(entry);
    }
    if (err == 0)
        *ret_len = len;
    return err;
}

static int head_number(const cJSON *o, const char *name, int64_t max, int64_t *ret)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    if (!cJSON_IsNumber(v) || v->valuedouble < 0 || v->valuedouble > (double)max ||
        v->valuedouble != (double)(int64_t)v->valuedouble)
        return -EBADMSG;
    *ret = (int64_t)v->valuedouble;
    return 0;
}

static int head_name(const cJSON *o, const char *name, char *ret, size_t size)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) && text_copy(ret, size, v->valuestring) == 0 ? 0 : -EBADMSG;
}

static int head_hash(const cJSON *o, uint8_t ret[BATCH_HASH_SIZE])
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "head_hash");
    if (!cJSON_IsString(v) || strlen(v->valuestring) != (size_t)2 * BATCH_HASH_SIZE ||
        strspn(v->valuestring, "0123456789abcdef") != (size_t)2 * BATCH_HASH_SIZE)
        return -EBADMSG;
    for (size_t i = 0; i < BATCH_HASH_SIZE; i++) {
        char two[3] = {v->valuestring[2 * i], v->valuestring[2 * i + 1], '\0'};
        ret[i] = (uint8_t)strtoul(two, NULL, 16);
    }
    return 0;
}

#define WHOLE ((INT64_C(1) << 53) - 1) /* what a double holds exactly */

static int take_head(const cJSON *o, struct batch_head *h)
{
    int64_t wire = 0;
    int64_t epoch = 0;
    int64_t count = 0;
    if (head_number(o, "wire", INT32_MAX, &wire) < 0 ||
        head_number(o, "ep", UINT32_MAX, &epoch) < 0 ||
        head_number(o, "n", BATCH_ENTRIES_MAX, &count) < 0 ||
        head_number(o, "s", WHOLE, &h->session) < 0 ||
        head_number(o, "first_seq", WHOLE, &h->first_seq) < 0 ||
        head_name(o, "ten", h->origin.tenant, sizeof(h->origin.tenant)) < 0 ||
        head_name(o, "dev", h->origin.device, sizeof(h->origin.device)) < 0 ||
        head_hash(o, h->head_hash) < 0)
        return -EBADMSG;
    h->wire = (int)wire;
    h->origin.epoch = (uint32_t)epoch;
    h->count = (int32_t)count;
    return 0;
}

static int read_head(const char *line, size_t len, struct batch_head *ret, struct diag *reterr)
{
    cJSON *o = NULL;
    int err = json_object(line, len, 2, &o, reterr);
    if (err < 0)
        return err;
    struct batch_head h = {.count = 0};
    err = take_head(o, &h);
    cJSON_Delete(o);
    if (err < 0) {
        diag_set(reterr, 1, "no head of a batch");
        return err;
    }
    err = batch_head_check(&h, reterr);
    if (err == 0 || err == -EPROTO)
        *ret = h;
    return err;
}

int batch_json_read(const uint8_t *bytes, size_t len, struct batch_head *ret_head,
                    struct entry *entries, struct diag *reterr)
{
    assert(bytes && ret_head && entries);
    const char *at = (const char *)bytes;
    size_t left = len;
    for (int32_t line = 0; line == 0 || line <= ret_head->count; line++) {
        const char *end = memchr(at, '\n', left);
        if (!end) {
            diag_set(reterr, line + 1, "the line is missing or cut");
            return -EBADMSG;
        }
        size_t n = (size_t)(end - at);
        int err = 0;
        if (line == 0) {
            err = read_head(at, n, ret_head, reterr);
        } else {
            err = entry_json_read(at, n, &entries[line - 1], reterr);
            if (err == 0 && entries[line - 1].seq != ret_head->first_seq + line - 1) {
                diag_set(reterr, line + 1, "seq is not the next one");
                err = -EBADMSG;
            }
        }
        if (err < 0) {
            if (reterr)
                reterr->line = line + 1;
            return err;
        }
        at = end + 1;
        left -= n + 1;
    }
    if (left > 0) {
        diag_set(reterr, ret_head->count + 2, "more lines than the head says");
        return -EBADMSG;
    }
    return 0;
}
