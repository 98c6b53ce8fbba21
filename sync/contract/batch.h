/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch.h -- consecutive entries of one epoch as one payload. It carries no hash an entry,
 * as they do not compress: the head's hash is the chain after the last one, and whoever decodes
 * recomputes the chain over the canonical bytes that each entry comes with. Pure; an encoder and a
 * decoder own the memory that they work in, taken once.
 *
 *   byte 0   format
 *            1  the columns (batch_column.h)
 *            2  number of the dictionary, 0: none; then a zstd frame of the columns that names its
 *               plain size
 *            3  from wire 2 on: the head (batch_head.h), then as a byte string what could not be
 *               foreseen of the entries from those before them (batch_walk.h)
 *            '{' JSON lines, for debugging, one object a line: the head, then the entries
 *
 * A batch of format 3 says how many entries before it have to be known: both ends have them, the
 * one in its journal, the other in its store (batch_context.h).
 *
 * What a peer can send is bounded by the maxima below, whatever its bytes claim. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "batch_context.h"
#include "diag.h"
#include "entry.h"
#include "entry_codec.h"
#include "origin.h"

#define BATCH_ENTRIES_MAX 512
#define BATCH_PLAIN_MAX (1 << 20) /* the columns: any 512 entries fit */
#define BATCH_BYTES_MAX                                                                            \
    (BATCH_PLAIN_MAX + 2) /* a payload; what did not shrink goes as format 1                       \
                           */
#define BATCH_HASH_SIZE 32
#define BATCH_PREV_SIZE 8
#define BATCH_PREDICTED_WIRE 2 /* the first wire version that has it */

enum batch_format {
    BATCH_COLUMNS = 1,
    BATCH_ZSTD = 2,
    BATCH_PREDICTED = 3,
    BATCH_JSON = '{',
};

struct batch_head {
    int wire; /* version, see wire.h */
    struct origin origin;
    int64_t session;
    int64_t first_seq; /* 1 or more; the entries are first_seq, first_seq + 1, ... */
    int32_t count;     /* 1 to BATCH_ENTRIES_MAX */
    uint8_t head_hash[BATCH_HASH_SIZE]; /* the chain after the last entry */
    int32_t context; /* entries before first_seq that have to be known; set by who encodes */
    bool has_prev;
    uint8_t prev[BATCH_PREV_SIZE]; /* how the chain before first_seq begins: the same history? */
};

struct batch_encoder;

/* Takes all memory that encoding needs: see tests/bench/README.md for how much. -ENOMEM. */
NODISCARD int batch_encoder_new(struct batch_encoder **ret);
void batch_encoder_free(struct batch_encoder *x); /* NULL is fine */
DEFINE_AUTO(batch_encoder);

/* What BATCH_PREDICTED foresees entries from, and which then stands behind them. When it does not
 * stand at head->first_seq, a batch begins without a context. Lives as long as x. */
struct batch_context *batch_encoder_context(struct batch_encoder *x);

/* Encodes head->count entries, which must be those that the head says (their seq are looked at) and
 * within the ranges of struct entry. BATCH_ZSTD falls back to BATCH_COLUMNS where that is shorter.
 * BATCH_PREDICTED needs head->wire 2 or more.
 * *ret_bytes is borrowed until the next call on x.
 *   -EINVAL  head and entries do not fit each other, or a wire version that is not spoken
 *   -ENOSPC  JSON only: more than BATCH_BYTES_MAX; send fewer
 *   -ENOMEM  JSON only */
NODISCARD int batch_encode(struct batch_encoder *x, enum batch_format format,
                           const struct batch_head *head, const struct entry *entries,
                           const uint8_t **ret_bytes, size_t *ret_len);

struct batch_decoder;

NODISCARD int batch_decoder_new(struct batch_decoder **ret); /* -ENOMEM */
void batch_decoder_free(struct batch_decoder *x);            /* NULL is fine */
DEFINE_AUTO(batch_decoder);

/* `raw` are the entry's canonical bytes, for the chain; all is borrowed for the call. Non-zero
 * stops the decoding and is passed on. */
typedef int (*batch_entry_fn)(const struct entry *e, const uint8_t *raw, size_t raw_len,
                              void *context);

/* Reads one payload: first all of it into x, then on_entry for each entry in order of seq, so that
 * nothing is handed out of a payload that turns out to be broken. on_entry may be NULL: only the
 * head is wanted. The entries are of the right types and sizes; whether they make sense is for
 * entry_check(), and whether they are the journal's, for the chain.
 *   -EBADMSG  broken; *reterr says where
 *   -ENODATA  entries before it have to be known: batch_decode_known()
 *   -EPROTO   a format, dictionary, wire version or column of a newer release: NACK schema. *reterr
 *             says which. *ret_head is filled where it could be read (its count is else 0)
 *   -ENOMEM   JSON only */
NODISCARD int batch_decode(struct batch_decoder *x, const uint8_t *bytes, size_t len,
                           struct batch_head *ret_head, batch_entry_fn on_entry, void *context,
                           struct diag *reterr);

/* The same, for batches that need entries before them: those that `known` was given. It then stands
 * behind the batch. NULL: none are known.
 *   -ENODATA  it does not stand where the batch needs it: *ret_head says where. Have it begin at
 *             first_seq - context, give it the entries up to first_seq, and decode again. */
NODISCARD int batch_decode_known(struct batch_decoder *x, struct batch_context *known,
                                 const uint8_t *bytes, size_t len, struct batch_head *ret_head,
                                 batch_entry_fn on_entry, void *context, struct diag *reterr);

/* 1 and the head, when that can be read without knowing any entries before the batch: format 3. 0
 * for others and for what is broken: decode them. */
NODISCARD int batch_peek(const uint8_t *bytes, size_t len, struct batch_head *ret_head);

/* Bytes that they take, zstd's contexts included. */
size_t batch_encoder_bytes(const struct batch_encoder *x);
size_t batch_decoder_bytes(const struct batch_decoder *x);
