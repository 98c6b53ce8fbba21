/* SPDX-License-Identifier: Apache-2.0 */
#include "entry_codec.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "wire_item.h"

static void put_field(const struct entry *e, const struct entry_field *f, struct wire_writer *w)
{
    wire_put_number(w, f->id);
    const char *field = (const char *)e + f->offset;
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64:
        wire_put_number(w, entry_field_number(e, f));
        return;
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT:
        wire_put_text(w, field, strnlen(field, f->size - 1));
        return;
    case ENTRY_FIELD_BYTES: {
        size_t len = *(const uint16_t *)((const char *)e + f->len_offset);
        assert(len <= f->size);
        wire_put_bytes(w, field, len);
        return;
    }
    }
}

size_t entry_encode(const struct entry *e, uint8_t buf[ENTRY_ENCODED_MAX])
{
    assert(e && buf);
    uint64_t columns = entry_present(e);
    struct wire_writer w = {buf, 0, ENTRY_ENCODED_MAX};
    wire_put_map(&w, (size_t)__builtin_popcountll(columns));
    for (; columns != 0; columns &= columns - 1)
        put_field(e, entry_field_of(__builtin_ctzll(columns)), &w);
    return w.len;
}

static int take_number(const struct wire_item *item, const struct entry_field *f, struct entry *e)
{
    if (item->type != WIRE_NUMBER || item->number > INT64_MAX)
        return -EBADMSG;
    int64_t v = item->negative ? -1 - (int64_t)item->number : (int64_t)item->number;
    char *field = (char *)e + f->offset;
    if (f->type == ENTRY_FIELD_I64) {
        *(int64_t *)field = v;
        return 0;
    }
    if (v < INT32_MIN || v > INT32_MAX)
        return -EBADMSG;
    *(int32_t *)field = (int32_t)v;
    return 0;
}

static int take_field(const struct wire_item *item, const struct entry_field *f, struct entry *e)
{
    char *field = (char *)e + f->offset;
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64:
        return take_number(item, f, e);
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT:
        if (item->type != WIRE_TEXT || item->len >= f->size || memchr(item->bytes, '\0', item->len))
            return -EBADMSG;
        memcpy(field, item->bytes, item->len);
        field[item->len] = '\0';
        return 0;
    case ENTRY_FIELD_BYTES:
        if (item->type != WIRE_BYTES || item->len > f->size)
            return -EBADMSG;
        memcpy(field, item->bytes, item->len);
        *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)item->len;
        return 0;
    }
    return -EBADMSG;
}

int entry_decode(const uint8_t *bytes, size_t len, struct entry *ret)
{
    assert(bytes && ret);
    struct wire_reader r = {bytes, len};
    size_t pairs = 0;
    if (wire_next_count(&r, WIRE_MAP, len, &pairs) < 0)
        return -EBADMSG;

    struct entry e = entry_new(ENTRY_OPENED);
    e.kind = 0; /* its column brings it */
    bool unknown = false;
    for (; pairs > 0; pairs--) {
        struct wire_item item;
        if (wire_next(&r, &item) < 0 || item.type != WIRE_NUMBER || item.negative)
            return -EBADMSG;
        const struct entry_field *f =
            item.number <= INT64_MAX ? entry_field_of((int64_t)item.number) : NULL;
        unknown = unknown || !f;
        int err = wire_next(&r, &item);
        if (err == 0 && (item.type == WIRE_ARRAY || item.type == WIRE_MAP))
            err = -EBADMSG;
        if (err == 0 && f)
            err = take_field(&item, f, &e);
        if (err < 0)
            return err;
    }
    if (r.left > 0)
        return -EBADMSG;
    if (unknown)
        return -EPROTO;

    /* Order, doubles, longer heads, encoded absences: whatever is not canonical differs here. */
    uint8_t again[ENTRY_ENCODED_MAX];
    if (entry_encode(&e, again) != len || memcmp(again, bytes, len) != 0)
        return -EBADMSG;
    *ret = e;
    return 0;
}
