/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "chain.h"
#include "entry_rows.h"
#include "text.h"

/* Batches are foreseen from entries before them, which are then those of the archive too: no row is
 * trusted. One that overlaps what is there may reach back further than the others. */
#define RECENT (BATCH_CONTEXT_MAX + BATCH_ENTRIES_MAX)

struct reading {
    struct sql *s;
    struct batch_decoder *decoder;
    struct batch_context *known;
    struct entry *recent;    /* RECENT of them: entry n at n % RECENT */
    struct entry_rows *rows; /* of the present batch, without what earlier ones brought */
    struct archive_verdict v;
    struct chain_head head; /* after entry v.archived */
    int err;
    bool restores;
};

/* A batch as it stands in the archive; body is borrowed. */
struct archived {
    int64_t came_ms;
    struct chain_head head;
    const uint8_t *body;
    size_t len;
};

static int gather(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct reading *r = context;
    if (e->seq <= r->v.archived)
        return 0; /* it overlapped what was there: only what was new counts as its own */
    r->head = chain_next(&r->head, raw, raw_len);
    r->recent[e->seq % RECENT] = *e;
    r->err = entry_rows_add(r->rows, e, raw, raw_len);
    return r->err;
}

/* Has r->known stand before the batch. -ENODATA: it begins behind what is there. */
static int know(struct reading *r, const struct batch_head *head)
{
    if (head->first_seq > r->v.archived + 1)
        return -ENODATA;
    batch_context_begin(r->known, head->first_seq - head->context);
    for (int64_t seq = head->first_seq - head->context; seq < head->first_seq; seq++)
        batch_context_add(r->known, &r->recent[seq % RECENT]);
    return 0;
}

/* 1 when the batch continues the journal; 0 when it is not what it should be. */
static int read_batch(struct reading *r, const struct archived *a)
{
    struct chain_head before = r->head;
    struct batch_head head;
    struct diag why;
    entry_rows_forget(r->rows);
    r->err = 0;
    int err = batch_decode_known(r->decoder, r->known, a->body, a->len, &head, gather, r, &why);
    if (err == -ENODATA && know(r, &head) == 0)
        err = batch_decode_known(r->decoder, r->known, a->body, a->len, &head, gather, r, &why);
    if (r->err < 0 || err == -ENOMEM)
        return r->err < 0 ? r->err : err;
    bool right = err == 0 && strcmp(head.origin.device, r->v.device) == 0 &&
                 (int64_t)head.origin.epoch == r->v.epoch && head.first_seq <= r->v.archived + 1 &&
                 entry_rows_count(r->rows) > 0 &&
                 memcmp(r->head.hash, a->head.hash, sizeof(a->head.hash)) == 0;
    if (!right)
        r->head = before;
    return right;
}

static int delete_row(struct reading *r, int64_t seq)
{
    AUTO(sql_query)
    q = sql_query(r->s, "DELETE FROM entry WHERE device = $1 AND epoch = $2 AND seq = $3");
    sql_bind_text(q, 1, r->v.device);
    sql_bind_int(q, 2, r->v.epoch);
    sql_bind_int(q, 3, seq);
    return sql_run(q);
}

/* Holds the stored rows against those of the batch; what differs is left in r->rows alone. */
static int compare(struct reading *r)
{
    bool same[BATCH_ENTRIES_MAX] = {false};
    size_t n = entry_rows_count(r->rows);
    assert(n <= ARRAY_LEN(same));
    r->v.archived += (int64_t)n;
    int err = entry_rows_compare(r->rows, r->s, same);
    for (size_t i = n; err == 0 && i-- > 0;) {
        if (same[i]) {
            entry_rows_drop(r->rows, i, 1);
            continue;
        }
        r->v.differing++;
        if (r->restores)
            err = delete_row(r, entry_rows_seq(r->rows, i));
    }
    if (err == 0 && r->v.first_seq == 0 && entry_rows_count(r->rows) > 0)
        r->v.first_seq = entry_rows_seq(r->rows, 0);
    return err == 0 && r->restores ? entry_rows_write(r->rows, r->s) : err;
}

/* The next batch of the journal. 1; 0 when there is none, or it is broken. */
static int next_batch(struct reading *r)
{
    AUTO(sql_query)
    q = sql_query(r->s, "SELECT came_ms, head_hash, body FROM archive WHERE device = $1"
                        " AND epoch = $2 AND first_seq = $3");
    sql_bind_text(q, 1, r->v.device);
    sql_bind_int(q, 2, r->v.epoch);
    sql_bind_int(q, 3, r->v.archived + 1);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    struct archived a = {.came_ms = sql_int(q, 0)};
    size_t len = 0;
    const void *hash = sql_bytes(q, 1, &len);
    if (len != sizeof(a.head.hash))
        return 0;
    memcpy(a.head.hash, hash, len);
    a.body = sql_bytes(q, 2, &a.len);
    got = read_batch(r, &a);
    if (got <= 0)
        return got;
    int err = entry_rows_belong(r->rows, 0, r->v.device, r->v.epoch, a.came_ms);
    if (err == 0)
        err = compare(r);
    return err < 0 ? err : 1;
}

static int read_journal(struct reading *r)
{
    struct origin origin = {.epoch = (uint32_t)r->v.epoch};
    if (text_copy(origin.tenant, sizeof(origin.tenant), sql_tenant(r->s)) < 0 ||
        text_copy(origin.device, sizeof(origin.device), r->v.device) < 0)
        return -EBADMSG;
    r->head = chain_genesis(&origin);
    batch_context_begin(r->known, 1); /* what it knew was of another journal */
    int got = 1;
    while (got > 0 && r->v.archived < r->v.wm)
        got = next_batch(r);
    return got < 0 ? got : 0;
}

static int read_journals(struct reading *r, archive_verdict_fn on_journal, void *context)
{
    AUTO(sql_query)
    q = sql_query(r->s, "SELECT device, epoch, wm FROM watermark ORDER BY device, epoch");
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        r->v = (struct archive_verdict){.epoch = sql_int(q, 1), .wm = sql_int(q, 2)};
        sql_copy(q, 0, r->v.device, sizeof(r->v.device));
        int err = read_journal(r);
        if (err == 0)
            err = on_journal(&r->v, context);
        if (err != 0)
            return err;
    }
    return got;
}

static int read_all(struct sql *s, bool restores, archive_verdict_fn on_journal, void *context)
{
    assert(s && on_journal);
    AUTO(batch_decoder) decoder = NULL;
    AUTO(batch_context) known = NULL;
    AUTO(entry_rows) rows = NULL;
    int err = batch_decoder_new(&decoder);
    if (err == 0)
        err = batch_context_new(&known);
    if (err == 0)
        err = entry_rows_open(&rows);
    if (err == 0 && restores)
        err = sql_lock(s, "ingest");
    if (err < 0)
        return err;
    struct reading r = {
        .s = s, .decoder = decoder, .known = known, .rows = rows, .restores = restores};
    r.recent = calloc(RECENT, sizeof(*r.recent));
    err = r.recent ? read_journals(&r, on_journal, context) : -ENOMEM;
    free(r.recent);
    return err;
}

int archive_check(struct sql *s, archive_verdict_fn on_journal, void *context)
{
    return read_all(s, false, on_journal, context);
}

int archive_restore(struct sql *s, archive_verdict_fn on_journal, void *context)
{
    return read_all(s, true, on_journal, context);
}
