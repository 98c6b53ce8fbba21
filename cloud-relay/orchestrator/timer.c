/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timer.h"

#include <assert.h>
#include <errno.h>

int timer_set(struct sql *s, const char *timer, const char *agent, const char *subject,
              const char *what, int64_t due_ms)
{
    assert(s && timer && agent && subject && what);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO timer(timer, due_ms, consumer, subject, what)"
                     " VALUES($1, $2, $3, $4, $5) ON CONFLICT (tenant, timer) DO UPDATE SET"
                     " due_ms = excluded.due_ms, consumer = excluded.consumer,"
                     " subject = excluded.subject, what = excluded.what");
    sql_bind_text(q, 1, timer);
    sql_bind_int(q, 2, due_ms);
    sql_bind_text(q, 3, agent);
    sql_bind_text(q, 4, subject);
    sql_bind_text(q, 5, what);
    return sql_run(q);
}

int timer_cancel(struct sql *s, const char *timer)
{
    assert(s && timer);
    AUTO(sql_query) q = sql_query(s, "DELETE FROM timer WHERE timer = $1");
    sql_bind_text(q, 1, timer);
    int err = sql_run(q);
    if (err < 0)
        return err;
    return sql_changes(q) > 0 ? 0 : 1;
}

int timer_due(struct sql *s, const char *timer, int64_t *ret_due_ms)
{
    assert(s && timer && ret_due_ms);
    AUTO(sql_query) q = sql_query(s, "SELECT due_ms FROM timer WHERE timer = $1");
    sql_bind_text(q, 1, timer);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *ret_due_ms = sql_int(q, 0);
    return 0;
}
