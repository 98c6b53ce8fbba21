/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define TIMERS_STEP 32 /* rung in one step */

/* The store's own troubles: no item is to blame. */
bool agent_run_stores(int err)
{
    return err == -EBUSY || err == -EIO || err == -ENOSPC || err == -EROFS || err == -ENOMEM;
}

static int64_t backoff_ms(const struct runtime_conf *c, int64_t failures)
{
    int64_t ms = c->backoff_ms;
    for (int64_t i = 1; i < failures && ms < c->backoff_max_ms; i++)
        ms *= 2;
    return ms < c->backoff_max_ms ? ms : c->backoff_max_ms;
}

static void set_state(struct agent_run *g, const char *state)
{
    text_cut(g->row.state, sizeof(g->row.state), state);
}

bool agent_run_in_state(const struct agent_run *g, const char *state)
{
    return strcmp(g->row.state, state) == 0;
}

int agent_run_well(struct agent_run *g)
{
    g->row.failures = 0;
    g->row.retry_ms = 0;
    g->row.tries = 0;
    g->row.stuck_on[0] = '\0';
    g->row.last_error[0] = '\0';
    if (!g->half_open)
        return 0;
    g->half_open = false;
    set_state(g, "running");
    return agent_row_tell(g->s, g->agent->name, "running", "whole again", g->step.now_ms);
}

/* One failure more: it rests, and beyond the breaker's limit it is broken. */
int agent_run_ill(struct agent_run *g, const char *on, int err)
{
    bool same = strcmp(g->row.stuck_on, on) == 0;
    g->failed = true;
    g->row.failures++;
    g->row.tries = same ? g->row.tries + 1 : 1;
    text_cut(g->row.stuck_on, sizeof(g->row.stuck_on), on);
    g->row.retry_ms = g->step.now_ms + backoff_ms(g->conf, g->row.failures);
    snprintf(g->row.last_error, sizeof(g->row.last_error), "%s: %s: %s", on, strerror(-err),
             g->step.why.text);
    if (g->row.failures < g->conf->breaker_failures || agent_run_in_state(g, "broken"))
        return 0;
    set_state(g, "broken");
    return agent_row_tell(g->s, g->agent->name, "broken", g->row.last_error, g->step.now_ms);
}

int agent_run_part(struct agent_run *g, const char *on, agent_part_fn part, void *context)
{
    struct sql *s = g->s;
    int err = sql_save(s);
    if (err < 0)
        return err;
    g->step.why = (struct diag){0};
    int did = part(g, context);
    if (did >= 0) {
        err = sql_save_keep(s);
        return err < 0 ? err : agent_run_well(g);
    }
    if (agent_run_stores(did))
        return did;
    err = sql_save_undo(s);
    if (err == 0)
        err = agent_run_ill(g, on, did);
    return err < 0 ? err : 1;
}

int agent_run_open_step(struct agent_run *g, struct setting_book **ret_book)
{
    int err = setting_book_read(g->s, ret_book);
    if (err == 0)
        err = catalogue_index_refresh(g->catalogue, g->s, &g->step.why);
    g->step.settings = *ret_book;
    g->step.catalogue = g->catalogue;
    return err < 0 ? err : 0;
}

/* ---- timers and period ---- */

struct ringing {
    char timer[161], subject[161], what[65];
    struct agent_timer given;
};

static int read_timer(struct agent_run *g, struct ringing *ret)
{
    AUTO(sql_query)
    q = sql_query(g->s, "SELECT timer, subject, what, due_ms FROM timer WHERE consumer = $1"
                        " AND due_ms <= $2 ORDER BY due_ms, timer LIMIT 1");
    sql_bind_text(q, 1, g->agent->name);
    sql_bind_int(q, 2, g->step.now_ms);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    sql_copy(q, 0, ret->timer, sizeof(ret->timer));
    sql_copy(q, 1, ret->subject, sizeof(ret->subject));
    sql_copy(q, 2, ret->what, sizeof(ret->what));
    ret->given = (struct agent_timer){ret->timer, ret->subject, ret->what, sql_int(q, 3)};
    return 1;
}

static int forget_timer(struct agent_run *g, const char *timer)
{
    AUTO(sql_query) q = sql_query(g->s, "DELETE FROM timer WHERE timer = $1");
    sql_bind_text(q, 1, timer);
    return sql_run(q);
}

/* It is gone before it rings, so that ringing may set it again. */
static int ring_part(struct agent_run *g, void *context)
{
    struct ringing *t = context;
    int err = forget_timer(g, t->timer);
    if (err < 0)
        return err;
    return g->agent->ring ? g->agent->ring(&g->step, &t->given) : 0;
}

/* A timer that rang in vain too often is put off: it is not lost, and the others come to their
 * turn. */
static int put_off(struct agent_run *g, const struct ringing *t)
{
    AUTO(sql_query) q = sql_query(g->s, "UPDATE timer SET due_ms = $2 WHERE timer = $1");
    sql_bind_text(q, 1, t->timer);
    sql_bind_int(q, 2, g->step.now_ms + g->conf->backoff_max_ms);
    g->row.tries = 0;
    g->row.stuck_on[0] = '\0';
    return sql_run(q);
}

static int ring_timers(struct agent_run *g)
{
    for (int i = 0; i < TIMERS_STEP && !g->failed; i++) {
        struct ringing t;
        int got = read_timer(g, &t);
        if (got <= 0)
            return got;
        char on[AGENT_CAUSE_SIZE];
        snprintf(on, sizeof(on), "timer:%.80s", t.timer);
        int r = agent_run_part(g, on, ring_part, &t);
        if (r > 0 && g->row.tries >= g->conf->item_tries)
            r = put_off(g, &t);
        if (r < 0)
            return r;
    }
    return 0;
}

static int wake_part(struct agent_run *g, void *context)
{
    (void)context;
    return g->agent->wake(&g->step);
}

static bool is_due(const struct agent_run *g)
{
    return (g->agent->period_ms > 0 || g->row.due_ms > 0) && g->row.due_ms <= g->step.now_ms;
}

static int wake(struct agent_run *g)
{
    if (g->failed || !is_due(g))
        return 0;
    int r = g->agent->wake ? agent_run_part(g, "wake", wake_part, NULL) : 0;
    if (r != 0)
        return r < 0 ? r : 0;
    if (g->agent->work)
        g->step.wants_work = true; /* due_ms moves when the work is done */
    else
        g->row.due_ms = g->step.now_ms + g->agent->period_ms;
    return 0;
}

/* ---- the step ---- */

/* Follows what is wanted. 1: the agent is to do nothing now. */
static int follow_wanted(struct agent_run *g)
{
    bool stop = strcmp(g->row.wanted, "stopped") == 0;
    if (stop && agent_run_in_state(g, "stopped"))
        return 1;
    if (stop) {
        set_state(g, "stopped");
        int err = agent_row_tell(g->s, g->agent->name, "stopped", "by command", g->step.now_ms);
        return err < 0 ? err : 1;
    }
    if (agent_run_in_state(g, "running"))
        return 0;
    if (agent_run_in_state(g, "broken")) {
        g->half_open = true;
        g->left = 1;
        return 0;
    }
    set_state(g, "running");
    return agent_row_tell(g->s, g->agent->name, "running", "by command", g->step.now_ms);
}

static int run_all(struct agent_run *g)
{
    int err = ring_timers(g);
    if (err == 0)
        err = agent_take_letters(g);
    if (err == 0)
        err = agent_take_early(g);
    if (err == 0)
        err = agent_take_events(g);
    if (err == 0)
        err = agent_take_entries(g);
    if (err == 0)
        err = wake(g);
    return err;
}

static int step_in_transaction(struct agent_run *g)
{
    struct sql *s = g->s;
    int err = sql_lock(s, g->agent->name);
    if (err == 0)
        err = agent_row_read(s, g->agent->name, &g->row);
    if (err == 0)
        err = follow_wanted(g);
    bool rests = err > 0;
    AUTO(setting_book) book = NULL;
    if (err == 0 && g->row.retry_ms <= g->step.now_ms) {
        err = agent_run_open_step(g, &book);
        if (err == 0)
            err = run_all(g);
        g->step.settings = NULL;
    }
    if (err < 0)
        return err;
    g->row.heartbeat_ms = g->step.now_ms;
    if (!rests)
        g->row.ran_ms = g->step.now_ms;
    if (g->step.wants_work && !g->failed)
        g->row.due_ms = g->step.now_ms; /* kept in the store until it is done */
    return agent_row_write(s, g->agent->name, &g->row);
}

int agent_run(struct agent_run *g)
{
    int err = sql_begin(g->s, SQL_WRITE);
    if (err == 0)
        err = step_in_transaction(g);
    if (err == 0)
        err = sql_commit(g->s);
    else
        sql_rollback(g->s);
    if (err == 0 && g->step.wants_work && !g->failed && g->agent->work)
        err = agent_work_do(g);
    return err;
}
