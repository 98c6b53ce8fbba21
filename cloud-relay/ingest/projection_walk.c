/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All entries of all journals, journal by journal: for a rebuild, and for the rows as they were. */
#include "projection_part.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "entry_codec.h"

#define WALK_ROWS 4096 /* entries between two writes */

struct walk {
    struct sql *s;
    struct projection *f;
    const struct projection_until *until; /* NULL: all */
    char device[ENTRY_DEVICE_SIZE];       /* the journal */
    char site[ENTRY_DEVICE_SIZE];
    char last_device[ENTRY_DEVICE_SIZE]; /* of the journal before */
    int64_t epoch;
    int64_t next;
};

static bool within(const struct walk *w, const struct entry *e)
{
    const struct projection_until *until = w->until;
    if (!until)
        return true;
    bool bounded =
        until->device && strcmp(until->device, w->device) == 0 && w->epoch >= until->epoch;
    if (bounded && (w->epoch > until->epoch || e->seq > until->seq))
        return false;
    return e->wall_ms <= until->wall_ms;
}

/* Stock that is gathered only, as in a replay, is turned back where it stands. */
static int book_out_gathered(struct projection *f, const struct projection_source *from,
                             int32_t day)
{
    struct tally *stock = f->tallies[PROJECTION_STOCK];
    for (size_t i = 0; i < tally_count(stock); i++) {
        struct tally_row row = *tally_at(stock, i);
        if (row.ints[3] == 0 || strcmp(row.texts[0], from->site) != 0 ||
            strcmp(row.texts[4], from->device) != 0)
            continue;
        int64_t qty = row.ints[3];
        row.ints[3] = -qty;
        struct tally_row account = {.texts = {row.texts[0], row.texts[1], row.texts[2]},
                                    .ints = {row.ints[0], row.ints[1], ACCOUNT_ADJUSTED, -qty}};
        int err = tally_add(stock, &row);
        if (err == 0)
            err = tally_add(f->tallies[PROJECTION_ACCOUNT], &account);
        if (err == 0 && row.ints[2] == STOCK_SELLABLE)
            err = stocked_change(f, from, row.texts[1], day, -qty);
        if (err < 0)
            return err;
    }
    return 0;
}

static int walk_entry(struct walk *w, const struct entry *e)
{
    struct projection_source from = {.device = w->device, .site = w->site, .epoch = w->epoch};
    if (!within(w, e))
        return 0;
    int err = 0;
    if (e->seq == 1 && strcmp(w->device, w->last_device) == 0) {
        int32_t day = civil_ist_day(e->wall_ms);
        err = w->f->alone ? book_out_gathered(w->f, &from, day)
                          : projection_new_epoch(w->f, w->s, &from, day);
    }
    if (err == 0)
        err = projection_entry(w->f, w->s, &from, e, NULL);
    return err == -EINVAL || err == -EPROTO ? 0 : err; /* it was set aside when it came */
}

/* Reads the next entries of the journal; how many. */
static int64_t walk_some(struct walk *w)
{
    AUTO(sql_query)
    q = sql_query(w->s, "SELECT seq, body FROM entry WHERE device = $1 AND epoch = $2"
                        " AND seq >= $3 ORDER BY seq LIMIT $4");
    sql_bind_text(q, 1, w->device);
    sql_bind_int(q, 2, w->epoch);
    sql_bind_int(q, 3, w->next);
    sql_bind_int(q, 4, WALK_ROWS);
    int64_t n = 0;
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        size_t len = 0;
        const void *body = sql_bytes(q, 1, &len);
        struct entry e;
        w->next = sql_int(q, 0) + 1;
        n++;
        if (entry_decode(body, len, &e) < 0)
            continue; /* of a newer release: it was set aside when it came */
        int err = walk_entry(w, &e);
        if (err < 0)
            return err;
    }
    return got < 0 ? got : n;
}

static int walk_journal(struct walk *w)
{
    int64_t n = 0;
    w->next = 1;
    do {
        n = walk_some(w);
        int err = n < 0 ? (int)n : w->f->alone ? 0 : projection_write(w->f, w->s);
        if (err < 0)
            return err;
    } while (n == WALK_ROWS);
    memcpy(w->last_device, w->device, sizeof(w->last_device));
    return 0;
}

/* The journal behind the present one. 1, 0 when there is none. */
static int walk_next(struct walk *w)
{
    AUTO(sql_query)
    q = sql_query(w->s, "SELECT w.device, w.epoch, d.site FROM watermark w"
                        " JOIN device d ON d.device = w.device"
                        " WHERE w.device > $1 OR (w.device = $1 AND w.epoch > $2)"
                        " ORDER BY w.device, w.epoch LIMIT 1");
    sql_bind_text(q, 1, w->device);
    sql_bind_int(q, 2, w->epoch);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    sql_copy(q, 0, w->device, sizeof(w->device));
    w->epoch = sql_int(q, 1);
    sql_copy(q, 2, w->site, sizeof(w->site));
    got = sql_step(q); /* also whether the texts fitted */
    return got < 0 ? got : 1;
}

int projection_walk(struct projection *f, struct sql *s, const struct projection_until *until)
{
    struct walk w = {.s = s, .f = f, .until = until};
    int got = 0;
    while ((got = walk_next(&w)) > 0) {
        int err = walk_journal(&w);
        if (err < 0)
            return err;
    }
    return got;
}

int projection_replay(struct sql *s, const struct projection_until *until, projection_row_fn on_row,
                      void *context)
{
    assert(s && until && on_row);
    AUTO(projection) f = NULL;
    int err = projection_open(&f);
    if (err < 0)
        return err;
    f->alone = true;
    bool own = !sql_in_transaction(s);
    err = own ? sql_begin(s, SQL_READ) : 0;
    if (err == 0)
        err = projection_walk(f, s, until);
    if (own)
        sql_rollback(s);
    if (err == 0)
        err = stocked_settle(f, s);
    for (size_t t = 0; err == 0 && t < PROJECTION_TABLE_COUNT; t++)
        for (size_t i = 0; err == 0 && i < tally_count(f->tallies[t]); i++) {
            const struct tally_row *row = tally_at(f->tallies[t], i);
            bool gone = t == PROJECTION_STOCK && row->ints[3] == 0;
            err = gone ? 0 : on_row(projection_tables[t], row, context);
        }
    return err;
}
