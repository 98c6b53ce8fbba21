/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runtime.h promises, with agents that count each of their effects in the store: an item that
 * was done twice, or never, is seen. */
#include "relay_entries.h"

#include <errno.h>

#include "dead_letter.h"
#include "event.h"
#include "event_type.h"
#include "relay_death.h"
#include "runtime.h"
#include "timer.h"

/* ---- effects: how often each cause took effect ---- */

static int count_effect(struct sql *s, const char *agent, const char *cause)
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

static int64_t effects_of(struct sql *s, const char *cause)
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

static int take(struct agent_step *step, const struct agent_item *item)
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

static int wake(struct agent_step *step)
{
    (void)step;
    play.wakes++;
    return play.err && !play.poison ? play.err : 0;
}

static int ring(struct agent_step *step, const struct agent_timer *t)
{
    return count_effect(step->s, step->agent, t->timer);
}

static int prepare(struct agent_step *step, void **ret)
{
    assert_non_null(step->s);
    play.prepared++;
    *ret = &play;
    return 1;
}

static int compute(struct agent_step *step, void *work)
{
    assert_null(step->s);
    assert_ptr_equal(work, &play);
    play.computed++;
    return 0;
}

static int apply(struct agent_step *step, void *work)
{
    (void)work;
    if (play.stale-- > 0)
        return -ESTALE;
    play.applied++;
    return count_effect(step->s, step->agent, "work");
}

static void free_work(void *work)
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

/* ---- helpers of the story ---- */

static const struct runtime_conf conf = {.items_step = 256,
                                         .item_tries = 3,
                                         .breaker_failures = 6,
                                         .backoff_ms = 1000,
                                         .backoff_max_ms = 8000,
                                         .heartbeat_ms = INT64_C(1000000000)};

static struct sql *fresh(void **state, const char *tenant)
{
    memset(&play, 0, sizeof(play));
    return relay_open(*state, tenant);
}

static struct runtime *run_with(struct sql *s, const struct agent *const *agents, size_t count,
                                const struct runtime_conf *c)
{
    struct runtime *r = NULL;
    struct diag why = {0};
    int err = runtime_open(s, agents, count, c, 0, &why, &r);
    if (err < 0)
        fail_msg("runtime_open: %s: %s", strerror(-err), why.text);
    return r;
}

static struct runtime *run_one(struct sql *s, const struct agent *agent)
{
    const struct agent *const agents[] = {agent};
    static const struct agent *kept[1];
    kept[0] = agents[0];
    return run_with(s, kept, 1, &conf);
}

/* All that is to be done at this time. */
static void settle(struct runtime *r, int64_t now_ms)
{
    int64_t due = 0;
    int did = 1;
    for (int i = 0; did == 1; i++) {
        did = runtime_step(r, now_ms, &due);
        assert_true(did >= 0);
        assert_true(i < 1000);
    }
}

static void say(struct sql *s, const char *type, const char *cause, int32_t version)
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

static void pick(struct sql *s, const char *device, int64_t epoch, enum entry_kind kind)
{
    struct entry e = entry_new(kind);
    strcpy(e.sku, "SOAP");
    e.qty = 1;
    relay_entry(s, device, epoch, &e);
}

/* Three events and, of two journals, two entries each that the reader consumes, among others. */
static void lay_out(struct sql *s)
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

static int keep_state(const struct agent_state *a, void *context)
{
    (void)context;
    seen = *a;
    return 1;
}

static const struct agent_state *look(struct sql *s) /* at the first agent */
{
    relay_begin(s, SQL_READ);
    assert_int_equal(agent_state_each(s, keep_state, NULL), 1);
    sql_rollback(s);
    return &seen;
}

static int64_t number(struct sql *s, const char *text)
{
    relay_begin(s, SQL_READ);
    int64_t n = relay_number(s, text);
    sql_rollback(s);
    return n;
}

static int64_t effects(struct sql *s, const char *cause)
{
    relay_begin(s, SQL_READ);
    int64_t n = effects_of(s, cause);
    sql_rollback(s);
    return n;
}

/* ---- promises ---- */

static void every_item_is_taken_once_and_in_order(void **state)
{
    AUTO(sql) s = fresh(state, "run-once");
    lay_out(s);
    AUTO(runtime) r = run_one(s, &reader);
    settle(r, 1000);
    assert_string_equal(play.order, "event:1 event:3 event:4 entry:wh-01:1:2 entry:wh-01:1:3 "
                                    "entry:wh-02:3:1 entry:wh-02:3:3 ");
    assert_true(number(s, EFFECTS) == LAID_OUT && number(s, DOUBLED) == 0);
    const struct agent_state *a = look(s);
    assert_true(a->handled == LAID_OUT && a->behind == 0 && a->heartbeat_ms == 1000);
    assert_string_equal(a->state, "running");
    int64_t due = 0;
    assert_int_equal(runtime_step(r, 2000, &due), 0);
    relay_begin(s, SQL_WRITE);
    pick(s, "wh-01", 1, ENTRY_PICKED);
    relay_commit(s);
    settle(r, 3000);
    assert_true(effects(s, "entry:wh-01:1:4") == 1);
    assert_true(number(s, DOUBLED) == 0);
}

static void a_step_is_bounded(void **state)
{
    AUTO(sql) s = fresh(state, "run-bound");
    lay_out(s);
    struct runtime_conf small = conf;
    small.items_step = 2;
    static const struct agent *const agents[] = {&reader};
    AUTO(runtime) r = run_with(s, agents, 1, &small);
    int64_t due = 0;
    assert_int_equal(runtime_step(r, 1, &due), 1);
    assert_in_range(play.calls, 1, 2);
    settle(r, 1);
    assert_true(number(s, EFFECTS) == LAID_OUT && number(s, DOUBLED) == 0);
}

static void an_item_that_fails_is_set_aside_and_the_rest_goes_on(void **state)
{
    AUTO(sql) s = fresh(state, "run-poison");
    lay_out(s);
    AUTO(runtime) r = run_one(s, &reader);
    play.poison = "entry:wh-01:1:2";
    play.err = -EINVAL;
    settle(r, 1000);
    assert_true(look(s)->failures == 1);
    assert_non_null(strstr(seen.last_error, "it does not digest it"));
    assert_true(number(s, EFFECTS) == 3); /* what came before it stands, its own is undone */
    settle(r, 1999);
    assert_true(look(s)->failures == 1); /* it rests */
    settle(r, 2000);
    settle(r, 4000);
    settle(r, 8000);
    assert_true(number(s, EFFECTS) == LAID_OUT - 1 && number(s, DOUBLED) == 0);
    assert_true(effects(s, play.poison) == 0);
    assert_true(look(s)->failures == 0 && seen.behind <= 1);
    assert_true(number(s, "SELECT count(*) FROM dead_letter WHERE device = 'wh-01' AND epoch = 1"
                          " AND seq = 2 AND source = 'agent:reader' AND state = 'open'") == 1);
    assert_true(number(s, "SELECT count(*) FROM event WHERE type = 'LetterDead'") == 1);
}

static void a_letter_is_tried_again_when_a_person_says_so(void **state)
{
    AUTO(sql) s = fresh(state, "run-again");
    lay_out(s);
    AUTO(runtime) r = run_one(s, &reader);
    play.poison = "event:3";
    play.err = -EINVAL;
    for (int64_t now = 0; now < 20000; now += 1000)
        settle(r, now);
    assert_true(effects(s, "event:3") == 0);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(dead_letter_decide(s, 1, "again", "user:meera", 1), 0);
    relay_commit(s);
    settle(r, 30000);
    assert_true(number(s, "SELECT count(*) FROM dead_letter WHERE state = 'open'") == 1);
    play.poison = NULL;
    play.err = 0;
    relay_begin(s, SQL_WRITE);
    assert_int_equal(dead_letter_decide(s, 1, "again", "user:meera", 1), 0);
    relay_commit(s);
    settle(r, 60000);
    assert_true(number(s, "SELECT count(*) FROM dead_letter WHERE state = 'repaired'") == 1);
    assert_true(effects(s, "event:3") == 1);
    assert_true(number(s, EFFECTS) == LAID_OUT && number(s, DOUBLED) == 0);
}

static void the_stores_trouble_blames_no_item(void **state)
{
    AUTO(sql) s = fresh(state, "run-store");
    lay_out(s);
    AUTO(runtime) r = run_one(s, &reader);
    play.poison = "event:3";
    play.err = -EBUSY;
    int64_t due = 0;
    for (int i = 0; i < 10; i++)
        assert_int_equal(runtime_step(r, i, &due), -EBUSY);
    assert_true(look(s)->failures == 0);
    assert_true(number(s, EFFECTS) == 0 && number(s, "SELECT count(*) FROM dead_letter") == 0);
    play.poison = NULL;
    settle(r, 100);
    assert_true(number(s, EFFECTS) == LAID_OUT && number(s, DOUBLED) == 0);
}

static void the_breaker_opens_tries_once_and_closes(void **state)
{
    AUTO(sql) s = fresh(state, "run-breaker");
    AUTO(runtime) r = run_one(s, &sleeper);
    play.err = -EINVAL;
    int64_t now = 0;
    for (; now < 60000 && strcmp(look(s)->state, "broken") != 0; now += 500)
        settle(r, now);
    assert_int_equal(play.wakes, 6);
    assert_string_equal(seen.state, "broken");
    int64_t retry = seen.retry_ms;
    settle(r, retry - 1);
    assert_int_equal(play.wakes, 6); /* open: nothing is tried */
    settle(r, retry);
    assert_int_equal(play.wakes, 7); /* half open: once */
    assert_string_equal(look(s)->state, "broken");
    play.err = 0;
    settle(r, seen.retry_ms);
    assert_string_equal(look(s)->state, "running");
    assert_true(seen.failures == 0);
    relay_begin(s, SQL_READ);
    assert_true(relay_number(s, "SELECT count(*) FROM event WHERE type = 'AgentChanged'") == 3);
}

static void a_newer_version_is_set_aside_at_once(void **state)
{
    AUTO(sql) s = fresh(state, "run-newer");
    lay_out(s);
    relay_begin(s, SQL_WRITE);
    say(s, EVENT_CASE_OPENED, "day:9", 2);
    say(s, EVENT_CASE_OPENED, "day:10", 1);
    relay_commit(s);
    AUTO(runtime) r = run_one(s, &reader);
    settle(r, 1000);
    settle(r, 2000);
    assert_true(number(s, "SELECT count(*) FROM dead_letter WHERE seq = 5 AND device = ''") == 1);
    assert_true(effects(s, "event:6") == 1 && effects(s, "event:5") == 0);
    assert_true(number(s, EFFECTS) == LAID_OUT + 1);
}

static void an_entry_of_a_newer_release_is_set_aside(void **state)
{
    AUTO(sql) s = fresh(state, "run-entry");
    relay_begin(s, SQL_WRITE);
    struct entry e = entry_new(ENTRY_PICKED);
    e.seq = 1;
    static const uint8_t newer[] = {0xa1, 0x18, 0x63, 0x01}; /* {99: 1}: a column of tomorrow */
    relay_entry_row(s, "wh-01", 1, &e, newer, sizeof(newer));
    relay_watermark(s, "wh-01", 1, 1);
    pick(s, "wh-01", 1, ENTRY_PICKED);
    relay_commit(s);
    AUTO(runtime) r = run_one(s, &reader);
    for (int64_t now = 0; now < 20000; now += 1000)
        settle(r, now);
    assert_true(number(s, "SELECT count(*) FROM dead_letter WHERE device = 'wh-01' AND seq = 1") ==
                1);
    assert_true(effects(s, "entry:wh-01:1:2") == 1);
}

static void order(struct sql *s, enum agent_command command, const char *cause)
{
    relay_begin(s, SQL_WRITE);
    assert_int_equal(agent_command(s, &(struct agent_order){command, "reader", "user:meera",
                                                            "to look at it", cause, 5}),
                     0);
    relay_commit(s);
}

static void it_starts_stops_and_restarts_by_command(void **state)
{
    AUTO(sql) s = fresh(state, "run-command");
    AUTO(runtime) r = run_one(s, &reader);
    settle(r, 1);
    order(s, AGENT_STOP, "request:1");
    assert_string_equal(look(s)->wanted, "stopped");
    assert_string_equal(seen.state, "running");
    settle(r, 2);
    assert_string_equal(look(s)->state, "stopped");
    lay_out(s);
    settle(r, 3);
    assert_int_equal(play.calls, 0);
    order(s, AGENT_START, "request:2");
    settle(r, 4);
    assert_int_equal(play.calls, LAID_OUT);
    assert_string_equal(look(s)->state, "running");
    order(s, AGENT_RESTART, "request:3");
    assert_string_equal(look(s)->state, "starting");
    settle(r, 5);
    assert_string_equal(look(s)->state, "running");
    assert_true(number(s, DOUBLED) == 0);
    relay_begin(s, SQL_WRITE);
    struct agent_order again = {AGENT_STOP, "reader", "user:meera", "", "request:1", 5};
    assert_int_equal(agent_command(s, &again), 1);
    again.agent = "nobody";
    assert_int_equal(agent_command(s, &again), -ENOENT);
    assert_true(relay_number(s, "SELECT count(*) FROM event WHERE kind = 'command'") == 3);
}

static void timers_ring_once_at_their_time(void **state)
{
    AUTO(sql) s = fresh(state, "run-timer");
    AUTO(runtime) r = run_one(s, &reader);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(timer_set(s, "late", "reader", "case:C1", "expire", 9000), 0);
    assert_int_equal(timer_set(s, "soon", "reader", "case:C1", "expire", 5000), 0);
    assert_int_equal(timer_set(s, "never", "reader", "case:C1", "expire", 5000), 0);
    assert_int_equal(timer_cancel(s, "never"), 0);
    assert_int_equal(timer_cancel(s, "never"), 1);
    relay_commit(s);
    settle(r, 1000); /* its registration */
    int64_t due = 0;
    assert_int_equal(runtime_step(r, 4999, &due), 0);
    assert_true(due == 5000);
    settle(r, 5000);
    assert_true(effects(s, "soon") == 1 && effects(s, "late") == 0);
    settle(r, 99999);
    assert_true(effects(s, "soon") == 1 && effects(s, "late") == 1 && effects(s, "never") == 0);
    assert_true(number(s, "SELECT count(*) FROM timer") == 0);
}

static void it_wakes_once_a_period(void **state)
{
    AUTO(sql) s = fresh(state, "run-wake");
    AUTO(runtime) r = run_one(s, &sleeper);
    settle(r, 1000);
    settle(r, 60999);
    assert_int_equal(play.wakes, 1);
    settle(r, 61000);
    assert_int_equal(play.wakes, 2);
}

static void long_work_runs_outside_a_transaction(void **state)
{
    AUTO(sql) s = fresh(state, "run-work");
    AUTO(runtime) r = run_one(s, &planner);
    play.stale = 2;
    settle(r, 1000);
    assert_int_equal(play.prepared, 3);
    assert_int_equal(play.applied, 1);
    assert_true(effects(s, "work") == 1);
    settle(r, 60999);
    assert_int_equal(play.applied, 1);
    settle(r, 61000);
    assert_int_equal(play.applied, 2);
    play.wants_work = true;
    relay_begin(s, SQL_WRITE);
    say(s, EVENT_CASE_OPENED, "day:1", 1);
    relay_commit(s);
    settle(r, 62000); /* an item wants it now */
    assert_int_equal(play.applied, 3);
}

static void work_that_is_always_stale_comes_later(void **state)
{
    AUTO(sql) s = fresh(state, "run-stale");
    AUTO(runtime) r = run_one(s, &planner);
    play.stale = 100;
    settle(r, 1000);
    assert_int_equal(play.prepared, 3);
    assert_true(look(s)->failures == 0 && seen.due_ms == 2000);
    play.stale = 0;
    settle(r, 2000);
    assert_int_equal(play.applied, 1);
}

static void another_worker_continues_where_one_stopped(void **state)
{
    AUTO(sql) one = fresh(state, "run-failover");
    AUTO(sql) two = relay_open(*state, "run-failover");
    lay_out(one);
    struct runtime_conf small = conf;
    small.items_step = 1;
    static const struct agent *const agents[] = {&reader};
    AUTO(runtime) a = run_with(one, agents, 1, &small);
    AUTO(runtime) b = run_with(two, agents, 1, &small);
    int64_t due = 0;
    for (int i = 0, did = 1; did == 1; i++) { /* in turn, as a zombie and its successor would */
        did = runtime_step(i % 2 ? a : b, 1000 + i, &due);
        assert_true(did >= 0 && i < 100);
    }
    assert_true(number(one, EFFECTS) == LAID_OUT && number(one, DOUBLED) == 0);
    assert_true(look(one)->restarts == 1);
}

/* An agent that answers each event with another. */
static int answer(struct agent_step *step, const struct agent_item *item)
{
    int err = event_append(step->s,
                           &(struct event_draft){.kind = EVENT_HAPPENED,
                                                 .type = EVENT_CASE_OPENED,
                                                 .version = 1,
                                                 .actor = "agent:parrot",
                                                 .subject = "case:C1",
                                                 .cause = item->cause,
                                                 .trace = "",
                                                 .body = "{}",
                                                 .wall_ms = step->now_ms},
                           NULL);
    return err < 0 ? err : 0;
}

static const struct agent parrot = {
    .name = "parrot", .duty = "Answers.", .events = case_events, .take = answer};

static void a_circle_of_answers_is_cut(void **state)
{
    AUTO(sql) s = fresh(state, "run-circle");
    relay_begin(s, SQL_WRITE);
    say(s, EVENT_CASE_OPENED, "day:1", 1);
    relay_commit(s);
    AUTO(runtime) r = run_one(s, &parrot);
    for (int64_t now = 0; now < 100000; now += 1000)
        settle(r, now);
    assert_in_range(number(s, "SELECT count(*) FROM event WHERE type = 'CaseOpened'"), 10, 40);
    assert_true(number(s, "SELECT count(*) FROM dead_letter") == 1);
}

/* ---- a kill at every call of the store ---- */

static const struct agent *const both[] = {&reader, &planner};

struct run {
    const struct relay_case *c;
    const char *tenant;
};

static void run_to_the_end(void *context)
{
    const struct run *run = context;
    AUTO(sql) s = relay_open(run->c, run->tenant);
    AUTO(runtime) r = run_with(s, both, 2, &conf);
    settle(r, 1000);
}

static void check_after_kill(const struct relay_case *c, const char *tenant)
{
    AUTO(sql) s = relay_open(c, tenant);
    /* The planner reads the three events too, and its work counts as one effect. */
    assert_true(number(s, EFFECTS) == LAID_OUT + 3 + 1);
    assert_true(
        number(s, "SELECT count(*) FROM number_series WHERE next <> 1 AND kind <> 'work'") == 0);
    struct event_verdict v;
    assert_int_equal(event_verify(s, &v), 0);
}

static void a_kill_at_any_call_loses_nothing_and_doubles_nothing(void **state)
{
    const struct relay_case *c = *state;
    bool died = true;
    int kills = 0;
    for (int n = 1; died; n++) {
        char tenant[32];
        snprintf(tenant, sizeof(tenant), "kill-%d", n);
        AUTO(sql) s = fresh(state, tenant);
        lay_out(s);
        sql_free(TAKE(s));
        struct run run = {c, tenant};
        died = relay_death_at(n, run_to_the_end, &run);
        kills += died;
        run_to_the_end(&run);
        check_after_kill(c, tenant);
    }
    assert_true(kills > 50);
}

static const struct relay_test tests[] = {
    {"every item is taken once and in order", every_item_is_taken_once_and_in_order},
    {"a step is bounded", a_step_is_bounded},
    {"an item that fails is set aside and the rest goes on",
     an_item_that_fails_is_set_aside_and_the_rest_goes_on},
    {"a letter is tried again when a person says so",
     a_letter_is_tried_again_when_a_person_says_so},
    {"the store's trouble blames no item", the_stores_trouble_blames_no_item},
    {"the breaker opens, tries once and closes", the_breaker_opens_tries_once_and_closes},
    {"a newer version is set aside at once", a_newer_version_is_set_aside_at_once},
    {"an entry of a newer release is set aside", an_entry_of_a_newer_release_is_set_aside},
    {"it starts, stops and restarts by command", it_starts_stops_and_restarts_by_command},
    {"timers ring once, at their time", timers_ring_once_at_their_time},
    {"it wakes once a period", it_wakes_once_a_period},
    {"long work runs outside a transaction", long_work_runs_outside_a_transaction},
    {"work that is always stale comes later", work_that_is_always_stale_comes_later},
    {"another worker continues where one stopped", another_worker_continues_where_one_stopped},
    {"a circle of answers is cut", a_circle_of_answers_is_cut},
    {"a kill at any call loses nothing and doubles nothing",
     a_kill_at_any_call_loses_nothing_and_doubles_nothing},
};

int main(void)
{
    return relay_run_tests("agent_runtime", tests, ARRAY_LEN(tests));
}
