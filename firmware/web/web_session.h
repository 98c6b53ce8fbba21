/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_session.h -- which screens may act for which post: a bounded table of sessions, and the
 * brake on guessing PINs. It verifies no PIN: that is the station's. One owner; times are told. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "station.h"

#define WEB_TOKEN_SIZE 33 /* 128 random bits in hex */
#define WEB_SESSIONS_MAX 32
#define WEB_SESSION_MS INT64_C(43200000) /* 12 h: a shift and its ends */
#define WEB_TRIES_MAX 8                  /* sign-in steps of strangers at one post ... */
#define WEB_TRIES_MS INT64_C(60000)      /* ... within this */

struct web_session {
    char token[WEB_TOKEN_SIZE]; /* "": the place is free */
    char post[STATION_POST_SIZE];
    char worker[ENTRY_WORKER_SIZE]; /* "": a panel, which serves whoever is signed in at its post */
    int64_t began_mono_ms;
};

struct web_tries {
    char post[STATION_POST_SIZE];
    int32_t count;
    int64_t first_mono_ms;
};

struct web_sessions { /* all zero: nobody */
    struct web_session places[WEB_SESSIONS_MAX];
    struct web_tries tries[STATION_POSTS_MAX];
};

/* A session for a screen at the post; the oldest one gives way when the table is full, and the
 * steps that signing in took are forgotten. worker "" makes it a panel's. -errno of getrandom(2).
 */
NODISCARD int web_session_open(struct web_sessions *s, const char *post, const char *worker,
                               int64_t now_mono_ms, char ret_token[WEB_TOKEN_SIZE]);

/* Forgets the steps that signing in at the post took: who may sign in was no guesser. */
void web_session_signed_in(struct web_sessions *s, const char *post);

/* The session of the token, or NULL. Takes the same time for every wrong token. Borrowed until the
 * next call. */
const struct web_session *web_session_find(const struct web_sessions *s, const char *token,
                                           int64_t now_mono_ms);

/* Whether the session acts for the post while that worker is signed in there. */
bool web_session_holds(const struct web_session *session, const char *post, const char *worker);

void web_session_close(struct web_sessions *s, const char *token);

/* Counts a sign-in step that came without a session: 0, or -EAGAIN when the post had its share. */
NODISCARD int web_session_try(struct web_sessions *s, const char *post, int64_t now_mono_ms);
