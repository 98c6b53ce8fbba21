/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dead_letter.h"

#include <assert.h>
#include <errno.h>

static int next_number(struct sql *s, int64_t *ret)
{
    int err = sql_lock(s, "dead_letter");
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(s, "SELECT coalesce(max(letter), 0) + 1 FROM dead_letter");
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -EBADMSG;
    *ret = sql_int(q, 0);
    return 0;
}

int dead_letter_put(struct sql *s, const struct dead_letter *letter, int64_t now_ms,
                    int64_t *ret_letter)
{
    assert(s && letter && ret_letter);
    int64_t number = 0;
    int err = next_number(s, &number);
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO dead_letter(letter, made_ms, source, device, epoch, seq, reason,"
                     " body, state, decided_by, decided_ms)"
                     " VALUES($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', 0)");
    sql_bind_int(q, 1, number);
    sql_bind_int(q, 2, now_ms);
    sql_bind_text(q, 3, letter->source);
    sql_bind_text(q, 4, letter->device);
    sql_bind_int(q, 5, letter->epoch);
    sql_bind_int(q, 6, letter->seq);
    sql_bind_text(q, 7, letter->reason);
    sql_bind_bytes(q, 8, letter->body, letter->len);
    err = sql_run(q);
    if (err == 0)
        *ret_letter = number;
    return err;
}

int dead_letter_decide(struct sql *s, int64_t letter, const char *state, const char *by,
                       int64_t now_ms)
{
    assert(s && state && by);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE dead_letter SET state = $2, decided_by = $3, decided_ms = $4"
                     " WHERE letter = $1 AND state = 'open'");
    sql_bind_int(q, 1, letter);
    sql_bind_text(q, 2, state);
    sql_bind_text(q, 3, by);
    sql_bind_int(q, 4, now_ms);
    int err = sql_run(q);
    if (err < 0)
        return err;
    return sql_changes(q) > 0 ? 0 : -ENOENT;
}

int dead_letter_again(struct sql *s, const char *source, struct dead_letter_item *ret)
{
    assert(s && source && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT letter, device, epoch, seq FROM dead_letter"
                     " WHERE source = $1 AND state = 'again' ORDER BY letter LIMIT 1");
    sql_bind_text(q, 1, source);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *ret = (struct dead_letter_item){
        .letter = sql_int(q, 0), .epoch = sql_int(q, 2), .seq = sql_int(q, 3)};
    sql_copy(q, 1, ret->device, sizeof(ret->device));
    return 0;
}

int dead_letter_close(struct sql *s, int64_t letter, const char *reason)
{
    assert(s && reason);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE dead_letter SET state = CASE WHEN $2 = '' THEN 'repaired' ELSE 'open'"
                     " END, reason = CASE WHEN $2 = '' THEN reason ELSE $2 END WHERE letter = $1");
    sql_bind_int(q, 1, letter);
    sql_bind_text(q, 2, reason);
    return sql_run(q);
}
