/* SPDX-License-Identifier: Apache-2.0 */
#include "notice.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "text.h"
#include "wire_item.h"

enum { TENANT = 1, DEVICE, EPOCH, SESSION, ENTRIES };
#define KEYS 0x3e /* 1 to 5 */
#define PAIRS_MAX 16

size_t notice_write(const struct notice *n, uint8_t buf[NOTICE_MAX])
{
    assert(n && buf && n->count >= 1 && n->count <= NOTICE_ENTRIES_MAX);
    assert(origin_check(&n->origin, NULL) == 0 && n->session >= 0);
    buf[0] = NOTICE_FORMAT;
    struct wire_writer w = {buf + 1, 0, NOTICE_MAX - 1};
    wire_put_map(&w, ENTRIES);
    wire_put_number(&w, TENANT);
    wire_put_text(&w, n->origin.tenant, strlen(n->origin.tenant));
    wire_put_number(&w, DEVICE);
    wire_put_text(&w, n->origin.device, strlen(n->origin.device));
    wire_put_number(&w, EPOCH);
    wire_put_number(&w, n->origin.epoch);
    wire_put_number(&w, SESSION);
    wire_put_number(&w, n->session);
    wire_put_number(&w, ENTRIES);
    wire_put_array(&w, n->count);
    for (size_t i = 0; i < n->count; i++) {
        assert(n->entries[i].len >= 1 && n->entries[i].len <= ENTRY_ENCODED_MAX);
        wire_put_bytes(&w, n->entries[i].bytes, n->entries[i].len);
    }
    return 1 + w.len;
}

static int take_name(struct wire_reader *r, char *ret, size_t size)
{
    struct wire_item item;
    int err = wire_next_string(r, WIRE_TEXT, size - 1, &item);
    return err == 0 && text_copy_n(ret, size, (const char *)item.bytes, item.len) == 0 ? 0
                                                                                       : -EBADMSG;
}

static int take_entries(struct wire_reader *r, struct notice *n)
{
    int err = wire_next_count(r, WIRE_ARRAY, NOTICE_ENTRIES_MAX, &n->count);
    for (size_t i = 0; err == 0 && i < n->count; i++) {
        struct wire_item item;
        err = wire_next_string(r, WIRE_BYTES, ENTRY_ENCODED_MAX, &item);
        if (err == 0)
            n->entries[i] = (struct notice_entry){item.bytes, item.len};
    }
    return err;
}

static int take_pair(struct wire_reader *r, int64_t key, struct notice *n)
{
    int64_t v = 0;
    int err = 0;
    switch (key) {
    case TENANT:
        return take_name(r, n->origin.tenant, sizeof(n->origin.tenant));
    case DEVICE:
        return take_name(r, n->origin.device, sizeof(n->origin.device));
    case EPOCH:
        err = wire_next_number(r, 1, UINT32_MAX, &v);
        n->origin.epoch = (uint32_t)v;
        return err;
    case SESSION:
        return wire_next_number(r, 0, INT64_MAX, &n->session);
    case ENTRIES:
        return take_entries(r, n);
    default:
        return wire_skip(r);
    }
}

static int broken(struct diag *reterr, const char *what)
{
    diag_set(reterr, 0, "%s", what);
    return -EBADMSG;
}

/* The pairs, keys ascending. */
static int read_pairs(struct wire_reader *r, struct notice *n, struct diag *reterr)
{
    size_t pairs = 0;
    unsigned found = 0;
    int64_t before = 0;
    if (wire_next_count(r, WIRE_MAP, PAIRS_MAX, &pairs) < 0)
        return broken(reterr, "no notice");
    for (; pairs > 0; pairs--) {
        int64_t key = 0;
        if (wire_next_number(r, before + 1, INT32_MAX, &key) < 0 || take_pair(r, key, n) < 0)
            return broken(reterr, "a pair of the notice");
        found |= key <= ENTRIES ? 1U << key : 0;
        before = key;
    }
    if (found != KEYS || n->count == 0 || r->left > 0)
        return broken(reterr, "the notice is not whole, or more follows");
    return origin_check(&n->origin, reterr) < 0 ? -EBADMSG : 0;
}

static int check_entries(const struct notice *n, struct diag *reterr)
{
    int64_t before = 0;
    for (size_t i = 0; i < n->count; i++) {
        struct entry e;
        int err = entry_decode(n->entries[i].bytes, n->entries[i].len, &e);
        if (err == 0)
            err = entry_check(&e, reterr);
        if (err == -EPROTO)
            return err;
        if (err < 0 || e.seq <= before) {
            diag_set(reterr, 0, "entry %zu, behind %" PRId64 ", is none, or out of its order",
                     i + 1, before);
            return -EBADMSG;
        }
        before = e.seq;
    }
    return 0;
}

int notice_read(const uint8_t *bytes, size_t len, struct notice *ret, notice_entry_fn on_entry,
                void *context, struct diag *reterr)
{
    assert((bytes || len == 0) && ret);
    if (len < 2 || len > NOTICE_MAX || bytes[0] != NOTICE_FORMAT)
        return broken(reterr, "no notice");
    struct wire_reader r = {bytes + 1, len - 1};
    struct notice n = {.count = 0};
    int err = read_pairs(&r, &n, reterr);
    if (err == 0)
        err = check_entries(&n, reterr);
    if (err < 0)
        return err;
    *ret = n;
    for (size_t i = 0; on_entry && err == 0 && i < n.count; i++) {
        struct entry e;
        err = entry_decode(n.entries[i].bytes, n.entries[i].len, &e); /* as above: it decodes */
        if (err == 0)
            err = on_entry(&e, n.entries[i].bytes, n.entries[i].len, context);
    }
    return err;
}
