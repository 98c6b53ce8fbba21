/* SPDX-License-Identifier: Apache-2.0 */
#include "referred.h"

#include <errno.h>
#include <inttypes.h>

#include "entry_codec.h"
#include "entry_table.h"

static bool refers(const struct entry *e)
{
    bool may = e->kind == ENTRY_ADJUSTED || (e->kind == ENTRY_BOUND && e->scan_len == 0);
    return may && e->corrects > 0 && e->corrects < e->seq;
}

static int read_body(struct query *q, struct entry *ret)
{
    int got = query_step(q);
    if (got <= 0)
        return got;
    size_t len = 0;
    const uint8_t *raw = query_get_blob(q, 0, &len);
    int err = query_get_failed(q);
    if (err == 0)
        err = entry_decode(raw, len, ret);
    return err < 0 ? err : 1;
}

int referred_get(struct db *db, const struct entry *e, struct entry *ret)
{
    if (!refers(e))
        return 0;
    AUTO(query) q = query_of(db, "SELECT body FROM referred WHERE seq = ?1");
    query_int(q, 1, e->seq);
    return read_body(q, ret);
}

int referred_put(struct db *db, int64_t seq, const struct entry *referred)
{
    uint8_t raw[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(referred, raw);
    AUTO(query) q = query_of(db, "INSERT INTO referred(seq, body) VALUES(?1, ?2)");
    query_int(q, 1, seq);
    query_blob(q, 2, raw, len);
    return query_run(q);
}

int referred_drop(struct db *db, int64_t up_to)
{
    AUTO(query) q = query_of(db, "DELETE FROM referred WHERE seq <= ?1");
    query_int(q, 1, up_to);
    return query_run(q);
}

/* A capture that is still open outlives its entry. */
static int find_capture(struct db *db, int64_t seq, struct entry *ret)
{
    AUTO(query) q = query_of(db, "SELECT body FROM capture WHERE seq = ?1");
    query_int(q, 1, seq);
    return read_body(q, ret);
}

static int find(struct db *db, const struct entry *e, struct entry *ret)
{
    int got = entry_table_get(db, e->corrects, ret);
    if (got == 0 && e->kind == ENTRY_BOUND)
        return find_capture(db, e->corrects, ret);
    if (got <= 0 || e->kind == ENTRY_BOUND)
        return got;
    /* What undoes an undoing is about the same movement. */
    struct entry undoing = *ret;
    bool further = undoing.kind == ENTRY_ADJUSTED && refers(&undoing);
    return further ? referred_get(db, &undoing, ret) : 1;
}

int referred_keep(struct db *db, const struct entry *e, int64_t floor, struct diag *reterr)
{
    struct entry known;
    if (!refers(e))
        return 0;
    int got = referred_get(db, e, &known);
    if (got != 0)
        return got < 0 ? got : 0;
    got = find(db, e, &known);
    if (got > 0)
        return referred_put(db, e->seq, &known);
    if (got == 0 && e->corrects <= floor) {
        diag_set(reterr, 0,
                 "entry %" PRId64 " cannot be corrected any more: entries up to %" PRId64
                 " were deleted here",
                 e->corrects, floor);
        return -EINVAL;
    }
    return got;
}
