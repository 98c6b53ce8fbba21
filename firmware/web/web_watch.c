/* SPDX-License-Identifier: Apache-2.0 */
#include "web_watch.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queue.h"

struct web_watch {
    atomic_int holds;
    atomic_bool ended;
    char post[STATION_POST_SIZE];
    struct queue *events;
};

int web_watch_open(const char *post, struct web_watch **ret)
{
    assert(post && ret);
    AUTO(web_watch) w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    atomic_init(&w->holds, 1);
    atomic_init(&w->ended, false);
    snprintf(w->post, sizeof(w->post), "%s", post);
    int err = queue_open(WEB_WATCH_VIEWS_MAX, sizeof(struct web_event), &w->events);
    if (err < 0)
        return err;
    *ret = TAKE(w);
    return 0;
}

struct web_watch *web_watch_hold(struct web_watch *w)
{
    assert(w);
    atomic_fetch_add(&w->holds, 1);
    return w;
}

const char *web_watch_post(const struct web_watch *w)
{
    assert(w);
    return w->post;
}

int web_watch_put(struct web_watch *w, const char *id, const char *json)
{
    assert(w && id && json);
    struct web_event event = {.json = strdup(json)};
    if (!event.json)
        return -ENOMEM;
    snprintf(event.id, sizeof(event.id), "%s", id);
    int err = queue_put(w->events, &event);
    if (err < 0)
        free(event.json);
    return err;
}

int web_watch_wait(struct web_watch *w, int timeout_ms, struct web_event *ret)
{
    assert(w && ret);
    /* Ended means ended: a dropped screen shall come back for the newest view, not read old ones.
     */
    if (web_watch_ended(w))
        return -EPIPE;
    if (queue_take_wait(w->events, ret, timeout_ms) == 1)
        return 1;
    return web_watch_ended(w) ? -EPIPE : 0;
}

void web_watch_end(struct web_watch *w)
{
    assert(w);
    atomic_store(&w->ended, true);
    queue_close_input(w->events);
}

bool web_watch_ended(const struct web_watch *w)
{
    assert(w);
    return atomic_load(&w->ended);
}

void web_watch_free(struct web_watch *w)
{
    if (!w || atomic_fetch_sub(&w->holds, 1) > 1)
        return;
    struct web_event unread;
    while (w->events && queue_take(w->events, &unread) == 1)
        free(unread.json);
    queue_free(w->events);
    free(w);
}
