/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each message means: read, held against what is stored, and put into the group. */
#include "ingest_group.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chain.h"
#include "documents.h"
#include "early.h"
#include "notice.h"
#include "text.h"
#include "urgency.h"

/* Always 0: it is no error of ours. */
static int drop(struct judge *j, struct outcome *o, const char *why)
{
    j->group->counts.dropped++;
    o->kind = OUTCOME_NONE;
    text_cut(o->alarm, sizeof(o->alarm), why);
    return 0;
}

/* The journal's row in the group, read at its first message. -ENOENT: of no device. */
static int find_journal(struct judge *j, const char *device, int64_t epoch, size_t *ret)
{
    struct group *g = j->group;
    for (size_t i = 0; i < g->journals_count; i++)
        if (g->journals[i].epoch == epoch && strcmp(g->journals[i].device, device) == 0) {
            *ret = i;
            return 0;
        }
    assert(g->journals_count < ARRAY_LEN(g->journals));
    int err = journal_row_read(j->s, device, epoch, j->secured, &g->journals[g->journals_count]);
    if (err < 0)
        return err;
    g->changed[g->journals_count] = false;
    *ret = g->journals_count++;
    return 0;
}

/* 1 and the journal; 0 when the message is dropped; or an error of the store. */
static int admit(struct judge *j, struct outcome *o, const struct origin *origin, size_t *ret)
{
    struct diag why = {0};
    if (topic_check(&o->from, NULL, origin, &why) < 0)
        return drop(j, o, why.text);
    int err = find_journal(j, origin->device, origin->epoch, ret);
    if (err < 0 && err != -ENOENT)
        return err;
    const struct journal_row *row = err == 0 ? &j->group->journals[*ret] : NULL;
    if (!row)
        return drop(j, o, "an unknown or revoked device");
    if (row->shard != o->from.shard)
        return drop(j, o, "a device that speaks in another shard");
    if (row->epoch > row->device_epoch)
        return drop(j, o, "an epoch that was never given");
    o->epoch = origin->epoch;
    return 1;
}

static enum nack_why why_of(int32_t why)
{
    static const enum nack_why whys[LINK_WHY_COUNT] = {[LINK_WHY_GAP] = NACK_GAP,
                                                       [LINK_WHY_FORK] = NACK_FORK,
                                                       [LINK_WHY_SCHEMA] = NACK_SCHEMA,
                                                       [LINK_WHY_QUOTA] = NACK_QUOTA};
    assert(why >= 0 && why < LINK_WHY_COUNT);
    return whys[why];
}

/* The answer that a verdict brings, but for what follows a batch that is taken. */
static void answer(struct judge *j, struct outcome *o, const struct intake_answer *a)
{
    switch (a->reply) {
    case INTAKE_REPLY_NONE:
        (void)drop(j, o, intake_verdict_name(a->verdict));
        return;
    case INTAKE_REPLY_NACK:
        j->group->counts.refused++;
        o->kind = OUTCOME_SAY;
        o->say = (struct control){.kind = CONTROL_NACK,
                                  .session = a->send.nack.s,
                                  .nack = {.wm = a->send.nack.wm,
                                           .why = why_of(a->send.nack.why),
                                           .retry_ms = a->send.nack.retry_ms}};
        return;
    case INTAKE_REPLY_ACK:
        o->kind = OUTCOME_ACK;
        return;
    case INTAKE_REPLY_RESUME:
        o->kind = OUTCOME_SAY;
        o->say = (struct control){.kind = CONTROL_RESUME,
                                  .session = a->send.resume.s,
                                  .resume = {.wm = a->send.resume.wm,
                                             .safe = a->send.resume.safe,
                                             .now_ms = a->send.resume.now_ms,
                                             .window = j->conf->window,
                                             .flush_ms = a->send.resume.flush_ms,
                                             .early = a->send.resume.early}};
        return;
    }
}

/* A fork or a roll-back: set aside once, then the journal is held. */
static void hold(struct judge *j, struct outcome *o, size_t journal, const struct intake_answer *a,
                 const struct ingest_message *m)
{
    struct group *g = j->group;
    struct journal_row *row = &g->journals[journal];
    if (intake_verdict_alarms(a->verdict))
        snprintf(o->alarm, sizeof(o->alarm), "%s behind entry %" PRId64 " of epoch %" PRId64,
                 intake_verdict_name(a->verdict), row->intake.wm, row->epoch);
    if (a->verdict != INTAKE_FORK && a->verdict != INTAKE_ROLLBACK)
        return;
    struct fork *f = &g->forks[g->forks_count++];
    *f = (struct fork){
        .journal = journal, .seq = row->intake.wm + 1, .payload = m->bytes, .payload_len = m->len};
    text_cut(f->reason, sizeof(f->reason), o->alarm);
    row->fork_seq = f->seq;
    row->intake.hold = INTAKE_FORKED;
    g->changed[journal] = true;
}

/* ---- HELLO and GET ---- */

static int judge_hello(struct judge *j, struct outcome *o, const struct control *c,
                       const struct ingest_message *m)
{
    const struct control_hello *h = &c->hello;
    size_t journal = 0;
    int got = admit(j, o, &h->origin, &journal);
    if (got <= 0)
        return got;
    const struct journal_row *row = &j->group->journals[journal];
    int wire = wire_choose(wire_range(WIRE_VERSION), h->wire);
    struct link_hello hello = {.s = c->session,
                               .floor = h->floor + 1,
                               .head = h->head,
                               .schema = wire < 0 ? 0 : wire}; /* 0: nothing in common */
    memcpy(hello.head_hash.hash, h->hash, sizeof(hello.head_hash.hash));
    struct intake_answer a = intake_hello(&row->intake, &j->intake, &hello, j->group->now_ms);
    o->session = c->session;
    answer(j, o, &a);
    hold(j, o, journal, &a, m);
    if (a.verdict == INTAKE_LACKING)
        snprintf(o->alarm, sizeof(o->alarm),
                 "entries behind %" PRId64 " are missing here, and entries up to %" PRId64
                 " are deleted there: only a newer backup has them",
                 row->intake.wm, h->floor);
    struct greeting *g = &j->group->greetings[j->group->greetings_count++];
    *g = (struct greeting){.wire = wire < 0 ? 0 : wire, .head = h->head, .floor = h->floor};
    memcpy(g->device, row->device, sizeof(g->device));
    memcpy(g->release, h->release, sizeof(g->release));
    if (o->kind != OUTCOME_SAY || o->say.kind != CONTROL_RESUME)
        return 0;
    o->row = row->intake;
    o->say.resume.wire = wire;
    int n = documents_wanted(j->s, row->device, o->say.resume.want);
    if (n >= 0)
        o->say.resume.want_count = (size_t)n;
    return n < 0 ? n : 0;
}

static int judge_control(struct judge *j, struct outcome *o, const struct ingest_message *m)
{
    struct control c;
    struct diag why = {0};
    int err = control_read(m->bytes, m->len, &c, &why);
    if (err == -ENOMEM)
        return err;
    if (err < 0)
        return drop(j, o, why.text);
    if (c.kind == CONTROL_HELLO)
        return judge_hello(j, o, &c, m);
    if (c.kind != CONTROL_GET)
        return drop(j, o, "a message that only a relay says");
    size_t journal = 0;
    int got = admit(j, o, &c.get.origin, &journal);
    if (got > 0) {
        o->kind = OUTCOME_GIVE;
        o->session = c.session;
        o->say = c;
    }
    return got < 0 ? got : 0;
}

/* ---- batches ---- */

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

/* Whether the entries from `first` on, as far as they are stored, are the same bytes. 1, 0, or an
 * error. */
static int same_as_stored(struct judge *j, const struct journal_row *row, size_t first)
{
    size_t stored = 0;
    size_t count = entry_rows_count(j->rows);
    AUTO(sql_query)
    q = sql_query(j->s, "SELECT body FROM entry WHERE device = $1 AND epoch = $2 AND seq >= $3"
                        " AND seq <= $4 ORDER BY seq");
    sql_bind_text(q, 1, row->device);
    sql_bind_int(q, 2, row->epoch);
    sql_bind_int(q, 3, entry_rows_seq(j->rows, first));
    sql_bind_int(q, 4, row->intake.wm);
    int got = 0;
    while ((got = sql_step(q)) > 0 && first + stored < count) {
        size_t a_len = 0;
        size_t b_len = 0;
        const void *a = sql_bytes(q, 0, &a_len);
        const uint8_t *b = entry_rows_body(j->rows, first + stored, &b_len);
        if (a_len != b_len || memcmp(a, b, a_len) != 0)
            return 0;
        stored++;
    }
    return got < 0 ? got : 1;
}

/* Entries of this transaction are not in the table yet: batches of one journal that overlap within
 * it are compared in memory. */
static bool same_as_gathered(const struct judge *j, size_t journal, size_t first)
{
    for (size_t i = first; i < entry_rows_count(j->rows); i++) {
        int64_t seq = entry_rows_seq(j->rows, i);
        for (size_t r = 0; r < j->group->runs_count; r++) {
            const struct run *run = &j->group->runs[r];
            if (run->journal != journal || seq < run->first_seq ||
                seq >= run->first_seq + (int64_t)run->count)
                continue;
            size_t a_len = 0;
            size_t b_len = 0;
            const uint8_t *a = entry_rows_body(j->rows, i, &a_len);
            const uint8_t *b =
                entry_rows_body(j->rows, run->first + (size_t)(seq - run->first_seq), &b_len);
            if (a_len != b_len || memcmp(a, b, a_len) != 0)
                return false;
        }
    }
    return true;
}

/* What is stored already must be the same; what is new must continue the chain. */
static int judge_overlap(struct judge *j, size_t journal, size_t first, const struct link_batch *b,
                         struct intake_answer *a)
{
    const struct journal_row *row = &j->group->journals[journal];
    if (b->first_seq <= row->intake.wm) {
        int same = same_as_stored(j, row, first);
        if (same < 0)
            return same;
        if (same == 0 || !same_as_gathered(j, journal, first)) {
            *a = intake_refuse(&row->intake, &j->intake, b->s, INTAKE_FORK);
            return 0;
        }
    }
    if (a->verdict != INTAKE_TAKE)
        return 0;
    struct chain_head head = row->intake.head;
    for (size_t i = first; i < entry_rows_count(j->rows); i++) {
        size_t len = 0;
        const uint8_t *raw = entry_rows_body(j->rows, i, &len);
        if (entry_rows_seq(j->rows, i) > row->intake.wm)
            head = chain_next(&head, raw, len);
    }
    /* The transport's checks leave no room for damage: another chain is another journal. */
    if (memcmp(head.hash, b->head.hash, sizeof(head.hash)) != 0)
        *a = intake_refuse(&row->intake, &j->intake, b->s, INTAKE_FORK);
    return 0;
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
    int got = admit(j, o, &head->origin, &journal);
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
    answer(j, o, &a);
    hold(j, o, journal, &a, m);
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
        return drop(j, o, "a batch of a newer release whose head cannot be read");
    int got = admit(j, o, &head->origin, &journal);
    if (got <= 0)
        return got;
    struct intake_answer a = intake_refuse(&j->group->journals[journal].intake, &j->intake,
                                           head->session, INTAKE_SCHEMA);
    answer(j, o, &a);
    return 0;
}

/* ---- batches that need the entries before them ---- */

struct gathered {
    const struct judge *j;
    size_t journal;
};

/* An entry of this transaction. */
static const uint8_t *gathered_body(int64_t seq, size_t *ret_len, void *context)
{
    const struct gathered *x = context;
    const struct group *g = x->j->group;
    for (size_t r = 0; r < g->runs_count; r++) {
        const struct run *run = &g->runs[r];
        if (run->journal == x->journal && seq >= run->first_seq &&
            seq < run->first_seq + (int64_t)run->count)
            return entry_rows_body(x->j->rows, run->first + (size_t)(seq - run->first_seq),
                                   ret_len);
    }
    return NULL;
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
    answer(j, o, &a);
    return 0;
}

/* Its head is read before its entries are: by it the entries before it are found. */
static int judge_predicted(struct judge *j, struct outcome *o, const struct batch_head *head,
                           const struct ingest_message *m)
{
    size_t journal = 0;
    int got = admit(j, o, &head->origin, &journal);
    if (got <= 0)
        return got;
    const struct journal_row *row = &j->group->journals[journal];
    struct link_batch b = link_batch_of(row, head);
    struct intake_answer a = intake_batch(&row->intake, &j->intake, &b);
    if (a.verdict != INTAKE_TAKE && a.verdict != INTAKE_AGAIN) {
        o->session = head->session;
        answer(j, o, &a);
        hold(j, o, journal, &a, m);
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
        return head->context > 0 ? ask_again(j, o, journal, head) : drop(j, o, why.text);
    err = judge_read_batch(j, o, &read, first, m);
    if (err == 0 && row->intake.wm > wm)
        known_journals_taken(j->known, known, j->batch->entries, j->batch->count,
                             &row->intake.head);
    return err;
}

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
        err = drop(j, o, why.text);
    else
        err = judge_read_batch(j, o, &head, first, m);
    return err;
}

static int judge_batch(struct judge *j, struct outcome *o, const struct ingest_message *m)
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

/* ---- entries ahead of their turn ---- */

struct keeping {
    struct judge *j;
    struct journal_row *row;
};

/* Those that the ledger has passed, or that there is no room for, come in their turn. */
static int keep_early(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct keeping *k = context;
    struct journal_row *row = k->row;
    if (entry_urgency(e) != ENTRY_EARLY ||
        !intake_keeps(&row->intake, &k->j->intake, e->seq, row->early))
        return 0;
    int kept = early_keep(k->j->s, row->device, row->epoch, e, raw, raw_len, k->j->group->now_ms);
    row->early += kept > 0;
    k->j->group->counts.early += kept > 0;
    return kept < 0 ? kept : 0;
}

static int judge_notice(struct judge *j, struct outcome *o, const struct ingest_message *m)
{
    struct notice n;
    struct diag why = {0};
    size_t journal = 0;
    if (notice_read(m->bytes, m->len, &n, NULL, NULL, &why) < 0)
        return drop(j, o, why.text);
    int got = admit(j, o, &n.origin, &journal);
    if (got <= 0)
        return got;
    struct keeping k = {j, &j->group->journals[journal]};
    return notice_read(m->bytes, m->len, &n, keep_early, &k, &why);
}

int group_judge(struct judge *j, const struct ingest_message *m)
{
    assert(j && m && m->topic && (m->bytes || m->len == 0));
    struct group *g = j->group;
    struct outcome *o = &g->outcomes[g->outcomes_count++];
    *o = (struct outcome){.kind = OUTCOME_NONE};
    g->counts.messages++;
    if (topic_parse(m->topic, &o->from) < 0 || strcmp(o->from.tenant, sql_tenant(j->s)) != 0) {
        o->from = (struct topic){.kind = TOPIC_PRESENCE};
        return drop(j, o, "a topic of another tenant");
    }
    switch (o->from.kind) {
    case TOPIC_HELLO:
        return judge_control(j, o, m);
    case TOPIC_ENTRIES:
        return judge_batch(j, o, m);
    case TOPIC_NOTICE:
        return judge_notice(j, o, m);
    case TOPIC_CONTROL:
    case TOPIC_CHUNKS:
    case TOPIC_PRESENCE:
        break;
    }
    return drop(j, o, "a topic that goes down");
}
