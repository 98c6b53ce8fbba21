/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "runtime.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent_feed.h"
#include "agent_row.h"
#include "agent_run.h"
#include "civil.h"
#include "dead_letter.h"

#define NEVER INT64_MAX

struct runtime {
    struct sql *s;
    const struct agent *const *agents;
    size_t count;
    size_t next; /* whose turn it is */
    struct runtime_conf conf;
    struct catalogue_index *catalogue;
    struct feed_page *page;
};

struct runtime_conf runtime_conf_default(void)
{
    return (struct runtime_conf){.items_step = 256,
                                 .item_tries = 3,
                                 .breaker_failures = 6,
                                 .backoff_ms = 1000,
                                 .backoff_max_ms = 300000,
                                 .heartbeat_ms = 10000};
}

/* ---- opening ---- */

static int register_one(struct sql *s, const struct agent *a, int64_t now_ms)
{
    int was = agent_row_register(s, a->name, now_ms);
    if (was < 0)
        return was;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE agent SET started_ms = $2, restarts = restarts + $3 WHERE agent = $1");
    sql_bind_text(q, 1, a->name);
    sql_bind_int(q, 2, now_ms);
    sql_bind_int(q, 3, was);
    return sql_run(q);
}

static int register_all(struct runtime *r, int64_t now_ms, struct diag *reterr)
{
    int err = sql_begin(r->s, SQL_WRITE);
    for (size_t i = 0; err == 0 && i < r->count; i++)
        err = register_one(r->s, r->agents[i], now_ms);
    if (err == 0)
        err = catalogue_index_open(r->s, reterr, &r->catalogue);
    if (err == 0)
        return sql_commit(r->s);
    sql_rollback(r->s);
    return err;
}

int runtime_open(struct sql *s, const struct agent *const *agents, size_t count,
                 const struct runtime_conf *conf, int64_t now_ms, struct diag *reterr,
                 struct runtime **ret)
{
    assert(s && agents && count > 0 && conf && ret);
    AUTO(runtime) r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    *r = (struct runtime){.s = s, .agents = agents, .count = count, .conf = *conf};
    r->page = feed_page_new();
    if (!r->page)
        return -ENOMEM;
    int err = register_all(r, now_ms, reterr);
    if (err < 0)
        return err;
    *ret = TAKE(r);
    return 0;
}

void runtime_free(struct runtime *r)
{
    if (!r)
        return;
    catalogue_index_free(r->catalogue);
    feed_page_free(r->page);
    free(r);
}

/* ---- whose turn it is ---- */

static int next_timer(struct sql *s, const struct agent *a, int64_t *ret_due_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT due_ms FROM timer WHERE consumer = $1 ORDER BY due_ms LIMIT 1");
    sql_bind_text(q, 1, a->name);
    int got = sql_step(q);
    if (got > 0)
        *ret_due_ms = sql_int(q, 0);
    return got < 0 ? got : 0;
}

static void earlier(int64_t *due_ms, int64_t other_ms)
{
    if (other_ms < *due_ms)
        *due_ms = other_ms;
}

/* When the agent has something to do: *ret_due_ms, at most now_ms if at once. */
static int look(struct runtime *r, const struct agent *a, int64_t now_ms, int64_t *ret_due_ms)
{
    struct agent_row row;
    int err = agent_row_read(r->s, a->name, &row);
    if (err < 0)
        return err;
    bool stop = strcmp(row.wanted, "stopped") == 0;
    bool stopped = strcmp(row.state, "stopped") == 0;
    bool starting = strcmp(row.state, "starting") == 0;
    int64_t due = NEVER;
    earlier(&due, row.heartbeat_ms + r->conf.heartbeat_ms);
    if (stop != stopped || starting)
        earlier(&due, now_ms);
    *ret_due_ms = due;
    if (stop)
        return 0;
    int64_t own = NEVER;
    if (a->period_ms > 0 || row.due_ms > 0)
        earlier(&own, row.due_ms);
    err = next_timer(r->s, a, &own);
    if (err < 0)
        return err;
    int waits = feed_waits(r->s, a);
    if (waits == 0 && a->take) {
        char source[64];
        struct dead_letter_item letter;
        snprintf(source, sizeof(source), "agent:%s", a->name);
        int found = dead_letter_again(r->s, source, &letter);
        if (found < 0 && found != -ENOENT)
            return found;
        waits = found == 0;
    }
    if (waits < 0)
        return waits;
    if (waits > 0)
        own = now_ms;
    if (own < row.retry_ms)
        own = row.retry_ms;
    earlier(ret_due_ms, own);
    return 0;
}

/* The next agent in turn that has something to do now. 1 with *ret_at, or 0 with the time. */
static int find_turn(struct runtime *r, int64_t now_ms, size_t *ret_at, int64_t *ret_due_ms)
{
    int64_t due = NEVER;
    for (size_t i = 0; i < r->count; i++) {
        size_t at = (r->next + i) % r->count;
        int64_t own = NEVER;
        int err = look(r, r->agents[at], now_ms, &own);
        if (err < 0)
            return err;
        if (own <= now_ms) {
            *ret_at = at;
            return 1;
        }
        earlier(&due, own);
    }
    *ret_due_ms = due;
    return 0;
}

static int step_agent(struct runtime *r, const struct agent *a, int64_t now_ms)
{
    struct agent_run g = {
        .s = r->s,
        .conf = &r->conf,
        .catalogue = r->catalogue,
        .page = r->page,
        .agent = a,
        .left = r->conf.items_step,
        .step = {.s = r->s, .agent = a->name, .now_ms = now_ms, .today = civil_ist_day(now_ms)}};
    return agent_run(&g);
}

int runtime_step(struct runtime *r, int64_t now_ms, int64_t *ret_due_ms)
{
    assert(r && ret_due_ms);
    size_t at = 0;
    int turn = sql_begin(r->s, SQL_READ);
    if (turn == 0)
        turn = find_turn(r, now_ms, &at, ret_due_ms);
    sql_rollback(r->s);
    if (turn <= 0)
        return turn;
    r->next = (at + 1) % r->count;
    int err = step_agent(r, r->agents[at], now_ms);
    return err < 0 ? err : 1;
}

int runtime_step_agent(struct runtime *r, const char *agent, int64_t now_ms)
{
    assert(r && agent);
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->agents[i]->name, agent) == 0)
            return step_agent(r, r->agents[i], now_ms);
    return -ENOENT;
}
