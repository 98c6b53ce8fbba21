/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes and time an entry on the wire, against JSON lines of the same entries, in batches of 1, 8,
 * 64 and 512: over simulated sites, or over journals. As the appliance sends them now (predicted,
 * from the entries before them, which the reader knows as well), the same to a relay that knows
 * nothing
 * ("alone"), and as wire 1 has them (zstd). Every batch is decoded again and held against the
 * entries. Prints one line of JSON a stream and kind. Ends with 1 when a simulated site takes more
 * than 16 bytes an entry at 64, or 12 at 512.
 *
 *   bench_wire [--columns] [JOURNAL...]
 *
 * --columns prints instead what each column takes of a predicted batch, in bits an entry. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "entry_column.h"
#include "entry_json.h"
#include "journal.h"
#include "scan_stream.h"
#include "wire.h"

#define ENTRIES 16384  /* of each stream */
#define FIRST_SEED 101 /* sites 1 to 24 have trained the dictionary of wire 1 */
#define SEEDS 4
#define COLUMNS_ENTRIES 2048 /* for --columns, which goes through them once a column */
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
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others may use the machine */
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

/* How batches are sent. */
enum way {
    PREDICTED,
    ALONE,
    ZSTD,
};

static const struct {
    const char *name;
    enum batch_format format;
    int wire;
} ways[] = {
    [PREDICTED] = {"predicted", BATCH_PREDICTED, WIRE_VERSION},
    [ALONE] = {"alone", BATCH_PREDICTED, WIRE_VERSION},
    [ZSTD] = {"zstd", BATCH_ZSTD, 1},
};

struct ends {
    struct batch_encoder *x;
    struct batch_decoder *y;
    struct batch_context *known; /* of the reader */
};

/* As syncd does, and the relay when its context does not stand there: give it what is before. */
static void stand_before(struct batch_context *k, const struct stream *s, size_t at, enum way way)
{
    int64_t first_seq = s->entries[at].seq;
    int64_t floor = s->entries[way == ALONE ? at : 0].seq;
    int64_t start = batch_context_start(first_seq, floor);
    if (batch_context_first(k) != start || batch_context_next(k) != first_seq)
        batch_context_begin(k, start);
    while (batch_context_next(k) < first_seq)
        batch_context_add(k, &s->entries[at - (size_t)(first_seq - batch_context_next(k))]);
}

/* Sends entries at .. at + n - 1; adds to the sums. */
static void send(const struct stream *s, size_t at, int32_t n, enum way way, struct ends *e,
                 struct figures *sums)
{
    struct batch_head head = {.wire = ways[way].wire,
                              .origin = s->origin,
                              .session = 3 << 16 | 7,
                              .first_seq = s->entries[at].seq,
                              .count = n,
                              .has_prev = true};
    struct rng hashes = rng_seed(at);
    for (size_t i = 0; i < sizeof(head.head_hash); i++)
        head.head_hash[i] = (uint8_t)rng_below(&hashes, 256);
    memcpy(head.prev, head.head_hash, sizeof(head.prev));
    const uint8_t *payload = NULL;
    size_t len = 0;
    int64_t t0 = now_ns();
    if (way != ZSTD)
        stand_before(batch_encoder_context(e->x), s, at, way);
    need(batch_encode(e->x, ways[way].format, &head, &s->entries[at], &payload, &len) == 0,
         "encoding");
    int64_t t1 = now_ns();
    struct batch_head back;
    const struct entry *want = &s->entries[at];
    struct diag why = {0};
    if (way != ZSTD)
        stand_before(e->known, s, at, way);
    need(batch_decode_known(e->y, e->known, payload, len, &back, check, &want, &why) == 0,
         "decoding");
    sums->decode_ns += (double)(now_ns() - t1);
    sums->encode_ns += (double)(t1 - t0);
    sums->bytes += (double)len;
}

static struct figures measure(const struct stream *s, int32_t n, enum way way, struct ends *e)
{
    struct figures sums = {0};
    size_t entries = 0;
    for (size_t at = 0; at + (size_t)n <= s->count; at += (size_t)n, entries += (size_t)n)
        send(s, at, n, way, e, &sums);
    need(entries > 0, "a stream long enough");
    double per = (double)entries;
    return (struct figures){sums.bytes / per, sums.encode_ns / per, sums.decode_ns / per};
}

/* Whether what is wanted was reached. */
static bool report(const struct stream *s, enum way way, struct ends *e)
{
    static const int32_t sizes[] = {1, 8, 64, 512};
    bool good = true;
    printf("{\"stream\":\"%s\",\"entries\":%zu,\"json_line_bytes\":%.0f,\"sent\":\"%s\"", s->name,
           s->count, json_bytes(s), ways[way].name);
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct figures f = measure(s, sizes[i], way, e);
        printf(",\"batch_%" PRId32 "\":{\"bytes\":%.2f,\"encode_ns\":%.0f,\"decode_ns\":%.0f}",
               sizes[i], f.bytes, f.encode_ns, f.decode_ns);
        good = good && !(way == PREDICTED && sizes[i] == 64 && f.bytes > AT_MOST_64) &&
               !(way == PREDICTED && sizes[i] == 512 && f.bytes > AT_MOST_512);
    }
    puts("}");
    return good;
}

/* What a column takes: the whole batch less the batch without it, of the same entries. Columns that
 * others are foreseen from seem to take less than they do, or even to save. */
static double bits_without(const struct stream *s, const struct entry_field *f, struct ends *e)
{
    struct stream without = *s;
    without.count = s->count < COLUMNS_ENTRIES ? s->count : COLUMNS_ENTRIES;
    without.entries = malloc(without.count * sizeof(*s->entries));
    need(without.entries != NULL, "memory");
    memcpy(without.entries, s->entries, without.count * sizeof(*s->entries));
    for (size_t i = 0; f && i < without.count; i++) {
        char *at = (char *)&without.entries[i] + f->offset;
        if (f->type == ENTRY_FIELD_I32)
            *(int32_t *)at = (int32_t)f->absent;
        else if (f->type == ENTRY_FIELD_I64)
            *(int64_t *)at = f->absent;
        else
            memset(at, 0, f->size);
        if (f->type == ENTRY_FIELD_BYTES)
            *(uint16_t *)((char *)&without.entries[i] + f->len_offset) = 0;
    }
    double bytes = measure(&without, 64, PREDICTED, e).bytes;
    free(without.entries);
    return bytes * 8;
}

static void report_columns(const struct stream *s, struct ends *e)
{
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    double whole = bits_without(s, NULL, e);
    printf("%s: batches of 64, %.1f bits an entry, of which with each column go\n", s->name, whole);
    for (size_t i = 0; i < count; i++)
        if (fields[i].id != COLUMN_SEQ && fields[i].id != COLUMN_KIND)
            printf("  %-12s %6.2f\n", fields[i].name, whole - bits_without(s, &fields[i], e));
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

static bool report_ways(const struct stream *s, bool columns, struct ends *e)
{
    if (columns) {
        report_columns(s, e);
        return true;
    }
    bool good = report(s, PREDICTED, e);
    report(s, ALONE, e);
    report(s, ZSTD, e);
    return good;
}

int main(int argc, char **argv)
{
    AUTO(batch_encoder) x = NULL;
    AUTO(batch_decoder) y = NULL;
    AUTO(batch_context) known = NULL;
    struct stream s = {.entries = calloc(ENTRIES, sizeof(*s.entries))};
    need(s.entries && batch_encoder_new(&x) == 0 && batch_decoder_new(&y) == 0 &&
             batch_context_new(&known) == 0,
         "memory");
    struct ends ends = {x, y, known};
    bool columns = argc > 1 && strcmp(argv[1], "--columns") == 0;
    int first = columns ? 2 : 1;
    bool good = true;
    for (int i = first; i < argc; i++) {
        load(argv[i], &s);
        report_ways(&s, columns, &ends);
    }
    for (uint64_t seed = FIRST_SEED; argc == first && seed < FIRST_SEED + SEEDS; seed++) {
        draw(seed, &s);
        good = report_ways(&s, columns, &ends) && good;
    }
    printf("{\"encoder_kib\":%zu,\"decoder_kib\":%zu,\"context_kib\":%zu}\n",
           batch_encoder_bytes(x) / 1024, batch_decoder_bytes(y) / 1024,
           batch_context_bytes() / 1024);
    free(s.entries);
    return good ? 0 : 1;
}
