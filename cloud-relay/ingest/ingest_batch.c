/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch: read, with the entries before it where it needs them, judged, and taken. */
#include "ingest_judge.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

struct gathering {
    struct entry_rows *rows;
    struct ingest_batch *batch;
    int err;
};

static int gather(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct gathering *g = context;
    assert(g->batch->count < ARRAY_LEN(g->batch->entries));
    g->batch->entries[g->batch->count++] = *e;
    g->err = entry_rows_add(g->rows, e, raw, raw_len);
    return g->err;
}

static int take(struct judge *j, size_t journal, size_t first, const struct link_batch *b,
                const struct ingest_message *m)
{
    struct group *g = j->group;
    struct journal_row *row = &g->journals[journal];
    size_t known = (size_t)(row->intake.wm + 1 - b->first_seq);
    entry_rows_drop(j->rows, first, known);
    size_t count = entry_rows_count(j->rows) - first;
    int err = entry_rows_belong(j->rows, first, row->device, row->epoch, g->now_ms);
    if (err < 0)
        return err;
    g->runs[g->runs_count++] = (struct run){.journal = journal,
                                            .first = first,
                                            .count = count,
                                            .first_seq = row->intake.wm + 1,
                                            .head = b->head,
                                            .payload = m->bytes,
                                            .payload_len = m->len};
    for (size_t i = first; i < first + count; i++) {
        size_t len = 0;
        entry_rows_body(j->rows, i, &len);
        row->entries_bytes += (int64_t)len;
    }
    row->wire_bytes += (int64_t)m->len;
    row->batches++;
    row->first_ms = row->first_ms ? row->first_ms : g->now_ms;
    row->last_ms = g->now_ms;
    row->intake = intake_advance(&row->intake, b);
    if (j->secured)
        intake_secured(&row->intake, row->intake.wm);
    g->changed[journal] = true;
    g->counts.entries += (int64_t)count;
    return group_apply(j, row, known);
}

/* As the link's machine sees it. What the head says of the chain before it is held against what is
 * stored; where it says nothing, the chain over its entries tells (judge_overlap). */
static struct link_batch link_batch_of(const struct journal_row *row, const struct batch_head *head)
{
    struct link_batch b = {.s = head->session,
                           .first_seq = head->first_seq,
                           .n = head->count,
                           .prev = row->intake.head,
                           .schema = head->wire};
    memcpy(b.head.hash, head->head_hash, sizeof(b.head.hash));
    if (head->has_prev)
        memcpy(b.prev.hash, head->prev, sizeof(head->prev));
    return b;
}

/* A batch that was read: its entries are the rows from `first` on. */
static int judge_read_batch(struct judge *j, struct outcome *o, const struct batch_head *head,
                            size_t first, const struct ingest_message *m)
{
    size_t journal = 0;
    int got = judge_admit(j, o, &head->origin, &journal);
    if (got <= 0)
        return got;
    const struct journal_row *row = &j->group->journals[journal];
    struct link_batch b = link_batch_of(row, head);
    struct intake_answer a = intake_batch(&row->intake, &j->intake, &b);
    if (a.verdict == INTAKE_TAKE || a.verdict == INTAKE_AGAIN) {
        int err = judge_overlap(j, journal, first, &b, &a);
        if (err < 0)
            return err;
        /* Foreseen from other entries than the device's own: once more, without them. */
        if (a.verdict == INTAKE_FORK && head->context > 0)
            a = intake_refuse(&row->intake, &j->intake, b.s, INTAKE_GAP);
    }
    o->session = head->session;
    judge_answer(j, o, &a);
    judge_hold(j, o, journal, &a, m);
    j->group->counts.again += a.verdict == INTAKE_AGAIN;
    if (a.verdict == INTAKE_TAKE) {
        int err = take(j, journal, first, &b, m);
        if (err < 0)
            return err;
        o->kind = OUTCOME_ACK;
    }
    o->row = row->intake;
    return 0;
}

/* A format of a newer release: nothing is kept, the device has it. */
static int judge_schema(struct judge *j, struct outcome *o, const struct batch_head *head)
{
    size_t journal = 0;
    if (head->origin.device[0] == '\0')
        return judge_drop(j, o, "a batch of a newer release whose head cannot be read");
    int got = judge_admit(j, o, &head->origin, &journal);
    if (got <= 0)
        return got;
    struct intake_answer a = intake_refuse(&j->group->journals[journal].intake, &j->intake,
                                           head->session, INTAKE_SCHEMA);
    judge_answer(j, o, &a);
    return 0;
}

/* ---- batches that need the entries before them ---- */

struct gathered {
    const struct judge *j;
    size_t journal;
};

static const uint8_t *gathered_body(int64_t seq, size_t *ret_len, void *context)
{
    const struct gathered *x = context;
    return judge_gathered_body(x->j, x->journal, seq, ret_len);
}

static int find_known(struct judge *j, size_t journal, const struct batch_head *head,
                      struct batch_context **ret)
{
    const struct journal_row *row = &j->group->journals[journal];
    bool next = head->first_seq == row->intake.wm + 1;
    const struct known_wanted wanted = {.device = row->device,
                                        .epoch = row->epoch,
                                        .first_seq = head->first_seq,
                                        .count = head->context,
                                        .stored = row->intake.wm,
                                        .behind = next ? &row->intake.head : NULL};
    struct gathered gathered = {.j = j, .journal = journal};
    return known_journals_find(j->known, j->s, &wanted, gathered_body, &gathered, ret);
}

/* The device is asked for what follows the watermark, and sends it so that it needs nothing. */
static int ask_again(struct judge *j, struct outcome *o, size_t journal,
                     const struct batch_head *head)
{
    struct intake_answer a =
        intake_refuse(&j->group->journals[journal].intake, &j->intake, head->session, INTAKE_GAP);
    o->session = head->session;
    judge_answer(j, o, &a);
    return 0;
}

/* Its head is read before its entries are: by it the entries before it are found. */
static int judge_predicted(struct judge *j, struct outcome *o, const struct batch_head *head,
                           const struct ingest_message *m)
{
    size_t journal = 0;
    int got = judge_admit(j, o, &head->origin, &journal);
    if (got <= 0)
        return got;
    const struct journal_row *row = &j->group->journals[journal];
    struct link_batch b = link_batch_of(row, head);
    struct intake_answer a = intake_batch(&row->intake, &j->intake, &b);
    if (a.verdict != INTAKE_TAKE && a.verdict != INTAKE_AGAIN) {
        o->session = head->session;
        judge_answer(j, o, &a);
        judge_hold(j, o, journal, &a, m);
        return 0;
    }
    struct batch_context *known = NULL;
    got = find_known(j, journal, head, &known);
    if (got <= 0)
        return got < 0 ? got : ask_again(j, o, journal, head);

    size_t first = entry_rows_count(j->rows);
    int64_t wm = row->intake.wm;
    struct gathering g = {.rows = j->rows, .batch = j->batch};
    struct batch_head read = {0};
    struct diag why = {0};
    j->batch->count = 0;
    int err = batch_decode_known(j->decoder, known, m->bytes, m->len, &read, gather, &g, &why);
    if (err == -ENOMEM || g.err < 0)
        return g.err < 0 ? g.err : err;
    if (err < 0)
        return head->context > 0 ? ask_again(j, o, journal, head) : judge_drop(j, o, why.text);
    err = judge_read_batch(j, o, &read, first, m);
    if (err == 0 && row->intake.wm > wm)
        known_journals_taken(j->known, known, j->batch->entries, j->batch->count,
                             &row->intake.head);
    return err;
}

/* ---- either kind ---- */

static int judge_read_whole(struct judge *j, struct outcome *o, const struct ingest_message *m)
{
    size_t first = entry_rows_count(j->rows);
    struct gathering g = {.rows = j->rows, .batch = j->batch};
    struct batch_head head = {0};
    struct diag why = {0};
    j->batch->count = 0;
    int err = batch_decode(j->decoder, m->bytes, m->len, &head, gather, &g, &why);
    if (err == -ENOMEM || g.err < 0)
        return g.err < 0 ? g.err : err;
    if (err == -EPROTO)
        err = judge_schema(j, o, &head);
    else if (err < 0)
        err = judge_drop(j, o, why.text);
    else
        err = judge_read_batch(j, o, &head, first, m);
    return err;
}

int judge_batch(struct judge *j, struct outcome *o, const struct ingest_message *m)
{
    struct batch_head head;
    int err = batch_peek(m->bytes, m->len, &head) > 0 ? judge_predicted(j, o, &head, m)
                                                      : judge_read_whole(j, o, m);
    /* What was not taken goes again. */
    size_t kept = 0;
    for (size_t r = 0; r < j->group->runs_count; r++)
        kept += j->group->runs[r].count;
    entry_rows_drop(j->rows, kept, entry_rows_count(j->rows) - kept);
    return err;
}
