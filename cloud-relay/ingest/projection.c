/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "projection.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "entry_codec.h"
#include "entry_find.h"
#include "projection_part.h"

static const struct projection_part *const parts[] = {
    &projection_stock,  &projection_demand,  &projection_stocked,
    &projection_outlet, &projection_transit, &projection_line,
};

static const struct tally_table *const tables[PROJECTION_TABLE_COUNT] = {
    [PROJECTION_STOCK] = &projection_stock_table,
    [PROJECTION_LOT] = &projection_lot_table,
    [PROJECTION_ACCOUNT] = &projection_account_table,
    [PROJECTION_DEMAND] = &projection_demand_table,
    [PROJECTION_STOCKED] = &projection_stocked_table,
    [PROJECTION_OUTLET_SALE] = &projection_outlet_table,
    [PROJECTION_TRANSIT] = &projection_transit_table,
    [PROJECTION_LINE_DONE] = &projection_line_table,
};

int projection_open(struct projection **ret)
{
    assert(ret);
    AUTO(projection) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    int err = words_open(&f->words);
    if (err == 0)
        err = stocked_open(&f->stocked);
    for (size_t i = 0; err == 0 && i < ARRAY_LEN(tables); i++)
        err = tally_open(tables[i], &f->tallies[i]);
    if (err == 0)
        *ret = TAKE(f);
    return err;
}

void projection_free(struct projection *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        tally_free(f->tallies[i]);
    stocked_free(f->stocked);
    free(f->touched);
    words_free(f->words);
    free(f);
}

void projection_forget(struct projection *f)
{
    assert(f);
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        tally_forget(f->tallies[i]);
    stocked_forget(f->stocked);
    f->touched_count = 0;
    words_forget(f->words);
}

int64_t projection_least_day(int64_t a, int64_t b)
{
    if (a == CIVIL_NONE || b == CIVIL_NONE)
        return a == CIVIL_NONE ? b : a;
    return b < a ? b : a;
}

int projection_add(struct projection *f, enum projection_table table, const struct tally_row *row)
{
    struct tally_row kept = *row;
    for (size_t i = 0; i < tally_texts(tables[table]); i++) {
        kept.texts[i] = words_keep(f->words, row->texts[i]);
        if (!kept.texts[i])
            return -ENOMEM;
    }
    return tally_add(f->tallies[table], &kept);
}

/* ---- entries ---- */

struct finding {
    struct entry_journal journal;
    const struct entry_rows *unwritten;
};

static int find(int64_t seq, void *context, struct entry *ret)
{
    struct finding *where = context;
    const struct entry_journal *journal = &where->journal;
    size_t len = 0;
    const void *body = where->unwritten ? entry_rows_find(where->unwritten, journal->device,
                                                          journal->epoch, seq, &len)
                                        : NULL;
    if (body)
        return entry_decode(body, len, ret) == 0 && entry_check(ret, NULL) == 0;
    return entry_find(seq, &where->journal, ret);
}

static int check_limits(const struct entry *e, struct diag *reterr)
{
    const int64_t units[] = {e->qty, e->observed, e->expected};
    bool moves = stock_account(e) != ACCOUNT_NONE || e->kind == ENTRY_LOST;
    for (size_t i = 0; moves && i < ARRAY_LEN(units); i++)
        if (units[i] > PROJECTION_UNITS_MAX || units[i] < -PROJECTION_UNITS_MAX) {
            diag_set(reterr, 0, "%s of %" PRId64 " units: at most %" PRId64,
                     entry_kind_name(e->kind), units[i], PROJECTION_UNITS_MAX);
            return -EINVAL;
        }
    if (moves &&
        (e->value_paise > PROJECTION_PAISE_MAX || e->value_paise < -PROJECTION_PAISE_MAX)) {
        diag_set(reterr, 0, "%s of %" PRId64 " paise: at most %" PRId64, entry_kind_name(e->kind),
                 e->value_paise, PROJECTION_PAISE_MAX);
        return -EINVAL;
    }
    return 0;
}

static int apply_parts(struct projection *f, const struct projection_movement *m)
{
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        int err = parts[i]->apply(f, m);
        if (err < 0)
            return err;
    }
    return 0;
}

int projection_entry(struct projection *f, struct sql *s, const struct projection_source *from,
                     const struct entry *e, struct diag *reterr)
{
    assert(f && s && from && e);
    int err = entry_check(e, reterr);
    if (err == 0)
        err = check_limits(e, reterr);
    if (err < 0)
        return err;
    struct entry movement;
    int64_t units = 0;
    struct finding where = {{s, from->device, from->epoch}, from->unwritten};
    int undone = stock_undone(e, find, &where, &movement, &units);
    if (undone < 0)
        return undone;
    struct projection_movement own = {
        .from = from, .e = e, .units = e->qty, .day = civil_ist_day(e->wall_ms)};
    err = apply_parts(f, &own);
    if (err == 0 && undone > 0) {
        struct projection_movement back = {.from = from,
                                           .e = &movement,
                                           .units = -units,
                                           .again = true,
                                           .day = civil_ist_day(movement.wall_ms)};
        err = apply_parts(f, &back);
    }
    return err;
}

int projection_new_epoch(struct projection *f, struct sql *s, const struct projection_source *from,
                         int32_t day)
{
    assert(f && s && from);
    int err =
        projection_write(f, s); /* what the old epoch has just brought is booked out as well */
    if (err == 0)
        err = projection_stock_book_out(f, s, from, day);
    return err == 0 ? projection_write(f, s) : err;
}

int projection_settle(struct projection *f, struct sql *s)
{
    return stocked_settle(f, s);
}

int projection_write_rows(struct projection *f, struct sql *s)
{
    assert(f && s && !f->alone);
    int err = projection_stock_note(f);
    for (size_t i = 0; err == 0 && i < ARRAY_LEN(tables); i++)
        err = tally_write(f->tallies[i], s);
    return err;
}

int projection_tidy(struct projection *f, struct sql *s)
{
    int err = projection_stock_tidy(f, s);
    if (err == 0)
        words_forget(f->words);
    return err;
}

int projection_write(struct projection *f, struct sql *s)
{
    assert(f && s);
    int err = projection_settle(f, s);
    if (err == 0)
        err = projection_write_rows(f, s);
    return err == 0 ? projection_tidy(f, s) : err;
}

/* ---- all entries ---- */

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

static int walk_all(struct sql *s, struct projection *f, const struct projection_until *until)
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

static int run(struct sql *s, const char *text)
{
    AUTO(sql_query) q = sql_query(s, text);
    return sql_run(q);
}

static const char *const emptying[PROJECTION_TABLE_COUNT] = {
    [PROJECTION_STOCK] = "DELETE FROM stock",
    [PROJECTION_LOT] = "DELETE FROM lot",
    [PROJECTION_ACCOUNT] = "DELETE FROM account",
    [PROJECTION_DEMAND] = "DELETE FROM demand",
    [PROJECTION_STOCKED] = "DELETE FROM stocked",
    [PROJECTION_OUTLET_SALE] = "DELETE FROM outlet_sale",
    [PROJECTION_TRANSIT] = "DELETE FROM transit",
    [PROJECTION_LINE_DONE] = "DELETE FROM line_done",
};

static int note_versions(struct sql *s)
{
    const char *names[ARRAY_LEN(parts)];
    int64_t versions[ARRAY_LEN(parts)];
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        names[i] = parts[i]->name;
        versions[i] = parts[i]->version;
    }
    const struct sql_column columns[] = {{.name = "name", .type = SQL_TEXT, .texts = names},
                                         {.name = "version", .type = SQL_INT, .ints = versions}};
    int err = run(s, "DELETE FROM fold");
    int64_t done = err < 0 ? err : sql_insert(s, "fold", columns, 2, ARRAY_LEN(parts), "");
    return done < 0 ? (int)done : 0;
}

int projection_rebuild(struct sql *s)
{
    assert(s);
    AUTO(projection) f = NULL;
    int err = projection_open(&f);
    if (err == 0)
        err = sql_begin(s, SQL_WRITE);
    if (err < 0)
        return err;
    err = sql_lock(s, "ingest");
    for (size_t i = 0; err == 0 && i < ARRAY_LEN(emptying); i++)
        err = run(s, emptying[i]);
    if (err == 0)
        err = walk_all(s, f, NULL);
    if (err == 0)
        err = note_versions(s);
    if (err == 0)
        return sql_commit(s);
    sql_rollback(s);
    return err;
}

/* 1 when the store has every fold in this release's version, and no others; else 0. */
static int in_place(struct sql *s)
{
    size_t known = 0;
    size_t all = 0;
    AUTO(sql_query) q = sql_query(s, "SELECT name, version FROM fold");
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        all++;
        for (size_t i = 0; i < ARRAY_LEN(parts); i++)
            known +=
                strcmp(sql_text(q, 0), parts[i]->name) == 0 && sql_int(q, 1) == parts[i]->version;
    }
    return got < 0 ? got : known == ARRAY_LEN(parts) && all == known;
}

int projection_ensure(struct sql *s)
{
    assert(s);
    int err = sql_begin(s, SQL_READ);
    if (err < 0)
        return err;
    int there = in_place(s);
    sql_rollback(s);
    if (there != 0)
        return there < 0 ? there : 0;
    err = projection_rebuild(s);
    return err < 0 ? err : 1;
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
        err = walk_all(s, f, until);
    if (own)
        sql_rollback(s);
    if (err == 0)
        err = stocked_settle(f, s);
    for (size_t t = 0; err == 0 && t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; err == 0 && i < tally_count(f->tallies[t]); i++) {
            const struct tally_row *row = tally_at(f->tallies[t], i);
            bool gone = t == PROJECTION_STOCK && row->ints[3] == 0;
            err = gone ? 0 : on_row(tables[t], row, context);
        }
    return err;
}

/* ---- digest ---- */

#define DIGEST_ROW_MAX 1024 /* five texts of at most 33 bytes, nine numbers */

static size_t put_number(uint8_t *at, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(v >> (56 - 8 * i));
    return 8;
}

static int digest_table(struct sql *s, const struct tally_table *table, uint8_t digest[SHA256_SIZE])
{
    uint8_t next[SHA256_SIZE]; /* where a table begins is part of what is digested */
    sha256_pair(digest, SHA256_SIZE, table->name, strlen(table->name), next);
    memcpy(digest, next, SHA256_SIZE);
    size_t texts = tally_texts(table);
    size_t ints = tally_ints(table);
    AUTO(sql_query) q = sql_query(s, table->rows);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        uint8_t row[DIGEST_ROW_MAX];
        size_t n = 0;
        for (size_t i = 0; i < texts; i++) {
            const char *text = sql_text(q, (int)i);
            size_t len = strlen(text);
            if (len > 128)
                return -EBADMSG;
            n += put_number(row + n, len);
            memcpy(row + n, text, len);
            n += len;
        }
        for (size_t i = 0; i < ints; i++)
            n += put_number(row + n, (uint64_t)sql_int(q, (int)(texts + i)));
        sha256_pair(digest, SHA256_SIZE, row, n, next);
        memcpy(digest, next, SHA256_SIZE);
    }
    return got;
}

int projection_digest(struct sql *s, uint8_t ret[SHA256_SIZE])
{
    assert(s && ret);
    uint8_t digest[SHA256_SIZE] = {0};
    bool own = !sql_in_transaction(s);
    int err = own ? sql_begin(s, SQL_READ) : 0;
    for (size_t i = 0; err == 0 && i < ARRAY_LEN(tables); i++)
        err = digest_table(s, tables[i], digest);
    if (own)
        sql_rollback(s);
    if (err == 0)
        memcpy(ret, digest, sizeof(digest));
    return err;
}
