/* SPDX-License-Identifier: Apache-2.0 */
#include "sync_desk.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document_apply.h"
#include "inbox.h"
#include "journal_stock.h"
#include "log.h"
#include "one_shot.h"
#include "text.h"

#define PATH_SIZE 256

struct sync_desk {
    char path[PATH_SIZE];
    struct inbox *inbox;                  /* NULL: none yet */
    int64_t anchor;                       /* number of the last one taken */
    int64_t refused[DOCUMENT_TYPE_COUNT]; /* version that was refused last, and is not tried again
                                             until something else took effect; 0: none */
    int64_t told[DOCUMENT_TYPE_COUNT];    /* version whose refusal is in the journal */
    bool pending;                         /* something was not taken: the journal could not */
    bool unjudged;                        /* commands may have come */
    struct inbox_link link;
    struct inbox_secured secured;
    struct web_sync show;
    int64_t oldest_seq; /* whose time is in show.oldest_ms */
};

int sync_desk_open(const char *folder, struct sync_desk **ret)
{
    assert(folder && ret);
    struct sync_desk *d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    int n = snprintf(d->path, sizeof(d->path), "%s/inbox.db", folder);
    if (n < 0 || (size_t)n >= sizeof(d->path)) {
        free(d);
        return -ENAMETOOLONG;
    }
    *ret = d;
    return 0;
}

void sync_desk_free(struct sync_desk *d)
{
    if (!d)
        return;
    inbox_free(d->inbox);
    free(d);
}

/* Another syncd, a repaired file: whatever is wrong with it, it is opened again the next time. */
static void close_inbox(struct sync_desk *d)
{
    inbox_free(d->inbox);
    d->inbox = NULL;
}

int sync_desk_look(struct sync_desk *d)
{
    assert(d);
    if (!d->inbox && inbox_open_readonly(d->path, NULL, NULL, &d->inbox) < 0)
        return 0;
    int changed = inbox_changed(d->inbox);
    if (changed < 0)
        close_inbox(d);
    return changed > 0 || d->pending || d->unjudged;
}

/* Amount: the relay's time at this entry's own. */
static int journal_anchor(struct journal *j, const struct inbox_anchor *a,
                          const struct journal_time *time)
{
    struct entry e = entry_new(ENTRY_ANCHORED);
    struct diag why = {0};
    int64_t seq = 0;
    e.amount = a->wall_ms + (time->mono_ms - a->mono_ms);
    e.observed = a->error_ms;
    int err = journal_append(j, time, &e, 1, &why, &seq);
    return err < 0 ? err : journal_commit(j);
}

static int take_anchor(struct sync_desk *d, struct journal *j, struct clock *clock,
                       const struct journal_time *time)
{
    struct inbox_anchor a;
    struct clock_reading now;
    int got = inbox_anchor(d->inbox, &a);
    if (got <= 0 || a.number == d->anchor || clock_now(clock, &now) < 0 ||
        strcmp(a.boot_id, now.boot_id) != 0)
        return got < 0 ? got : 0; /* of an earlier boot of the machine */
    int err = journal_anchor(j, &a, time);
    if (err < 0)
        return err;
    clock_anchor(clock, a.wall_ms, a.mono_ms);
    d->anchor = a.number;
    log_line(LOG_LEVEL_INFO, "clock: anchored by the relay, to %" PRId64 " ms", a.error_ms);
    return 0;
}

/* The journal hears of it once, the screen as long as it holds. */
static int note_refusal(struct sync_desk *d, struct journal *j, const struct journal_time *time,
                        const struct inbox_document *doc, enum document_type type,
                        const struct diag *why)
{
    if (d->told[type] != doc->version) {
        int err = document_refused(j, time, doc->type, doc->version, why);
        if (err < 0)
            return err;
        d->told[type] = doc->version;
    }
    d->refused[type] = doc->version;
    snprintf(d->show.refused, sizeof(d->show.refused), "%s %" PRId64 ", line %d: %.100s", doc->type,
             doc->version, why->line, why->text);
    log_line(LOG_LEVEL_WARNING, "document %s", d->show.refused);
    return 0;
}

/* 1 when it took effect, 0 when there was nothing to do. */
static int apply_one(struct sync_desk *d, enum document_type type, struct journal *j,
                     const struct journal_time *time, const struct inbox_document *listed)
{
    int32_t in_force = 0;
    int err = master_version(j, type, &in_force);
    if (err < 0 || listed->version <= in_force || listed->version > INT32_MAX ||
        listed->version == d->refused[type])
        return err;
    struct inbox_document doc = *listed;
    char *body = NULL;
    struct diag why = {0};
    int got = inbox_body(d->inbox, listed->type, &doc, &body);
    if (got == -EBADMSG) { /* syncd asks for it afresh at its next start */
        diag_set(&why, 0, "its bytes are not those that came: the file is damaged");
        return note_refusal(d, j, time, listed, type, &why);
    }
    if (got <= 0)
        return got;
    err = document_apply(j, time, type, (int32_t)doc.version, body, (size_t)doc.bytes, &why);
    free(body);
    if (err == -EINVAL || err == -EPROTO) {
        return note_refusal(d, j, time, &doc, type, &why);
    }
    if (err < 0)
        return err == -EEXIST ? 0 : err;
    d->refused[type] = 0;
    d->show.refused[0] = '\0';
    log_line(LOG_LEVEL_INFO, "document %s %" PRId64 ": in force", doc.type, doc.version);
    return 1;
}

static int apply_once(struct sync_desk *d, struct journal *j, const struct journal_time *time)
{
    struct inbox_document all[INBOX_DOCUMENTS_MAX];
    int n = inbox_documents(d->inbox, all);
    int applied = 0;
    for (int rank = 0; rank <= DOCUMENT_RANK_MAX; rank++) {
        for (int i = 0; i < n; i++) {
            enum document_type type;
            if (document_parse(all[i].type, &type) < 0 || document_rank(type) != rank)
                continue;
            int err = apply_one(d, type, j, time, &all[i]);
            if (err < 0)
                return err;
            applied += err;
        }
    }
    return n < 0 ? n : applied;
}

/* What was refused for want of another document may be right now that this has come. */
static int apply_all(struct sync_desk *d, struct journal *j, const struct journal_time *time)
{
    int applied = apply_once(d, j, time);
    if (applied <= 0)
        return applied;
    bool refused = false;
    for (size_t i = 0; i < ARRAY_LEN(d->refused); i++) {
        refused = refused || d->refused[i] != 0;
        d->refused[i] = 0;
    }
    int more = refused ? apply_once(d, j, time) : 0;
    return more < 0 ? more : applied + more;
}

int sync_desk_work(struct sync_desk *d, struct journal *j, struct clock *clock,
                   const struct journal_time *time)
{
    assert(d && j && clock && time && journal_pending(j) == 0);
    if (!d->inbox)
        return 0;
    d->unjudged = true;
    int err = inbox_link(d->inbox, &d->link);
    if (err >= 0)
        err = inbox_secured(d->inbox, &d->secured);
    if (err >= 0)
        err = take_anchor(d, j, clock, time);
    int applied = err < 0 ? err : apply_all(d, j, time);
    if (applied < 0 && !d->pending)
        log_line(LOG_LEVEL_WARNING, "inbox: not taken now, retrying: %s", strerror(-applied));
    d->pending = applied < 0;
    return applied < 0 ? 0 : applied;
}

/* --- commands */

/* 1: its id is in the journal. */
static int is_answered(struct journal *j, const char *document)
{
    int64_t times = 0;
    int err = journal_line_done(j, document, 0, ENTRY_TASK_DONE, &times);
    return err < 0 ? err : times > 0;
}

static int answer_command(struct journal *j, const struct journal_time *time, const char *document,
                          const char *what, const char *answer)
{
    struct entry e = entry_new(ENTRY_TASK_DONE);
    struct diag why = {0};
    int64_t seq = 0;
    text_cut(e.document, sizeof(e.document), document);
    text_cut(e.reason, sizeof(e.reason), answer);
    text_cut(e.note, sizeof(e.note), what);
    e.qty = 1; /* the fold of documents counts it: so an id is found again */
    int err = journal_append(j, time, &e, 1, &why, &seq);
    if (err < 0) {
        journal_rollback(j);
        return err;
    }
    log_line(LOG_LEVEL_NOTICE, "command %s: %s", what, answer);
    return journal_commit(j);
}

/* 1: do it; 0: there is nothing to do about it. */
static int judge_command(struct journal *j, const struct journal_time *time,
                         const struct inbox_command *c, enum sync_command *ret)
{
    static const char *const names[] = {[SYNC_COMMAND_RESTART] = "restart",
                                        [SYNC_COMMAND_UNLOCK] = "unlock",
                                        [SYNC_COMMAND_RESCORE] = "rescore"};
    char document[ENTRY_DOCUMENT_SIZE];
    snprintf(document, sizeof(document), "cmd-%" PRId64, c->id);
    int answered = is_answered(j, document);
    if (answered < 0)
        return answered;
    const struct one_shot command = {.id = c->id, .expires_ms = c->expires_ms};
    switch (one_shot_judge(&command, answered == 1, time->wall_ms, time->trust)) {
    case ONE_SHOT_DONE:
    case ONE_SHOT_UNSURE: /* until the time is known */
        return 0;
    case ONE_SHOT_EXPIRED:
        return answer_command(j, time, document, c->what, "expired");
    case ONE_SHOT_DO:
        break;
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], c->what) != 0)
            continue;
        int err = answer_command(j, time, document, c->what, "done");
        if (err < 0)
            return err;
        *ret = (enum sync_command)i;
        return 1;
    }
    return answer_command(j, time, document, c->what, "unknown");
}

int sync_desk_command(struct sync_desk *d, struct journal *j, const struct journal_time *time,
                      enum sync_command *ret)
{
    assert(d && j && time && ret && journal_pending(j) == 0);
    if (!d->inbox || !d->unjudged)
        return 0;
    struct inbox_command all[INBOX_COMMANDS_MAX];
    int n = inbox_commands(d->inbox, all);
    int got = n < 0 ? n : 0;
    for (int i = 0; i < n && got == 0; i++)
        got = judge_command(j, time, &all[i], ret);
    d->unjudged = got != 0; /* there may be more */
    return got;
}

int sync_desk_secured(const struct sync_desk *d, int64_t *ret_seq, struct chain_head *ret_hash)
{
    assert(d && ret_seq && ret_hash);
    if (d->secured.seq == 0)
        return 0;
    *ret_seq = d->secured.seq;
    memcpy(ret_hash->hash, d->secured.hash, sizeof(ret_hash->hash));
    return 1;
}

static int first_time(const struct entry *e, const uint8_t *raw, size_t raw_len,
                      const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    *(int64_t *)context = e->wall_ms;
    return 1;
}

const struct web_sync *sync_desk_show(struct sync_desk *d, struct journal *j)
{
    assert(d && j);
    struct web_sync *s = &d->show;
    text_cut(s->state, sizeof(s->state), d->inbox ? d->link.state : "none");
    s->acked = d->link.acked;
    int64_t waits = journal_head(j) - d->link.acked;
    s->queued = waits > 0 ? waits : 0;
    s->connected_ms = d->link.connected_ms;
    s->acked_ms = d->link.acked_ms;
    s->left_ms = d->link.left_ms;
    s->trouble_ms = d->link.trouble_ms;
    text_cut(s->trouble, sizeof(s->trouble), d->link.trouble);
    if (s->queued == 0) {
        s->oldest_ms = 0;
        d->oldest_seq = 0;
    } else if (d->oldest_seq != d->link.acked + 1 &&
               journal_read(j, d->link.acked + 1, first_time, &s->oldest_ms) == 1) {
        d->oldest_seq = d->link.acked + 1;
    }
    return s;
}
