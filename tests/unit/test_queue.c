/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include "queue.h"

static int readable(struct queue *q)
{
    struct pollfd p = {.fd = queue_fd(q), .events = POLLIN};
    return poll(&p, 1, 0);
}

static void items_leave_in_the_order_they_came(void **state)
{
    (void)state;
    AUTO(queue) q = NULL;
    assert_int_equal(queue_open(3, sizeof(int), &q), 0);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 3; i++)
            assert_int_equal(queue_put(q, &i), 0);
        for (int i = 0; i < 3; i++) {
            int got = -1;
            assert_int_equal(queue_take(q, &got), 1);
            assert_int_equal(got, i);
        }
    }
}

static void a_full_queue_refuses_and_keeps_what_it_has(void **state)
{
    (void)state;
    AUTO(queue) q = NULL;
    assert_int_equal(queue_open(1, sizeof(int), &q), 0);
    int item = 7;
    assert_int_equal(queue_put(q, &item), 0);
    item = 8;
    assert_int_equal(queue_put(q, &item), -EAGAIN);
    assert_int_equal(queue_take(q, &item), 1);
    assert_int_equal(item, 7);
}

static void its_descriptor_is_readable_exactly_while_items_wait(void **state)
{
    (void)state;
    AUTO(queue) q = NULL;
    assert_int_equal(queue_open(4, sizeof(int), &q), 0);
    int item = 1;
    assert_int_equal(readable(q), 0);
    assert_int_equal(queue_put(q, &item), 0);
    assert_int_equal(queue_put(q, &item), 0);
    assert_int_equal(readable(q), 1);
    assert_int_equal(queue_take(q, &item), 1);
    assert_int_equal(readable(q), 1);
    assert_int_equal(queue_take(q, &item), 1);
    assert_int_equal(readable(q), 0);
    assert_int_equal(queue_take(q, &item), 0);
}

static void a_closed_queue_gives_what_it_holds_and_then_nothing(void **state)
{
    (void)state;
    AUTO(queue) q = NULL;
    assert_int_equal(queue_open(4, sizeof(int), &q), 0);
    int item = 5;
    assert_int_equal(queue_put(q, &item), 0);
    queue_close_input(q);
    assert_int_equal(queue_put(q, &item), -EPIPE);
    assert_int_equal(queue_take_wait(q, &item, -1), 1);
    assert_int_equal(queue_take_wait(q, &item, -1), 0);
}

#define PUTTERS 4
#define ITEMS_EACH 20000

struct putter {
    struct queue *q;
    int base;
};

static void *put_many(void *arg)
{
    struct putter *p = arg;
    for (int i = 0; i < ITEMS_EACH; i++) {
        int item = p->base + i;
        while (queue_put(p->q, &item) == -EAGAIN)
            sched_yield();
    }
    return NULL;
}

static void threads_lose_and_double_nothing(void **state)
{
    (void)state;
    AUTO(queue) q = NULL;
    assert_int_equal(queue_open(64, sizeof(int), &q), 0);
    pthread_t threads[PUTTERS];
    struct putter putters[PUTTERS];
    for (int i = 0; i < PUTTERS; i++) {
        putters[i] = (struct putter){q, i * ITEMS_EACH};
        assert_int_equal(pthread_create(&threads[i], NULL, put_many, &putters[i]), 0);
    }
    int next[PUTTERS] = {0}; /* each putter's items come in its own order */
    for (int n = 0; n < PUTTERS * ITEMS_EACH; n++) {
        int item = -1;
        assert_int_equal(queue_take_wait(q, &item, 60000), 1);
        int who = item / ITEMS_EACH;
        assert_in_range(who, 0, PUTTERS - 1);
        assert_int_equal(item % ITEMS_EACH, next[who]++);
    }
    for (int i = 0; i < PUTTERS; i++)
        pthread_join(threads[i], NULL);
    int item = 0;
    assert_int_equal(queue_take_wait(q, &item, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_leave_in_the_order_they_came),
        cmocka_unit_test(a_full_queue_refuses_and_keeps_what_it_has),
        cmocka_unit_test(its_descriptor_is_readable_exactly_while_items_wait),
        cmocka_unit_test(a_closed_queue_gives_what_it_holds_and_then_nothing),
        cmocka_unit_test(threads_lose_and_double_nothing),
    };
    return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
