/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever decodes encodes again, in each format that it fits, and decodes to the very same entries
 * and head; bytes that do not decode hand out nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct entry entries[BATCH_ENTRIES_MAX];
static struct batch_encoder *encoder;
static struct batch_decoder *decoder;

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!encoder)
        need(batch_encoder_new(&encoder) == 0 && batch_decoder_new(&decoder) == 0);
    struct batch_head head;
    int32_t count = 0;
    if (batch_decode(decoder, data, size, &head, keep, &count, NULL) != 0) {
        need(count == 0);
        return 0;
    }
    need(count == head.count);
    again(&head, BATCH_COLUMNS);
    again(&head, BATCH_ZSTD);
    return 0;
}
