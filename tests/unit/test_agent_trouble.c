/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runtime.h promises of agents in trouble: an item, the store or an agent that fails holds up
 * nothing else. */
#include "agent_steps.h"

#include "dead_letter.h"

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

static const struct relay_test tests[] = {
    {"an item that fails is set aside and the rest goes on",
     an_item_that_fails_is_set_aside_and_the_rest_goes_on},
    {"a letter is tried again when a person says so",
     a_letter_is_tried_again_when_a_person_says_so},
    {"the store's trouble blames no item", the_stores_trouble_blames_no_item},
    {"the breaker opens, tries once and closes", the_breaker_opens_tries_once_and_closes},
    {"a newer version is set aside at once", a_newer_version_is_set_aside_at_once},
    {"an entry of a newer release is set aside", an_entry_of_a_newer_release_is_set_aside},
    {"a circle of answers is cut", a_circle_of_answers_is_cut},
};

int main(void)
{
    return relay_run_tests("agent_trouble", tests, ARRAY_LEN(tests));
}
