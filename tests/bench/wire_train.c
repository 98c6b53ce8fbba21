/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the dictionary of the wire from batches of simulated sites: sync/contract/dictionary/train
 * runs it. The same program gives the same bytes.
 *
 *   wire_train FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zdict.h>

#include "batch.h"
#include "scan_stream.h"
#include "wire.h"

#define SITES 24 /* seeds 1 to SITES; tests/bench/wire measures with others */
#define DICTIONARY_BYTES 32768
#define SAMPLES_MAX 16384
#define SAMPLES_BYTES_MAX (64 << 20)

struct samples {
    uint8_t *bytes;
    size_t len;
    size_t sizes[SAMPLES_MAX];
    unsigned count;
};

static void need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "wire_train: %s failed\n", what);
    exit(1);
}

static void add(struct samples *s, struct batch_encoder *x, struct scan_stream *stream, int32_t n)
{
    static struct entry entries[BATCH_ENTRIES_MAX];
    struct batch_head head = {.wire = WIRE_VERSION,
                              .origin = stream->origin,
                              .session = stream->boot << 16 | (int64_t)rng_below(&stream->rng, 99),
                              .count = n};
    for (int32_t i = 0; i < n; i++)
        entries[i] = scan_stream_next(stream);
    head.first_seq = entries[0].seq;
    for (size_t i = 0; i < sizeof(head.head_hash); i++)
        head.head_hash[i] = (uint8_t)rng_below(&stream->rng, 256);
    const uint8_t *bytes = NULL;
    size_t len = 0;
    need(batch_encode(x, BATCH_COLUMNS, &head, entries, &bytes, &len) == 0, "encoding");
    need(s->count < SAMPLES_MAX && len - 1 <= SAMPLES_BYTES_MAX - s->len, "room for samples");
    memcpy(s->bytes + s->len, bytes + 1, len - 1); /* without the format */
    s->len += len - 1;
    s->sizes[s->count++] = len - 1;
}

int main(int argc, char **argv)
{
    need(argc == 2, "the command line: wire_train FILE");
    static struct samples s;
    s.bytes = malloc(SAMPLES_BYTES_MAX);
    AUTO(batch_encoder) x = NULL;
    need(s.bytes && batch_encoder_new(&x) == 0, "memory");
    /* Mostly what a metered link sends, and what goes at once or after a time apart. */
    static const int32_t sizes[] = {1, 8, 64, 64, 64, 64, 512};
    for (uint64_t seed = 1; seed <= SITES; seed++) {
        struct scan_stream stream = scan_stream(seed);
        for (size_t i = 0; i < 10 * ARRAY_LEN(sizes); i++)
            add(&s, x, &stream, sizes[i % ARRAY_LEN(sizes)]);
    }
    static uint8_t dictionary[DICTIONARY_BYTES];
    size_t len = ZDICT_trainFromBuffer(dictionary, sizeof(dictionary), s.bytes, s.sizes, s.count);
    need(!ZDICT_isError(len), "training");
    FILE *out = fopen(argv[1], "wbe");
    need(out && fwrite(dictionary, 1, len, out) == len && fclose(out) == 0, "writing");
    printf("%s: %zu bytes from %u batches\n", argv[1], len, s.count);
    free(s.bytes);
    return 0;
}
