/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The relay's ingest as flat calls for ctypes, in a shared object of its own: takes the journals of
 * the appliances under test and answers with rows. It decides nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "ingest.h"
#include "journal.h"
#include "projection.h"
#include "topic.h"
#include "wire.h"

#define QUESTIONS_MAX 32

struct relay_shim {
    struct sql *s;
    struct ingest *x;
    struct batch_encoder *encoder;
    int64_t mono_ms;
    char *table;                    /* of the last relay_shim_rows() */
    char *questions[QUESTIONS_MAX]; /* sql_query() knows a statement by its address */
};

int relay_shim_open(const char *folder, const char *tenant, struct relay_shim **ret);
void relay_shim_close(struct relay_shim *r);
int relay_shim_device(struct relay_shim *r, const char *device, const char *site);
int64_t relay_shim_ship(struct relay_shim *r, const char *device, const char *journal, int64_t from,
                        int64_t to);
int relay_shim_digest(struct relay_shim *r, uint8_t ret[SHA256_SIZE]);
int relay_shim_rebuild(struct relay_shim *r);
const char *relay_shim_rows(struct relay_shim *r, const char *question, const char *types);

void relay_shim_close(struct relay_shim *r)
{
    if (!r)
        return;
    ingest_free(r->x);
    batch_encoder_free(r->encoder);
    sql_free(r->s);
    for (size_t i = 0; i < QUESTIONS_MAX; i++)
        free(r->questions[i]);
    free(r->table);
    free(r);
}

int relay_shim_open(const char *folder, const char *tenant, struct relay_shim **ret)
{
    char address[512];
    struct diag why = {0};
    const struct ingest_conf conf = {.safe = INGEST_SAFE_COMMIT, .window = 8};
    struct relay_shim *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    snprintf(address, sizeof(address), "sqlite:%s", folder);
    int err = sql_tenant_create(address, tenant, &why);
    if (err == 0)
        err = sql_open(address, tenant, &why, &r->s);
    if (err == 0)
        err = projection_ensure(r->s);
    if (err >= 0)
        err = ingest_open(r->s, &conf, &r->x);
    if (err == 0)
        err = batch_encoder_new(&r->encoder);
    if (err < 0)
        relay_shim_close(r);
    else
        *ret = r;
    return err;
}

int relay_shim_device(struct relay_shim *r, const char *device, const char *site)
{
    int err = sql_begin(r->s, SQL_WRITE);
    if (err < 0)
        return err;
    {
        AUTO(sql_query)
        q = sql_query(r->s, "INSERT INTO device(device, site, shard, epoch, state, certificate,"
                            " release, wire, head, floor, last_heard_ms, skew_ms, facts)"
                            " VALUES($1, $2, 0, 1, 'claimed', '', '', 1, 0, 0, 0, 0, '')");
        sql_bind_text(q, 1, device);
        sql_bind_text(q, 2, site);
        err = sql_run(q);
    }
    return err < 0 ? err : sql_commit(r->s);
}

struct gathering {
    struct entry entries[BATCH_ENTRIES_MAX];
    struct chain_head head;
    int64_t from;
    int64_t to;
    int64_t count;
};

static int on_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                    const struct chain_head *hash, void *context)
{
    (void)hash; /* of the name that the site gave its journal; here it has another */
    struct gathering *g = context;
    if (e->seq > g->to)
        return 1;
    g->head = chain_next(&g->head, raw, raw_len);
    if (e->seq >= g->from && g->count < BATCH_ENTRIES_MAX)
        g->entries[g->count++] = *e;
    return 0;
}

static int gather(const char *path, struct gathering *g)
{
    struct origin origin;
    struct diag why = {0};
    AUTO(journal) j = NULL;
    int err = journal_open_readonly(path, NULL, &origin, &why, &j);
    if (err == 0)
        err = journal_read(j, 1, on_entry, g);
    return err < 0 ? err : 0;
}

static void nothing_said(const char *topic, const void *bytes, size_t len, void *context)
{
    (void)topic;
    (void)bytes;
    (void)len;
    (void)context;
}

static void count_alarm(const char *device, const char *words, void *context)
{
    (void)device;
    (void)words;
    ++*(int *)context;
}

int64_t relay_shim_ship(struct relay_shim *r, const char *device, const char *journal, int64_t from,
                        int64_t to)
{
    struct batch_head head = {.wire = WIRE_VERSION,
                              .origin = {.epoch = 1},
                              .session = 65537,
                              .first_seq = from,
                              .count = (int32_t)(to - from + 1)};
    snprintf(head.origin.tenant, sizeof(head.origin.tenant), "%s", sql_tenant(r->s));
    snprintf(head.origin.device, sizeof(head.origin.device), "%s", device);
    struct gathering *g = calloc(1, sizeof(*g));
    if (!g)
        return -ENOMEM;
    g->from = from;
    g->to = to;
    g->head = chain_genesis(&head.origin);
    int64_t err = gather(journal, g);
    const uint8_t *bytes = NULL;
    size_t len = 0;
    memcpy(head.head_hash, g->head.hash, sizeof(head.head_hash));
    if (err == 0)
        err = batch_encode(r->encoder, BATCH_ZSTD, &head, g->entries, &bytes, &len);
    free(g);
    if (err < 0)
        return err;
    int alarms = 0;
    char topic[TOPIC_SIZE];
    struct topic to_topic = {.kind = TOPIC_ENTRIES};
    memcpy(to_topic.tenant, head.origin.tenant, sizeof(to_topic.tenant));
    memcpy(to_topic.device, head.origin.device, sizeof(to_topic.device));
    const struct ingest_message message = {topic_format(&to_topic, topic), bytes, len};
    const struct ingest_listener listener = {nothing_said, count_alarm, &alarms};
    int64_t took =
        ingest_take(r->x, &message, 1, INT64_C(1800000000000), r->mono_ms += 1000, &listener);
    return took >= 0 && alarms > 0 ? -EPROTO : took;
}

int relay_shim_digest(struct relay_shim *r, uint8_t ret[SHA256_SIZE])
{
    return projection_digest(r->s, ret);
}

int relay_shim_rebuild(struct relay_shim *r)
{
    return projection_rebuild(r->s);
}

/* The same address for the same words. NULL: too many of them. */
static const char *keep(struct relay_shim *r, const char *question)
{
    for (size_t i = 0; i < QUESTIONS_MAX; i++) {
        if (!r->questions[i])
            r->questions[i] = strdup(question);
        if (r->questions[i] && strcmp(r->questions[i], question) == 0)
            return r->questions[i];
    }
    return NULL;
}

/* A line a row, fields between tabs; types: a letter a column, t or i. NULL: the store's error. */
const char *relay_shim_rows(struct relay_shim *r, const char *question, const char *types)
{
    size_t len = 0;
    free(r->table);
    r->table = NULL;
    FILE *out = open_memstream(&r->table, &len);
    const char *kept = keep(r, question);
    if (!out || !kept || sql_begin(r->s, SQL_READ) < 0)
        return NULL;
    int got = 0;
    {
        AUTO(sql_query) q = sql_query(r->s, kept);
        while ((got = sql_step(q)) > 0)
            for (int c = 0; types[c] != '\0'; c++) {
                if (types[c] == 't')
                    fputs(sql_text(q, c), out);
                else
                    fprintf(out, "%lld", (long long)sql_int(q, c));
                fputc(types[c + 1] ? '\t' : '\n', out);
            }
    }
    sql_rollback(r->s);
    fclose(out);
    return got < 0 ? NULL : r->table;
}
