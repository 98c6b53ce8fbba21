/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runtime.h promises: each item once, whoever stops or dies, and whatever is due at its time.
 */
#include "agent_steps.h"

#include "relay_death.h"

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
    {"it starts, stops and restarts by command", it_starts_stops_and_restarts_by_command},
    {"timers ring once, at their time", timers_ring_once_at_their_time},
    {"it wakes once a period", it_wakes_once_a_period},
    {"long work runs outside a transaction", long_work_runs_outside_a_transaction},
    {"work that is always stale comes later", work_that_is_always_stale_comes_later},
    {"another worker continues where one stopped", another_worker_continues_where_one_stopped},
    {"a kill at any call loses nothing and doubles nothing",
     a_kill_at_any_call_loses_nothing_and_doubles_nothing},
};

int main(void)
{
    return relay_run_tests("agent_runtime", tests, ARRAY_LEN(tests));
}
