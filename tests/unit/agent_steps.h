/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/agent_steps.h -- the agents and the steps that the promises of runtime.h are told in.
 * The agents count each of their effects in the store: an item that was done twice, or never, is
 * seen. */
#pragma once

#include "relay_entries.h"

#include <errno.h>

#include "event.h"
#include "event_type.h"
#include "runtime.h"
#include "timer.h"

/* ---- effects: how often each cause took effect ---- */

static inline int count_effect(struct sql *s, const char *agent, const char *cause)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO number_series(gstin, kind, year, next) VALUES($1, $2, 0, 1)"
                     " ON CONFLICT (tenant, gstin, kind, year) DO UPDATE"
                     " SET next = number_series.next + 1");
    sql_bind_text(q, 1, agent);
    sql_bind_text(q, 2, cause);
    return sql_run(q);
}

static const char EFFECTS[] = "SELECT count(*) FROM number_series";
static const char DOUBLED[] = "SELECT count(*) FROM number_series WHERE next <> 1";

static inline int64_t effects_of(struct sql *s, const char *cause)
{
    AUTO(sql_query) q = sql_query(s, "SELECT next FROM number_series WHERE kind = $1");
    sql_bind_text(q, 1, cause);
    int got = sql_step(q);
    assert_in_range(got, 0, 1);
    return got ? sql_int(q, 0) : 0;
}

/* ---- agents of the test ---- */

static struct {
    const char *poison; /* cause that fails */
    int err;            /* with this */
    int calls;          /* of take */
    int wakes;
    int prepared, computed, applied;
    int stale; /* how often apply finds its inputs changed */
    bool wants_work;
    char order[512];
} play;

static inline int take(struct agent_step *step, const struct agent_item *item)
{
    play.calls++;
    if (strlen(play.order) < 400) {
        strcat(play.order, item->cause);
        strcat(play.order, " ");
    }
    int err = count_effect(step->s, step->agent, item->cause);
    if (err < 0)
        return err;
    if (play.poison && strcmp(play.poison, item->cause) == 0) {
        diag_set(&step->why, 0, "it does not digest it");
        return play.err; /* behind the effect: that must be undone */
    }
    step->wants_work = play.wants_work;
    return 0;
}

static inline int wake(struct agent_step *step)
{
    (void)step;
    play.wakes++;
    return play.err && !play.poison ? play.err : 0;
}

static inline int ring(struct agent_step *step, const struct agent_timer *t)
{
    return count_effect(step->s, step->agent, t->timer);
}

static inline int prepare(struct agent_step *step, void **ret)
{
    assert_non_null(step->s);
    play.prepared++;
    *ret = &play;
    return 1;
}

static inline int compute(struct agent_step *step, void *work)
{
    assert_null(step->s);
    assert_ptr_equal(work, &play);
    play.computed++;
    return 0;
}

static inline int apply(struct agent_step *step, void *work)
{
    (void)work;
    if (play.stale-- > 0)
        return -ESTALE;
    play.applied++;
    return count_effect(step->s, step->agent, "work");
}

static inline void free_work(void *work)
{
    (void)work;
}

static const struct agent_work long_work = {prepare, compute, apply, free_work};
static const char *const case_events[] = {EVENT_CASE_OPENED, NULL};
static const struct agent reader = {.name = "reader",
                                    .duty = "Counts what it reads.",
                                    .entries = AGENT_ENTRY_BIT(ENTRY_PICKED),
                                    .events = case_events,
                                    .take = take,
                                    .ring = ring};
static const struct agent sleeper = {
    .name = "sleeper", .duty = "Wakes.", .period_ms = 60000, .wake = wake};
static const struct agent planner = {.name = "planner",
                                     .duty = "Computes.",
                                     .period_ms = 60000,
                                     .events = case_events,
                                     .take = take,
                                     .work = &long_work};

/* ---- what tests do with them ---- */

static const struct runtime_conf conf = {.items_step = 256,
                                         .item_tries = 3,
                                         .breaker_failures = 6,
                                         .backoff_ms = 1000,
                                         .backoff_max_ms = 8000,
                                         .heartbeat_ms = INT64_C(1000000000)};

static inline struct sql *fresh(void **state, const char *tenant)
{
    memset(&play, 0, sizeof(play));
    return relay_open(*state, tenant);
}

static inline struct runtime *run_with(struct sql *s, const struct agent *const *agents,
                                       size_t count, const struct runtime_conf *c)
{
    struct runtime *r = NULL;
    struct diag why = {0};
    int err = runtime_open(s, agents, count, c, 0, &why, &r);
    if (err < 0)
        fail_msg("runtime_open: %s: %s", strerror(-err), why.text);
    return r;
}

static inline struct runtime *run_one(struct sql *s, const struct agent *agent)
{
    const struct agent *const agents[] = {agent};
    static const struct agent *kept[1];
    kept[0] = agents[0];
    return run_with(s, kept, 1, &conf);
}

/* All that is to be done at this time. */
static inline void settle(struct runtime *r, int64_t now_ms)
{
    int64_t due = 0;
    int did = 1;
    for (int i = 0; did == 1; i++) {
        did = runtime_step(r, now_ms, &due);
        assert_true(did >= 0);
        assert_true(i < 1000);
    }
}

static inline void say(struct sql *s, const char *type, const char *cause, int32_t version)
{
    assert_int_equal(event_append(s,
                                  &(struct event_draft){.kind = EVENT_HAPPENED,
                                                        .type = type,
                                                        .version = version,
                                                        .actor = "agent:analysis",
                                                        .subject = "case:C1",
                                                        .cause = cause,
                                                        .trace = "",
                                                        .body = "{}",
                                                        .wall_ms = 1},
                                  NULL),
                     0);
}

static inline void pick(struct sql *s, const char *device, int64_t epoch, enum entry_kind kind)
{
    struct entry e = entry_new(kind);
    strcpy(e.sku, "SOAP");
    e.qty = 1;
    relay_entry(s, device, epoch, &e);
}

/* Three events and, of two journals, two entries each that the reader consumes, among others. */
static inline void lay_out(struct sql *s)
{
    relay_begin(s, SQL_WRITE);
    relay_device(s, "wh-01", "PUNE");
    say(s, EVENT_CASE_OPENED, "day:1", 1);
    say(s, EVENT_CASE_CHANGED, "day:1", 1);
    say(s, EVENT_CASE_OPENED, "day:2", 1);
    say(s, EVENT_CASE_OPENED, "day:3", 1);
    pick(s, "wh-01", 1, ENTRY_RECEIVED);
    pick(s, "wh-01", 1, ENTRY_PICKED);
    pick(s, "wh-01", 1, ENTRY_PICKED);
    pick(s, "wh-02", 3, ENTRY_PICKED);
    pick(s, "wh-02", 3, ENTRY_MOVED);
    pick(s, "wh-02", 3, ENTRY_PICKED);
    relay_commit(s);
}
#define LAID_OUT 7 /* items that the reader consumes */

static struct agent_state seen;

static inline int keep_state(const struct agent_state *a, void *context)
{
    (void)context;
    seen = *a;
    return 1;
}

static inline const struct agent_state *look(struct sql *s) /* at the first agent */
{
    relay_begin(s, SQL_READ);
    assert_int_equal(agent_state_each(s, keep_state, NULL), 1);
    sql_rollback(s);
    return &seen;
}

static inline int64_t number(struct sql *s, const char *text)
{
    relay_begin(s, SQL_READ);
    int64_t n = relay_number(s, text);
    sql_rollback(s);
    return n;
}

static inline int64_t effects(struct sql *s, const char *cause)
{
    relay_begin(s, SQL_READ);
    int64_t n = effects_of(s, cause);
    sql_rollback(s);
    return n;
}
