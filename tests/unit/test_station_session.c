/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_story.h"

#include <errno.h>
#include <string.h>

#include "pin_guard.h"

static const char badge[] =
    "sign_out          | accept signed_out | signed_out !by_word\n"
    "?prompt           | scan_badge\n"
    "<]E08901234000014 | reject sign_in_first\n"
    "ok                | reject sign_in_first\n"
    "kg 100            | reject sign_in_first\n"
    "sign_out          | reject sign_in_first\n"
    "<VW*NOBODY        | reject unknown_worker\n"
    "<VW*RAVI          | accept signed_in | signed_in\n"
    "?text             | क्या काम करना है?\n"
    "language:en       | noted language_set\n"
    "?text             | What do you want to do?\n"
    "language:xx       | reject command_argument\n"
    "<VW*RAVI          | noted signed_in_already\n"
    "<VW*MEENA         | accept signed_in | signed_out !relieved; signed_in\n";

static const char not_while_busy[] =
    "flow:receive\n"
    "<]E08901234000038\n"
    "<VW*ANIL          | reject finish_first\n"
    "flow:pick         | reject finish_first\n"
    "cancel\n"
    "<VW*ANIL          | accept signed_in | signed_out !relieved; signed_in\n";

static const char home[] = "<]E08901234000014 | reject choose_flow\n"
                           "flow:nonsense     | reject command_unknown\n"
                           "<VS*flow:receive  | noted flow_receive\n"
                           "<VS*flow:home     | noted flow_home\n"
                           "<VS*nonsense      | reject command_unknown\n"
                           "<VS*qty:x         | reject command_unknown\n"
                           "qty:x             | reject command_argument\n"
                           "document:XX       | reject unknown_document\n";

static const struct floor_story stories[] = {
    {"a badge signs in, and another relieves", badge},
    {"nobody relieves a post with goods in hand", not_while_busy},
    {"cards and buttons speak the same words", home},
};

static void with_pin(struct floor *f)
{
    floor_open(f);
    floor_command(f, "P1", "sign_out");
    station_free(f->station);
    f->conf.pin_required = true;
    f->conf.sign_out_ms = 60000;
    struct diag why;
    assert_int_equal(station_open(&f->conf, f->journal, &why, &f->station), 0);
}

static void say(struct floor *f, const char *command, const char *code)
{
    floor_command(f, "P1", command);
    assert_string_equal(f->last.message.code, code);
}

static void a_pin_signs_in_and_is_asked_for_after_idleness(void **state)
{
    (void)state;
    struct floor f;
    with_pin(&f);
    say(&f, "pin:1234", "badge_first");
    say(&f, "worker:RAVI", "pin_wanted"); /* has none: no PIN is right */
    say(&f, "pin:1234", "wrong_pin");
    say(&f, "worker:MEENA", "pin_wanted");
    say(&f, "pin:1234", "signed_in");
    say(&f, "flow:receive", "flow_receive");
    floor_scan(&f, "P1", (const uint8_t *)"]E08901234000038", 16);
    f.now.mono_ms += 61000;
    struct station_view v;
    assert_int_equal(station_view(f.station, "P1", f.now.mono_ms, &v), 0);
    assert_string_equal(v.prompt.code, "scan_badge");
    assert_string_equal(v.worker, "");
    say(&f, "ok", "sign_in_first");
    assert_int_equal(f.last.entries, 1); /* signed out by idleness */
    say(&f, "worker:MEENA", "pin_wanted");
    say(&f, "pin:1234", "signed_in");
    say(&f, "ok", "received"); /* the work waited for its worker */
    floor_close(&f);
}

static void wrong_pins_make_wait_longer_and_longer(void **state)
{
    (void)state;
    struct floor f;
    with_pin(&f);
    for (int i = 1; i < PIN_GUARD_FREE_TRIES; i++) {
        say(&f, "worker:ANIL", "pin_wanted");
        say(&f, "pin:0000", "wrong_pin");
        assert_int_equal(f.last.entries, 1); /* a refusal in the journal */
    }
    say(&f, "worker:ANIL", "pin_wanted");
    say(&f, "pin:0000", "pin_wait");
    say(&f, "worker:ANIL", "pin_wait");
    say(&f, "pin:4321", "badge_first");
    say(&f, "worker:MEENA", "pin_wanted"); /* others need not wait */
    f.now.mono_ms += PIN_GUARD_FIRST_WAIT_MS;
    say(&f, "worker:ANIL", "pin_wanted");
    say(&f, "pin:1111", "pin_wait");
    f.now.mono_ms += PIN_GUARD_FIRST_WAIT_MS;
    say(&f, "worker:ANIL", "pin_wait");
    f.now.mono_ms += PIN_GUARD_FIRST_WAIT_MS;
    say(&f, "worker:ANIL", "pin_wanted");
    say(&f, "pin:4321", "signed_in");
    floor_close(&f);
}

static void the_wait_is_bounded_and_belongs_to_one_worker(void **state)
{
    (void)state;
    struct pin_guard g = {0};
    for (int i = 0; i < 100; i++)
        pin_guard_wrong(&g, "A", 0);
    assert_int_equal(pin_guard_wait_ms(&g, "A", 0), PIN_GUARD_LONGEST_WAIT_MS);
    assert_int_equal(pin_guard_wait_ms(&g, "B", 0), 0);
    for (int i = 0; i < PIN_GUARD_WORKERS_MAX; i++) {
        char worker[ENTRY_WORKER_SIZE];
        snprintf(worker, sizeof(worker), "W%d", i);
        pin_guard_wrong(&g, worker, 0);
    }
    assert_int_equal(pin_guard_wait_ms(&g, "A", 0), PIN_GUARD_LONGEST_WAIT_MS);
    pin_guard_right(&g, "A");
    assert_int_equal(pin_guard_wait_ms(&g, "A", 0), 0);
}

static void a_station_needs_posts_with_bins_that_exist(void **state)
{
    (void)state;
    struct floor f;
    floor_open(&f);
    struct station_conf conf = f.conf;
    struct station *s = NULL;
    struct diag why;
    strcpy(conf.posts[1].post, "P1");
    assert_int_equal(station_open(&conf, f.journal, &why, &s), -EINVAL);
    strcpy(conf.posts[1].post, "P2");
    strcpy(conf.posts[1].dock_bin, "NONE");
    assert_int_equal(station_open(&conf, f.journal, &why, &s), -EINVAL);
    conf.posts_count = 0;
    assert_int_equal(station_open(&conf, f.journal, &why, &s), -EINVAL);
    assert_null(s);
    struct station_view v;
    assert_int_equal(station_view(f.station, "P9", 0, &v), -ENOENT);
    struct station_input in = {.kind = INPUT_LOST, .post = "P9"};
    assert_int_equal(station_input(f.station, &in, &f.now), -ENOENT);
    floor_close(&f);
}

static void a_full_group_takes_no_more_until_its_commit(void **state)
{
    (void)state;
    struct floor f;
    floor_open(&f);
    struct station_input in = {.kind = INPUT_LOST, .post = "P1"};
    struct station_answer a;
    for (int i = 0; i < STATION_GROUP_MAX; i++)
        assert_int_equal(station_input(f.station, &in, &f.now), 0);
    assert_int_equal(station_input(f.station, &in, &f.now), -EAGAIN);
    assert_int_equal(station_answer(f.station, &a), 0);
    assert_int_equal(station_commit(f.station), 0);
    for (int i = 0; i < STATION_GROUP_MAX; i++) {
        assert_int_equal(station_answer(f.station, &a), 1);
        assert_string_equal(a.message.code, "scan_lost");
    }
    assert_int_equal(station_answer(f.station, &a), 0);
    assert_int_equal(station_input(f.station, &in, &f.now), 0);
    floor_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pin_signs_in_and_is_asked_for_after_idleness),
        cmocka_unit_test(wrong_pins_make_wait_longer_and_longer),
        cmocka_unit_test(the_wait_is_bounded_and_belongs_to_one_worker),
        cmocka_unit_test(a_station_needs_posts_with_bins_that_exist),
        cmocka_unit_test(a_full_group_takes_no_more_until_its_commit),
    };
    int failed = floor_story_run("station_session", stories, ARRAY_LEN(stories));
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
