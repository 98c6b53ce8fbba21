/* SPDX-License-Identifier: Apache-2.0 */
#include "fold.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "entry_codec.h"
#include "entry_table.h"
#include "journal_state.h"
#include "referred.h"
#include "stock_effect.h"

static const struct fold *const folds[] = {
    &fold_stock, &fold_demand, &fold_document, &fold_capture, &fold_alert, &fold_flag, &fold_reason,
};

int folds_apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    for (size_t i = 0; i < ARRAY_LEN(folds); i++) {
        int err = folds[i]->apply(db, e, reterr);
        if (err < 0)
            return err;
    }
    return 0;
}

int fold_add(int64_t *sum, int64_t delta, const char *what, struct diag *reterr)
{
    int64_t added = 0;
    if (__builtin_add_overflow(*sum, delta, &added)) {
        diag_set(reterr, 0, "%s would leave the range of 64 bits", what);
        return -EINVAL;
    }
    *sum = added;
    return 0;
}

struct undoing {
    struct db *db;
    const struct entry *e;
};

/* What is kept is the end of the way back already. */
static int find_movement(int64_t seq, void *context, struct entry *ret)
{
    (void)seq;
    const struct undoing *u = context;
    return referred_get(u->db, u->e, ret);
}

int fold_undone(struct db *db, const struct entry *e, struct entry *ret_movement,
                int64_t *ret_units)
{
    struct undoing u = {db, e};
    return stock_undone(e, find_movement, &u, ret_movement, ret_units);
}

int fold_read_entry(struct query *q, int column, struct entry *ret)
{
    size_t len = 0;
    const uint8_t *raw = query_get_blob(q, column, &len);
    int err = query_get_failed(q);
    return err < 0 ? err : entry_decode(raw, len, ret);
}

static int in_place(struct db *db, const char *question)
{
    int64_t known = 0;
    for (size_t i = 0; i < ARRAY_LEN(folds); i++) {
        AUTO(query) q = query_of(db, question);
        query_text(q, 1, folds[i]->name);
        int got = query_step(q);
        if (got < 0)
            return got;
        known += got > 0 && query_get_int(q, 0) == folds[i]->version;
    }
    return known == (int64_t)ARRAY_LEN(folds);
}

int folds_in_place(struct db *db)
{
    return in_place(db, "SELECT version FROM fold WHERE name = ?1");
}

int folds_attached_in_place(struct db *db)
{
    return in_place(db, "SELECT version FROM base.fold WHERE name = ?1");
}

int folds_make(struct db *db)
{
    int err = db_exec(db, "DELETE FROM fold");
    for (size_t i = 0; err == 0 && i < ARRAY_LEN(folds); i++) {
        err = db_exec(db, folds[i]->drop);
        if (err == 0)
            err = db_exec(db, folds[i]->schema);
        if (err < 0)
            break;
        AUTO(query) q = query_of(db, "INSERT INTO fold(name, version) VALUES(?1, ?2)");
        query_text(q, 1, folds[i]->name);
        query_int(q, 2, folds[i]->version);
        err = query_run(q);
    }
    return err;
}

struct rebuilding {
    struct db *db;
    struct diag *reterr;
};

static int fold_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                      const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct rebuilding *r = context;
    int err = referred_keep(r->db, e, 0, r->reterr);
    return err < 0 ? err : folds_apply(r->db, e, r->reterr);
}

/* From empty tables, or from those of the attached base, which knows the entries up to `known`. */
static int make_from(struct db *db, bool attached, int64_t known, struct diag *reterr)
{
    int err = db_begin(db);
    if (err == 0)
        err = folds_make(db);
    for (size_t i = 0; attached && err == 0 && i < ARRAY_LEN(folds); i++)
        err = db_exec(db, folds[i]->copy);
    if (err == 0)
        err = entry_table_walk(db, known + 1, fold_entry, &(struct rebuilding){db, reterr});
    if (err == 0)
        err = db_commit(db);
    if (err < 0)
        db_rollback(db);
    return err;
}

int folds_ensure(struct db *db, const struct base_place *place, bool force, struct diag *reterr)
{
    int err = force ? 0 : folds_in_place(db);
    if (err != 0)
        return err < 0 ? err : 0;
    int64_t known = 0;
    bool deleted = place->floor.seq > 0;
    if (deleted)
        err = base_attach(place, db, reterr, &known);
    if (err < 0)
        return err;
    err = make_from(db, deleted, known, reterr);
    if (deleted)
        base_detach(db);
    return err < 0 ? err : 1;
}

#define DIGEST_ROW_MAX 4096

/* One row as bytes: for each column its type, and 8 bytes of number or of length and then the
 * text. */
static int row_bytes(struct query *q, uint8_t buf[DIGEST_ROW_MAX], size_t *ret_len)
{
    size_t n = 0;
    for (int c = 0; c < query_columns(q); c++) {
        bool number = query_get_is_int(q, c);
        size_t len = 0;
        const void *bytes = number ? NULL : query_get_blob(q, c, &len);
        uint64_t v = number ? (uint64_t)query_get_int(q, c) : (uint64_t)len;
        if (query_get_failed(q) < 0)
            return query_get_failed(q);
        if (len + 9 > DIGEST_ROW_MAX - n)
            return -EBADMSG;
        buf[n++] = number ? 1 : 2;
        for (int shift = 56; shift >= 0; shift -= 8)
            buf[n++] = (uint8_t)(v >> shift);
        if (len > 0)
            memcpy(buf + n, bytes, len);
        n += len;
    }
    *ret_len = n;
    return 0;
}

static int digest_rows(struct db *db, const char *rows, uint8_t digest[SHA256_SIZE])
{
    AUTO(query) q = query_of(db, rows);
    int got = 0;
    while ((got = query_step(q)) > 0) {
        uint8_t row[DIGEST_ROW_MAX];
        size_t len = 0;
        int err = row_bytes(q, row, &len);
        if (err < 0)
            return err;
        uint8_t next[SHA256_SIZE];
        sha256_pair(digest, SHA256_SIZE, row, len, next);
        memcpy(digest, next, SHA256_SIZE);
    }
    return got;
}

int journal_fold_digest(struct journal *j, uint8_t ret[SHA256_SIZE])
{
    assert(j && ret);
    uint8_t digest[SHA256_SIZE] = {0};
    for (size_t i = 0; i < ARRAY_LEN(folds); i++)
        for (size_t t = 0; t < FOLD_TABLES_MAX && folds[i]->rows[t]; t++) {
            uint8_t named[SHA256_SIZE]; /* where a table begins is part of what is digested */
            sha256_pair(digest, sizeof(digest), folds[i]->rows[t], strlen(folds[i]->rows[t]),
                        named);
            memcpy(digest, named, sizeof(digest));
            int err = digest_rows(j->db, folds[i]->rows[t], digest);
            if (err < 0)
                return err;
        }
    memcpy(ret, digest, sizeof(digest));
    return 0;
}

int journal_rebuild(struct journal *j)
{
    assert(j);
    if (j->open)
        return -EBUSY;
    base_free(j->base); /* it is read by this connection now */
    j->base = NULL;
    struct base_place place = journal_base_place(j);
    int err = folds_ensure(j->db, &place, true, NULL);
    return err < 0 ? err : 0;
}
