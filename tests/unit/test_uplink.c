/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "backoff.h"
#include "uplink.h"

#define FLUSH_MS 120000

static void start(struct uplink *u, int64_t floor, int64_t head, int64_t acked)
{
    struct uplink_conf conf = {.boot = 7,
                               .seed = 1,
                               .flush_entries = UPLINK_FLUSH_ENTRIES,
                               .flush_ms = FLUSH_MS,
                               .refresh_ms = UPLINK_REFRESH_MS};
    struct uplink_journal journal = {.floor = floor, .head = head, .acked = acked, .safe = 0};
    uplink_start(u, &conf, &journal);
}

/* Waits for the next thing to do, and does it. Returns what it was; now_ms is when. */
static struct uplink_action step(struct uplink *u, int64_t *now_ms)
{
    struct uplink_action a = uplink_next(u, *now_ms);
    for (int i = 0; i < 4 && a.step == UPLINK_WAIT && a.until_ms != UPLINK_NEVER_MS; i++) {
        assert_true(a.until_ms > *now_ms); /* it never says to wait for the past */
        *now_ms = a.until_ms;
        a = uplink_next(u, *now_ms);
    }
    if (a.step == UPLINK_HELLO || a.step == UPLINK_BATCH)
        uplink_sent(u, &a, *now_ms);
    return a;
}

static void resume(struct uplink *u, int64_t wm, int64_t safe, int64_t now_ms)
{
    struct link_resume r = {.s = u->s, .wm = wm, .safe = safe};
    assert_int_equal(uplink_resume(u, &r, now_ms), 1);
}

/* A link that is up, with wm acknowledged. */
static void open_link(struct uplink *u, int64_t floor, int64_t head, int64_t wm, int64_t *now_ms)
{
    start(u, floor, head, wm);
    *now_ms = 1000;
    uplink_link_up(u, *now_ms);
    assert_int_equal(step(u, now_ms).step, UPLINK_HELLO);
    *now_ms += 100;
    resume(u, wm, floor - 1, *now_ms);
}

static int ack(struct uplink *u, int64_t wm, int64_t safe, int64_t now_ms)
{
    struct link_ack a = {.s = u->s, .wm = wm, .safe = safe};
    return uplink_ack(u, &a, now_ms);
}

static int nack(struct uplink *u, int32_t why, int64_t wm, int32_t retry_ms, int64_t now_ms)
{
    struct link_nack n = {.s = u->s, .wm = wm, .why = why, .retry_ms = retry_ms};
    return uplink_nack(u, &n, now_ms);
}

static void assert_state(const struct uplink *u, const char *state, int64_t now_ms)
{
    assert_string_equal(uplink_state_name(uplink_status(u, now_ms).state), state);
}

static void without_a_link_there_is_nothing_to_do(void **state)
{
    (void)state;
    struct uplink u;
    start(&u, 1, 10, 0);
    struct uplink_action a = uplink_next(&u, 5000);
    assert_int_equal(a.step, UPLINK_WAIT);
    assert_true(a.until_ms == UPLINK_NEVER_MS);
    assert_state(&u, "offline", 5000);
    assert_int_equal(uplink_status(&u, 5000).backlog, 10);
}

static void a_link_that_comes_up_greets_within_a_second(void **state)
{
    (void)state;
    struct uplink u;
    start(&u, 3, 10, 5);
    int64_t now_ms = 1000;
    uplink_link_up(&u, now_ms);
    struct uplink_action a = step(&u, &now_ms);
    assert_int_equal(a.step, UPLINK_HELLO);
    assert_in_range(now_ms, 1000, 1000 + UPLINK_SPREAD_MS);
    assert_true(a.s == (INT64_C(7) << 16 | 1));
    assert_int_equal(a.floor, 3);
    assert_int_equal(a.head, 10);
    assert_state(&u, "greeting", now_ms);
}

static void each_hello_has_a_session_of_its_own_and_comes_later(void **state)
{
    (void)state;
    struct uplink u;
    start(&u, 1, 10, 0);
    int64_t now_ms = 0;
    uplink_link_up(&u, now_ms);
    int64_t last_s = 0;
    int64_t last_ms = 0;
    for (int i = 0; i < 40; i++) {
        struct uplink_action a = step(&u, &now_ms);
        assert_int_equal(a.step, UPLINK_HELLO);
        assert_true(a.s > last_s);
        if (i > 0)
            assert_in_range(now_ms - last_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
        last_s = a.s;
        last_ms = now_ms;
    }
    assert_true(now_ms > 40 * 60000); /* they have become seldom */
    assert_int_equal(uplink_status(&u, now_ms).unanswered, 40);
}

static void used_up_sessions_ask_for_a_new_counter(void **state)
{
    (void)state;
    struct uplink u;
    start(&u, 1, 10, 0);
    int64_t now_ms = 0;
    uplink_link_up(&u, now_ms);
    for (int i = 0; i < 65535; i++)
        assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    int64_t last = u.s;
    assert_int_equal(step(&u, &now_ms).step, UPLINK_RENEW);
    uplink_renew(&u, 8);
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    assert_true(u.s > last);
}

static void a_new_life_of_the_storage_begins_above_all_sessions_before(void **state)
{
    (void)state;
    for (uint32_t epoch = 1; epoch < 5; epoch++) {
        int64_t boots = uplink_first_boot(epoch + 1) - uplink_first_boot(epoch);
        assert_true(boots > 100000);
    }
    assert_true(uplink_first_boot(1) > 0);
    assert_true(uplink_first_boot(UINT32_MAX) <= LINK_BOOT_MAX);
}

static void resume_of_another_session_is_dropped(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 10, 4, &now_ms);
    struct link_resume late = {.s = u.s - 1, .wm = 2};
    assert_int_equal(uplink_resume(&u, &late, now_ms), 0);
    late.s = u.s; /* a doubled RESUME of this session comes too late as well */
    assert_int_equal(uplink_resume(&u, &late, now_ms), 0);
    assert_int_equal(uplink_status(&u, now_ms).acked, 4);
}

static void answers_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 10, 4, &now_ms);
    assert_int_equal(ack(&u, 6, 7, now_ms), -EBADMSG);
    assert_int_equal(ack(&u, 6, -1, now_ms), -EBADMSG);
    assert_int_equal(nack(&u, LINK_WHY_GAP, -1, 0, now_ms), -EBADMSG);
    assert_int_equal(uplink_status(&u, now_ms).acked, 4);
}

static void a_backlog_goes_at_once_up_to_512_entries(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 2000, 100, &now_ms);
    int64_t began_ms = now_ms;
    struct uplink_action a = step(&u, &now_ms);
    assert_int_equal(a.step, UPLINK_BATCH);
    assert_int_equal(a.first_seq, 101);
    assert_int_equal(a.n, LINK_ENTRIES_MAX);
    assert_true(now_ms == began_ms);
    assert_int_equal(uplink_next(&u, now_ms).step, UPLINK_WAIT);
}

static void no_more_than_8_batches_are_under_way(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 2000, 0, &now_ms);
    for (int i = 0; i < LINK_BATCHES_MAX; i++) {
        struct uplink_action a = uplink_next(&u, now_ms);
        assert_int_equal(a.step, UPLINK_BATCH);
        a.n = 10; /* no more fitted the message */
        uplink_sent(&u, &a, now_ms);
    }
    assert_int_equal(uplink_next(&u, now_ms).step, UPLINK_WAIT);
    assert_int_equal(ack(&u, 25, 0, now_ms), 1); /* the first two, and half of the third */
    assert_int_equal(uplink_next(&u, now_ms).first_seq, 81);
}

static void few_entries_gather_until_they_are_64_or_old(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 0, 0, &now_ms);
    uplink_appended(&u, 1, false, now_ms);
    assert_true(uplink_next(&u, now_ms).until_ms == now_ms + FLUSH_MS);
    uplink_appended(&u, 63, false, now_ms + 500); /* the oldest decides */
    assert_true(uplink_next(&u, now_ms + 500).until_ms == now_ms + FLUSH_MS);
    assert_int_equal(uplink_next(&u, now_ms + FLUSH_MS).n, 63);
    uplink_appended(&u, 64, false, now_ms + 600);
    assert_int_equal(uplink_next(&u, now_ms + 600).n, 64);
    assert_state(&u, "sending", now_ms + 600);
}

static void an_urgent_entry_takes_all_before_it_along(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 0, 0, &now_ms);
    uplink_appended(&u, 5, false, now_ms);
    uplink_appended(&u, 6, true, now_ms);
    struct uplink_action a = step(&u, &now_ms);
    assert_int_equal(a.step, UPLINK_BATCH);
    assert_int_equal(a.n, 6);
    uplink_appended(&u, 7, false, now_ms); /* and is not urgent twice */
    assert_int_equal(uplink_next(&u, now_ms).step, UPLINK_WAIT);
}

/* --- lane 1 */

/* A link with a backlog of 1000 behind wm, at a relay that keeps `room` entries ahead. */
static void open_backlog(struct uplink *u, int32_t behind, int32_t room, int64_t wm,
                         int64_t *now_ms)
{
    struct uplink_conf conf = {.boot = 7,
                               .seed = 1,
                               .flush_entries = UPLINK_FLUSH_ENTRIES,
                               .flush_ms = FLUSH_MS,
                               .refresh_ms = UPLINK_REFRESH_MS,
                               .early_behind = behind};
    struct uplink_journal journal = {.floor = 1, .head = wm + 1000, .acked = wm};
    uplink_start(u, &conf, &journal);
    *now_ms = 1000;
    uplink_link_up(u, *now_ms);
    assert_int_equal(step(u, now_ms).step, UPLINK_HELLO);
    struct link_resume r = {.s = u->s, .wm = wm, .early = room};
    assert_int_equal(uplink_resume(u, &r, *now_ms), 1);
}

static void a_backlog_is_looked_through_before_it_goes(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_backlog(&u, UPLINK_EARLY_BEHIND, 64, 100, &now_ms);
    struct uplink_action a = uplink_next(&u, now_ms);
    assert_int_equal(a.step, UPLINK_NOTICE);
    assert_int_equal(a.s, u.s);
    assert_int_equal(a.first_seq, 101);
    assert_int_equal(a.last_seq, 1100);
    assert_int_equal(a.n, 64);
    uplink_noticed(&u, &a, 700, 16); /* the message was full with entry 700 */
    a = uplink_next(&u, now_ms);
    assert_int_equal(a.step, UPLINK_NOTICE);
    assert_int_equal(a.first_seq, 701);
    assert_int_equal(a.n, 48);
    uplink_noticed(&u, &a, a.last_seq, 0); /* no more of them */
    a = uplink_next(&u, now_ms);
    assert_int_equal(a.step, UPLINK_BATCH);
    assert_int_equal(a.first_seq, 101); /* all of it, those that were told too */
}

static void who_tells_nothing(void **state)
{
    (void)state;
    static const struct {
        int32_t behind;
        int32_t room;
        const char *who;
    } rows[] = {{UPLINK_EARLY_BEHIND, 0, "to a relay that keeps none, as one of an old release"},
                {UPLINK_EARLY_BEHIND, -3, "to one that says nonsense"},
                {0, 64, "an appliance that is not to"},
                {1000, 64, "one whose backlog is no longer than that"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct uplink u;
        int64_t now_ms;
        open_backlog(&u, rows[i].behind, rows[i].room, 0, &now_ms);
        if (uplink_next(&u, now_ms).step != UPLINK_BATCH)
            fail_msg("%s is told", rows[i].who);
    }
}

static void a_notice_moves_nothing_of_the_ledger(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_backlog(&u, UPLINK_EARLY_BEHIND, 64, 100, &now_ms);
    struct uplink_status before = uplink_status(&u, now_ms);
    int64_t deletable = uplink_deletable(&u);
    struct uplink_action a = uplink_next(&u, now_ms);
    uplink_noticed(&u, &a, a.last_seq, a.n);
    struct uplink_status after = uplink_status(&u, now_ms);
    assert_int_equal(after.acked, before.acked);
    assert_int_equal(after.safe, before.safe);
    assert_int_equal(after.backlog, before.backlog);
    assert_int_equal(after.state, before.state);
    assert_int_equal(uplink_deletable(&u), deletable);
    assert_int_equal(u.batches, 0);
    assert_true(u.answer_ms == UPLINK_NEVER_MS); /* no answer is waited for */
    assert_int_equal(uplink_next(&u, now_ms).first_seq, 101);
}

static void no_more_is_told_than_there_is_room_until_the_ledger_has_passed_it(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_backlog(&u, 100, 3, 0, &now_ms);
    struct uplink_action a = uplink_next(&u, now_ms);
    assert_int_equal(a.n, 3);
    uplink_noticed(&u, &a, 300, 3);
    assert_int_equal(step(&u, &now_ms).step, UPLINK_BATCH);
    assert_int_equal(ack(&u, 299, 0, now_ms), 1);
    assert_int_not_equal(uplink_next(&u, now_ms).step, UPLINK_NOTICE);
    assert_int_equal(ack(&u, 300, 0, now_ms), 1);
    a = uplink_next(&u, now_ms);
    assert_int_equal(a.step, UPLINK_NOTICE);
    assert_int_equal(a.first_seq, 301);
    assert_int_equal(a.n, 3);
}

static void what_is_appended_to_a_backlog_is_looked_at_once(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_backlog(&u, UPLINK_EARLY_BEHIND, 64, 0, &now_ms);
    struct uplink_action a = uplink_next(&u, now_ms);
    uplink_noticed(&u, &a, a.last_seq, 0);
    assert_int_equal(step(&u, &now_ms).step, UPLINK_BATCH);
    uplink_appended(&u, 1001, true, now_ms);
    a = uplink_next(&u, now_ms);
    assert_int_equal(a.step, UPLINK_NOTICE);
    assert_int_equal(a.first_seq, 1001);
    assert_int_equal(a.last_seq, 1001);
    uplink_noticed(&u, &a, 1001, 1);
    assert_int_not_equal(uplink_next(&u, now_ms).step, UPLINK_NOTICE);
}

static void a_long_backlog_is_looked_through_in_bites(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_backlog(&u, UPLINK_EARLY_BEHIND, 64, 0, &now_ms);
    uplink_appended(&u, 2 * UPLINK_LOOK_MAX, false, now_ms);
    struct uplink_action a = uplink_next(&u, now_ms);
    assert_int_equal(a.last_seq, UPLINK_LOOK_MAX);
    uplink_noticed(&u, &a, a.last_seq, 0);
    a = uplink_next(&u, now_ms);
    assert_int_equal(a.first_seq, UPLINK_LOOK_MAX + 1);
    assert_int_equal(a.last_seq, 2 * UPLINK_LOOK_MAX);
}

static void a_new_session_tells_again_what_the_relay_lacks(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_backlog(&u, UPLINK_EARLY_BEHIND, 64, 200, &now_ms);
    struct uplink_action a = uplink_next(&u, now_ms);
    uplink_noticed(&u, &a, a.last_seq, a.n);
    uplink_link_down(&u, now_ms);
    uplink_link_up(&u, now_ms);
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    struct link_resume r = {.s = u.s, .wm = 150, .early = 64}; /* restored from a backup */
    assert_int_equal(uplink_resume(&u, &r, now_ms), 1);
    a = uplink_next(&u, now_ms);
    assert_int_equal(a.step, UPLINK_NOTICE);
    assert_int_equal(a.first_seq, 151);
    assert_int_equal(a.n, 64);
}

static void a_pause_is_for_notices_too(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_backlog(&u, UPLINK_EARLY_BEHIND, 64, 0, &now_ms);
    assert_int_equal(nack(&u, LINK_WHY_QUOTA, 0, 30000, now_ms), 1);
    assert_int_equal(uplink_next(&u, now_ms).step, UPLINK_WAIT);
    assert_int_equal(uplink_next(&u, now_ms + 30000).step, UPLINK_NOTICE);
}

static void a_relay_may_slow_a_link_but_never_make_it_dearer(void **state)
{
    (void)state;
    static const struct {
        int32_t asked_ms;
        int64_t want_ms;
    } rows[] = {{0, FLUSH_MS},
                {1000, FLUSH_MS},
                {600000, 600000},
                {-5, FLUSH_MS},
                {INT32_MAX, UPLINK_FLUSH_MAX_MS}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct uplink u;
        start(&u, 1, 0, 0);
        int64_t now_ms = 0;
        uplink_link_up(&u, now_ms);
        step(&u, &now_ms);
        struct link_resume r = {.s = u.s, .flush_ms = rows[i].asked_ms};
        assert_int_equal(uplink_resume(&u, &r, now_ms), 1);
        uplink_appended(&u, 1, false, now_ms);
        assert_true(uplink_next(&u, now_ms).until_ms == now_ms + rows[i].want_ms);
    }
}

static void a_window_of_one_waits_for_each_acknowledgement(void **state)
{
    (void)state;
    struct uplink u;
    start(&u, 1, 200, 0);
    int64_t now_ms = 0;
    uplink_link_up(&u, now_ms);
    step(&u, &now_ms);
    struct link_resume r = {.s = u.s, .window = 1};
    assert_int_equal(uplink_resume(&u, &r, now_ms), 1);
    struct uplink_action a = uplink_next(&u, now_ms);
    a.n = 64;
    uplink_sent(&u, &a, now_ms);
    assert_int_equal(uplink_next(&u, now_ms).step, UPLINK_WAIT);
    assert_int_equal(ack(&u, 64, 0, now_ms), 1);
    assert_int_equal(uplink_next(&u, now_ms).first_seq, 65);
}

static void acknowledgements_only_move_forward(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 100, 0, &now_ms);
    step(&u, &now_ms);
    assert_int_equal(ack(&u, 60, 20, now_ms), 1);
    assert_int_equal(ack(&u, 50, 50, now_ms), 0); /* overtaken */
    assert_int_equal(uplink_deletable(&u), 20);
    assert_int_equal(ack(&u, 60, 10, now_ms), 1);
    assert_int_equal(uplink_deletable(&u), 20); /* what was safe stays so */
    assert_int_equal(ack(&u, 100, 100, now_ms), 1);
    assert_state(&u, "synced", now_ms);
    assert_int_equal(uplink_status(&u, now_ms).oldest_seq, 0);
}

static void silence_leads_to_a_new_session(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 100, 0, &now_ms);
    int64_t s = u.s;
    assert_int_equal(step(&u, &now_ms).step, UPLINK_BATCH);
    int64_t sent_ms = now_ms;
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    assert_true(u.s > s);
    assert_true(now_ms >= sent_ms + UPLINK_PATIENCE_MS + BACKOFF_MIN_MS);
    resume(&u, 40, 0, now_ms); /* part of it had arrived */
    assert_int_equal(step(&u, &now_ms).first_seq, 41);
}

static void a_gap_turns_back_once(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 30, 0, &now_ms);
    for (int i = 0; i < 3; i++) {
        struct uplink_action a = uplink_next(&u, now_ms);
        a.n = 10;
        uplink_sent(&u, &a, now_ms);
    }
    assert_int_equal(nack(&u, LINK_WHY_GAP, 10, 0, now_ms), 1); /* the second was lost */
    assert_int_equal(uplink_status(&u, now_ms).acked, 10);
    assert_int_equal(step(&u, &now_ms).first_seq, 11);
    assert_int_equal(nack(&u, LINK_WHY_GAP, 10, 0, now_ms), 0); /* the answer to the third */
    assert_int_equal(uplink_next(&u, now_ms).step, UPLINK_WAIT);
}

static void a_gap_below_the_acknowledged_asks_where_the_relay_stands(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 5, 30, 20, &now_ms);
    step(&u, &now_ms);
    assert_int_equal(nack(&u, LINK_WHY_GAP, 10, 0, now_ms), 1);
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    resume(&u, 10, 4, now_ms); /* restored from a backup: it is refilled */
    struct uplink_action a = step(&u, &now_ms);
    assert_int_equal(a.first_seq, 11);
    assert_int_equal(a.n, 20);
}

static void a_relay_that_lacks_what_was_deleted_is_an_alarm(void **state)
{
    (void)state;
    struct uplink u;
    start(&u, 5, 30, 20);
    int64_t now_ms = 0;
    uplink_link_up(&u, now_ms);
    step(&u, &now_ms);
    resume(&u, 3, 0, now_ms);
    assert_state(&u, "short", now_ms);
    int64_t halted_ms = now_ms;
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO); /* a repair is noticed */
    assert_true(now_ms >= halted_ms + UPLINK_HALTED_MS);
    resume(&u, 4, 4, now_ms); /* floor - 1 is enough */
    assert_state(&u, "sending", now_ms);
    assert_int_equal(step(&u, &now_ms).first_seq, 5);
}

static void a_relay_that_has_more_is_an_alarm(void **state)
{
    (void)state;
    struct uplink u;
    start(&u, 1, 30, 20);
    int64_t now_ms = 0;
    uplink_link_up(&u, now_ms);
    step(&u, &now_ms);
    resume(&u, 31, 0, now_ms);
    assert_state(&u, "rollback", now_ms);
    assert_int_equal(uplink_next(&u, now_ms).step, UPLINK_WAIT);
    assert_int_equal(uplink_status(&u, now_ms).acked, 20);

    open_link(&u, 1, 30, 20, &now_ms);
    assert_int_equal(ack(&u, INT64_MAX, 0, now_ms), 1);
    assert_state(&u, "rollback", now_ms);
}

static void a_fork_stops_and_says_so(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 30, 20, &now_ms);
    assert_int_equal(nack(&u, LINK_WHY_FORK, 20, 0, now_ms), 1);
    assert_state(&u, "fork", now_ms);
    int64_t halted_ms = now_ms;
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    assert_true(now_ms >= halted_ms + UPLINK_HALTED_MS);
    assert_state(&u, "fork", now_ms); /* until the relay resumes */
    resume(&u, 20, 0, now_ms);
    assert_state(&u, "sending", now_ms);
}

static void a_format_that_is_not_read_keeps_everything(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 30, 20, &now_ms);
    step(&u, &now_ms);
    assert_int_equal(nack(&u, LINK_WHY_SCHEMA, 20, 60000, now_ms), 1);
    assert_state(&u, "schema", now_ms);
    assert_int_equal(uplink_status(&u, now_ms).backlog, 10);
    int64_t halted_ms = now_ms;
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    assert_in_range(now_ms - halted_ms, 60000, 90000);
}

static void a_quota_pauses_and_then_sends_the_same_again(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 100, 20, &now_ms);
    step(&u, &now_ms);
    assert_int_equal(nack(&u, LINK_WHY_QUOTA, 20, 30000, now_ms), 1);
    assert_state(&u, "paused", now_ms);
    int64_t paused_ms = now_ms;
    struct uplink_action a = step(&u, &now_ms);
    assert_int_equal(a.step, UPLINK_BATCH);
    assert_int_equal(a.first_seq, 21);
    assert_true(now_ms == paused_ms + 30000);
}

static void a_reason_of_a_newer_relay_is_a_pause(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 100, 20, &now_ms);
    assert_int_equal(nack(&u, 99, 20, 30000, now_ms), 1);
    assert_state(&u, "paused", now_ms);
    assert_int_equal(uplink_status(&u, now_ms).backlog, 80);
}

static void an_idle_link_is_refreshed(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 20, 20, &now_ms);
    int64_t idle_ms = now_ms;
    assert_int_equal(step(&u, &now_ms).step, UPLINK_HELLO);
    assert_true(now_ms == idle_ms + UPLINK_REFRESH_MS);
}

static void after_a_lost_link_no_answer_of_it_counts(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 20, 5, &now_ms);
    int64_t s = u.s;
    step(&u, &now_ms);
    uplink_link_down(&u, now_ms);
    uplink_link_up(&u, now_ms);
    struct link_ack late = {.s = s, .wm = 20};
    assert_int_equal(uplink_ack(&u, &late, now_ms), 0);
    assert_int_equal(uplink_status(&u, now_ms).acked, 5);
}

static void the_pace_says_how_long_a_backlog_takes(void **state)
{
    (void)state;
    struct uplink u;
    int64_t now_ms;
    open_link(&u, 1, 1000, 0, &now_ms);
    assert_true(uplink_status(&u, now_ms).left_ms == UPLINK_NEVER_MS);
    step(&u, &now_ms);
    assert_int_equal(ack(&u, 250, 0, now_ms + 2000), 1);
    assert_int_equal(uplink_status(&u, now_ms + 2000).left_ms, 6000);
    assert_int_equal(uplink_status(&u, now_ms + 2000).oldest_seq, 251);
    assert_true(uplink_status(&u, now_ms + 2000).last_ack_ms == now_ms + 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_link_there_is_nothing_to_do),
        cmocka_unit_test(a_link_that_comes_up_greets_within_a_second),
        cmocka_unit_test(each_hello_has_a_session_of_its_own_and_comes_later),
        cmocka_unit_test(used_up_sessions_ask_for_a_new_counter),
        cmocka_unit_test(a_new_life_of_the_storage_begins_above_all_sessions_before),
        cmocka_unit_test(resume_of_another_session_is_dropped),
        cmocka_unit_test(answers_that_contradict_themselves_are_refused),
        cmocka_unit_test(a_backlog_goes_at_once_up_to_512_entries),
        cmocka_unit_test(no_more_than_8_batches_are_under_way),
        cmocka_unit_test(few_entries_gather_until_they_are_64_or_old),
        cmocka_unit_test(an_urgent_entry_takes_all_before_it_along),
        cmocka_unit_test(a_backlog_is_looked_through_before_it_goes),
        cmocka_unit_test(who_tells_nothing),
        cmocka_unit_test(a_notice_moves_nothing_of_the_ledger),
        cmocka_unit_test(no_more_is_told_than_there_is_room_until_the_ledger_has_passed_it),
        cmocka_unit_test(what_is_appended_to_a_backlog_is_looked_at_once),
        cmocka_unit_test(a_long_backlog_is_looked_through_in_bites),
        cmocka_unit_test(a_new_session_tells_again_what_the_relay_lacks),
        cmocka_unit_test(a_pause_is_for_notices_too),
        cmocka_unit_test(a_relay_may_slow_a_link_but_never_make_it_dearer),
        cmocka_unit_test(a_window_of_one_waits_for_each_acknowledgement),
        cmocka_unit_test(acknowledgements_only_move_forward),
        cmocka_unit_test(silence_leads_to_a_new_session),
        cmocka_unit_test(a_gap_turns_back_once),
        cmocka_unit_test(a_gap_below_the_acknowledged_asks_where_the_relay_stands),
        cmocka_unit_test(a_relay_that_lacks_what_was_deleted_is_an_alarm),
        cmocka_unit_test(a_relay_that_has_more_is_an_alarm),
        cmocka_unit_test(a_fork_stops_and_says_so),
        cmocka_unit_test(a_format_that_is_not_read_keeps_everything),
        cmocka_unit_test(a_quota_pauses_and_then_sends_the_same_again),
        cmocka_unit_test(a_reason_of_a_newer_relay_is_a_pause),
        cmocka_unit_test(an_idle_link_is_refreshed),
        cmocka_unit_test(after_a_lost_link_no_answer_of_it_counts),
        cmocka_unit_test(the_pace_says_how_long_a_backlog_takes),
    };
    return cmocka_run_group_tests_name("uplink", tests, NULL, NULL);
}
