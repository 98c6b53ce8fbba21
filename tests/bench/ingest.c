/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest ADDRESS OWNER ENTRIES BATCH GROUP -- entries a second into the relay's store: batches
 * decoded, chained, projected and committed, GROUP to a transaction, against bare inserts of the
 * same rows into the same table by the same transactions. In turns, each into a tenant of its own;
 * prints the two rates and their ratio. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "chain.h"
#include "entry_codec.h"
#include "entry_rows.h"
#include "ingest.h"
#include "projection.h"
#include "scan_stream.h"
#include "wire.h"

#define DEVICE "wh-1"

struct load {
    int64_t entries;
    int64_t batch;
    size_t group;
    struct origin origin;
    struct batch_encoder *encoder;
    struct chain_head head;
    struct scan_stream stream; /* a day of a warehouse, over and over */
};

static void check(int64_t err, const char *what)
{
    if (err >= 0)
        return;
    fprintf(stderr, "%s: %s\n", what, strerror((int)-err));
    exit(EXIT_FAILURE);
}

static double now_s(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct sql *open_tenant(const char *address, const char *owner, const char *name)
{
    struct diag why = {0};
    struct sql *s = NULL;
    int err = sql_tenant_create(owner, name, &why);
    if (err == 0)
        err = sql_open(address, name, &why, &s);
    check(err, why.text);
    return s;
}

static void nothing_said(const char *topic, const void *bytes, size_t len, void *context)
{
    (void)topic;
    (void)bytes;
    (void)len;
    (void)context;
}

static void fail_alarm(const char *device, const char *words, void *context)
{
    (void)context;
    fprintf(stderr, "%s: %s\n", device, words);
    exit(EXIT_FAILURE);
}

static void know_device(struct sql *s)
{
    check(sql_begin(s, SQL_WRITE), "begin");
    {
        AUTO(sql_query)
        q = sql_query(s, "INSERT INTO device(device, site, shard, epoch, state, certificate,"
                         " release, wire, head, floor, last_heard_ms, skew_ms, facts)"
                         " VALUES('wh-1', 'nagpur', 0, 1, 'claimed', '', '', 1, 0, 0, 0, 0, '')");
        check(sql_run(q), "device");
    }
    check(sql_commit(s), "commit");
    check(projection_ensure(s), "projections");
}

/* A transaction's worth of batches, and the same entries as rows. */
struct portion {
    struct ingest_message messages[INGEST_GROUP_MAX];
    struct entry_rows *rows;
    int64_t entries;
};

static void make_portion(struct load *l, int64_t first, struct portion *p)
{
    static struct entry entries[BATCH_ENTRIES_MAX];
    p->entries = 0;
    entry_rows_forget(p->rows);
    for (size_t m = 0; m < l->group; m++) {
        struct batch_head head = {.wire = WIRE_VERSION,
                                  .origin = l->origin,
                                  .session = 65537,
                                  .first_seq = first + p->entries,
                                  .count = (int32_t)l->batch};
        for (int64_t i = 0; i < l->batch; i++) {
            uint8_t raw[ENTRY_ENCODED_MAX];
            entries[i] = scan_stream_next(&l->stream);
            entries[i].seq = head.first_seq + i; /* the stream begins in the middle */
            size_t len = entry_encode(&entries[i], raw);
            l->head = chain_next(&l->head, raw, len);
            check(entry_rows_add(p->rows, &entries[i], raw, len), "rows");
        }
        memcpy(head.head_hash, l->head.hash, sizeof(head.head_hash));
        const uint8_t *bytes = NULL;
        size_t len = 0;
        check(batch_encode(l->encoder, BATCH_ZSTD, &head, entries, &bytes, &len), "batch");
        uint8_t *copy = malloc(len);
        if (!copy)
            check(-ENOMEM, "batch");
        memcpy(copy, bytes, len);
        p->messages[m] = (struct ingest_message){"u/0/ingest-whole.wh-1/e", copy, len};
        p->entries += l->batch;
    }
    check(entry_rows_belong(p->rows, 0, DEVICE, 1, 1), "rows");
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    static struct load l;
    l = (struct load){.entries = strtoll(argv[3], NULL, 10),
                      .batch = strtoll(argv[4], NULL, 10),
                      .group = (size_t)strtoll(argv[5], NULL, 10),
                      .origin = {.tenant = "ingest-whole", .device = DEVICE, .epoch = 1},
                      .stream = scan_stream(7)};
    if (l.batch < 1 || l.batch > BATCH_ENTRIES_MAX || l.group < 1 || l.group > INGEST_GROUP_MAX)
        return 2;
    AUTO(sql) whole = open_tenant(argv[1], argv[2], "ingest-whole");
    AUTO(sql) bare = open_tenant(argv[1], argv[2], "ingest-bare");
    AUTO(ingest) x = NULL;
    const struct ingest_conf conf = {.safe = INGEST_SAFE_COMMIT, .window = 8};
    const struct ingest_listener listener = {nothing_said, fail_alarm, NULL};
    struct portion p = {.entries = 0};
    know_device(whole);
    check(ingest_open(whole, &conf, &x), "ingest");
    check(batch_encoder_new(&l.encoder), "encoder");
    check(entry_rows_open(&p.rows), "rows");
    l.head = chain_genesis(&l.origin);
    double whole_s = 0;
    double bare_s = 0;
    int64_t done = 0;
    while (done < l.entries) {
        make_portion(&l, done + 1, &p);
        double t0 = now_s();
        check(sql_begin(bare, SQL_WRITE), "begin");
        check(entry_rows_write(p.rows, bare), "bare insert");
        check(sql_commit(bare), "commit");
        double t1 = now_s();
        int64_t took = ingest_take(x, p.messages, l.group, 1, done, &listener);
        double t2 = now_s();
        check(took == p.entries ? 0 : took < 0 ? took : -EBADMSG, "ingest");
        bare_s += t1 - t0;
        whole_s += t2 - t1;
        done += p.entries;
        for (size_t m = 0; m < l.group; m++)
            free((void *)(uintptr_t)p.messages[m].bytes);
    }
    printf("%.0f %.0f %.2f\n", (double)done / whole_s, (double)done / bare_s, bare_s / whole_s);
    batch_encoder_free(l.encoder);
    entry_rows_free(p.rows);
    return EXIT_SUCCESS;
}
