/* SPDX-License-Identifier: Apache-2.0 */
#include "web_audience.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web_gate.h"
#include "web_view.h"

static void drop(struct web_audience *a, size_t i)
{
    web_watch_end(a->watchers[i].watch);
    web_watch_free(a->watchers[i].watch);
    a->watchers[i] = a->watchers[--a->count];
}

static void drop_gone(struct web_audience *a)
{
    for (size_t i = a->count; i-- > 0;) {
        if (web_watch_ended(a->watchers[i].watch))
            drop(a, i);
    }
}

/* Gives the watcher its post's view unless it has it. Negative when it cannot. */
static int tell(const struct web_audience *a, const struct web_floor *floor,
                const struct web_sessions *sessions, struct web_watcher *to)
{
    struct station_view view;
    int err = station_view(floor->station, web_watch_post(to->watch), floor->now.mono_ms, &view);
    if (err < 0)
        return err;
    bool locked = web_gate_locked(web_session_find(sessions, to->token, floor->steady_ms), &view);
    char id[WEB_EVENT_ID_SIZE]; /* a locked view is another one than the whole */
    snprintf(id, sizeof(id), "%08x-%lld%s", a->run, (long long)view.version, locked ? "-l" : "");
    if (strcmp(id, to->last_id) == 0)
        return 0;
    char *json = web_view_json(&view, locked);
    err = json ? web_watch_put(to->watch, id, json) : -ENOMEM;
    free(json);
    if (err == 0)
        memcpy(to->last_id, id, sizeof(id));
    return err;
}

int web_audience_join(struct web_audience *a, const struct web_floor *floor,
                      const struct web_sessions *sessions, struct web_watch *watch,
                      const char *token, const char *last_id)
{
    assert(a && floor && sessions && watch && token && last_id);
    drop_gone(a);
    if (a->count == WEB_WATCHERS_MAX)
        return -EAGAIN;
    struct web_watcher *to = &a->watchers[a->count++];
    *to = (struct web_watcher){.watch = web_watch_hold(watch)};
    snprintf(to->token, sizeof(to->token), "%s", token);
    snprintf(to->last_id, sizeof(to->last_id), "%s", last_id);
    int err = tell(a, floor, sessions, to);
    if (err < 0)
        drop(a, a->count - 1);
    return err;
}

void web_audience_tell(struct web_audience *a, const struct web_floor *floor,
                       const struct web_sessions *sessions)
{
    assert(a && floor && sessions);
    drop_gone(a);
    for (size_t i = a->count; i-- > 0;) {
        if (tell(a, floor, sessions, &a->watchers[i]) < 0)
            drop(a, i);
    }
}

void web_audience_end(struct web_audience *a)
{
    assert(a);
    while (a->count > 0)
        drop(a, a->count - 1);
}
