/* SPDX-License-Identifier: Apache-2.0 */
#include "chunk.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "text.h"
#include "wire_item.h"

int32_t chunk_total(size_t packed_bytes)
{
    size_t total = (packed_bytes + CHUNK_DATA_MAX - 1) / CHUNK_DATA_MAX;
    return packed_bytes > 0 && total <= CHUNK_TOTAL_MAX ? (int32_t)total : 0;
}

void chunk_cut(const uint8_t *packed, size_t len, int32_t number, struct chunk *chunk)
{
    assert(packed && chunk && number >= 0 && number < chunk_total(len));
    size_t at = (size_t)number * CHUNK_DATA_MAX;
    chunk->number = number;
    chunk->total = chunk_total(len);
    chunk->bytes = (int64_t)len;
    chunk->data = packed + at;
    chunk->data_len = len - at < CHUNK_DATA_MAX ? len - at : CHUNK_DATA_MAX;
}

size_t chunk_encode(const struct chunk *chunk, uint8_t buf[CHUNK_MAX])
{
    assert(chunk && buf && chunk->data && chunk->data_len <= CHUNK_DATA_MAX);
    buf[0] = CHUNK_FORMAT;
    struct wire_writer w = {buf, 1, CHUNK_MAX};
    wire_put_array(&w, 10);
    wire_put_number(&w, chunk->wire);
    wire_put_number(&w, chunk->session);
    wire_put_text(&w, chunk->type, strlen(chunk->type));
    wire_put_number(&w, chunk->version);
    wire_put_number(&w, chunk->from_version);
    wire_put_number(&w, chunk->number);
    wire_put_number(&w, chunk->total);
    wire_put_bytes(&w, chunk->sha256, sizeof(chunk->sha256));
    wire_put_number(&w, chunk->bytes);
    wire_put_bytes(&w, chunk->data, chunk->data_len);
    return w.len;
}

static int broken(struct diag *reterr, const char *what)
{
    diag_set(reterr, 0, "chunk: %s", what);
    return -EBADMSG;
}

static int take_type(struct wire_reader *r, char ret[CONTROL_TYPE_SIZE])
{
    struct wire_item item;
    if (wire_next_string(r, WIRE_TEXT, CONTROL_TYPE_SIZE - 1, &item) < 0 || item.len == 0 ||
        text_copy_n(ret, CONTROL_TYPE_SIZE, (const char *)item.bytes, item.len) < 0)
        return -EBADMSG;
    return strspn(ret, "abcdefghijklmnopqrstuvwxyz0123456789_-") == item.len ? 0 : -EBADMSG;
}

static int take_numbers(struct wire_reader *r, struct chunk *c)
{
    int64_t number = 0;
    int64_t total = 0;
    if (wire_next_number(r, 1, CONTROL_NUMBER_MAX, &c->version) < 0 ||
        wire_next_number(r, 0, CONTROL_NUMBER_MAX, &c->from_version) < 0 ||
        wire_next_number(r, 0, CHUNK_TOTAL_MAX - 1, &number) < 0 ||
        wire_next_number(r, number + 1, CHUNK_TOTAL_MAX, &total) < 0)
        return -EBADMSG;
    c->number = (int32_t)number;
    c->total = (int32_t)total;
    return 0;
}

static int take_data(struct wire_reader *r, struct chunk *c)
{
    struct wire_item digest;
    struct wire_item data;
    if (wire_next_string(r, WIRE_BYTES, sizeof(c->sha256), &digest) < 0 ||
        digest.len != sizeof(c->sha256) ||
        wire_next_number(r, 1, (int64_t)CHUNK_TOTAL_MAX * CHUNK_DATA_MAX, &c->bytes) < 0 ||
        wire_next_string(r, WIRE_BYTES, CHUNK_DATA_MAX, &data) < 0)
        return -EBADMSG;
    memcpy(c->sha256, digest.bytes, digest.len);
    c->data = data.bytes;
    c->data_len = data.len;
    return 0;
}

/* Every chunk says how many there are and how long all are: it must be the right piece of that. */
static bool is_piece(const struct chunk *c)
{
    int64_t before = (int64_t)c->number * CHUNK_DATA_MAX;
    int64_t left = c->bytes - before;
    return chunk_total((size_t)c->bytes) == c->total &&
           (int64_t)c->data_len == (left < CHUNK_DATA_MAX ? left : CHUNK_DATA_MAX);
}

int chunk_decode(const uint8_t *bytes, size_t len, struct chunk *ret, struct diag *reterr)
{
    assert((bytes || len == 0) && ret);
    if (len == 0 || len > CHUNK_MAX || bytes[0] != CHUNK_FORMAT)
        return broken(reterr, "not one by its first byte or length");
    struct wire_reader r = {bytes + 1, len - 1};
    size_t items = 0;
    int64_t wire = 0;
    if (wire_next_count(&r, WIRE_ARRAY, 64, &items) < 0 || items < 10 ||
        wire_next_number(&r, 1, INT32_MAX, &wire) < 0)
        return broken(reterr, "cut");
    struct wire_range spoken = wire_range(WIRE_VERSION);
    if (wire < spoken.oldest || wire > spoken.newest) {
        diag_set(reterr, 0, "chunk: wire version %d: this release speaks %d to %d", (int)wire,
                 spoken.oldest, spoken.newest);
        return -EPROTO;
    }
    struct chunk c = {.wire = (int)wire};
    if (items != 10 || wire_next_number(&r, 0, CONTROL_NUMBER_MAX, &c.session) < 0)
        return broken(reterr, "session");
    if (take_type(&r, c.type) < 0)
        return broken(reterr, "type");
    if (take_numbers(&r, &c) < 0)
        return broken(reterr, "version, number or total");
    if (take_data(&r, &c) < 0 || r.left > 0)
        return broken(reterr, "digest, bytes or data");
    if (!is_piece(&c))
        return broken(reterr, "number, total and lengths do not fit each other");
    *ret = c;
    return 0;
}
