/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long work: read, compute outside any transaction, write after a look whether it still holds. */
#include <errno.h>

#include "agent_run.h"

#define STALE_TRIES 3 /* work whose inputs changed is prepared anew so often, then later */

static int prepare(struct agent_run *g, struct setting_book **ret_book, void **ret_work)
{
    int err = sql_begin(g->s, SQL_READ);
    if (err == 0)
        err = agent_run_open_step(g, ret_book);
    if (err == 0)
        err = g->agent->work->prepare(&g->step, ret_work);
    sql_rollback(g->s);
    return err;
}

static int apply(struct agent_run *g, void *work)
{
    int err = sql_begin(g->s, SQL_WRITE);
    if (err == 0)
        err = sql_lock(g->s, g->agent->name);
    if (err == 0)
        err = g->agent->work->apply(&g->step, work);
    if (err < 0)
        sql_rollback(g->s);
    return err;
}

/* Leaves the write transaction of apply open when it returns 0 with *ret_open. */
static int work_once(struct agent_run *g, bool *ret_open)
{
    AUTO(setting_book) book = NULL;
    void *work = NULL;
    g->step.wants_work = false; /* from here on: apply wants more of it */
    int r = prepare(g, &book, &work);
    if (r > 0) {
        g->step.s = NULL;
        r = g->agent->work->compute(&g->step, work);
        g->step.s = g->s;
        if (r >= 0)
            r = apply(g, work);
        *ret_open = r >= 0;
    }
    if (work)
        g->agent->work->free(work);
    g->step.settings = NULL;
    return r < 0 ? r : 0;
}

static int note_work(struct agent_run *g, int err)
{
    int r = agent_row_read(g->s, g->agent->name, &g->row);
    if (r < 0)
        return r;
    g->row.heartbeat_ms = g->row.ran_ms = g->step.now_ms;
    if (err == -ESTALE) {
        g->row.due_ms = g->step.now_ms + g->conf->backoff_ms;
    } else if (err < 0) {
        r = agent_run_ill(g, "work", err);
    } else {
        g->row.due_ms = g->step.wants_work        ? g->step.now_ms
                        : g->agent->period_ms > 0 ? g->step.now_ms + g->agent->period_ms
                                                  : 0;
        r = agent_run_well(g);
    }
    return r < 0 ? r : agent_row_write(g->s, g->agent->name, &g->row);
}

int agent_work_do(struct agent_run *g)
{
    int err = -ESTALE;
    bool open = false;
    g->step.why = (struct diag){0};
    for (int i = 0; i < STALE_TRIES && err == -ESTALE; i++)
        err = work_once(g, &open);
    if (agent_run_stores(err))
        return err;
    int r = open ? 0 : sql_begin(g->s, SQL_WRITE);
    if (r == 0)
        r = note_work(g, err);
    if (r == 0)
        return sql_commit(g->s);
    sql_rollback(g->s);
    return r;
}
