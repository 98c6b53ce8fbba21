/* SPDX-License-Identifier: Apache-2.0 */
#include "entry_codec.h"

#include <assert.h>
#include <cbor.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "civil.h"

static size_t put_number(int64_t v, uint8_t *at, size_t room)
{
    return v >= 0 ? cbor_encode_uint((uint64_t)v, at, room)
                  : cbor_encode_negint((uint64_t)(-(v + 1)), at, room); /* -1 - n, section 3.1 */
}

static size_t put_field(const struct entry *e, const struct entry_field *f, uint8_t *at,
                        size_t room)
{
    size_t n = cbor_encode_uint((uint64_t)f->id, at, room);
    const char *field = (const char *)e + f->offset;
    size_t len = 0;
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64:
        return n + put_number(entry_field_number(e, f), at + n, room - n);
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT:
        len = strnlen(field, f->size - 1);
        n += cbor_encode_string_start(len, at + n, room - n);
        break;
    case ENTRY_FIELD_BYTES:
        len = *(const uint16_t *)((const char *)e + f->len_offset);
        assert(len <= f->size);
        n += cbor_encode_bytestring_start(len, at + n, room - n);
        break;
    }
    assert(len <= room - n);
    memcpy(at + n, field, len);
    return n + len;
}

size_t entry_encode(const struct entry *e, uint8_t buf[ENTRY_ENCODED_MAX])
{
    assert(e && buf);
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    size_t present = 0;
    for (size_t i = 0; i < count; i++)
        present += entry_field_present(e, &fields[i]);
    size_t n = cbor_encode_map_start(present, buf, ENTRY_ENCODED_MAX);
    for (size_t i = 0; i < count; i++)
        if (entry_field_present(e, &fields[i]))
            n += put_field(e, &fields[i], buf + n, ENTRY_ENCODED_MAX - n);
    return n;
}

/* One data item as libcbor's stream decoder reports it. */
struct item {
    enum { ITEM_OTHER, ITEM_NUMBER, ITEM_STRING, ITEM_BYTES, ITEM_MAP } type;
    bool negative;
    uint64_t number; /* value, or the count of a map */
    const uint8_t *bytes;
    size_t len;
};

static void on_u8(void *c, uint8_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v};
}

static void on_u16(void *c, uint16_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v};
}

static void on_u32(void *c, uint32_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v};
}

static void on_u64(void *c, uint64_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v};
}

static void on_n8(void *c, uint8_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v, .negative = true};
}

static void on_n16(void *c, uint16_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v, .negative = true};
}

static void on_n32(void *c, uint32_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v, .negative = true};
}

static void on_n64(void *c, uint64_t v)
{
    *(struct item *)c = (struct item){.type = ITEM_NUMBER, .number = v, .negative = true};
}

static void on_string(void *c, cbor_data bytes, size_t len)
{
    *(struct item *)c = (struct item){.type = ITEM_STRING, .bytes = bytes, .len = len};
}

static void on_bytes(void *c, cbor_data bytes, size_t len)
{
    *(struct item *)c = (struct item){.type = ITEM_BYTES, .bytes = bytes, .len = len};
}

static void on_map(void *c, size_t pairs)
{
    *(struct item *)c = (struct item){.type = ITEM_MAP, .number = pairs};
}

/* The next item of *bytes, which moves behind it. -EBADMSG for what no entry holds. */
static int next_item(const uint8_t **bytes, size_t *len, struct item *ret)
{
    struct cbor_callbacks on = cbor_empty_callbacks; /* other types leave ITEM_OTHER */
    on.uint8 = on_u8;
    on.uint16 = on_u16;
    on.uint32 = on_u32;
    on.uint64 = on_u64;
    on.negint8 = on_n8;
    on.negint16 = on_n16;
    on.negint32 = on_n32;
    on.negint64 = on_n64;
    on.string = on_string;
    on.byte_string = on_bytes;
    on.map_start = on_map;

    *ret = (struct item){.type = ITEM_OTHER};
    struct cbor_decoder_result r = cbor_stream_decode(*bytes, *len, &on, ret);
    if (r.status != CBOR_DECODER_FINISHED || ret->type == ITEM_OTHER)
        return -EBADMSG;
    *bytes += r.read;
    *len -= r.read;
    return 0;
}

static int take_number(const struct item *item, const struct entry_field *f, struct entry *e)
{
    if (item->type != ITEM_NUMBER || item->number > INT64_MAX)
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

static int take_field(const struct item *item, const struct entry_field *f, struct entry *e)
{
    char *field = (char *)e + f->offset;
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64:
        return take_number(item, f, e);
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT:
        if (item->type != ITEM_STRING || item->len >= f->size ||
            memchr(item->bytes, '\0', item->len))
            return -EBADMSG;
        memcpy(field, item->bytes, item->len);
        field[item->len] = '\0';
        return 0;
    case ENTRY_FIELD_BYTES:
        if (item->type != ITEM_BYTES || item->len > f->size)
            return -EBADMSG;
        memcpy(field, item->bytes, item->len);
        *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)item->len;
        return 0;
    }
    return -EBADMSG;
}

static const struct entry_field *field_by_id(uint64_t id)
{
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (size_t i = 0; i < count; i++)
        if ((uint64_t)fields[i].id == id)
            return &fields[i];
    return NULL;
}

int entry_decode(const uint8_t *bytes, size_t len, struct entry *ret)
{
    assert(bytes && ret);
    const uint8_t *at = bytes;
    size_t left = len;
    struct item item;
    int err = next_item(&at, &left, &item);
    if (err < 0 || item.type != ITEM_MAP)
        return -EBADMSG;

    struct entry e = entry_new(ENTRY_OPENED);
    e.kind = 0; /* its column brings it */
    bool unknown = false;
    for (uint64_t pairs = item.number; pairs > 0; pairs--) {
        err = next_item(&at, &left, &item);
        if (err < 0 || item.type != ITEM_NUMBER || item.negative)
            return -EBADMSG;
        const struct entry_field *f = field_by_id(item.number);
        unknown = unknown || !f;
        err = next_item(&at, &left, &item);
        if (err == 0 && f)
            err = take_field(&item, f, &e);
        if (err < 0)
            return err;
    }
    if (left > 0)
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
