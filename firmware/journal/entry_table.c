/* SPDX-License-Identifier: Apache-2.0 */
#include "entry_table.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int entry_table_put(struct db *db, const struct entry *e, const uint8_t *raw, size_t raw_len,
                    const struct chain_head *hash)
{
    AUTO(query)
    q = query_of(db, "INSERT INTO entry(seq, wall_ms, kind, body, hash)"
                     " VALUES(?1, ?2, ?3, ?4, ?5)");
    query_int(q, 1, e->seq);
    query_int(q, 2, e->wall_ms);
    query_int(q, 3, e->kind);
    query_blob(q, 4, raw, raw_len);
    query_blob(q, 5, hash->hash, sizeof(hash->hash));
    return query_run(q);
}

static int decode_row(struct query *q, int64_t seq, struct entry *ret)
{
    size_t len = 0;
    const uint8_t *raw = query_get_blob(q, 0, &len);
    int err = query_get_failed(q);
    if (err < 0)
        return err;
    struct entry e;
    err = entry_decode(raw, len, &e);
    if (err < 0)
        return err;
    if (e.seq != seq)
        return -EBADMSG;
    *ret = e;
    return 1;
}

int entry_table_get(struct db *db, int64_t seq, struct entry *ret)
{
    AUTO(query) q = query_of(db, "SELECT body FROM entry WHERE seq = ?1");
    query_int(q, 1, seq);
    int got = query_step(q);
    return got <= 0 ? got : decode_row(q, seq, ret);
}

static int hash_column(struct query *q, int column, struct chain_head *ret)
{
    size_t len = 0;
    const void *hash = query_get_blob(q, column, &len);
    int err = query_get_failed(q);
    if (err < 0)
        return err;
    if (len != sizeof(ret->hash))
        return -EBADMSG;
    memcpy(ret->hash, hash, len);
    return 0;
}

int entry_table_hash(struct db *db, int64_t seq, struct chain_head *ret)
{
    AUTO(query) q = query_of(db, "SELECT hash FROM entry WHERE seq = ?1");
    query_int(q, 1, seq);
    int got = query_step(q);
    if (got <= 0)
        return got;
    int err = hash_column(q, 0, ret);
    return err < 0 ? err : 1;
}

int entry_table_last(struct db *db, int64_t *ret_seq)
{
    return db_number(db, "SELECT coalesce(max(seq), 0) FROM entry", ret_seq);
}

int entry_table_walk(struct db *db, int64_t from_seq, journal_entry_fn on_entry, void *context)
{
    AUTO(query) q = query_of(db, "SELECT body, hash, seq FROM entry WHERE seq >= ?1 ORDER BY seq");
    query_int(q, 1, from_seq);
    int got = 0;
    while ((got = query_step(q)) > 0) {
        struct entry e;
        struct chain_head hash;
        got = decode_row(q, query_get_int(q, 2), &e);
        if (got > 0)
            got = hash_column(q, 1, &hash);
        if (got < 0)
            return got;
        size_t len = 0;
        const uint8_t *raw = query_get_blob(q, 0, &len);
        int stop = on_entry(&e, raw, len, &hash, context);
        if (stop != 0)
            return stop;
    }
    return got;
}

/* The chain's value before entry seq. Damage there shows as damage of seq. */
static int hash_before(struct db *db, const struct entry_floor *floor, int64_t seq,
                       struct chain_head *ret)
{
    if (seq > floor->seq + 1)
        return entry_table_hash(db, seq - 1, ret);
    *ret = floor->hash;
    return 1;
}

/* The chain first: bytes that it does not vouch for are damage, whatever they decode to. */
static int verify_row(struct query *q, int64_t seq, struct chain_head *head)
{
    struct chain_head stored;
    int err = hash_column(q, 1, &stored);
    if (err < 0)
        return err;
    size_t len = 0;
    const void *raw = query_get_blob(q, 0, &len);
    err = query_get_failed(q);
    if (err < 0)
        return err;
    *head = chain_next(head, raw, len);
    if (memcmp(head->hash, stored.hash, sizeof(stored.hash)) != 0)
        return -EBADMSG;
    struct entry e;
    err = decode_row(q, seq, &e);
    if (err < 0)
        return err;
    bool same = query_get_int(q, 2) == seq && query_get_int(q, 3) == e.wall_ms &&
                query_get_int(q, 4) == e.kind;
    return same ? 0 : -EBADMSG;
}

int entry_table_delete(struct db *db, int64_t up_to)
{
    AUTO(query) q = query_of(db, "DELETE FROM entry WHERE seq <= ?1");
    query_int(q, 1, up_to);
    return query_run(q);
}

int64_t entry_table_verify(struct db *db, const struct entry_floor *floor, int64_t from_seq,
                           int64_t count, int64_t *ret_next)
{
    assert(from_seq > floor->seq && count >= 0 && ret_next);
    struct chain_head head;
    int64_t seq = from_seq;
    int got = hash_before(db, floor, seq, &head);
    AUTO(query)
    q = query_of(db, "SELECT body, hash, seq, wall_ms, kind FROM entry"
                     " WHERE seq >= ?1 ORDER BY seq LIMIT ?2");
    query_int(q, 1, from_seq);
    query_int(q, 2, count);
    while (got > 0 && (got = query_step(q)) > 0) {
        got = verify_row(q, seq, &head);
        if (got < 0)
            break;
        seq++;
        got = 1;
    }
    /* A newer release's entry (-EPROTO) is not damage, but here it cannot be judged. */
    if (got < 0 && got != -EBADMSG)
        return got;
    *ret_next = seq;
    return seq - from_seq;
}
