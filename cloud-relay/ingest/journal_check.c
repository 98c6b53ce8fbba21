/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal_check.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "text.h"

static int genesis(struct sql *s, struct journal_verdict *v)
{
    struct origin origin = {.epoch = (uint32_t)v->epoch};
    if (text_copy(origin.tenant, sizeof(origin.tenant), sql_tenant(s)) < 0 ||
        text_copy(origin.device, sizeof(origin.device), v->device) < 0)
        return -EBADMSG;
    v->head = chain_genesis(&origin);
    return 0;
}

/* Chains entries behind `from`, whose head v->head is, up to upto; broken_seq when one is missing.
 */
static int chain_behind(struct sql *s, struct journal_verdict *v, int64_t from, int64_t upto)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT seq, body FROM entry WHERE device = $1 AND epoch = $2 AND seq > $3"
                     " AND seq <= $4 ORDER BY seq");
    sql_bind_text(q, 1, v->device);
    sql_bind_int(q, 2, v->epoch);
    sql_bind_int(q, 3, from);
    sql_bind_int(q, 4, upto);
    int64_t next = from + 1;
    int got = 0;
    while ((got = sql_step(q)) > 0 && sql_int(q, 0) == next) {
        size_t len = 0;
        const void *body = sql_bytes(q, 1, &len);
        v->head = chain_next(&v->head, body, len);
        next++;
    }
    if (next <= upto)
        v->broken_seq = next;
    return got < 0 ? got : 0;
}

/* Chains entries 1..upto. */
static int chain_entries(struct sql *s, struct journal_verdict *v, int64_t upto)
{
    int err = genesis(s, v);
    return err < 0 ? err : chain_behind(s, v, 0, upto);
}

/* The newest archived head before `seq`; *ret_from is the entry that it is of, 0: the beginning. A
 * batch that came again may reach over the next one's begin: the few before it are looked at. */
static int read_head_before(struct sql *s, struct journal_verdict *v, int64_t seq,
                            int64_t *ret_from)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT first_seq + entries - 1, head_hash FROM archive WHERE device = $1 AND"
                     " epoch = $2 AND first_seq < $3 ORDER BY first_seq DESC LIMIT 4");
    sql_bind_text(q, 1, v->device);
    sql_bind_int(q, 2, v->epoch);
    sql_bind_int(q, 3, seq);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        size_t len = 0;
        const void *head = sql_bytes(q, 1, &len);
        if (sql_int(q, 0) < seq && len == sizeof(v->head.hash)) {
            memcpy(v->head.hash, head, len);
            *ret_from = sql_int(q, 0);
            return 0;
        }
    }
    *ret_from = 0;
    return got < 0 ? got : genesis(s, v);
}

int journal_chain_at(struct sql *s, const char *device, int64_t epoch, int64_t seq,
                     struct chain_head *ret)
{
    assert(s && device && ret);
    struct journal_verdict v = {.epoch = epoch};
    int64_t from = 0;
    if (text_copy(v.device, sizeof(v.device), device) < 0 || seq < 1)
        return -ENOENT;
    int err = read_head_before(s, &v, seq, &from);
    if (err == 0)
        err = chain_behind(s, &v, from, seq);
    if (err == 0 && v.broken_seq > 0)
        err = -ENOENT;
    if (err == 0)
        *ret = v.head;
    return err;
}

int journals_check(struct sql *s, journal_verdict_fn on_journal, void *context)
{
    assert(s && on_journal);
    AUTO(sql_query)
    q = sql_query(s, "SELECT device, epoch, wm, head_hash FROM watermark ORDER BY device, epoch");
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        struct journal_verdict v = {.epoch = sql_int(q, 1), .wm = sql_int(q, 2)};
        uint8_t head[SHA256_SIZE] = {0};
        size_t len = 0;
        const void *stored = sql_bytes(q, 3, &len);
        if (len == sizeof(head))
            memcpy(head, stored, sizeof(head));
        sql_copy(q, 0, v.device, sizeof(v.device));
        int err = chain_entries(s, &v, v.wm);
        if (err < 0)
            return err;
        if (v.broken_seq == 0 && memcmp(v.head.hash, head, sizeof(head)) != 0)
            v.broken_seq = v.wm;
        int stop = on_journal(&v, context);
        if (stop != 0)
            return stop;
    }
    return got;
}

int journal_secure(struct sql *s, const struct journal_verdict *v, int64_t *ret_safe)
{
    assert(s && v && ret_safe);
    struct journal_verdict live = *v;
    int err = v->broken_seq > 0 ? -EBADMSG : chain_entries(s, &live, v->wm);
    if (err == 0 && memcmp(live.head.hash, v->head.hash, sizeof(v->head.hash)) != 0)
        err = -EBADMSG;
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE watermark SET safe = CASE WHEN safe < $3 THEN $3 ELSE safe END"
                     " WHERE device = $1 AND epoch = $2 AND wm >= $3 RETURNING safe");
    sql_bind_text(q, 1, v->device);
    sql_bind_int(q, 2, v->epoch);
    sql_bind_int(q, 3, v->wm);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *ret_safe = sql_int(q, 0);
    return sql_run(q);
}
