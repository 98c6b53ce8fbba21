/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_gate.h -- who may do what: the rules that web.h states, in one place. It asks the station
 * for views and the journal for a worker's role, and changes neither. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "web.h"
#include "web_route.h"
#include "web_session.h"

struct web_gate {
    unsigned status;     /* 200: go on */
    const char *code;    /* static */
    const char *message; /* static */
    bool signs_in;       /* a step of signing in: when it succeeds, the screen gets a session */
};

/* Whether a screen with that session (NULL: none) sees only that someone works at the post. */
bool web_gate_locked(const struct web_session *session, const struct station_view *view);

/* A command to the post of that view. Counts steps of signing in by strangers. */
struct web_gate web_gate_command(struct web_sessions *sessions, const struct web_session *session,
                                 const struct station_view *view, const char *command,
                                 int64_t now_mono_ms);

/* A route that reads or writes lists. */
struct web_gate web_gate_list(const struct web_route *route, const struct web_session *session,
                              const struct web_floor *floor);
