/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads as each wire version wrote them (tests/data/wire/README.md): every later release that
 * speaks it must read them to the same entries and documents. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "chain.h"
#include "chunk.h"
#include "document_delta.h"
#include "file_text.h"

#define FOLDER "tests/data/wire/"

struct file {
    char *bytes;
    size_t len;
};

static struct file load(const char *path)
{
    struct file f = {0};
    if (file_text(path, 1 << 20, &f.bytes, &f.len) < 0)
        fail_msg("%s cannot be read", path);
    return f;
}

#define ENTRIES 1024

struct chaining {
    struct chain_head head;
    int64_t count;
    struct entry *entries;
    bool odd; /* they need not make sense */
};

static int chain_entry(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct chaining *c = context;
    struct diag why = {0};
    assert_true(c->odd || entry_check(e, &why) == 0);
    assert_true(c->count < ENTRIES);
    c->entries[c->count] = *e;
    c->head = chain_next(&c->head, raw, raw_len);
    c->count++;
    return 0;
}

struct row {
    const char *name;
    const char *path;
    int64_t count;
    int wire;
    const char *before; /* path of the batch that has to be known; NULL: none */
};

#define PREDICTED FOLDER "v2-batch-64.predicted"
#define LONG FOLDER "v2-batch-512.predicted"
#define ODD FOLDER "v2-odd-256.predicted"

static struct row rows[] = {
    {"version 1, 64 entries as JSON lines", FOLDER "v1-batch-64.json", 64, 1, NULL},
    {"version 1, 64 entries in columns", FOLDER "v1-batch-64.columns", 64, 1, NULL},
    {"version 1, 64 entries by zstd and dictionary 1", FOLDER "v1-batch-64.zstd", 64, 1, NULL},
    {"version 1, one entry by zstd and dictionary 1", FOLDER "v1-batch-1.zstd", 1, 1, NULL},
    {"version 2, 64 entries as JSON lines", FOLDER "v2-batch-64.json", 64, 2, NULL},
    {"version 2, 64 entries in columns", FOLDER "v2-batch-64.columns", 64, 2, NULL},
    {"version 2, 64 entries by zstd and dictionary 1", FOLDER "v2-batch-64.zstd", 64, 2, NULL},
    {"version 2, one entry by zstd and dictionary 1", FOLDER "v2-batch-1.zstd", 1, 2, NULL},
    {"version 2, 64 entries predicted", PREDICTED, 64, 2, NULL},
    {"version 2, 64 entries predicted from 64 before them",
     FOLDER "v2-batch-64-behind-64.predicted", 64, 2, PREDICTED},
    {"version 2, 512 entries predicted", LONG, 512, 2, NULL},
    {"version 2, 512 entries predicted from 512 before them",
     FOLDER "v2-batch-512-behind-512.predicted", 512, 2, LONG},
    {"version 2, 256 odd entries predicted", ODD, 256, 2, NULL},
    {"version 2, 256 odd entries predicted from 256 before them",
     FOLDER "v2-odd-256-behind-256.predicted", 256, 2, ODD},
    {"version 2, one entry predicted from 64 before it", FOLDER "v2-batch-1-behind-64.predicted", 1,
     2, PREDICTED},
};

static void read_batch(struct batch_decoder *y, struct batch_context *known, const char *path,
                       struct batch_head *ret_head, struct chaining *c)
{
    struct file f = load(path);
    struct diag why = {0};
    int err = batch_decode_known(y, known, (const uint8_t *)f.bytes, f.len, ret_head, chain_entry,
                                 c, &why);
    if (err < 0)
        fail_msg("%s: %s", path, why.text);
    free(f.bytes);
}

/* What was foreseen differently would be other bytes, which an older release could not read. */
static void expect_written_alike(const struct row *r, const struct batch_head *head,
                                 const struct chaining *c)
{
    struct file f = load(r->path);
    AUTO(batch_encoder) x = NULL;
    assert_int_equal(batch_encoder_new(&x), 0);
    struct batch_context *k = batch_encoder_context(x);
    batch_context_begin(k, 1);
    while (batch_context_next(k) < head->first_seq)
        batch_context_add(k, &c->entries[batch_context_next(k) - 1]);
    const uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(
        batch_encode(x, BATCH_PREDICTED, head, &c->entries[head->first_seq - 1], &bytes, &len), 0);
    assert_int_equal(len, f.len);
    assert_memory_equal(bytes, f.bytes, len);
    free(f.bytes);
}

/* The head's hash proves every byte of every entry: it was made from the entries themselves. */
static void a_batch_still_reads_to_its_chain(void **state)
{
    const struct row *r = *state;
    AUTO(batch_decoder) y = NULL;
    assert_int_equal(batch_decoder_new(&y), 0);
    AUTO(batch_context) known = NULL;
    assert_int_equal(batch_context_new(&known), 0);
    struct batch_head head;
    struct origin origin = {"acme", "wh-1", 1};
    struct chaining c = {.head = chain_genesis(&origin),
                         .entries = calloc(ENTRIES, sizeof(*c.entries)),
                         .odd = strstr(r->path, "odd") != NULL};
    assert_non_null(c.entries);
    if (r->before)
        read_batch(y, known, r->before, &head, &c);
    struct chaining before = c;
    read_batch(y, known, r->path, &head, &c);
    assert_int_equal(head.wire, r->wire);
    assert_int_equal(head.context, before.count);
    assert_true(!head.has_prev || memcmp(head.prev, before.head.hash, sizeof(head.prev)) == 0);
    assert_string_equal(head.origin.tenant, origin.tenant);
    assert_string_equal(head.origin.device, origin.device);
    assert_int_equal(head.origin.epoch, origin.epoch);
    assert_int_equal(head.session, 65537);
    assert_int_equal(head.first_seq, before.count + 1);
    assert_int_equal(c.count - before.count, r->count);
    assert_memory_equal(head.head_hash, c.head.hash, BATCH_HASH_SIZE);
    if (strstr(r->path, "predicted"))
        expect_written_alike(r, &head, &c);
    free(c.entries);
}

static void expect_new_body(const char *path)
{
    struct file packed = load(path);
    struct file old_body = load(FOLDER "v1-old.csv");
    struct file body = load(FOLDER "v1-new.csv");
    char *back = NULL;
    size_t len = 0;
    struct diag why = {0};
    assert_int_equal(document_unpack((const uint8_t *)packed.bytes, packed.len, old_body.bytes,
                                     old_body.len, sha256, &back, &len, &why),
                     0);
    assert_int_equal(len, body.len);
    assert_memory_equal(back, body.bytes, len);
    free(back);
    free(packed.bytes);
    free(old_body.bytes);
    free(body.bytes);
}

static void a_snapshot_of_version_1_still_unpacks(void **state)
{
    (void)state;
    expect_new_body(FOLDER "v1-snapshot");
}

static void a_delta_of_version_1_still_unpacks(void **state)
{
    (void)state;
    expect_new_body(FOLDER "v1-delta");
}

static void expect_chunk(const char *path, int wire)
{
    struct file f = load(path);
    struct file delta = load(FOLDER "v1-delta");
    struct chunk c;
    struct diag why = {0};
    assert_int_equal(chunk_decode((const uint8_t *)f.bytes, f.len, &c, &why), 0);
    assert_int_equal(c.wire, wire);
    assert_string_equal(c.type, "history");
    assert_int_equal(c.version, 18);
    assert_int_equal(c.from_version, 17);
    assert_int_equal(c.number, 0);
    assert_int_equal(c.total, 1);
    assert_int_equal(c.data_len, delta.len);
    assert_memory_equal(c.data, delta.bytes, delta.len);
    uint8_t digest[SHA256_SIZE];
    sha256(delta.bytes, delta.len, digest);
    assert_memory_equal(c.sha256, digest, sizeof(digest));
    free(f.bytes);
    free(delta.bytes);
}

static void chunks_of_both_versions_still_read(void **state)
{
    (void)state;
    expect_chunk(FOLDER "v1-chunk", 1);
    expect_chunk(FOLDER "v2-chunk", 2);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, a_batch_still_reads_to_its_chain, NULL, NULL,
                                       &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_snapshot_of_version_1_still_unpacks);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_delta_of_version_1_still_unpacks);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(chunks_of_both_versions_still_read);
    return cmocka_run_group_tests_name("wire_vectors", tests, NULL, NULL);
}
