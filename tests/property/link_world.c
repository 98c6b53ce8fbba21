/* SPDX-License-Identifier: Apache-2.0 */
#include "link_world.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "origin.h"

#define SCHEMA 3
#define CALM_STEPS_MAX 20000

static uint32_t pick(struct world *w, uint32_t n)
{
    struct world_choices *c = &w->choices;
    if (!c->bytes)
        return (uint32_t)rng_below(&c->rng, n);
    return c->at < c->len ? c->bytes[c->at++] % n : 0;
}

/* --- entries: whose life, and which number */

static struct chain_head genesis(uint32_t epoch)
{
    struct origin origin = {.tenant = "demo", .device = "wh-01", .epoch = epoch};
    return chain_genesis(&origin);
}

static struct chain_head extend(const struct chain_head *head, uint32_t life, int64_t seq)
{
    uint8_t bytes[16] = {0};
    memcpy(bytes, &life, sizeof(life));
    memcpy(bytes + 8, &seq, sizeof(seq));
    return chain_next(head, bytes, sizeof(bytes));
}

static bool same(const struct chain_head *a, const struct chain_head *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* --- the mail: what is taken out next is anyone's choice */

static void post(struct world_box *box, const struct world_mail *mail)
{
    if (box->count < WORLD_MAIL_MAX)
        box->mail[box->count++] = *mail;
}

static struct world_mail take(struct world_box *box, size_t i)
{
    struct world_mail mail = box->mail[i];
    box->mail[i] = box->mail[--box->count];
    return mail;
}

/* --- the appliance */

static void boot(struct world *w)
{
    w->conf.boot = ++w->boot;
    w->conf.seed = (uint64_t)w->boot;
    uplink_start(&w->uplink, &w->conf, &w->journal);
    w->up = false;
    w->told = -1;
}

static void append(struct world *w, int64_t n, bool urgent)
{
    for (int64_t i = 0; i < n && w->journal.head < WORLD_ENTRIES_MAX; i++) {
        w->journal.head++;
        w->at[w->journal.head] = extend(&w->at[w->journal.head - 1], w->life, w->journal.head);
    }
    uplink_appended(&w->uplink, w->journal.head, urgent, w->now_ms);
}

static void trim(struct world *w)
{
    int64_t last = w->fault == WORLD_DELETE_AT_ACK ? w->uplink.acked : uplink_deletable(&w->uplink);
    if (last < w->journal.floor)
        return;
    w->journal.floor += 1 + (int64_t)pick(w, (uint32_t)(last - w->journal.floor + 1));
    uplink_trimmed(&w->uplink, w->journal.floor);
}

static void swap_storage(struct world *w)
{
    if (w->life == WORLD_EPOCHS_MAX)
        return;
    w->life++;
    if (w->fault != WORLD_KEEP_EPOCH) {
        w->epoch++;
        w->boot = uplink_first_boot(w->epoch) - 1;
    }
    w->at[0] = genesis(w->epoch);
    w->journal = (struct uplink_journal){.floor = 1};
    boot(w);
}

static void write_down(struct world *w)
{
    w->journal.acked = w->uplink.acked;
    w->journal.safe = w->uplink.safe;
}

static void send_hello(struct world *w, const struct uplink_action *a)
{
    struct world_mail m = {.kind = WORLD_HELLO, .epoch = w->epoch, .life = w->life};
    m.as.hello = (struct link_hello){.s = a->s,
                                     .floor = a->floor,
                                     .head = a->head,
                                     .head_hash = w->at[a->head],
                                     .schema = SCHEMA};
    post(&w->upward, &m);
}

static void send_batch(struct world *w, struct uplink_action *a)
{
    a->n = pick(w, 4) == 0 ? 1 + (int64_t)pick(w, (uint32_t)a->n) : a->n;
    int64_t last = a->first_seq + a->n - 1;
    struct world_mail m = {.kind = WORLD_BATCH, .epoch = w->epoch, .life = w->life};
    m.as.batch = (struct link_batch){.s = a->s,
                                     .first_seq = a->first_seq,
                                     .n = a->n,
                                     .prev = w->at[a->first_seq - 1],
                                     .head = w->at[last],
                                     .schema = SCHEMA};
    post(&w->upward, &m);
}

/* The first few of those asked for: which ones are early is a choice of the world's too. */
static void send_notice(struct world *w, const struct uplink_action *a)
{
    int64_t looked = a->first_seq + (int64_t)pick(w, (uint32_t)(a->last_seq - a->first_seq + 1));
    int64_t n = pick(w, 2);
    struct world_mail m = {.kind = WORLD_NOTICE, .epoch = w->epoch, .life = w->life};
    m.as.notice.seq = looked;
    m.as.notice.at = w->at[looked];
    if (n > 0)
        post(&w->upward, &m);
    uplink_noticed(&w->uplink, a, looked, n);
}

/* Does what uplink_next() says; false when it says to wait. */
static bool act(struct world *w, int64_t *ret_until_ms)
{
    struct uplink_action a = uplink_next(&w->uplink, w->now_ms);
    *ret_until_ms = a.until_ms;
    if (a.step == UPLINK_WAIT)
        return false;
    if (a.step == UPLINK_NOTICE) {
        send_notice(w, &a);
        return true;
    }
    if (a.step == UPLINK_RENEW) {
        uplink_renew(&w->uplink, ++w->boot);
        return true;
    }
    if (a.step == UPLINK_HELLO)
        send_hello(w, &a);
    else
        send_batch(w, &a);
    uplink_sent(&w->uplink, &a, w->now_ms);
    if (a.step == UPLINK_BATCH && w->fault == WORLD_TRUST_PUBACK) {
        struct link_ack ack = {.s = a.s, .wm = a.first_seq + a.n - 1, .safe = w->uplink.safe};
        w->answers += uplink_ack(&w->uplink, &ack, w->now_ms) == 1;
    }
    return true;
}

static void hear(struct world *w, const struct world_mail *m)
{
    int taken = 0;
    struct world_mail mail = *m;
    if (!w->up)
        return;
    if (mail.kind == WORLD_RESUME) {
        if (w->fault == WORLD_STALE_RESUME)
            mail.as.resume.s = w->uplink.s;
        taken = uplink_resume(&w->uplink, &mail.as.resume, w->now_ms);
    } else if (mail.kind == WORLD_ACK) {
        taken = uplink_ack(&w->uplink, &mail.as.ack, w->now_ms);
    } else {
        taken = uplink_nack(&w->uplink, &mail.as.nack, w->now_ms);
    }
    if (taken == 1 && mail.kind == WORLD_RESUME)
        w->told = mail.restored;
    w->answers += taken == 1;
}

/* --- the relay */

static void answer(struct world *w, uint32_t epoch, const struct intake_answer *a)
{
    struct world_mail m = {.epoch = epoch, .restored = w->restored};
    if (a->reply == INTAKE_REPLY_RESUME) {
        m.kind = WORLD_RESUME;
        m.as.resume = a->send.resume;
    } else {
        m.kind = WORLD_NACK;
        m.as.nack = a->send.nack;
    }
    if (a->reply == INTAKE_REPLY_RESUME || a->reply == INTAKE_REPLY_NACK)
        post(&w->downward, &m);
}

static bool acknowledge(struct world *w, uint32_t epoch, int64_t *ret_due_ms)
{
    struct world_mail m = {.kind = WORLD_ACK, .epoch = epoch, .restored = w->restored};
    if (intake_ack_due(&w->pace[epoch], &w->ledger[epoch].row, &w->relay, w->now_ms, &m.as.ack,
                       ret_due_ms) == 0)
        return false;
    post(&w->downward, &m);
    return true;
}

/* The transaction: the new entries and the row, or nothing. */
static void commit(struct world_ledger *l, const struct world_mail *m, int64_t from,
                   const struct intake_row *row)
{
    const struct link_batch *b = &m->as.batch;
    struct chain_head head = b->prev;
    for (int64_t seq = b->first_seq; seq < b->first_seq + b->n; seq++) {
        head = extend(&head, m->life, seq);
        if (seq < from)
            continue;
        l->copies[seq]++;
        l->at[seq] = head;
    }
    l->row = *row;
}

/* What the ledger has passed is held against what was told, and taken out. */
static void pass(struct world *w, struct world_ledger *l)
{
    if (w->fault == WORLD_NEVER_PASSED)
        return;
    for (int64_t seq = 1; seq <= l->row.wm; seq++) {
        l->differs = l->differs || (l->early[seq] && !same(&l->told[seq], &l->at[seq]));
        l->early[seq] = false;
    }
}

static void take_notice(struct world *w, const struct world_mail *m)
{
    struct world_ledger *l = &w->ledger[m->epoch];
    int64_t seq = m->as.notice.seq;
    int64_t kept = 0;
    for (int64_t k = 1; k <= WORLD_ENTRIES_MAX; k++)
        kept += l->early[k];
    if (!intake_keeps(&l->row, &w->relay, seq, kept) || l->early[seq])
        return;
    l->early[seq] = true;
    l->told[seq] = m->as.notice.at;
    if (w->fault == WORLD_COUNT_EARLY)
        l->row.wm = seq;
    if (w->fault == WORLD_FOLD_EARLY)
        l->copies[seq]++;
}

/* What intake_chained() is told: the chain of the batch at the row's wm, and at its end. */
static struct intake_answer check_chain(const struct world *w, const struct world_ledger *l,
                                        const struct world_mail *m)
{
    const struct link_batch *b = &m->as.batch;
    struct chain_head head = b->prev;
    struct chain_head at_wm = b->prev;
    for (int64_t seq = b->first_seq; seq < b->first_seq + b->n; seq++) {
        head = extend(&head, m->life, seq);
        if (seq == l->row.wm)
            at_wm = head;
    }
    return intake_chained(&l->row, &w->relay, b, &at_wm, &head);
}

static bool misbehaves(const struct world *w, const struct intake_answer *a)
{
    return (w->fault == WORLD_ACCEPT_GAPS && a->verdict == INTAKE_GAP) ||
           (w->fault == WORLD_NO_DEDUPE &&
            (a->verdict == INTAKE_TAKE || a->verdict == INTAKE_AGAIN));
}

static void store_wrongly(struct world_ledger *l, const struct world_mail *m)
{
    struct intake_row row = l->row;
    const struct link_batch *b = &m->as.batch;
    if (b->first_seq + b->n - 1 > row.wm) {
        row.wm = b->first_seq + b->n - 1;
        row.head = b->head;
    }
    commit(l, m, b->first_seq, &row);
}

static void take_batch(struct world *w, const struct world_mail *m)
{
    struct world_ledger *l = &w->ledger[m->epoch];
    struct intake_answer a = intake_batch(&l->row, &w->relay, &m->as.batch);
    if (a.verdict == INTAKE_TAKE)
        a = check_chain(w, l, m);
    if (misbehaves(w, &a)) {
        store_wrongly(l, m);
        intake_owe(&w->pace[m->epoch], m->as.batch.s);
        return;
    }
    if (a.verdict == INTAKE_TAKE) {
        struct intake_row row = intake_advance(&l->row, &m->as.batch);
        if (w->fault == WORLD_ACK_BEFORE_COMMIT) {
            struct world_mail early = {.kind = WORLD_ACK, .restored = w->restored};
            early.as.ack = (struct link_ack){.s = m->as.batch.s, .wm = row.wm, .safe = row.safe};
            post(&w->downward, &early);
            if (pick(w, 8) == 0)
                return; /* ... and a crash */
        }
        commit(l, m, a.from, &row);
        pass(w, l);
        if (pick(w, 16) == 0) { /* a crash between commit and acknowledgement */
            memset(w->pace, 0, sizeof(w->pace));
            return;
        }
    }
    if (a.reply == INTAKE_REPLY_ACK)
        intake_owe(&w->pace[m->epoch], m->as.batch.s);
    else
        answer(w, m->epoch, &a);
}

static void serve(struct world *w, const struct world_mail *m)
{
    const struct intake_row *row = &w->ledger[m->epoch].row;
    if (m->kind == WORLD_HELLO) {
        struct intake_answer a = intake_hello(row, &w->relay, &m->as.hello, w->now_ms);
        answer(w, m->epoch, &a);
    } else if (m->kind == WORLD_NOTICE) {
        take_notice(w, m);
    } else {
        take_batch(w, m);
    }
}

static void back_up(struct world *w)
{
    for (uint32_t e = 1; e <= WORLD_EPOCHS_MAX; e++) {
        intake_secured(&w->ledger[e].row, w->ledger[e].row.wm);
        w->backup[e] = w->ledger[e];
    }
}

static void restore(struct world *w)
{
    memcpy(w->ledger, w->backup, sizeof(w->ledger));
    memset(w->pace, 0, sizeof(w->pace));
    w->restored++;
}

/* --- what happens */

void world_start(struct world *w, struct world_choices choices, enum world_fault fault)
{
    *w = (struct world){.choices = choices, .fault = fault, .epoch = 1, .life = 1};
    w->now_ms = 1;
    w->boot = uplink_first_boot(1) - 1;
    w->journal.floor = 1;
    w->at[0] = genesis(1);
    w->conf = (struct uplink_conf){.flush_entries = 1 + (int32_t)pick(w, 32),
                                   .flush_ms = 1000,
                                   .refresh_ms = UPLINK_REFRESH_MS,
                                   .early_behind = 16};
    w->relay = (struct intake_conf){.window = (int32_t)pick(w, LINK_BATCHES_MAX + 1),
                                    .early = 4,
                                    .schema_oldest = SCHEMA - 2,
                                    .schema_newest = SCHEMA};
    for (uint32_t e = 1; e <= WORLD_EPOCHS_MAX; e++) {
        w->ledger[e].row.head = genesis(e);
        w->ledger[e].at[0] = genesis(e);
    }
    back_up(w);
    boot(w);
}

static void pass_time(struct world *w)
{
    static const uint32_t most_ms[] = {50, 50, 1200, 1200, 7000, 400000};
    w->now_ms += 1 + pick(w, most_ms[pick(w, ARRAY_LEN(most_ms))]);
}

static void deliver(struct world *w, struct world_box *box, bool twice)
{
    if (box->count == 0)
        return;
    size_t i = pick(w, (uint32_t)box->count);
    struct world_mail mail = twice ? box->mail[i] : take(box, i);
    if (box == &w->upward)
        serve(w, &mail);
    else
        hear(w, &mail);
}

static void lose(struct world *w, struct world_box *box)
{
    if (box->count > 0)
        take(box, pick(w, (uint32_t)box->count));
}

static void toggle_link(struct world *w)
{
    w->up = !w->up;
    if (w->up)
        uplink_link_up(&w->uplink, w->now_ms);
    else
        uplink_link_down(&w->uplink, w->now_ms);
}

static void rare(struct world *w)
{
    switch (pick(w, 10)) {
    case 0:
    case 1:
        boot(w);
        break;
    case 2:
        swap_storage(w);
        break;
    case 3:
    case 4:
        restore(w);
        break;
    case 5:
        w->relay.quota_retry_ms = w->relay.quota_retry_ms == 0 ? 3000 : 0;
        break;
    case 6:
        w->relay.schema_newest = w->relay.schema_newest == SCHEMA ? SCHEMA - 1 : SCHEMA;
        break;
    case 7:
        memset(w->pace, 0, sizeof(w->pace));
        break;
    default:
        back_up(w);
        break;
    }
}

void world_step(struct world *w)
{
    int64_t until_ms;
    uint32_t what = pick(w, 64);
    if (what < 16) {
        act(w, &until_ms);
    } else if (what < 24) {
        deliver(w, &w->upward, false);
    } else if (what < 32) {
        deliver(w, &w->downward, false);
    } else if (what < 40) {
        pass_time(w);
    } else if (what < 46) {
        append(w, 1 + (int64_t)pick(w, 12), pick(w, 4) == 0);
    } else if (what < 50) {
        acknowledge(w, 1 + pick(w, w->epoch), &until_ms);
    } else if (what < 52) {
        deliver(w, pick(w, 2) ? &w->upward : &w->downward, true);
    } else if (what < 55) {
        lose(w, pick(w, 2) ? &w->upward : &w->downward);
    } else if (what < 57) {
        trim(w);
    } else if (what < 60) {
        write_down(w);
    } else if (what < 62) {
        if (!w->up || pick(w, 4) == 0)
            toggle_link(w);
    } else if (pick(w, 2) == 0) {
        rare(w);
    }
}

/* --- the invariants */

static const char *ledger_broken(const struct world_ledger *l)
{
    int64_t stored = 0;
    for (int64_t seq = 1; seq <= WORLD_ENTRIES_MAX; seq++) {
        if (l->copies[seq] > 1)
            return "I1: an entry is stored at most once";
        stored += l->copies[seq] == 1 && seq <= l->row.wm;
    }
    if (stored != l->row.wm)
        return "I2: everything up to wm is stored";
    for (int64_t seq = 1; seq <= l->row.wm; seq++)
        if (l->early[seq])
            return "what the ledger has passed is not kept ahead of it";
    if (l->differs)
        return "what was told ahead is what comes in its turn";
    if (!same(&l->at[l->row.wm], &l->row.head))
        return "I6: the row's head is that of its entries";
    return l->row.safe <= l->row.wm ? NULL : "I4: safe <= wm";
}

static const char *uplink_broken(const struct uplink *u)
{
    if (u->acked < 0 || u->acked > u->head || u->safe > u->acked)
        return "the appliance counts what it has";
    if (u->next <= u->acked || u->next > u->head + 1 || u->next - 1 - u->acked > LINK_ENTRIES_MAX)
        return "no more is under way than may be";
    return NULL;
}

static const char *ends_differ(const struct world *w, const struct world_ledger *l)
{
    if (w->told == w->restored && w->uplink.acked > l->row.wm)
        return "I3: acknowledged <= wm";
    if (w->journal.floor - 1 > l->row.safe)
        return "I4: floor - 1 <= safe";
    if (w->told == w->restored && !same(&w->at[w->uplink.acked], &l->at[w->uplink.acked]))
        return "I5: what counts as acknowledged was written by this storage";
    if (l->row.wm > w->journal.head || !same(&w->at[l->row.wm], &l->row.head))
        return "I6: the chains are one";
    enum uplink_state trouble = w->uplink.trouble;
    if (trouble == UPLINK_FORK || trouble == UPLINK_ROLLBACK || trouble == UPLINK_SHORT)
        return "I4: no alarm without a cause, nothing asked for that was deleted";
    return NULL;
}

const char *world_broken(const struct world *w)
{
    const char *broken = uplink_broken(&w->uplink);
    for (uint32_t e = 1; e <= w->epoch && !broken; e++)
        broken = ledger_broken(&w->ledger[e]);
    return broken ? broken : ends_differ(w, &w->ledger[w->epoch]);
}

/* --- and in the end */

static bool synced(const struct world *w)
{
    return w->uplink.acked == w->journal.head && w->told == w->restored && w->upward.count == 0 &&
           w->downward.count == 0;
}

bool world_calm(struct world *w)
{
    w->choices.bytes = NULL;
    w->relay.quota_retry_ms = 0;
    w->relay.schema_newest = SCHEMA;
    if (!w->up)
        toggle_link(w);
    for (int i = 0; i < CALM_STEPS_MAX && !synced(w); i++) {
        int64_t until_ms;
        int64_t due_ms;
        if (w->upward.count > 0)
            deliver(w, &w->upward, false);
        else if (w->downward.count > 0)
            deliver(w, &w->downward, false);
        else if (!acknowledge(w, w->epoch, &due_ms) && !act(w, &until_ms))
            w->now_ms = until_ms < due_ms ? until_ms : due_ms;
        if (world_broken(w))
            return false;
    }
    return synced(w) && w->ledger[w->epoch].row.wm == w->journal.head;
}
