/* SPDX-License-Identifier: Apache-2.0 */
#include "web_gate.h"

#include <assert.h>
#include <string.h>

#include "master.h"

#define ROLE_SUPERVISOR 1

static const struct web_gate go_on = {.status = 200};

/* What a screen may send while nobody is signed in. */
static const struct {
    const char *word;
    bool signs_in;
} open_words[] = {{"worker:", true}, {"pin:", true}, {"language:", false}, {"cancel", false}};

bool web_gate_locked(const struct web_session *session, const struct station_view *view)
{
    assert(view);
    return view->worker[0] != '\0' && !web_session_holds(session, view->post, view->worker);
}

struct web_gate web_gate_command(struct web_sessions *sessions, const struct web_session *session,
                                 const struct station_view *view, const char *command,
                                 int64_t now_mono_ms)
{
    assert(sessions && view && command);
    if (web_session_holds(session, view->post, view->worker))
        return go_on;
    if (view->worker[0] != '\0')
        return (struct web_gate){403, "post_in_use", "someone works at this post", false};
    for (size_t i = 0; i < ARRAY_LEN(open_words); i++) {
        if (strncmp(command, open_words[i].word, strlen(open_words[i].word)) != 0)
            continue;
        if (web_session_try(sessions, view->post, now_mono_ms) < 0)
            return (struct web_gate){429, "too_many_tries", "wait a minute, then sign in", false};
        return (struct web_gate){.status = 200, .signs_in = open_words[i].signs_in};
    }
    return (struct web_gate){401, "sign_in", "a worker signs in first", false};
}

struct web_gate web_gate_list(const struct web_route *route, const struct web_session *session,
                              const struct web_floor *floor)
{
    assert(route && floor);
    if (route->access == ACCESS_OPEN)
        return go_on;
    struct station_view view;
    if (!session || station_view(floor->station, session->post, floor->now.mono_ms, &view) < 0 ||
        !web_session_holds(session, view.post, view.worker))
        return (struct web_gate){401, "sign_in", "a worker signs in first", false};
    if (route->tells_stock && strcmp(view.flow, "count") == 0)
        return (struct web_gate){403, "counting_blind", "first end the count", false};
    struct catalogue_worker worker;
    if (route->access == ACCESS_SUPERVISOR &&
        (master_worker(floor->journal, view.worker, &worker) != 1 || worker.role < ROLE_SUPERVISOR))
        return (struct web_gate){403, "supervisor", "this is for supervisors", false};
    return go_on;
}
