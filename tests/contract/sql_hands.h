/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/contract/sql_hands.h -- several connections to a store that work at the same time. */
#pragma once

#include "sql_steps.h"

#include <pthread.h>

#define HANDS_MAX 8

struct hand {
    const struct relay_case *store;
    const char *tenant;
    const char *first; /* what it works on, as the test means it */
    const char *second;
    int err; /* what became of it */
};

/* Each in a thread of its own; returns when all have done their work. */
static inline void hands_work(struct hand *hands, size_t n, void *(*work)(void *hand))
{
    pthread_t threads[HANDS_MAX];
    assert_true(n <= HANDS_MAX);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &hands[i]), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static inline void hands_succeeded(const struct hand *hands, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(hands[i].err, 0);
}
