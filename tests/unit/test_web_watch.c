/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "web_exchange.h"
#include "web_watch.h"

static void views_arrive_in_order(void **state)
{
    (void)state;
    AUTO(web_watch) w = NULL;
    assert_int_equal(web_watch_open("dock-1", &w), 0);
    assert_string_equal(web_watch_post(w), "dock-1");
    assert_int_equal(web_watch_put(w, "r-1", "{1}"), 0);
    assert_int_equal(web_watch_put(w, "r-2", "{2}"), 0);
    struct web_event event;
    assert_int_equal(web_watch_wait(w, 0, &event), 1);
    assert_string_equal(event.id, "r-1");
    assert_string_equal(event.json, "{1}");
    free(event.json);
    assert_int_equal(web_watch_wait(w, 0, &event), 1);
    free(event.json);
    assert_int_equal(web_watch_wait(w, 0, &event), 0);
}

static void a_slow_screen_is_told_apart_and_loses_what_it_did_not_read(void **state)
{
    (void)state;
    AUTO(web_watch) w = NULL;
    assert_int_equal(web_watch_open("dock-1", &w), 0);
    for (int i = 0; i < WEB_WATCH_VIEWS_MAX; i++)
        assert_int_equal(web_watch_put(w, "r-1", "{}"), 0);
    assert_int_equal(web_watch_put(w, "r-1", "{}"), -EAGAIN);
    web_watch_end(w);
    struct web_event event;
    assert_int_equal(web_watch_wait(w, -1, &event), -EPIPE);
    assert_int_equal(web_watch_put(w, "r-1", "{}"), -EPIPE);
}

static void *end_it(void *context)
{
    web_watch_end(context);
    web_watch_free(context);
    return NULL;
}

static void an_end_wakes_the_other_side_and_the_last_one_frees(void **state)
{
    (void)state;
    AUTO(web_watch) w = NULL;
    assert_int_equal(web_watch_open("dock-1", &w), 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, end_it, web_watch_hold(w)), 0);
    struct web_event event;
    assert_int_equal(web_watch_wait(w, -1, &event), -EPIPE);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void *answer_it(void *context)
{
    struct web_reply reply = {.status = 200, .json = strdup("{}")};
    web_exchange_answer(context, &reply);
    web_exchange_free(context);
    return NULL;
}

static void a_request_thread_gets_the_loops_answer(void **state)
{
    (void)state;
    struct web_request request = {.param = "dock-1"};
    AUTO(web_exchange) x = NULL;
    assert_int_equal(web_exchange_open(&request, &x), 0);
    assert_string_equal(web_exchange_request(x)->param, "dock-1");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, answer_it, web_exchange_hold(x)), 0);
    struct web_reply reply;
    assert_int_equal(web_exchange_wait(x, -1, &reply), 1);
    assert_string_equal(reply.json, "{}");
    free(reply.json);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void an_answer_to_a_thread_that_gave_up_is_freed(void **state)
{
    (void)state;
    struct web_request request = {.param = ""};
    struct web_exchange *x = NULL;
    assert_int_equal(web_exchange_open(&request, &x), 0);
    struct web_exchange *loops = web_exchange_hold(x);
    struct web_reply reply;
    assert_int_equal(web_exchange_wait(x, 0, &reply), 0);
    web_exchange_free(x);
    answer_it(loops); /* the sanitizer finds what is left */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_arrive_in_order),
        cmocka_unit_test(a_slow_screen_is_told_apart_and_loses_what_it_did_not_read),
        cmocka_unit_test(an_end_wakes_the_other_side_and_the_last_one_frees),
        cmocka_unit_test(a_request_thread_gets_the_loops_answer),
        cmocka_unit_test(an_answer_to_a_thread_that_gave_up_is_freed),
    };
    return cmocka_run_group_tests_name("web_watch", tests, NULL, NULL);
}
