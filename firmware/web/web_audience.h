/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_audience.h -- the screens that watch posts, as the loop sees them: which view each has,
 * and who gets the next one. Bounded; a screen that lags too far behind, or went away, is let go.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "web.h"
#include "web_session.h"
#include "web_watch.h"

struct web_watcher {
    struct web_watch *watch; /* a hold of ours */
    char token[WEB_TOKEN_SIZE];
    char last_id[WEB_EVENT_ID_SIZE]; /* of the view that it has */
};

struct web_audience {
    uint32_t run; /* tells two runs of the server apart */
    struct web_watcher watchers[WEB_WATCHERS_MAX];
    size_t count;
};

/* A screen with that cookie joins, having seen last_id ("" : nothing), and is given the view unless
 * it is that one. -ENOENT: no such post; -EAGAIN: too many screens; -ENOMEM. */
NODISCARD int web_audience_join(struct web_audience *a, const struct web_floor *floor,
                                const struct web_sessions *sessions, struct web_watch *watch,
                                const char *token, const char *last_id);

/* Gives each screen the view of its post that it does not have yet. Never blocks. */
void web_audience_tell(struct web_audience *a, const struct web_floor *floor,
                       const struct web_sessions *sessions);

/* Ends all streams. */
void web_audience_end(struct web_audience *a);
