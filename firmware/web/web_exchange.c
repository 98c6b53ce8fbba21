/* SPDX-License-Identifier: Apache-2.0 */
#include "web_exchange.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "queue.h"

struct web_exchange {
    atomic_int holds;
    struct web_request request;
    struct queue *replies; /* room for the one */
};

int web_exchange_open(const struct web_request *request, struct web_exchange **ret)
{
    assert(request && ret);
    AUTO(web_exchange) x = calloc(1, sizeof(*x));
    if (!x)
        return -ENOMEM;
    atomic_init(&x->holds, 1);
    x->request = *request;
    int err = queue_open(1, sizeof(struct web_reply), &x->replies);
    if (err < 0)
        return err;
    *ret = TAKE(x);
    return 0;
}

struct web_exchange *web_exchange_hold(struct web_exchange *x)
{
    assert(x);
    atomic_fetch_add(&x->holds, 1);
    return x;
}

const struct web_request *web_exchange_request(const struct web_exchange *x)
{
    assert(x);
    return &x->request;
}

void web_exchange_answer(struct web_exchange *x, const struct web_reply *reply)
{
    assert(x && reply);
    if (queue_put(x->replies, reply) < 0)
        free(reply->json);
}

int web_exchange_wait(struct web_exchange *x, int timeout_ms, struct web_reply *ret)
{
    assert(x && ret);
    return queue_take_wait(x->replies, ret, timeout_ms);
}

static void free_replies(struct queue *replies)
{
    struct web_reply unread = {.json = NULL};
    if (replies && queue_take(replies, &unread) == 1)
        free(unread.json);
    queue_free(replies);
}

void web_exchange_free(struct web_exchange *x)
{
    if (!x || atomic_fetch_sub(&x->holds, 1) > 1)
        return;
    free_replies(x->replies);
    free(x);
}
