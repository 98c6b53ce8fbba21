/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest ADDRESS OWNER ENTRIES BATCH GROUP -- entries a second into the relay's store: batches
 * decoded, chained, projected and committed, GROUP to a transaction, against bare writes by the
 * same transactions of (1) the rows of `entry` alone, (2) all rows that ingest writes: entries,
 * archive, projections, watermark. For (2) the rows are worked out with the clock stopped, so that
 * nothing but their writing is measured; in the end both tenants must hold the same projections. In
 * turns, each into a tenant of its own. Prints the three rates and the two ratios. */
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
#include "journal_row.h"
#include "projection_part.h"
#include "scan_stream.h"
#include "wire.h"

#define DEVICE "wh-1"

struct load {
    int64_t entries;
    int64_t batch;
    size_t group;
    struct origin origin;
    struct batch_encoder *encoder;
    struct entry recent[BATCH_CONTEXT_MAX + 1]; /* seq at its remainder: what batches need */
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
    struct entry *list;
    int64_t entries;
};

/* As syncd does (sync/shipper_batch.c). */
static void stand_before(struct load *l, int64_t first_seq)
{
    struct batch_context *k = batch_encoder_context(l->encoder);
    int64_t start = batch_context_start(first_seq, 1);
    if (batch_context_first(k) != start)
        batch_context_begin(k, start);
    while (batch_context_next(k) < first_seq)
        batch_context_add(k, &l->recent[batch_context_next(k) % (BATCH_CONTEXT_MAX + 1)]);
}

static void make_portion(struct load *l, int64_t first, struct portion *p)
{
    p->entries = 0;
    entry_rows_forget(p->rows);
    for (size_t m = 0; m < l->group; m++) {
        struct entry *entries = p->list + p->entries;
        struct batch_head head = {.wire = WIRE_VERSION,
                                  .origin = l->origin,
                                  .session = 65537,
                                  .first_seq = first + p->entries,
                                  .count = (int32_t)l->batch,
                                  .has_prev = true};
        memcpy(head.prev, l->head.hash, sizeof(head.prev));
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
        stand_before(l, head.first_seq);
        check(batch_encode(l->encoder, BATCH_PREDICTED, &head, entries, &bytes, &len), "batch");
        for (int64_t i = 0; i < l->batch; i++)
            l->recent[entries[i].seq % (BATCH_CONTEXT_MAX + 1)] = entries[i];
        uint8_t *copy = malloc(len);
        if (!copy)
            check(-ENOMEM, "batch");
        memcpy(copy, bytes, len);
        p->messages[m] = (struct ingest_message){"u/0/ingest-whole.wh-1/e", copy, len};
        p->entries += l->batch;
    }
    check(entry_rows_belong(p->rows, 0, DEVICE, 1, 1), "rows");
}

/* ---- all rows, bare ---- */

struct all_rows {
    struct sql *s;
    struct projection *projection;
    struct journal_row journal;
};

static void read_journal(struct all_rows *a)
{
    check(sql_begin(a->s, SQL_READ), "begin");
    check(journal_row_read(a->s, DEVICE, 1, true, &a->journal), "journal");
    check(sql_commit(a->s), "commit");
}

static void insert_archive(struct all_rows *a, const struct load *l, const struct portion *p)
{
    int64_t epochs[INGEST_GROUP_MAX];
    int64_t firsts[INGEST_GROUP_MAX];
    int64_t counts[INGEST_GROUP_MAX];
    const char *devices[INGEST_GROUP_MAX];
    const void *heads[INGEST_GROUP_MAX];
    const void *bodies[INGEST_GROUP_MAX];
    size_t head_lens[INGEST_GROUP_MAX];
    size_t lens[INGEST_GROUP_MAX];
    for (size_t m = 0; m < l->group; m++) {
        epochs[m] = 1;
        firsts[m] = p->list[m * (size_t)l->batch].seq;
        counts[m] = l->batch;
        devices[m] = DEVICE;
        heads[m] = l->head.hash;
        head_lens[m] = sizeof(l->head.hash);
        bodies[m] = p->messages[m].bytes;
        lens[m] = p->messages[m].len;
    }
    const struct sql_column columns[] = {
        {.name = "device", .type = SQL_TEXT, .texts = devices},
        {.name = "epoch", .type = SQL_INT, .ints = epochs},
        {.name = "first_seq", .type = SQL_INT, .ints = firsts},
        {.name = "entries", .type = SQL_INT, .ints = counts},
        {.name = "came_ms", .type = SQL_INT, .ints = epochs},
        {.name = "head_hash", .type = SQL_BYTES, .bytes = heads, .lens = head_lens},
        {.name = "body", .type = SQL_BYTES, .bytes = bodies, .lens = lens},
    };
    check(sql_insert(a->s, "archive", columns, ARRAY_LEN(columns), l->group, ""), "archive");
}

/* What follows from the portion, ready to be written. Not part of what is measured. */
static void work_out(struct all_rows *a, const struct portion *p)
{
    const struct projection_source from = {.device = DEVICE, .site = "nagpur", .epoch = 1};
    struct diag why = {0};
    for (int64_t i = 0; i < p->entries; i++)
        check(projection_entry(a->projection, a->s, &from, &p->list[i], &why), why.text);
    check(projection_settle(a->projection, a->s), "levels");
}

static double write_all(struct all_rows *a, const struct load *l, const struct portion *p)
{
    const bool changed = true;
    double began = now_s();
    check(sql_begin(a->s, SQL_WRITE), "begin");
    check(entry_rows_write(p->rows, a->s), "entries");
    double took = now_s() - began;
    work_out(a, p);
    began = now_s();
    insert_archive(a, l, p);
    check(projection_write_rows(a->projection, a->s), "projections");
    a->journal.intake.wm += p->entries;
    check(journal_rows_write(a->s, &a->journal, &changed, 1), "watermark");
    took += now_s() - began;
    check(projection_tidy(a->projection, a->s), "rows of nothing");
    began = now_s();
    check(sql_commit(a->s), "commit");
    return took + now_s() - began;
}

static double write_entries(struct sql *s, const struct portion *p)
{
    double began = now_s();
    check(sql_begin(s, SQL_WRITE), "begin");
    check(entry_rows_write(p->rows, s), "bare insert");
    check(sql_commit(s), "commit");
    return now_s() - began;
}

static double take_in(struct ingest *x, const struct load *l, const struct portion *p, int64_t at)
{
    const struct ingest_listener listener = {nothing_said, fail_alarm, NULL};
    double began = now_s();
    int64_t took = ingest_take(x, p->messages, l->group, 1, at, &listener);
    double seconds = now_s() - began;
    check(took == p->entries ? 0 : took < 0 ? took : -EBADMSG, "ingest");
    return seconds;
}

static void compare(struct sql *a, struct sql *b)
{
    uint8_t left[SHA256_SIZE];
    uint8_t right[SHA256_SIZE];
    check(projection_digest(a, left), "digest");
    check(projection_digest(b, right), "digest");
    check(memcmp(left, right, sizeof(left)) == 0 ? 0 : -EBADMSG, "the projections differ");
}

static void free_messages(struct portion *p, size_t n)
{
    for (size_t m = 0; m < n; m++)
        free((void *)(uintptr_t)p->messages[m].bytes);
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
    AUTO(sql) rows = open_tenant(argv[1], argv[2], "ingest-rows");
    AUTO(ingest) x = NULL;
    const struct ingest_conf conf = {.safe = INGEST_SAFE_COMMIT, .window = 8};
    struct portion p = {.list = calloc(l.group * (size_t)l.batch, sizeof(*p.list))};
    check(p.list ? 0 : -ENOMEM, "entries");
    know_device(whole);
    know_device(rows);
    struct all_rows all = {.s = rows};
    read_journal(&all);
    check(projection_open(&all.projection), "projection");
    check(ingest_open(whole, &conf, &x), "ingest");
    check(batch_encoder_new(&l.encoder), "encoder");
    check(entry_rows_open(&p.rows), "rows");
    l.head = chain_genesis(&l.origin);
    double whole_s = 0;
    double bare_s = 0;
    double rows_s = 0;
    int64_t done = 0;
    for (; done < l.entries; done += p.entries) {
        make_portion(&l, done + 1, &p);
        bare_s += write_entries(bare, &p);
        whole_s += take_in(x, &l, &p, done);
        rows_s += write_all(&all, &l, &p);
        free_messages(&p, l.group);
    }
    compare(whole, rows);
    printf("%.0f %.0f %.0f %.2f %.2f\n", (double)done / whole_s, (double)done / bare_s,
           (double)done / rows_s, bare_s / whole_s, rows_s / whole_s);
    projection_free(all.projection);
    batch_encoder_free(l.encoder);
    entry_rows_free(p.rows);
    free(p.list);
    return EXIT_SUCCESS;
}
