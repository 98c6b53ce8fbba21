/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_watch.h -- one screen that watches a post by server-sent events: a bounded queue of views
 * from the loop to the request thread that writes them. Both hold it; whoever lets go last frees
 * it. A view is complete, so a screen that reconnects needs only the newest. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "station.h"

#define WEB_WATCH_VIEWS_MAX 16 /* views that a slow screen may lag behind before it is dropped */
#define WEB_EVENT_ID_SIZE 33

struct web_watch;

struct web_event {
    char id[WEB_EVENT_ID_SIZE];
    char *json; /* owned */
};

/* -ENOMEM, or -errno of eventfd(2). */
NODISCARD int web_watch_open(const char *post, struct web_watch **ret);

/* A second hold on it, for the other thread. Returns w. */
struct web_watch *web_watch_hold(struct web_watch *w);

const char *web_watch_post(const struct web_watch *w);

/* The loop's side: copies the text in. Never blocks.
 *   -EPIPE   one of the two sides has ended it
 *   -EAGAIN  the screen lags too far behind: end it
 *   -ENOMEM */
NODISCARD int web_watch_put(struct web_watch *w, const char *id, const char *json);

/* The writer's side: 1 and *ret, whose json the caller frees; 0 on time-out; -EPIPE when ended. */
NODISCARD int web_watch_wait(struct web_watch *w, int timeout_ms, struct web_event *ret);

/* Either side: no more views. The other one sees it with its next call. */
void web_watch_end(struct web_watch *w);
bool web_watch_ended(const struct web_watch *w);

/* Lets go. NULL is fine. */
void web_watch_free(struct web_watch *w);
DEFINE_AUTO(web_watch);
