/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes and time an entry on the wire, against JSON lines of the same entries, in batches of 1, 8,
 * 64 and 512: over simulated sites that the dictionary was not trained with, or over journals.
 * Every batch is decoded again and held against the entries. Prints one line of JSON a stream. Ends
 * with 1 when a simulated site takes more than 16 bytes an entry at 64, or 12 at 512.
 *
 *   bench_wire [JOURNAL...] */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "entry_json.h"
#include "journal.h"
#include "scan_stream.h"
#include "wire.h"

#define ENTRIES 16384  /* of each stream */
#define FIRST_SEED 101 /* sites 1 to 24 have trained the dictionary */
#define SEEDS 4
#define AT_MOST_64 16
#define AT_MOST_512 12

static void need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "wire: %s failed\n", what);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct stream {
    const char *name;
    struct origin origin;
    struct entry *entries;
    size_t count;
};

static int check(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    (void)e;
    const struct entry **want = context;
    uint8_t bytes[ENTRY_ENCODED_MAX];
    size_t len = entry_encode((*want)++, bytes);
    need(len == raw_len && memcmp(bytes, raw, len) == 0, "decoding what was encoded");
    return 0;
}

static double json_bytes(const struct stream *s)
{
    size_t bytes = 0;
    for (size_t i = 0; i < s->count; i++) {
        char *line = entry_json(&s->entries[i]);
        need(line != NULL, "memory");
        bytes += strlen(line) + 1;
        free(line);
    }
    return (double)bytes / (double)s->count;
}

struct figures {
    double bytes;
    double encode_ns;
    double decode_ns;
};

static struct figures measure(const struct stream *s, int32_t n, struct batch_encoder *x,
                              struct batch_decoder *y)
{
    struct rng hashes = rng_seed(5);
    size_t bytes = 0;
    size_t entries = 0;
    int64_t encode_ns = 0;
    int64_t decode_ns = 0;
    for (size_t at = 0; at + (size_t)n <= s->count; at += (size_t)n) {
        struct batch_head head = {.wire = WIRE_VERSION,
                                  .origin = s->origin,
                                  .session = 3 << 16 | 7,
                                  .first_seq = s->entries[at].seq,
                                  .count = n};
        for (size_t i = 0; i < sizeof(head.head_hash); i++)
            head.head_hash[i] = (uint8_t)rng_below(&hashes, 256);
        const uint8_t *payload = NULL;
        size_t len = 0;
        int64_t t0 = now_ns();
        need(batch_encode(x, BATCH_ZSTD, &head, &s->entries[at], &payload, &len) == 0, "encoding");
        int64_t t1 = now_ns();
        struct batch_head back;
        const struct entry *want = &s->entries[at];
        struct diag why = {0};
        need(batch_decode(y, payload, len, &back, check, &want, &why) == 0, "decoding");
        decode_ns += now_ns() - t1;
        encode_ns += t1 - t0;
        bytes += len;
        entries += (size_t)n;
    }
    need(entries > 0, "a stream long enough");
    return (struct figures){(double)bytes / (double)entries, (double)encode_ns / (double)entries,
                            (double)decode_ns / (double)entries};
}

/* Whether what is wanted was reached. */
static bool report(const struct stream *s, struct batch_encoder *x, struct batch_decoder *y)
{
    static const int32_t sizes[] = {1, 8, 64, 512};
    bool good = true;
    printf("{\"stream\":\"%s\",\"entries\":%zu,\"json_line_bytes\":%.0f", s->name, s->count,
           json_bytes(s));
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct figures f = measure(s, sizes[i], x, y);
        printf(",\"batch_%" PRId32 "\":{\"bytes\":%.2f,\"encode_ns\":%.0f,\"decode_ns\":%.0f}",
               sizes[i], f.bytes, f.encode_ns, f.decode_ns);
        good = good && !(sizes[i] == 64 && f.bytes > AT_MOST_64) &&
               !(sizes[i] == 512 && f.bytes > AT_MOST_512);
    }
    puts("}");
    return good;
}

static int add_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                     const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct stream *s = context;
    s->entries[s->count++] = *e;
    return s->count == ENTRIES;
}

static void load(const char *path, struct stream *s)
{
    AUTO(journal) j = NULL;
    struct diag why = {0};
    s->name = path;
    s->count = 0;
    need(journal_open_readonly(path, NULL, &s->origin, &why, &j) == 0, path);
    need(journal_read(j, 1, add_entry, s) >= 0, path);
}

static void draw(uint64_t seed, struct stream *s)
{
    struct scan_stream stream = scan_stream(seed);
    s->name = "simulated site";
    s->origin = stream.origin;
    for (s->count = 0; s->count < ENTRIES; s->count++)
        s->entries[s->count] = scan_stream_next(&stream);
}

int main(int argc, char **argv)
{
    AUTO(batch_encoder) x = NULL;
    AUTO(batch_decoder) y = NULL;
    struct stream s = {.entries = calloc(ENTRIES, sizeof(*s.entries))};
    need(s.entries && batch_encoder_new(&x) == 0 && batch_decoder_new(&y) == 0, "memory");
    bool good = true;
    for (int i = 1; i < argc; i++) {
        load(argv[i], &s);
        report(&s, x, y);
    }
    for (uint64_t seed = FIRST_SEED; argc == 1 && seed < FIRST_SEED + SEEDS; seed++) {
        draw(seed, &s);
        good = report(&s, x, y) && good;
    }
    printf("{\"encoder_kib\":%zu,\"decoder_kib\":%zu}\n", batch_encoder_bytes(x) / 1024,
           batch_decoder_bytes(y) / 1024);
    free(s.entries);
    return good ? 0 : 1;
}
