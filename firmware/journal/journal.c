/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "entry_codec.h"
#include "entry_table.h"
#include "fold.h"
#include "journal_state.h"
#include "referred.h"

int journal_failed(struct diag *reterr, int err, const char *doing)
{
    const char *what = err == -ENOSPC    ? "the disk is full"
                       : err == -EROFS   ? "the disk cannot be written"
                       : err == -EBADMSG ? "the file is damaged"
                                         : strerror(-err);
    diag_set(reterr, 0, "%s: %s", doing, what);
    return err;
}

/* Nothing of the transaction is there any more. */
static void drop_all(struct journal *j)
{
    db_rollback(j->db);
    j->tip = j->committed;
    j->pending = 0;
    j->open = false;
}

int journal_begin(struct journal *j, struct diag *reterr)
{
    if (j->open)
        return 0;
    int64_t room = 0;
    int64_t free_bytes = 0;
    int err = j->disk_reserve_bytes > 0 ? journal_room(j, &room, &free_bytes) : 0;
    if (err == 0 && room < 0) {
        diag_set(reterr, 0,
                 "%" PRId64 " kB are free on the disk: new work needs more than %" PRId64,
                 free_bytes / 1024, j->disk_reserve_bytes / 1024);
        return -ENOSPC;
    }
    if (err == 0)
        err = db_begin(j->db);
    if (err < 0)
        return journal_failed(reterr, err, "beginning");
    j->open = true;
    return 0;
}

/* After an error inside a unit: back to where it began, or, when SQLite has ended the transaction
 * or cannot undo, all of it goes. */
static void undo(struct journal *j, const struct journal_tip *before)
{
    if (!db_in_transaction(j->db) || db_save_undo(j->db) < 0) {
        drop_all(j);
        return;
    }
    j->tip = *before;
    if (j->pending == 0)
        drop_all(j); /* an empty transaction would hold the write lock for nothing */
}

static int check_unit(const struct entry *entries, size_t n, struct diag *reterr)
{
    for (size_t i = 0; i < n; i++) {
        struct diag why;
        if (entry_check(&entries[i], &why) == 0)
            continue;
        if (n > 1)
            diag_set(reterr, 0, "entry %zu of %zu: %.120s", i + 1, n, why.text);
        else
            diag_set(reterr, 0, "%s", why.text);
        return -EINVAL;
    }
    return 0;
}

static int append_one(struct journal *j, const struct journal_time *time, struct entry *e,
                      struct diag *reterr)
{
    struct journal_tip tip = j->tip;
    tip.seq++;
    tip.wall_ms = time->wall_ms > tip.wall_ms ? time->wall_ms : tip.wall_ms;
    tip.boot = time->boot;
    e->seq = tip.seq;
    e->wall_ms = tip.wall_ms;
    e->mono_ms = time->mono_ms;
    e->boot = time->boot;
    e->trust = (int32_t)time->trust;

    uint8_t raw[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(e, raw);
    tip.hash = chain_next(&tip.hash, raw, len);
    int err = entry_table_put(j->db, e, raw, len, &tip.hash);
    if (err < 0)
        return journal_failed(reterr, err, "writing the entry");
    struct diag why = {0};
    err = referred_keep(j->db, e, j->floor.seq, &why);
    if (err == 0)
        err = folds_apply(j->db, e, &why);
    if (err == -EINVAL) {
        diag_set(reterr, 0, "%s", why.text);
        return err;
    }
    if (err < 0)
        return journal_failed(reterr, err, "folding the entry");
    j->tip = tip;
    return 0;
}

int journal_unit_begin(struct journal *j, struct journal_tip *ret_before, struct diag *reterr)
{
    int err = journal_begin(j, reterr);
    if (err < 0)
        return err;
    err = db_save(j->db);
    if (err < 0) {
        if (!db_in_transaction(j->db) || j->pending == 0)
            drop_all(j);
        return journal_failed(reterr, err, "beginning the unit");
    }
    *ret_before = j->tip;
    return 0;
}

int journal_unit_add(struct journal *j, const struct journal_time *time, struct entry *entries,
                     size_t n, struct diag *reterr)
{
    int err = 0;
    for (size_t i = 0; err == 0 && i < n; i++) {
        entries[i].rest = (int32_t)(n - 1 - i);
        err = append_one(j, time, &entries[i], reterr);
    }
    return err;
}

int journal_unit_end(struct journal *j, int err, const struct journal_tip *before,
                     struct diag *reterr)
{
    if (err == 0) {
        err = db_save_keep(j->db);
        if (err < 0)
            journal_failed(reterr, err, "ending the unit");
    }
    if (err < 0) {
        undo(j, before);
        return err;
    }
    j->pending++;
    return 0;
}

int journal_append(struct journal *j, const struct journal_time *time, struct entry *entries,
                   size_t n, struct diag *reterr, int64_t *ret_seq)
{
    assert(j && time && entries && n > 0 && n <= JOURNAL_UNIT_MAX && ret_seq);
    int err = check_unit(entries, n, reterr);
    if (err < 0)
        return err;
    struct journal_tip before;
    err = journal_unit_begin(j, &before, reterr);
    if (err < 0)
        return err;
    err = journal_unit_add(j, time, entries, n, reterr);
    err = journal_unit_end(j, err, &before, reterr);
    if (err == 0)
        *ret_seq = before.seq + 1;
    return err;
}

static int write_head(struct journal *j)
{
    AUTO(query)
    q = query_of(j->db, "INSERT INTO head(one, seq, hash) VALUES(1, ?1, ?2)"
                        " ON CONFLICT DO UPDATE SET seq = ?1, hash = ?2");
    query_int(q, 1, j->tip.seq);
    query_blob(q, 2, j->tip.hash.hash, sizeof(j->tip.hash.hash));
    return query_run(q);
}

int journal_commit(struct journal *j)
{
    assert(j);
    if (j->pending == 0)
        return 0;
    int err = write_head(j);
    if (err == 0)
        err = db_commit(j->db);
    if (err < 0) {
        drop_all(j);
        return err;
    }
    j->committed = j->tip;
    j->pending = 0;
    j->open = false;
    return 0;
}

int journal_pending(const struct journal *j)
{
    assert(j);
    return j->pending;
}

void journal_rollback(struct journal *j)
{
    assert(j);
    if (j->open)
        drop_all(j);
}

int journal_tidy(struct journal *j)
{
    assert(j);
    return j->open ? 0 : db_checkpoint(j->db);
}

int64_t journal_head(const struct journal *j)
{
    assert(j);
    return j->tip.seq;
}

struct chain_head journal_head_hash(const struct journal *j)
{
    assert(j);
    return j->tip.hash;
}

int64_t journal_last_wall_ms(const struct journal *j)
{
    assert(j);
    return j->tip.wall_ms;
}

int64_t journal_last_boot(const struct journal *j)
{
    assert(j);
    return j->tip.boot;
}

int journal_read(struct journal *j, int64_t from_seq, journal_entry_fn on_entry, void *context)
{
    assert(j && on_entry);
    return entry_table_walk(j->db, from_seq, on_entry, context);
}
