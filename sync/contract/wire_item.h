/* SPDX-License-Identifier: Apache-2.0 */
/* contract/wire_item.h -- the data items of CBOR (RFC 8949) that our payloads are made of, one
 * after the other, by libcbor. Floats, tags and items of endless length are no part of them. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

enum wire_item_type {
    WIRE_OTHER, /* well-formed, but nothing that we write */
    WIRE_NUMBER,
    WIRE_TEXT,
    WIRE_BYTES,
    WIRE_ARRAY, /* its items follow */
    WIRE_MAP,   /* its pairs follow */
};

struct wire_item {
    enum wire_item_type type;
    bool negative;
    uint64_t number; /* value, or -1 - value; or how many items or pairs follow */
    const uint8_t *bytes;
    size_t len;
};

struct wire_reader {
    const uint8_t *at;
    size_t left;
};

/* The next item. -EBADMSG: none, cut, or WIRE_OTHER. */
NODISCARD int wire_next(struct wire_reader *r, struct wire_item *ret);

/* The next item, which must be of that kind and in its range. -EBADMSG. */
NODISCARD int wire_next_number(struct wire_reader *r, int64_t min, int64_t max, int64_t *ret);
NODISCARD int wire_next_count(struct wire_reader *r, enum wire_item_type type, size_t max,
                              size_t *ret);
NODISCARD int wire_next_string(struct wire_reader *r, enum wire_item_type type, size_t max,
                               struct wire_item *ret);

/* Passes over one whole item with all that belongs to it. -EBADMSG: it is cut. */
NODISCARD int wire_skip(struct wire_reader *r);

/* Where to write; what does not fit is the caller's mistake. */
struct wire_writer {
    uint8_t *at;
    size_t len;
    size_t room;
};

#define WIRE_STRING_HEAD_MAX 9 /* bytes before those of a text or byte string */

void wire_put_number(struct wire_writer *w, int64_t v);
void wire_put_array(struct wire_writer *w, size_t items);
void wire_put_map(struct wire_writer *w, size_t pairs);
void wire_put_text(struct wire_writer *w, const char *text, size_t len);
void wire_put_bytes(struct wire_writer *w, const void *bytes, size_t len);
