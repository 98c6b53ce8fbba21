/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_head.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "text.h"
#include "wire.h"

int batch_head_check(const struct batch_head *head, struct diag *reterr)
{
    struct wire_range spoken = wire_range(WIRE_VERSION);
    if (head->wire < spoken.oldest || head->wire > spoken.newest) {
        diag_set(reterr, 0, "wire version %d: this release speaks %d to %d", head->wire,
                 spoken.oldest, spoken.newest);
        return -EPROTO;
    }
    if (origin_check(&head->origin, reterr) < 0)
        return -EBADMSG;
    if (head->count < 1 || head->count > BATCH_ENTRIES_MAX || head->session < 0 ||
        head->first_seq < 1 || head->first_seq > INT64_MAX - BATCH_ENTRIES_MAX) {
        diag_set(reterr, 0, "%" PRId32 " entries from %" PRId64 " on: 1 to %d from 1 on",
                 head->count, head->first_seq, BATCH_ENTRIES_MAX);
        return -EBADMSG;
    }
    if (head->context < 0 || head->context > BATCH_CONTEXT_MAX ||
        head->context >= head->first_seq) {
        diag_set(reterr, 0, "a context of %" PRId32 " entries before %" PRId64 ": at most %d",
                 head->context, head->first_seq, BATCH_CONTEXT_MAX);
        return -EBADMSG;
    }
    return 0;
}

static void put_number(struct wire_writer *w, int key, int64_t v)
{
    wire_put_number(w, key);
    wire_put_number(w, v);
}

static void put_name(struct wire_writer *w, int key, const char *name)
{
    wire_put_number(w, key);
    wire_put_text(w, name, strlen(name));
}

void batch_head_write(const struct batch_head *h, struct wire_writer *w)
{
    assert(h && w);
    bool context = h->wire >= 2 && h->context > 0;
    bool prev = h->wire >= 2 && h->has_prev;
    wire_put_map(w, 8U + context + prev);
    put_number(w, 1, h->wire);
    put_name(w, 2, h->origin.tenant);
    put_name(w, 3, h->origin.device);
    put_number(w, 4, h->origin.epoch);
    put_number(w, 5, h->session);
    put_number(w, 6, h->first_seq);
    put_number(w, 7, h->count);
    wire_put_number(w, 8);
    wire_put_bytes(w, h->head_hash, sizeof(h->head_hash));
    if (context)
        put_number(w, 9, h->context);
    if (prev) {
        wire_put_number(w, 10);
        wire_put_bytes(w, h->prev, sizeof(h->prev));
    }
}

static int take_name(struct wire_reader *r, char *ret, size_t size)
{
    struct wire_item item;
    int err = wire_next_string(r, WIRE_TEXT, size - 1, &item);
    return err == 0 && text_copy_n(ret, size, (const char *)item.bytes, item.len) == 0 ? 0
                                                                                       : -EBADMSG;
}

static int read_pair(struct wire_reader *r, int64_t key, struct batch_head *h)
{
    int64_t v = 0;
    struct wire_item item;
    int err = 0;
    switch (key) {
    case 1:
        err = wire_next_number(r, 1, INT32_MAX, &v);
        h->wire = (int)v;
        return err;
    case 2:
        return take_name(r, h->origin.tenant, sizeof(h->origin.tenant));
    case 3:
        return take_name(r, h->origin.device, sizeof(h->origin.device));
    case 4:
        err = wire_next_number(r, 1, UINT32_MAX, &v);
        h->origin.epoch = (uint32_t)v;
        return err;
    case 5:
        return wire_next_number(r, 0, INT64_MAX, &h->session);
    case 6:
        return wire_next_number(r, 1, INT64_MAX, &h->first_seq);
    case 7:
        err = wire_next_number(r, 1, BATCH_ENTRIES_MAX, &v);
        h->count = (int32_t)v;
        return err;
    case 8:
        err = wire_next_string(r, WIRE_BYTES, sizeof(h->head_hash), &item);
        if (err < 0 || item.len != sizeof(h->head_hash))
            return -EBADMSG;
        memcpy(h->head_hash, item.bytes, item.len);
        return 0;
    case 9:
        err = wire_next_number(r, 0, BATCH_CONTEXT_MAX, &v);
        h->context = (int32_t)v;
        return err;
    case 10:
        err = wire_next_string(r, WIRE_BYTES, sizeof(h->prev), &item);
        if (err < 0 || item.len != sizeof(h->prev))
            return -EBADMSG;
        h->has_prev = true;
        memcpy(h->prev, item.bytes, item.len);
        return 0;
    default: /* of a newer release, and of no weight for this one: it would have a new wire else */
        err = wire_next(r, &item);
        return err == 0 && (item.type == WIRE_ARRAY || item.type == WIRE_MAP) ? -EBADMSG : err;
    }
}

static int broken(struct diag *reterr, const char *where)
{
    diag_set(reterr, 0, "%s", where);
    return -EBADMSG;
}

#define PAIRS_MAX 16
#define KEYS 0x1fe /* 1 to 8 */

int batch_head_read(struct wire_reader *r, struct batch_head *ret, struct diag *reterr)
{
    assert(r && ret);
    size_t pairs = 0;
    if (wire_next_count(r, WIRE_MAP, PAIRS_MAX, &pairs) < 0)
        return broken(reterr, "no head");
    struct batch_head h = {.wire = 0};
    unsigned found = 0;
    int64_t before = 0;
    for (; pairs > 0; pairs--) {
        int64_t key = 0;
        if (wire_next_number(r, before + 1, INT32_MAX, &key) < 0 || read_pair(r, key, &h) < 0)
            return broken(reterr, "head of the batch");
        found |= key < 16 ? 1U << key : 0;
        before = key;
    }
    if ((found & KEYS) != KEYS)
        return broken(reterr, "head of the batch is not whole");
    int err = batch_head_check(&h, reterr);
    if (err == 0 || err == -EPROTO)
        *ret = h;
    return err;
}
