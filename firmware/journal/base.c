/* SPDX-License-Identifier: Apache-2.0 */
#include "base.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "balance_row.h"
#include "fold.h"
#include "journal_state.h"
#include "referred.h"

static const char tables[] =
    "DROP TABLE IF EXISTS base; DROP TABLE IF EXISTS referred;"
    "CREATE TABLE IF NOT EXISTS fold(name TEXT PRIMARY KEY, version INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE referred(seq INTEGER PRIMARY KEY, body BLOB NOT NULL);"
    "CREATE TABLE base(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL,"
    " hash BLOB NOT NULL);";

void base_free(struct base *b)
{
    if (!b)
        return;
    db_free(b->db);
    free(b);
}

static int gone(struct diag *reterr, int64_t floor, const char *why)
{
    diag_set(reterr, 0,
             "entries up to %" PRId64 " were deleted, and the stock that they left cannot be read:"
             " the file of journal.db-base %s",
             floor, why);
    return -ENODATA;
}

/* 1 and where it stands; 0: there is none. */
static int read_at(struct query *q, struct entry_floor *ret)
{
    int got = query_step(q);
    if (got <= 0)
        return got;
    struct entry_floor at = {.seq = query_get_int(q, 0)};
    size_t len = 0;
    const void *hash = query_get_blob(q, 1, &len);
    int err = query_get_failed(q);
    if (err == 0 && len != SHA256_SIZE)
        err = -EBADMSG;
    if (err < 0)
        return err;
    memcpy(at.hash.hash, hash, len);
    *ret = at;
    return 1;
}

/* 1: it stands at or behind the floor, in the history of this journal. */
static int belongs(const struct base_place *place, struct db *journal, const struct entry_floor *at)
{
    struct chain_head hash = place->floor.hash;
    int got = at->seq >= place->floor.seq;
    if (at->seq > place->floor.seq)
        got = entry_table_hash(journal, at->seq, &hash);
    return got <= 0 ? got : memcmp(hash.hash, at->hash.hash, sizeof(hash.hash)) == 0;
}

static int write_at(struct db *db, const struct entry_floor *at)
{
    AUTO(query)
    q = query_of(db, "INSERT INTO base(one, seq, hash) VALUES(1, ?1, ?2)"
                     " ON CONFLICT DO UPDATE SET seq = ?1, hash = ?2");
    query_int(q, 1, at->seq);
    query_blob(q, 2, at->hash.hash, sizeof(at->hash.hash));
    return query_run(q);
}

static int begin_anew(struct base *b, const struct entry_floor *floor)
{
    int err = db_begin(b->db);
    if (err == 0)
        err = db_exec(b->db, tables);
    if (err == 0)
        err = balance_row_make(b->db);
    if (err == 0)
        err = folds_make(b->db);
    if (err == 0)
        err = write_at(b->db, floor);
    if (err == 0)
        err = db_commit(b->db);
    if (err < 0)
        db_rollback(b->db);
    else
        b->at = *floor;
    return err;
}

/* 1: its tables are there; 0: the file is empty. */
static int has_tables(struct db *db, const char *question)
{
    int64_t n = 0;
    int err = db_number(db, question, &n);
    return err < 0 ? err : n > 0;
}

/* 1: usable as it is; 0: of another journal, or none. */
static int look(struct base *b, const struct base_place *place, struct db *journal)
{
    int got = has_tables(b->db, "SELECT count(*) FROM sqlite_schema WHERE name = 'base'");
    if (got <= 0)
        return got;
    {
        AUTO(query) q = query_of(b->db, "SELECT seq, hash FROM base");
        got = read_at(q, &b->at);
    }
    if (got > 0)
        got = belongs(place, journal, &b->at);
    if (got <= 0)
        return got;
    got = folds_in_place(b->db);
    return got == 0 ? -EPROTO : got;
}

int base_open(const struct base_place *place, struct db *journal, struct diag *reterr,
              struct base **ret)
{
    assert(place && journal && ret);
    AUTO(base) b = calloc(1, sizeof(*b));
    if (!b)
        return journal_failed(reterr, -ENOMEM, "opening the base");
    int err = db_open(place->path, place->vfs, DB_OWN, &b->db);
    if (err < 0)
        return journal_failed(reterr, err, "opening the base");
    int got = look(b, place, journal);
    if (place->floor.seq == 0 && (got == 0 || got == -EPROTO))
        got = begin_anew(b, &place->floor);
    else if (got == 0)
        return gone(reterr, place->floor.seq, "is missing or another journal's");
    else if (got == -EPROTO)
        diag_set(reterr, 0, "the base is of another release's folds");
    if (got < 0)
        return got == -EPROTO ? got : journal_failed(reterr, got, "reading the base");
    *ret = TAKE(b);
    return 0;
}

struct advancing {
    struct base *base;
    struct db *journal;
    int64_t to;
    struct entry_floor at;
    struct diag *reterr;
};

static int take_in(const struct entry *e, const uint8_t *raw, size_t raw_len,
                   const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    struct advancing *a = context;
    if (e->seq > a->to)
        return 1;
    struct entry referred;
    int got = referred_get(a->journal, e, &referred);
    if (got > 0)
        got = referred_put(a->base->db, e->seq, &referred);
    if (got == 0)
        got = folds_apply(a->base->db, e, a->reterr);
    if (got == 0)
        got = balance_row_add(a->base->db, e);
    a->at = (struct entry_floor){.seq = e->seq, .hash = *hash};
    return got;
}

int base_advance(struct base *b, struct db *journal, int64_t to, struct diag *reterr)
{
    assert(b && journal && to > b->at.seq);
    struct advancing a = {.base = b, .journal = journal, .to = to, .reterr = reterr};
    int err = db_begin(b->db);
    if (err == 0)
        err = entry_table_walk(journal, b->at.seq + 1, take_in, &a);
    if (err >= 0)
        err = a.at.seq == to ? referred_drop(b->db, to) : -EBADMSG;
    if (err == 0)
        err = write_at(b->db, &a.at);
    if (err == 0)
        err = db_commit(b->db);
    if (err < 0) {
        db_rollback(b->db);
        return journal_failed(reterr, err, "advancing the base");
    }
    b->at = a.at;
    err = db_checkpoint(b->db);
    return err < 0 ? journal_failed(reterr, err, "advancing the base") : 0;
}

/* Its folds must be those of this release. */
static int check_attached(const struct base_place *place, struct db *journal, int64_t *ret_seq)
{
    int got = has_tables(journal, "SELECT count(*) FROM base.sqlite_schema WHERE name = 'base'");
    if (got <= 0)
        return got;
    struct entry_floor at = {0};
    {
        AUTO(query) q = query_of(journal, "SELECT seq, hash FROM base.base");
        got = read_at(q, &at);
    }
    if (got > 0)
        got = belongs(place, journal, &at);
    if (got > 0) {
        got = folds_attached_in_place(journal);
        got = got == 0 ? -EPROTO : got;
    }
    *ret_seq = at.seq;
    return got;
}

int base_attach(const struct base_place *place, struct db *journal, struct diag *reterr,
                int64_t *ret_seq)
{
    assert(place && journal && ret_seq);
    int err = 0;
    {
        AUTO(query) q = query_of(journal, "ATTACH ?1 AS base");
        query_text(q, 1, place->path);
        err = query_run(q);
    }
    if (err < 0)
        return journal_failed(reterr, err, "opening the base");
    int got = check_attached(place, journal, ret_seq);
    if (got > 0)
        return 0;
    base_detach(journal);
    if (got == 0)
        return gone(reterr, place->floor.seq, "is missing or another journal's");
    if (got == -EPROTO)
        diag_set(reterr, 0,
                 "entries up to %" PRId64 " were deleted, and the stock that they left"
                 " is of another release's folds",
                 place->floor.seq);
    return got == -EPROTO ? got : journal_failed(reterr, got, "reading the base");
}

void base_detach(struct db *journal)
{
    db_end_walks(journal);
    int err = db_exec(journal, "DETACH base");
    (void)err; /* it was not attached */
}

int base_balances(const struct base_place *place, struct db *journal, int64_t *ret_seq)
{
    assert(place && journal && ret_seq);
    AUTO(db) db = NULL;
    int err = db_open(place->path, place->vfs, DB_READ, &db);
    if (err == 0)
        err = db_begin_read(db);
    if (err < 0)
        return err == -ENOENT ? -ENODATA : err;
    struct entry_floor at = {0};
    int got = has_tables(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'base'");
    if (got > 0) {
        AUTO(query) q = query_of(db, "SELECT seq, hash FROM base");
        got = read_at(q, &at);
    }
    if (got > 0)
        got = belongs(place, journal, &at);
    if (got > 0) {
        got = balance_row_copy(db, journal);
        *ret_seq = at.seq;
    } else if (got == 0) {
        got = -ENODATA;
    }
    db_rollback(db);
    return got;
}
