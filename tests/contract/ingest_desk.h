/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/contract/ingest_desk.h -- a relay's ingest at a store, and appliances in memory that send
 * to it: the steps that the promises of ingest.h and archive.h are told in. */
#pragma once

#include "relay_case.h"

#include <errno.h>
#include <stdlib.h>

#include "batch.h"
#include "chain.h"
#include "chunk.h"
#include "civil.h"
#include "control.h"
#include "entry_codec.h"
#include "ingest.h"
#include "journal_check.h"
#include "notice.h"
#include "projection.h"
#include "topic.h"

#define JOURNAL_MAX 1600
#define NOW_MS INT64_C(1800000000000)

/* An appliance's journal in memory. */
struct device {
    struct origin origin;
    struct entry entries[JOURNAL_MAX];
    struct chain_head heads[JOURNAL_MAX + 1];
    int64_t count;
};

struct answers {
    struct control last;
    char topic[TOPIC_SIZE];
    int count;
    int alarms;
    uint8_t chunk[CHUNK_MAX];
    size_t chunk_len;
};

struct desk {
    struct sql *s;
    struct ingest *x;
    struct batch_encoder *encoder;
    struct answers answers;
    int64_t mono_ms;
    char tenant[32];
    enum batch_format format; /* of the batches that are sent */
};

static inline void on_reply(const char *topic, const void *bytes, size_t len, void *context)
{
    struct answers *a = context;
    struct topic to;
    assert_int_equal(topic_parse(topic, &to), 0);
    strcpy(a->topic, topic);
    a->count++;
    if (to.kind == TOPIC_CHUNKS) {
        memcpy(a->chunk, bytes, len);
        a->chunk_len = len;
    } else {
        assert_int_equal(control_read(bytes, len, &a->last, NULL), 0);
    }
}

static inline void on_alarm(const char *device, const char *words, void *context)
{
    struct answers *a = context;
    assert_non_null(device);
    assert_true(words[0] != '\0');
    a->alarms++;
}

static inline void open_ingest(struct desk *d, enum ingest_safe safe,
                               const struct document_key *fetch_key)
{
    const struct ingest_conf conf = {.safe = safe, .window = 8, .fetch_key = fetch_key};
    ingest_free(d->x);
    assert_int_equal(ingest_open(d->s, &conf, &d->x), 0);
}

static inline struct desk desk_open(void **state)
{
    static int tenants;
    const struct relay_case *c = *state;
    struct desk d = {.mono_ms = 1, .format = BATCH_ZSTD};
    snprintf(d.tenant, sizeof(d.tenant), "in-%d", ++tenants);
    d.s = relay_open(c, d.tenant);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "INSERT INTO device(device, site, shard, epoch, state, certificate, release,"
                   " wire, head, floor, last_heard_ms, skew_ms, facts) VALUES"
                   "('wh-1', 'nagpur', 7, 2, 'claimed', '', '', 0, 0, 0, 0, 0, ''),"
                   "('wh-2', 'pune', 7, 1, 'claimed', '', '', 0, 0, 0, 0, 0, ''),"
                   "('wh-9', 'pune', 7, 1, 'revoked', '', '', 0, 0, 0, 0, 0, '')");
    relay_commit(d.s);
    assert_int_equal(projection_ensure(d.s), 1);
    assert_int_equal(batch_encoder_new(&d.encoder), 0);
    open_ingest(&d, INGEST_SAFE_BACKUP, NULL);
    return d;
}

static inline void desk_close(struct desk *d)
{
    ingest_free(d->x);
    batch_encoder_free(d->encoder);
    sql_free(d->s);
}

static inline int64_t number(struct desk *d, const char *text)
{
    relay_begin(d->s, SQL_READ);
    int64_t n = relay_number(d->s, text);
    sql_rollback(d->s);
    return n;
}

/* ---- a device ---- */

static inline struct entry *add(struct device *v, enum entry_kind kind, int64_t qty)
{
    assert_true(v->count < JOURNAL_MAX);
    struct entry *e = &v->entries[v->count++];
    *e = entry_new(kind);
    e->seq = v->count;
    e->wall_ms = civil_ist_start_ms(20000) + e->seq * 1000;
    e->qty = qty;
    if (qty != 0) {
        strcpy(e->sku, "TEA");
        strcpy(e->bin, "A-01");
    }
    return e;
}

static inline void chain(struct device *v)
{
    v->heads[0] = chain_genesis(&v->origin);
    for (int64_t i = 0; i < v->count; i++) {
        uint8_t raw[ENTRY_ENCODED_MAX];
        v->heads[i + 1] = chain_next(&v->heads[i], raw, entry_encode(&v->entries[i], raw));
    }
}

/* n entries: opened, then goods that come in by 10 and are sold by 1. */
static inline struct device *device_new(const struct desk *d, const char *name, uint32_t epoch,
                                        int n)
{
    struct device *v = calloc(1, sizeof(*v));
    assert_non_null(v);
    strcpy(v->origin.tenant, d->tenant);
    strcpy(v->origin.device, name);
    v->origin.epoch = epoch;
    strcpy(add(v, ENTRY_OPENED, 0)->note, "site");
    while (v->count < n)
        add(v, v->count % 3 == 1 ? ENTRY_RECEIVED : ENTRY_PICKED, v->count % 3 == 1 ? 10 : 1);
    chain(v);
    return v;
}

struct parcel {
    char topic[TOPIC_SIZE];
    uint8_t *bytes;
    size_t len;
};

static inline struct parcel parcel(const struct device *v, enum topic_kind kind, const void *bytes,
                                   size_t len)
{
    struct parcel p = {.len = len, .bytes = malloc(len + 1)};
    struct topic t = {.kind = kind, .shard = 7};
    assert_non_null(p.bytes);
    strcpy(t.tenant, v->origin.tenant);
    strcpy(t.device, v->origin.device);
    memcpy(p.bytes, bytes, len);
    topic_format(&t, p.topic);
    return p;
}

/* A batch of first to last; a predicted one from the entries from `from` on. */
static inline struct parcel batch_behind(struct desk *d, const struct device *v, int64_t from,
                                         int64_t first, int64_t last)
{
    const uint8_t *bytes = NULL;
    size_t len = 0;
    struct batch_context *known = batch_encoder_context(d->encoder);
    struct batch_head head = {.wire = WIRE_VERSION,
                              .origin = v->origin,
                              .session = 65537,
                              .first_seq = first,
                              .count = (int32_t)(last - first + 1),
                              .has_prev = d->format == BATCH_PREDICTED};
    memcpy(head.head_hash, v->heads[last].hash, sizeof(head.head_hash));
    memcpy(head.prev, v->heads[first - 1].hash, sizeof(head.prev));
    batch_context_begin(known, from);
    for (int64_t seq = from; seq < first; seq++)
        batch_context_add(known, &v->entries[seq - 1]);
    assert_int_equal(
        batch_encode(d->encoder, d->format, &head, &v->entries[first - 1], &bytes, &len), 0);
    return parcel(v, TOPIC_ENTRIES, bytes, len);
}

static inline struct parcel batch(struct desk *d, const struct device *v, int64_t first,
                                  int64_t last)
{
    return batch_behind(d, v, 1, first, last);
}

/* Those entries ahead of their turn, at most NOTICE_ENTRIES_MAX, ended by 0. */
static inline struct parcel notice(const struct device *v, const int64_t *seqs)
{
    static uint8_t raw[NOTICE_ENTRIES_MAX][ENTRY_ENCODED_MAX];
    uint8_t bytes[NOTICE_MAX];
    struct notice n = {.origin = v->origin, .session = 65537};
    for (; *seqs > 0; seqs++, n.count++)
        n.entries[n.count] =
            (struct notice_entry){raw[n.count], entry_encode(&v->entries[*seqs - 1], raw[n.count])};
    return parcel(v, TOPIC_NOTICE, bytes, notice_write(&n, bytes));
}

static inline struct parcel said(const struct device *v, const struct control *c)
{
    char text[CONTROL_MAX];
    size_t len = control_write(c, text);
    return parcel(v, TOPIC_HELLO, text, len);
}

static inline struct parcel hello(const struct device *v)
{
    struct control c = {.kind = CONTROL_HELLO,
                        .session = 65537,
                        .hello = {.origin = v->origin,
                                  .head = v->count,
                                  .release = "1.0",
                                  .schema = 1,
                                  .wire = wire_range(WIRE_VERSION)}};
    memcpy(c.hello.hash, v->heads[v->count].hash, sizeof(c.hello.hash));
    return said(v, &c);
}

/* Delivers, frees, and looks at nothing but what ingest_take() returns. A second later. */
static inline int64_t deliver(struct desk *d, struct parcel *p, size_t n)
{
    struct ingest_message messages[INGEST_GROUP_MAX] = {{NULL, NULL, 0}};
    const struct ingest_listener listener = {on_reply, on_alarm, &d->answers};
    d->answers = (struct answers){.count = 0};
    d->mono_ms += 1000;
    for (size_t i = 0; i < n; i++)
        messages[i] = (struct ingest_message){p[i].topic, p[i].bytes, p[i].len};
    int64_t entries = ingest_take(d->x, messages, n, NOW_MS, d->mono_ms, &listener);
    for (size_t i = 0; i < n; i++)
        free(p[i].bytes);
    if (entries < 0)
        fail_msg("ingest_take: %s: %s", strerror((int)-entries), sql_words(d->s));
    return entries;
}

static inline int64_t deliver_batch(struct desk *d, const struct device *v, int64_t first,
                                    int64_t last)
{
    struct parcel p = batch(d, v, first, last);
    return deliver(d, &p, 1);
}

static inline void assert_acked(const struct desk *d, int64_t wm)
{
    assert_int_equal(d->answers.count, 1);
    assert_int_equal(d->answers.last.kind, CONTROL_ACK);
    assert_int_equal(d->answers.last.ack.wm, wm);
}

static inline void assert_nacked(const struct desk *d, enum nack_why why, int64_t wm)
{
    assert_int_equal(d->answers.count, 1);
    assert_int_equal(d->answers.last.kind, CONTROL_NACK);
    assert_int_equal(d->answers.last.nack.why, why);
    assert_int_equal(d->answers.last.nack.wm, wm);
}

/* I2 and I6: the rows are 1..wm, and their chain is the device's. */
static inline int on_verdict(const struct journal_verdict *v, void *context)
{
    const struct device *device = context;
    if (strcmp(v->device, device->origin.device) != 0 || v->epoch != device->origin.epoch)
        return 0;
    assert_int_equal(v->broken_seq, 0);
    assert_memory_equal(v->head.hash, device->heads[v->wm].hash, SHA256_SIZE);
    return 0;
}

static inline void assert_holds(struct desk *d, struct device *v)
{
    relay_begin(d->s, SQL_READ);
    assert_int_equal(journals_check(d->s, on_verdict, v), 0);
    sql_rollback(d->s);
    assert_int_equal(number(d, "SELECT count(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM"
                               " watermark w WHERE w.device = e.device AND w.epoch = e.epoch AND"
                               " w.wm >= e.seq)"),
                     0);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(projection_digest(d->s, before), 0);
    assert_int_equal(projection_rebuild(d->s), 0);
    assert_int_equal(projection_digest(d->s, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
}
