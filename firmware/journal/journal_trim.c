/* SPDX-License-Identifier: Apache-2.0 */
/* Deleting the entries that the relay keeps: a few at a time, so that no scan waits for it. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base.h"
#include "entry_table.h"
#include "floor.h"
#include "journal.h"
#include "journal_state.h"
#include "referred.h"

struct base_place journal_base_place(const struct journal *j)
{
    return (struct base_place){.path = j->base_path, .vfs = j->vfs, .floor = j->floor};
}

int64_t journal_floor(const struct journal *j)
{
    assert(j);
    return j->floor.seq;
}

int journal_hash(struct journal *j, int64_t seq, struct chain_head *ret)
{
    assert(j && seq >= 0 && ret);
    if (seq == j->floor.seq) {
        *ret = j->floor.hash;
        return 1;
    }
    return entry_table_hash(j->db, seq, ret);
}

/* What is damaged must not go into the base: it stays, and is told. */
static int check_chain(struct journal *j, int64_t to, struct diag *reterr)
{
    int64_t from = j->floor.seq + 1;
    int64_t next = from;
    int64_t good = entry_table_verify(j->db, &j->floor, from, to - from + 1, &next);
    if (good < 0)
        return journal_failed(reterr, (int)good, "reading the oldest entries");
    if (next > to)
        return 0;
    diag_set(reterr, 0, "entry %" PRId64 " is damaged", next);
    return -EBADMSG;
}

static int delete_up_to(struct journal *j, int64_t to, int64_t now_ms)
{
    struct entry_floor floor = {.seq = to};
    int got = entry_table_hash(j->db, to, &floor.hash);
    if (got <= 0)
        return got < 0 ? got : -EBADMSG;
    int err = db_begin(j->db);
    if (err == 0)
        err = floor_write(j->db, &floor, now_ms);
    if (err == 0)
        err = entry_table_delete(j->db, to);
    if (err == 0)
        err = referred_drop(j->db, to);
    if (err == 0)
        err = db_commit(j->db);
    if (err < 0)
        db_rollback(j->db);
    else
        j->floor = floor;
    return err;
}

int journal_trim(struct journal *j, int64_t up_to, int64_t now_ms, struct diag *reterr)
{
    assert(j && up_to < j->committed.seq);
    if (j->open)
        return -EBUSY;
    int64_t before = j->floor.seq;
    int64_t to = up_to - before > JOURNAL_TRIM_STEP ? before + JOURNAL_TRIM_STEP : up_to;
    if (to <= before)
        return 0;
    int err = check_chain(j, to, reterr);
    struct base_place place = journal_base_place(j);
    if (err == 0 && !j->base)
        err = base_open(&place, j->db, reterr, &j->base);
    if (err == 0 && j->base->at.seq < to)
        err = base_advance(j->base, j->db, to, reterr);
    if (err < 0)
        return err;
    err = delete_up_to(j, to, now_ms);
    if (err < 0)
        return journal_failed(reterr, err, "deleting the oldest entries");
    return (int)(to - before);
}
