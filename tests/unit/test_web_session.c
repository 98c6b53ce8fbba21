/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "web_gate.h"
#include "web_keys.h"

static struct web_sessions sessions;
static struct web_keys keys;

static int clear(void **state)
{
    (void)state;
    memset(&sessions, 0, sizeof(sessions));
    web_keys_clear(&keys);
    return 0;
}

static void a_session_is_found_by_its_token_alone(void **state)
{
    (void)state;
    char token[WEB_TOKEN_SIZE];
    assert_int_equal(web_session_open(&sessions, "dock-1", "W01", 1000, token), 0);
    assert_int_equal(strlen(token), WEB_TOKEN_SIZE - 1);
    assert_non_null(web_session_find(&sessions, token, 1000));
    assert_null(web_session_find(&sessions, "", 1000));
    token[5] = token[5] == '0' ? '1' : '0';
    assert_null(web_session_find(&sessions, token, 1000));
}

static void a_session_ends_after_its_hours_and_by_closing(void **state)
{
    (void)state;
    char token[WEB_TOKEN_SIZE];
    assert_int_equal(web_session_open(&sessions, "dock-1", "W01", 1000, token), 0);
    assert_non_null(web_session_find(&sessions, token, 1000 + WEB_SESSION_MS - 1));
    assert_null(web_session_find(&sessions, token, 1000 + WEB_SESSION_MS));
    web_session_close(&sessions, token);
    assert_null(web_session_find(&sessions, token, 1000));
}

static void a_session_acts_for_its_post_and_worker_only(void **state)
{
    (void)state;
    struct web_session worker = {.token = "t", .post = "dock-1", .worker = "W01"};
    struct web_session panel = {.token = "t", .post = "dock-1", .worker = ""};
    assert_true(web_session_holds(&worker, "dock-1", "W01"));
    assert_false(web_session_holds(&worker, "dock-2", "W01"));
    assert_false(web_session_holds(&worker, "dock-1", "W02"));
    assert_false(web_session_holds(&worker, "dock-1", ""));
    assert_true(web_session_holds(&panel, "dock-1", "W02"));
    assert_false(web_session_holds(&panel, "dock-1", ""));
    assert_false(web_session_holds(NULL, "dock-1", "W01"));
}

static void the_oldest_session_gives_way(void **state)
{
    (void)state;
    char first[WEB_TOKEN_SIZE];
    char token[WEB_TOKEN_SIZE];
    assert_int_equal(web_session_open(&sessions, "p", "first", 1, first), 0);
    for (int i = 0; i < WEB_SESSIONS_MAX - 1; i++)
        assert_int_equal(web_session_open(&sessions, "p", "other", 2 + i, token), 0);
    assert_non_null(web_session_find(&sessions, first, 100));
    assert_int_equal(web_session_open(&sessions, "p", "last", 50, token), 0);
    assert_null(web_session_find(&sessions, first, 100));
    assert_non_null(web_session_find(&sessions, token, 100));
}

struct gate_row {
    const char *name;
    const char *working;    /* who is signed in at dock-1 */
    const char *session_of; /* NULL: none */
    const char *command;
    unsigned want;
    bool signs_in;
};

static struct gate_row gate_rows[] = {
    {"a stranger may show a badge", "", NULL, "worker:W01", 200, true},
    {"a stranger may type a PIN", "", NULL, "pin:1234", 200, true},
    {"a stranger may choose the language", "", NULL, "language:hi", 200, false},
    {"a stranger may do nothing else", "", NULL, "flow:pick", 401, false},
    {"a word that only begins alike", "", NULL, "pinx", 401, false},
    {"nobody signs in over a worker", "W01", NULL, "worker:W02", 403, false},
    {"a stranger does not work for a worker", "W01", NULL, "ok", 403, false},
    {"the worker's screen works", "W01", "W01", "ok", 200, false},
    {"another worker's screen does not", "W01", "W02", "ok", 403, false},
    {"a panel works for whoever is there", "W01", "", "ok", 200, false},
    {"a panel waits for a worker", "", "", "ok", 401, false},
};

static void gate_row(void **state)
{
    const struct gate_row *r = *state;
    struct station_view view = {.post = "dock-1"};
    struct web_session session = {.token = "t", .post = "dock-1"};
    snprintf(view.worker, sizeof(view.worker), "%s", r->working);
    snprintf(session.worker, sizeof(session.worker), "%s", r->session_of ? r->session_of : "");
    const struct web_session *given = r->session_of ? &session : NULL;
    struct web_gate gate = web_gate_command(&sessions, given, &view, r->command, 0);
    assert_int_equal(gate.status, r->want);
    assert_int_equal(gate.signs_in, r->signs_in);
    bool acts = given && web_session_holds(given, view.post, view.worker);
    assert_int_equal(web_gate_locked(given, &view), r->working[0] != '\0' && !acts);
}

static void strangers_get_a_few_tries_a_minute(void **state)
{
    (void)state;
    struct station_view view = {.post = "dock-1"};
    struct station_view other = {.post = "dock-2"};
    for (int i = 0; i < WEB_TRIES_MAX; i++)
        assert_int_equal(web_gate_command(&sessions, NULL, &view, "pin:1", 10).status, 200);
    assert_int_equal(web_gate_command(&sessions, NULL, &view, "pin:1", 10).status, 429);
    assert_int_equal(web_gate_command(&sessions, NULL, &other, "pin:1", 10).status, 200);
    assert_int_equal(web_gate_command(&sessions, NULL, &view, "pin:1", 10 + WEB_TRIES_MS).status,
                     200);
}

static void signing_in_forgets_the_tries_of_its_post(void **state)
{
    (void)state;
    char token[WEB_TOKEN_SIZE];
    for (int i = 0; i < WEB_TRIES_MAX; i++)
        assert_int_equal(web_session_try(&sessions, "dock-1", 10), 0);
    assert_int_equal(web_session_open(&sessions, "dock-2", "W01", 10, token), 0);
    assert_int_equal(web_session_try(&sessions, "dock-1", 10), -EAGAIN);
    assert_int_equal(web_session_open(&sessions, "dock-1", "W01", 10, token), 0);
    assert_int_equal(web_session_try(&sessions, "dock-1", 10), 0);
}

static void a_repeated_key_gets_the_first_answer(void **state)
{
    (void)state;
    const char *json = NULL;
    assert_int_equal(web_keys_begin(&keys, "k", "p", "ok", 0, &json), 0);
    assert_int_equal(web_keys_begin(&keys, "k", "p", "ok", 0, &json), -EINPROGRESS);
    web_keys_end(&keys, "k", "{\"n\":1}");
    assert_int_equal(web_keys_begin(&keys, "k", "p", "ok", 1, &json), 1);
    assert_string_equal(json, "{\"n\":1}");
    assert_int_equal(web_keys_begin(&keys, "k", "p", "undo", 1, &json), -EEXIST);
    assert_int_equal(web_keys_begin(&keys, "k", "q", "ok", 1, &json), -EEXIST);
}

static void a_key_of_what_failed_or_is_old_is_new_again(void **state)
{
    (void)state;
    const char *json = NULL;
    assert_int_equal(web_keys_begin(&keys, "k", "p", "ok", 0, &json), 0);
    web_keys_end(&keys, "k", NULL);
    assert_int_equal(web_keys_begin(&keys, "k", "p", "ok", 0, &json), 0);
    web_keys_end(&keys, "k", "{}");
    assert_int_equal(web_keys_begin(&keys, "k", "p", "ok", WEB_KEYS_MS, &json), 0);
}

static void newer_keys_push_old_ones_out(void **state)
{
    (void)state;
    const char *json = NULL;
    char key[WEB_KEY_SIZE];
    for (int i = 0; i <= WEB_KEYS_MAX; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        assert_int_equal(web_keys_begin(&keys, key, "p", "ok", 0, &json), 0);
        web_keys_end(&keys, key, "{}");
    }
    assert_int_equal(web_keys_begin(&keys, "k1", "p", "ok", 0, &json), 1);
    assert_int_equal(web_keys_begin(&keys, "k0", "p", "ok", 0, &json), 0);
}

int main(void)
{
    static const struct CMUnitTest plain[] = {
        cmocka_unit_test_setup(a_session_is_found_by_its_token_alone, clear),
        cmocka_unit_test_setup(a_session_ends_after_its_hours_and_by_closing, clear),
        cmocka_unit_test_setup(a_session_acts_for_its_post_and_worker_only, clear),
        cmocka_unit_test_setup(the_oldest_session_gives_way, clear),
        cmocka_unit_test_setup(strangers_get_a_few_tries_a_minute, clear),
        cmocka_unit_test_setup(signing_in_forgets_the_tries_of_its_post, clear),
        cmocka_unit_test_setup_teardown(a_repeated_key_gets_the_first_answer, clear, clear),
        cmocka_unit_test_setup_teardown(a_key_of_what_failed_or_is_old_is_new_again, clear, clear),
        cmocka_unit_test_setup_teardown(newer_keys_push_old_ones_out, clear, clear),
    };
    struct CMUnitTest tests[ARRAY_LEN(plain) + ARRAY_LEN(gate_rows)];
    memcpy(tests, plain, sizeof(plain));
    for (size_t i = 0; i < ARRAY_LEN(gate_rows); i++)
        tests[ARRAY_LEN(plain) + i] =
            (struct CMUnitTest){gate_rows[i].name, gate_row, clear, NULL, &gate_rows[i]};
    return cmocka_run_group_tests_name("web_session", tests, NULL, NULL);
}
