/* SPDX-License-Identifier: Apache-2.0 */
#include "wire_item.h"

#include <assert.h>
#include <cbor.h>
#include <errno.h>
#include <string.h>

static void on_number(void *c, uint64_t v)
{
    *(struct wire_item *)c = (struct wire_item){.type = WIRE_NUMBER, .number = v};
}

static void on_negative(void *c, uint64_t v)
{
    *(struct wire_item *)c = (struct wire_item){.type = WIRE_NUMBER, .number = v, .negative = true};
}

static void on_u8(void *c, uint8_t v)
{
    on_number(c, v);
}

static void on_u16(void *c, uint16_t v)
{
    on_number(c, v);
}

static void on_u32(void *c, uint32_t v)
{
    on_number(c, v);
}

static void on_n8(void *c, uint8_t v)
{
    on_negative(c, v);
}

static void on_n16(void *c, uint16_t v)
{
    on_negative(c, v);
}

static void on_n32(void *c, uint32_t v)
{
    on_negative(c, v);
}

static void on_text(void *c, cbor_data bytes, size_t len)
{
    *(struct wire_item *)c = (struct wire_item){.type = WIRE_TEXT, .bytes = bytes, .len = len};
}

static void on_bytes(void *c, cbor_data bytes, size_t len)
{
    *(struct wire_item *)c = (struct wire_item){.type = WIRE_BYTES, .bytes = bytes, .len = len};
}

static void on_array(void *c, size_t items)
{
    *(struct wire_item *)c = (struct wire_item){.type = WIRE_ARRAY, .number = items};
}

static void on_map(void *c, size_t pairs)
{
    *(struct wire_item *)c = (struct wire_item){.type = WIRE_MAP, .number = pairs};
}

/* What leaves WIRE_OTHER is listed too: libcbor calls whatever it meets. */
static const struct cbor_callbacks on_item = {
    .uint8 = on_u8,
    .uint16 = on_u16,
    .uint32 = on_u32,
    .uint64 = on_number,
    .negint8 = on_n8,
    .negint16 = on_n16,
    .negint32 = on_n32,
    .negint64 = on_negative,
    .byte_string_start = cbor_null_byte_string_start_callback,
    .byte_string = on_bytes,
    .string = on_text,
    .string_start = cbor_null_string_start_callback,
    .indef_array_start = cbor_null_indef_array_start_callback,
    .array_start = on_array,
    .indef_map_start = cbor_null_indef_map_start_callback,
    .map_start = on_map,
    .tag = cbor_null_tag_callback,
    .float2 = cbor_null_float2_callback,
    .float4 = cbor_null_float4_callback,
    .float8 = cbor_null_float8_callback,
    .undefined = cbor_null_undefined_callback,
    .null = cbor_null_null_callback,
    .boolean = cbor_null_boolean_callback,
    .indef_break = cbor_null_indef_break_callback,
};

int wire_next(struct wire_reader *r, struct wire_item *ret)
{
    assert(r && ret);
    struct wire_item item = {.type = WIRE_OTHER};
    struct cbor_decoder_result d = cbor_stream_decode(r->at, r->left, &on_item, &item);
    if (d.status != CBOR_DECODER_FINISHED || item.type == WIRE_OTHER)
        return -EBADMSG;
    r->at += d.read;
    r->left -= d.read;
    *ret = item;
    return 0;
}

int wire_next_number(struct wire_reader *r, int64_t min, int64_t max, int64_t *ret)
{
    struct wire_item item;
    if (wire_next(r, &item) < 0 || item.type != WIRE_NUMBER || item.number > INT64_MAX)
        return -EBADMSG;
    int64_t v = item.negative ? -1 - (int64_t)item.number : (int64_t)item.number;
    if (v < min || v > max)
        return -EBADMSG;
    *ret = v;
    return 0;
}

int wire_next_count(struct wire_reader *r, enum wire_item_type type, size_t max, size_t *ret)
{
    assert(type == WIRE_ARRAY || type == WIRE_MAP);
    struct wire_item item;
    if (wire_next(r, &item) < 0 || item.type != type || item.number > max)
        return -EBADMSG;
    *ret = (size_t)item.number;
    return 0;
}

int wire_next_string(struct wire_reader *r, enum wire_item_type type, size_t max,
                     struct wire_item *ret)
{
    assert(type == WIRE_TEXT || type == WIRE_BYTES);
    struct wire_item item;
    if (wire_next(r, &item) < 0 || item.type != type || item.len > max)
        return -EBADMSG;
    *ret = item;
    return 0;
}

int wire_skip(struct wire_reader *r)
{
    for (size_t left = 1; left > 0; left--) {
        struct wire_item item;
        if (wire_next(r, &item) < 0)
            return -EBADMSG;
        size_t each = item.type == WIRE_ARRAY ? 1 : item.type == WIRE_MAP ? 2 : 0;
        if (each > 0 && item.number > r->left) /* an item takes a byte at least */
            return -EBADMSG;
        left += each > 0 ? each * (size_t)item.number : 0;
    }
    return 0;
}

static void took(struct wire_writer *w, size_t n)
{
    assert(n > 0); /* libcbor says 0 when there is no room */
    w->len += n;
}

static void put(struct wire_writer *w, const void *bytes, size_t len)
{
    assert(len <= w->room - w->len);
    if (len > 0)
        memcpy(w->at + w->len, bytes, len);
    w->len += len;
}

void wire_put_number(struct wire_writer *w, int64_t v)
{
    uint8_t *at = w->at + w->len;
    size_t room = w->room - w->len;
    took(w, v >= 0 ? cbor_encode_uint((uint64_t)v, at, room)
                   : cbor_encode_negint((uint64_t)(-(v + 1)), at, room)); /* RFC 8949, 3.1 */
}

void wire_put_array(struct wire_writer *w, size_t items)
{
    took(w, cbor_encode_array_start(items, w->at + w->len, w->room - w->len));
}

void wire_put_map(struct wire_writer *w, size_t pairs)
{
    took(w, cbor_encode_map_start(pairs, w->at + w->len, w->room - w->len));
}

void wire_put_text(struct wire_writer *w, const char *text, size_t len)
{
    took(w, cbor_encode_string_start(len, w->at + w->len, w->room - w->len));
    put(w, text, len);
}

void wire_put_bytes(struct wire_writer *w, const void *bytes, size_t len)
{
    took(w, cbor_encode_bytestring_start(len, w->at + w->len, w->room - w->len));
    put(w, bytes, len);
}
