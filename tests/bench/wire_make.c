/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one payload of each kind as this release encodes it, for tests/data/wire: they are made
 * once for a wire version and never again.
 *
 *   wire_make FOLDER */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "chain.h"
#include "chunk.h"
#include "control.h"
#include "document_delta.h"
#include "rng.h"
#include "scan_stream.h"
#include "wire.h"

#define SEED 1001

static void need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "wire_make: %s failed\n", what);
    exit(1);
}

static void save(const char *folder, const char *name, const void *bytes, size_t len)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/v%d-%s", folder, WIRE_VERSION, name);
    FILE *out = fopen(path, "wbe");
    need(out && fwrite(bytes, 1, len, out) == len && fclose(out) == 0, path);
}

#define ENTRIES 1024

static void draw_site(struct entry *entries, int32_t n)
{
    struct scan_stream stream = scan_stream(SEED);
    for (int32_t i = 0; i < n; i++) {
        entries[i] = scan_stream_next(&stream);
        entries[i].seq = i + 1;
    }
}

/* What no site sends, in every column: more texts than are remembered, extremes, bytes that look
 * like marks of a scan; and some of it again and again. */
static void draw_odd_field(struct entry *e, const struct entry_field *f, struct rng *r)
{
    char *at = (char *)e + f->offset;
    uint64_t v = rng_below(r, 3) == 0 ? rng_next(r) : rng_below(r, 5);
    size_t len = f->size > 0 ? (size_t)rng_below(r, f->size) : 0;
    if (f->type == ENTRY_FIELD_I32)
        *(int32_t *)at = (int32_t)(uint32_t)v;
    else if (f->type == ENTRY_FIELD_I64)
        *(int64_t *)at = (int64_t)v;
    for (size_t i = 0; i < len; i++)
        at[i] = (char)(rng_below(r, 4) == 0 ? 0xf7 + rng_below(r, 5) : 'A' + rng_below(r, 3));
    if (f->type == ENTRY_FIELD_BYTES)
        *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)len;
}

static void draw_odd(struct entry *entries, int32_t n)
{
    struct rng r = rng_seed(SEED);
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (int32_t i = 0; i < n; i++) {
        bool again = i > 0 && rng_below(&r, 3) > 0;
        entries[i] = again ? entries[rng_below(&r, (uint64_t)i)] : entry_new(ENTRY_PICKED);
        for (size_t k = 0; k < count; k++)
            if (rng_below(&r, again ? 16 : 2) == 0)
                draw_odd_field(&entries[i], &fields[k], &r);
        entries[i].seq = i + 1;
    }
}

/* Entries first to first + n - 1 of a journal of which those before are known, or none. */
static void save_batch(const char *folder, const char *name, enum batch_format format,
                       void (*draw)(struct entry *entries, int32_t n), int32_t first, int32_t n)
{
    static struct entry entries[ENTRIES];
    draw(entries, first + n - 1);
    struct batch_head head = {.wire = WIRE_VERSION,
                              .origin = {"acme", "wh-1", 1},
                              .session = 1 << 16 | 1,
                              .first_seq = first,
                              .count = n,
                              .has_prev = true};
    AUTO(batch_encoder) x = NULL;
    need(batch_encoder_new(&x) == 0, "memory");
    batch_context_begin(batch_encoder_context(x), 1);
    struct chain_head chain = chain_genesis(&head.origin);
    for (int32_t i = 0; i < first + n - 1; i++) {
        if (i == first - 1)
            memcpy(head.prev, chain.hash, sizeof(head.prev));
        if (i < first - 1)
            batch_context_add(batch_encoder_context(x), &entries[i]);
        uint8_t raw[ENTRY_ENCODED_MAX];
        chain = chain_next(&chain, raw, entry_encode(&entries[i], raw));
    }
    memcpy(head.head_hash, chain.hash, sizeof(head.head_hash));
    const uint8_t *bytes = NULL;
    size_t len = 0;
    need(batch_encode(x, format, &head, &entries[first - 1], &bytes, &len) == 0, "encoding");
    save(folder, name, bytes, len);
}

static void save_documents(const char *folder)
{
    static char old_body[65536];
    static char body[65536];
    int a = snprintf(old_body, sizeof(old_body), "sku,day,units\n");
    int b = snprintf(body, sizeof(body), "sku,day,units\n");
    for (int i = 0; i < 400; i++) {
        a += snprintf(old_body + a, sizeof(old_body) - (size_t)a, "TEA-%03d,2026-10-%02d,%d\n", i,
                      i % 28 + 1, i * 7919 % 97);
        if (i != 17) /* a row goes, one changes, one comes */
            b += snprintf(body + b, sizeof(body) - (size_t)b, "TEA-%03d,2026-10-%02d,%d\n", i,
                          i % 28 + 1, i == 200 ? 1234 : i * 7919 % 97);
    }
    b += snprintf(body + b, sizeof(body) - (size_t)b, "TEA-400,2026-10-29,5\n");
    struct packed snapshot = {0};
    struct packed delta = {0};
    need(document_snapshot(body, (size_t)b, sha256, &snapshot) == 0 &&
             document_delta(old_body, (size_t)a, body, (size_t)b, sha256, &delta) == 0,
         "packing");
    save(folder, "old.csv", old_body, (size_t)a);
    save(folder, "new.csv", body, (size_t)b);
    save(folder, "snapshot", snapshot.bytes, snapshot.len);
    save(folder, "delta", delta.bytes, delta.len);

    struct chunk chunk = {.wire = WIRE_VERSION,
                          .session = 1 << 16 | 1,
                          .type = "history",
                          .version = 18,
                          .from_version = 17};
    sha256(delta.bytes, delta.len, chunk.sha256);
    chunk_cut(delta.bytes, delta.len, 0, &chunk);
    uint8_t bytes[CHUNK_MAX];
    save(folder, "chunk", bytes, chunk_encode(&chunk, bytes));
    free(snapshot.bytes);
    free(delta.bytes);
}

int main(int argc, char **argv)
{
    need(argc == 2, "the command line: wire_make FOLDER");
    save_batch(argv[1], "batch-64.json", BATCH_JSON, draw_site, 1, 64);
    save_batch(argv[1], "batch-64.columns", BATCH_COLUMNS, draw_site, 1, 64);
    save_batch(argv[1], "batch-64.zstd", BATCH_ZSTD, draw_site, 1, 64);
    save_batch(argv[1], "batch-1.zstd", BATCH_ZSTD, draw_site, 1, 1);
    save_batch(argv[1], "batch-64.predicted", BATCH_PREDICTED, draw_site, 1, 64);
    save_batch(argv[1], "batch-64-behind-64.predicted", BATCH_PREDICTED, draw_site, 65, 64);
    save_batch(argv[1], "batch-1-behind-64.predicted", BATCH_PREDICTED, draw_site, 65, 1);
    save_batch(argv[1], "batch-512.predicted", BATCH_PREDICTED, draw_site, 1, 512);
    save_batch(argv[1], "batch-512-behind-512.predicted", BATCH_PREDICTED, draw_site, 513, 512);
    save_batch(argv[1], "odd-256.predicted", BATCH_PREDICTED, draw_odd, 1, 256);
    save_batch(argv[1], "odd-256-behind-256.predicted", BATCH_PREDICTED, draw_odd, 257, 256);
    save_documents(argv[1]);
    return 0;
}
