/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever decodes encodes again, in each format that it fits, and decodes to the very same entries
 * and head, also behind entries that both ends know; bytes that do not decode hand out nothing, and
 * what decodes behind other entries than those that it was made behind is broken or other entries,
 * never more than that. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct entry entries[BATCH_ENTRIES_MAX];
static struct batch_encoder *encoder;
static struct batch_decoder *decoder;
static struct batch_context *known;

static void need(int ok)
{
    if (!ok)
        abort();
}

static int keep(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct entry back;
    need(entry_decode(raw, raw_len, &back) == 0); /* what the chain covers is canonical */
    int32_t *count = context;
    need(*count < BATCH_ENTRIES_MAX);
    entries[(*count)++] = *e;
    return 0;
}

static int compare(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    (void)e;
    const struct entry **want = context;
    uint8_t bytes[ENTRY_ENCODED_MAX];
    need(entry_encode((*want)++, bytes) == raw_len && memcmp(bytes, raw, raw_len) == 0);
    return 0;
}

static void again(const struct batch_head *head, enum batch_format format)
{
    const uint8_t *bytes = NULL;
    size_t len = 0;
    batch_context_begin(batch_encoder_context(encoder), head->first_seq);
    need(batch_encode(encoder, format, head, entries, &bytes, &len) == 0);
    need(len <= BATCH_BYTES_MAX);
    struct batch_head back;
    const struct entry *want = entries;
    need(batch_decode(decoder, bytes, len, &back, compare, &want, NULL) == 0);
    need(want == entries + head->count && back.first_seq == head->first_seq &&
         back.session == head->session && back.origin.epoch == head->origin.epoch &&
         strcmp(back.origin.tenant, head->origin.tenant) == 0 &&
         strcmp(back.origin.device, head->origin.device) == 0 &&
         memcmp(back.head_hash, head->head_hash, BATCH_HASH_SIZE) == 0);
}

/* The first half is known, the second is the batch. */
static void again_behind(const struct batch_head *head)
{
    int32_t half = head->count / 2;
    struct batch_head rest = *head;
    rest.first_seq += half;
    rest.count -= half;
    rest.wire = rest.wire < BATCH_PREDICTED_WIRE ? BATCH_PREDICTED_WIRE : rest.wire;
    struct batch_context *ends[] = {batch_encoder_context(encoder), known};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        batch_context_begin(ends[i], head->first_seq);
        for (int32_t e = 0; e < half; e++)
            batch_context_add(ends[i], &entries[e]);
    }
    const uint8_t *bytes = NULL;
    size_t len = 0;
    need(batch_encode(encoder, BATCH_PREDICTED, &rest, entries + half, &bytes, &len) == 0);
    struct batch_head back;
    const struct entry *want = entries + half;
    need(batch_decode_known(decoder, known, bytes, len, &back, compare, &want, NULL) == 0);
    need(want == entries + head->count && back.first_seq == rest.first_seq);
    need(bytes[0] != BATCH_PREDICTED || back.context == half);
}

/* Bytes that ask for entries before them get some that they were not made for. */
static void behind_others(const uint8_t *data, size_t size)
{
    struct batch_head head;
    if (!batch_peek(data, size, &head) || head.context == 0)
        return;
    batch_context_begin(known, head.first_seq - head.context);
    for (int64_t seq = head.first_seq - head.context; seq < head.first_seq; seq++) {
        struct entry e = entry_new(ENTRY_PICKED);
        e.seq = seq;
        e.qty = seq % 7;
        strcpy(e.sku, seq % 3 ? "TEA-001" : "SOAP-02");
        batch_context_add(known, &e);
    }
    int32_t count = 0;
    int err = batch_decode_known(decoder, known, data, size, &head, keep, &count, NULL);
    need(err == 0 ? count == head.count : err == -EBADMSG && count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!encoder)
        need(batch_encoder_new(&encoder) == 0 && batch_decoder_new(&decoder) == 0 &&
             batch_context_new(&known) == 0);
    behind_others(data, size);
    struct batch_head head;
    int32_t count = 0;
    if (batch_decode(decoder, data, size, &head, keep, &count, NULL) != 0) {
        need(count == 0);
        return 0;
    }
    need(count == head.count);
    again(&head, BATCH_COLUMNS);
    again(&head, BATCH_ZSTD);
    if (head.wire >= BATCH_PREDICTED_WIRE)
        again(&head, BATCH_PREDICTED);
    if (head.count > 1 && head.first_seq < INT64_MAX - BATCH_ENTRIES_MAX)
        again_behind(&head);
    return 0;
}
