/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "batch_column.h"
#include "batch_dictionary.h"
#include "batch_head.h"
#include "batch_json.h"
#include "batch_predicted.h"

/* Batches are short and the window bounds what both ends need: no more than any batch is long. */
#define LEVEL 15
#define WINDOW_LOG 17
#define PREFIX 2 /* format and dictionary */

struct batch_encoder {
    struct batch_work *work;
    struct batch_context *context;
    ZSTD_CCtx *zstd;
    uint8_t *plain;  /* PREFIX bytes before the columns, so that they can go as they are */
    uint8_t *packed; /* as long: what does not get shorter is not sent */
};

struct batch_decoder {
    struct batch_work *work;
    struct batch_context *context; /* of batches that need none of the caller */
    ZSTD_DCtx *zstd;
    ZSTD_DDict *dictionaries[BATCH_DICTIONARY_COUNT];
    uint8_t *plain;
    struct entry *entries;
};

/* ---- encoding ---- */

void batch_encoder_free(struct batch_encoder *x)
{
    if (!x)
        return;
    ZSTD_freeCCtx(x->zstd);
    batch_context_free(x->context);
    free(x->work);
    free(x->plain);
    free(x->packed);
    free(x);
}

static int set_up(ZSTD_CCtx *zstd)
{
    size_t len = 0;
    const uint8_t *dictionary = batch_dictionary(BATCH_DICTIONARY_NEWEST, &len);
    size_t done[] = {
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL),
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, WINDOW_LOG),
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_dictIDFlag, 0), /* it stands in byte 1 */
        ZSTD_CCtx_loadDictionary(zstd, dictionary, len),
    };
    for (size_t i = 0; i < ARRAY_LEN(done); i++)
        if (ZSTD_isError(done[i]))
            return -ENOMEM;
    return 0;
}

int batch_encoder_new(struct batch_encoder **ret)
{
    assert(ret);
    AUTO(batch_encoder) x = calloc(1, sizeof(*x));
    if (!x)
        return -ENOMEM;
    x->work = calloc(1, batch_work_size());
    x->zstd = ZSTD_createCCtx();
    x->plain = malloc(PREFIX + BATCH_PLAIN_MAX);
    x->packed = malloc(PREFIX + BATCH_PLAIN_MAX);
    if (!x->work || !x->zstd || !x->plain || !x->packed || set_up(x->zstd) < 0 ||
        batch_context_new(&x->context) < 0)
        return -ENOMEM;
    *ret = TAKE(x);
    return 0;
}

static int check_fit(enum batch_format format, const struct batch_head *head,
                     const struct entry *entries)
{
    if (batch_head_check(head, NULL) < 0)
        return -EINVAL;
    if (format == BATCH_PREDICTED && head->wire < BATCH_PREDICTED_WIRE)
        return -EINVAL;
    for (int32_t i = 0; i < head->count; i++)
        if (entries[i].seq != head->first_seq + i)
            return -EINVAL;
    return 0;
}

struct batch_context *batch_encoder_context(struct batch_encoder *x)
{
    assert(x);
    return x->context;
}

/* -ENOSPC when it is longer than plain bytes would be. */
static int encode_predicted(struct batch_encoder *x, const struct batch_head *head,
                            const struct entry *entries, const uint8_t **ret_bytes, size_t *ret_len)
{
    if (batch_context_next(x->context) != head->first_seq ||
        head->first_seq - batch_context_first(x->context) > BATCH_CONTEXT_MAX)
        batch_context_begin(x->context, head->first_seq);
    struct batch_head said = *head;
    said.context = (int32_t)(head->first_seq - batch_context_first(x->context));
    struct wire_writer w = {x->packed + 1, 0, BATCH_PLAIN_MAX};
    x->packed[0] = BATCH_PREDICTED;
    batch_head_write(&said, &w);
    size_t len = 0;
    size_t room = BATCH_PLAIN_MAX - w.len - WIRE_STRING_HEAD_MAX;
    int err = batch_predicted_write(x->context, entries, head->count, x->plain, room, &len);
    if (err < 0)
        return err;
    wire_put_bytes(&w, x->plain, len);
    *ret_bytes = x->packed;
    *ret_len = 1 + w.len;
    return 0;
}

int batch_encode(struct batch_encoder *x, enum batch_format format, const struct batch_head *head,
                 const struct entry *entries, const uint8_t **ret_bytes, size_t *ret_len)
{
    assert(x && head && entries && ret_bytes && ret_len);
    int err = check_fit(format, head, entries);
    if (err < 0)
        return err;
    if (format == BATCH_JSON) {
        err = batch_json_write(head, entries, x->plain, BATCH_PLAIN_MAX, ret_len);
        if (err == 0)
            *ret_bytes = x->plain;
        return err;
    }

    if (format == BATCH_PREDICTED) {
        err = encode_predicted(x, head, entries, ret_bytes, ret_len);
        if (err != -ENOSPC)
            return err;
        format = BATCH_ZSTD;
    }

    struct wire_writer w = {x->plain + PREFIX, 0, BATCH_PLAIN_MAX};
    batch_columns_write(x->work, head, entries, &w);
    x->packed[0] = BATCH_ZSTD;
    x->packed[1] = BATCH_DICTIONARY_NEWEST;
    size_t packed = 0;
    if (format == BATCH_ZSTD) /* what does not fit is longer than the columns are */
        packed = ZSTD_compress2(x->zstd, x->packed + PREFIX, w.len, w.at, w.len);
    if (format == BATCH_ZSTD && !ZSTD_isError(packed)) {
        *ret_bytes = x->packed;
        *ret_len = PREFIX + packed;
        return 0;
    }
    x->plain[1] = BATCH_COLUMNS;
    *ret_bytes = x->plain + 1;
    *ret_len = 1 + w.len;
    return 0;
}

size_t batch_encoder_bytes(const struct batch_encoder *x)
{
    return sizeof(*x) + batch_work_size() + batch_context_bytes() +
           2 * (size_t)(PREFIX + BATCH_PLAIN_MAX) + ZSTD_sizeof_CCtx(x->zstd);
}

/* ---- decoding ---- */

void batch_decoder_free(struct batch_decoder *x)
{
    if (!x)
        return;
    ZSTD_freeDCtx(x->zstd);
    for (size_t i = 0; i < BATCH_DICTIONARY_COUNT; i++)
        ZSTD_freeDDict(x->dictionaries[i]);
    batch_context_free(x->context);
    free(x->work);
    free(x->plain);
    free(x->entries);
    free(x);
}

int batch_decoder_new(struct batch_decoder **ret)
{
    assert(ret);
    AUTO(batch_decoder) x = calloc(1, sizeof(*x));
    if (!x)
        return -ENOMEM;
    x->work = calloc(1, batch_work_size());
    x->zstd = ZSTD_createDCtx();
    x->plain = malloc(BATCH_PLAIN_MAX);
    x->entries = calloc(BATCH_ENTRIES_MAX, sizeof(*x->entries));
    if (!x->work || !x->zstd || !x->plain || !x->entries || batch_context_new(&x->context) < 0)
        return -ENOMEM;
    for (int i = 1; i < BATCH_DICTIONARY_COUNT; i++) {
        size_t len = 0;
        const uint8_t *dictionary = batch_dictionary(i, &len);
        x->dictionaries[i] = ZSTD_createDDict(dictionary, len);
        if (!x->dictionaries[i])
            return -ENOMEM;
    }
    *ret = TAKE(x);
    return 0;
}

/* The columns out of format 2. Nothing is written before the frame has said how long they are. */
static int unpack(struct batch_decoder *x, const uint8_t *bytes, size_t len, size_t *ret_len,
                  struct diag *reterr)
{
    if (len <= PREFIX) {
        diag_set(reterr, 0, "%zu bytes: cut", len);
        return -EBADMSG;
    }
    if (bytes[1] >= BATCH_DICTIONARY_COUNT) {
        diag_set(reterr, 0, "dictionary %d is of a newer release", bytes[1]);
        return -EPROTO;
    }
    const uint8_t *frame = bytes + PREFIX;
    size_t frame_len = len - PREFIX;
    unsigned long long plain = ZSTD_getFrameContentSize(frame, frame_len);
    if (plain == ZSTD_CONTENTSIZE_ERROR || plain == ZSTD_CONTENTSIZE_UNKNOWN ||
        plain > BATCH_PLAIN_MAX) {
        diag_set(reterr, 0, "no zstd frame of at most %d bytes at byte %d", BATCH_PLAIN_MAX,
                 PREFIX);
        return -EBADMSG;
    }
    size_t got = ZSTD_findFrameCompressedSize(frame, frame_len);
    if (got != frame_len) {
        diag_set(reterr, 0, "the zstd frame does not end with the payload");
        return -EBADMSG;
    }
    got = ZSTD_decompress_usingDDict(x->zstd, x->plain, BATCH_PLAIN_MAX, frame, frame_len,
                                     x->dictionaries[bytes[1]]);
    if (ZSTD_isError(got)) {
        diag_set(reterr, 0, "zstd: %s", ZSTD_getErrorName(got));
        return -EBADMSG;
    }
    *ret_len = got;
    return 0;
}

/* Whether k stands where the batch begins, with as many entries as it wants; one that wants none
 * can begin anywhere. */
static bool stands_at(struct batch_context *k, const struct batch_head *h)
{
    if (h->context == 0)
        batch_context_begin(k, h->first_seq);
    return batch_context_next(k) == h->first_seq &&
           batch_context_first(k) == h->first_seq - h->context;
}

static int read_predicted(struct batch_decoder *x, struct batch_context *known,
                          const uint8_t *bytes, size_t len, struct batch_head *head,
                          struct diag *reterr)
{
    struct wire_reader r = {bytes + 1, len - 1};
    struct wire_item body;
    int err = batch_head_read(&r, head, reterr);
    if (err < 0)
        return err;
    if (wire_next_string(&r, WIRE_BYTES, BATCH_PLAIN_MAX, &body) < 0 || r.left > 0) {
        diag_set(reterr, 0, "the entries behind the head are cut, or more follows");
        return -EBADMSG;
    }
    struct batch_context *k = known ? known : x->context;
    if ((!known && head->context > 0) || !stands_at(k, head)) {
        diag_set(reterr, 0, "it needs the %" PRId32 " entries before %" PRId64, head->context,
                 head->first_seq);
        return -ENODATA;
    }
    err = batch_predicted_read(k, body.bytes, body.len, x->entries, head->count);
    if (err < 0)
        diag_set(reterr, 0,
                 "the entries are broken, or those known before them are not the journal's");
    return err;
}

static int read_payload(struct batch_decoder *x, struct batch_context *known, const uint8_t *bytes,
                        size_t len, struct batch_head *head, struct diag *reterr)
{
    if (len == 0 || len > BATCH_BYTES_MAX) {
        diag_set(reterr, 0, "%zu bytes: 1 to %d", len, BATCH_BYTES_MAX);
        return -EBADMSG;
    }
    size_t plain = 0;
    int err = 0;
    switch (bytes[0]) {
    case BATCH_JSON:
        return batch_json_read(bytes, len, head, x->entries, reterr);
    case BATCH_COLUMNS:
        return batch_columns_read(x->work, bytes + 1, len - 1, head, x->entries, reterr);
    case BATCH_ZSTD:
        err = unpack(x, bytes, len, &plain, reterr);
        return err < 0 ? err
                       : batch_columns_read(x->work, x->plain, plain, head, x->entries, reterr);
    case BATCH_PREDICTED:
        return read_predicted(x, known, bytes, len, head, reterr);
    default:
        diag_set(reterr, 0, "format %d is of a newer release", bytes[0]);
        return -EPROTO;
    }
}

int batch_decode_known(struct batch_decoder *x, struct batch_context *known, const uint8_t *bytes,
                       size_t len, struct batch_head *ret_head, batch_entry_fn on_entry,
                       void *context, struct diag *reterr)
{
    assert(x && (bytes || len == 0) && ret_head);
    struct batch_head head = {.count = 0};
    int err = read_payload(x, known, bytes, len, &head, reterr);
    if (err == 0 || err == -EPROTO || err == -ENODATA)
        *ret_head = head;
    if (err < 0)
        return err;
    for (int32_t i = 0; on_entry && err == 0 && i < head.count; i++) {
        uint8_t raw[ENTRY_ENCODED_MAX];
        size_t raw_len = entry_encode(&x->entries[i], raw);
        err = on_entry(&x->entries[i], raw, raw_len, context);
    }
    return err;
}

int batch_decode(struct batch_decoder *x, const uint8_t *bytes, size_t len,
                 struct batch_head *ret_head, batch_entry_fn on_entry, void *context,
                 struct diag *reterr)
{
    return batch_decode_known(x, NULL, bytes, len, ret_head, on_entry, context, reterr);
}

int batch_peek(const uint8_t *bytes, size_t len, struct batch_head *ret_head)
{
    assert((bytes || len == 0) && ret_head);
    if (len < 2 || bytes[0] != BATCH_PREDICTED)
        return 0;
    struct wire_reader r = {bytes + 1, len - 1};
    struct batch_head head;
    if (batch_head_read(&r, &head, NULL) < 0)
        return 0;
    *ret_head = head;
    return 1;
}

size_t batch_decoder_bytes(const struct batch_decoder *x)
{
    size_t n = sizeof(*x) + batch_work_size() + batch_context_bytes() + BATCH_PLAIN_MAX +
               BATCH_ENTRIES_MAX * sizeof(*x->entries) + ZSTD_sizeof_DCtx(x->zstd);
    for (size_t i = 0; i < BATCH_DICTIONARY_COUNT; i++)
        n += ZSTD_sizeof_DDict(x->dictionaries[i]);
    return n;
}
