/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a group of messages leaves in the store, within their transaction: what entries say of their
 * devices as they are judged; then entries, the archive, projections, what devices say of
 * themselves, and watermarks. */
#include "ingest_group.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "dead_letter.h"
#include "early.h"
#include "text.h"

static int write_archive(struct judge *j)
{
    const struct group *g = j->group;
    enum { EPOCH, FIRST_SEQ, ENTRIES, CAME_MS, INTS };
    int64_t ints[INTS][INGEST_GROUP_MAX];
    const char *devices[INGEST_GROUP_MAX];
    const void *heads[INGEST_GROUP_MAX];
    const void *bodies[INGEST_GROUP_MAX];
    size_t head_lens[INGEST_GROUP_MAX];
    size_t lens[INGEST_GROUP_MAX];
    for (size_t i = 0; i < g->runs_count; i++) {
        const struct run *run = &g->runs[i];
        ints[EPOCH][i] = g->journals[run->journal].epoch;
        ints[FIRST_SEQ][i] = run->first_seq;
        ints[ENTRIES][i] = (int64_t)run->count;
        ints[CAME_MS][i] = g->now_ms;
        devices[i] = g->journals[run->journal].device;
        heads[i] = run->head.hash;
        head_lens[i] = sizeof(run->head.hash);
        bodies[i] = run->payload;
        lens[i] = run->payload_len;
    }
    const struct sql_column columns[] = {
        {.name = "device", .type = SQL_TEXT, .texts = devices},
        {.name = "epoch", .type = SQL_INT, .ints = ints[EPOCH]},
        {.name = "first_seq", .type = SQL_INT, .ints = ints[FIRST_SEQ]},
        {.name = "entries", .type = SQL_INT, .ints = ints[ENTRIES]},
        {.name = "came_ms", .type = SQL_INT, .ints = ints[CAME_MS]},
        {.name = "head_hash", .type = SQL_BYTES, .bytes = heads, .lens = head_lens},
        {.name = "body", .type = SQL_BYTES, .bytes = bodies, .lens = lens},
    };
    int64_t done = sql_insert(j->s, "archive", columns, ARRAY_LEN(columns), g->runs_count, "");
    return done < 0 ? (int)done : 0;
}

/* ---- what an entry says of its device ---- */

static int write_anchor(struct sql *s, const struct journal_row *row, const struct entry *e)
{
    {
        AUTO(sql_query)
        q = sql_query(s, "INSERT INTO anchor(device, epoch, boot, mono_ms, relay_ms, error_ms)"
                         " VALUES($1, $2, $3, $4, $5, $6)"
                         " ON CONFLICT (tenant, device, epoch, boot, mono_ms) DO NOTHING");
        sql_bind_text(q, 1, row->device);
        sql_bind_int(q, 2, row->epoch);
        sql_bind_int(q, 3, e->boot);
        sql_bind_int(q, 4, e->mono_ms);
        sql_bind_int(q, 5, e->amount);
        sql_bind_int(q, 6, e->observed);
        int err = sql_run(q);
        if (err < 0)
            return err;
    }
    AUTO(sql_query) q = sql_query(s, "UPDATE device SET skew_ms = $2 WHERE device = $1");
    sql_bind_text(q, 1, row->device);
    sql_bind_int(q, 2, e->wall_ms - e->amount);
    return sql_run(q);
}

static int write_applied(struct sql *s, const struct journal_row *row, const struct entry *e)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO applied(device, type, version, sha256, wall_ms)"
                     " VALUES($1, $2, $3, $4, $5) ON CONFLICT (tenant, device, type) DO UPDATE SET"
                     " version = excluded.version, sha256 = excluded.sha256,"
                     " wall_ms = excluded.wall_ms");
    sql_bind_text(q, 1, row->device);
    sql_bind_text(q, 2, e->document);
    sql_bind_int(q, 3, e->line);
    sql_bind_bytes(q, 4, e->sha256, e->sha256_len);
    sql_bind_int(q, 5, e->wall_ms);
    return sql_run(q);
}

/* A new epoch has no documents yet, and its stock begins with an opening of its own. */
static int begin_epoch(struct judge *j, const struct journal_row *row,
                       const struct projection_source *from, const struct entry *e)
{
    AUTO(sql_query) q = sql_query(j->s, "DELETE FROM applied WHERE device = $1");
    sql_bind_text(q, 1, row->device);
    int err = sql_run(q);
    if (err == 0)
        err = early_forget(j->s, row->device, row->epoch);
    return err < 0 ? err
                   : projection_new_epoch(j->projection, j->s, from, civil_ist_day(e->wall_ms));
}

/* ---- entries ---- */

static int put_aside(struct judge *j, const struct journal_row *row, int64_t seq, const char *why,
                     const uint8_t *body, size_t len)
{
    struct dead_letter letter = {.source = "fold",
                                 .device = row->device,
                                 .epoch = row->epoch,
                                 .seq = seq,
                                 .reason = why,
                                 .body = body,
                                 .len = len};
    int64_t number = 0;
    j->group->counts.set_aside++;
    return dead_letter_put(j->s, &letter, j->group->now_ms, &number);
}

static int apply_entry(struct judge *j, const struct journal_row *row, const struct entry *e,
                       size_t at)
{
    struct projection_source from = {
        .device = row->device, .site = row->site, .epoch = row->epoch, .unwritten = j->rows};
    struct diag why = {0};
    int err = e->seq == 1 && row->old_epoch > 0 ? begin_epoch(j, row, &from, e) : 0;
    if (err == 0)
        err = projection_entry(j->projection, j->s, &from, e, &why);
    if (err == -EINVAL || err == -EPROTO) {
        size_t len = 0;
        const uint8_t *body = entry_rows_body(j->rows, at, &len);
        return put_aside(j, row, e->seq, why.text, body, len);
    }
    if (err == 0 && e->kind == ENTRY_ANCHORED)
        err = write_anchor(j->s, row, e);
    if (err == 0 && e->kind == ENTRY_APPLIED)
        err = write_applied(j->s, row, e);
    return err;
}

int group_apply(struct judge *j, const struct journal_row *row, size_t at)
{
    assert(j && row && at <= j->batch->count);
    const struct ingest_batch *b = j->batch;
    int err = 0;
    for (size_t i = at; err == 0 && i < b->count; i++)
        err = apply_entry(j, row, &b->entries[i], entry_rows_count(j->rows) - (b->count - i));
    return err;
}

/* ---- entries that had been told ahead of their turn ---- */

struct passing {
    struct judge *j;
    const struct journal_row *row;
};

/* One of the device's messages of this group carries the alarm. */
static void alarm_of(struct judge *j, const char *device, const char *words)
{
    for (size_t i = 0; i < j->group->outcomes_count; i++) {
        struct outcome *o = &j->group->outcomes[i];
        if (o->alarm[0] == '\0' && strcmp(o->from.device, device) == 0) {
            text_cut(o->alarm, sizeof(o->alarm), words);
            return;
        }
    }
}

static int on_difference(int64_t seq, const void *body, size_t len, void *context)
{
    const struct passing *p = context;
    char words[DIAG_TEXT_MAX];
    snprintf(words, sizeof(words),
             "entry %" PRId64 " of epoch %" PRId64 " is not what was told ahead of it", seq,
             p->row->epoch);
    struct dead_letter letter = {.source = "early",
                                 .device = p->row->device,
                                 .epoch = p->row->epoch,
                                 .seq = seq,
                                 .reason = words,
                                 .body = body,
                                 .len = len};
    int64_t number = 0;
    p->j->group->counts.set_aside++;
    alarm_of(p->j, p->row->device, words);
    return dead_letter_put(p->j->s, &letter, p->j->group->now_ms, &number);
}

static int write_passed(struct judge *j)
{
    const struct group *g = j->group;
    int err = 0;
    for (size_t i = 0; err == 0 && i < g->journals_count; i++) {
        const struct journal_row *row = &g->journals[i];
        struct passing p = {j, row};
        if (g->changed[i] && row->early > 0)
            err = early_pass(j->s, row->device, row->epoch, row->intake.wm, on_difference, &p);
    }
    return err;
}

/* ---- devices ---- */

static int write_forks(struct judge *j)
{
    const struct group *g = j->group;
    for (size_t i = 0; i < g->forks_count; i++) {
        const struct fork *f = &g->forks[i];
        struct dead_letter letter = {.source = "ingest",
                                     .device = g->journals[f->journal].device,
                                     .epoch = g->journals[f->journal].epoch,
                                     .seq = f->seq,
                                     .reason = f->reason,
                                     .body = f->payload,
                                     .len = f->payload_len};
        int64_t number = 0;
        j->group->counts.set_aside++;
        int err = dead_letter_put(j->s, &letter, g->now_ms, &number);
        if (err < 0)
            return err;
    }
    return 0;
}

static int write_greetings(struct judge *j)
{
    for (size_t i = 0; i < j->group->greetings_count; i++) {
        const struct greeting *g = &j->group->greetings[i];
        AUTO(sql_query)
        q = sql_query(j->s, "UPDATE device SET release = $2, wire = $3, head = $4, floor = $5,"
                            " state = 'active' WHERE device = $1");
        sql_bind_text(q, 1, g->device);
        sql_bind_text(q, 2, g->release);
        sql_bind_int(q, 3, g->wire);
        sql_bind_int(q, 4, g->head);
        sql_bind_int(q, 5, g->floor);
        int err = sql_run(q);
        if (err < 0)
            return err;
    }
    return 0;
}

static int write_heard(struct judge *j)
{
    const struct group *g = j->group;
    for (size_t i = 0; i < g->journals_count; i++) {
        AUTO(sql_query)
        q = sql_query(j->s, "UPDATE device SET last_heard_ms = $2,"
                            " head = CASE WHEN head < $3 THEN $3 ELSE head END WHERE device = $1");
        sql_bind_text(q, 1, g->journals[i].device);
        sql_bind_int(q, 2, g->now_ms);
        sql_bind_int(q, 3, g->journals[i].intake.wm);
        int err = sql_run(q);
        if (err < 0)
            return err;
    }
    return 0;
}

int group_write(struct judge *j)
{
    assert(j);
    struct group *g = j->group;
    int err = entry_rows_write(j->rows, j->s);
    if (err == 0 && g->runs_count > 0)
        err = write_archive(j);
    if (err == 0 && g->runs_count > 0)
        err = projection_write(j->projection, j->s);
    if (err == 0)
        err = write_passed(j);
    if (err == 0)
        err = write_forks(j);
    if (err == 0)
        err = journal_rows_write(j->s, g->journals, g->changed, g->journals_count);
    if (err == 0)
        err = write_greetings(j);
    return err == 0 ? write_heard(j) : err;
}
