/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one payload of each kind as this release encodes it, for tests/data/wire: they are made
 * once for a wire version and never again.
 *
 *   wire_make FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "chain.h"
#include "chunk.h"
#include "control.h"
#include "document_delta.h"
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

#define ENTRIES 128

/* Entries first to first + n - 1 of a journal of which those before are known, or none. */
static void save_batch(const char *folder, const char *name, enum batch_format format,
                       int32_t first, int32_t n)
{
    static struct entry entries[ENTRIES];
    struct scan_stream stream = scan_stream(SEED);
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
        entries[i] = scan_stream_next(&stream);
        entries[i].seq = i + 1;
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
    save_batch(argv[1], "batch-64.json", BATCH_JSON, 1, 64);
    save_batch(argv[1], "batch-64.columns", BATCH_COLUMNS, 1, 64);
    save_batch(argv[1], "batch-64.zstd", BATCH_ZSTD, 1, 64);
    save_batch(argv[1], "batch-1.zstd", BATCH_ZSTD, 1, 1);
    save_batch(argv[1], "batch-64.predicted", BATCH_PREDICTED, 1, 64);
    save_batch(argv[1], "batch-64-behind-64.predicted", BATCH_PREDICTED, 65, 64);
    save_batch(argv[1], "batch-1-behind-64.predicted", BATCH_PREDICTED, 65, 1);
    save_documents(argv[1]);
    return 0;
}
