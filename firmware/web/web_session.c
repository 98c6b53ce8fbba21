/* SPDX-License-Identifier: Apache-2.0 */
#include "web_session.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static int fill_token(char ret_token[WEB_TOKEN_SIZE])
{
    uint8_t bits[(WEB_TOKEN_SIZE - 1) / 2];
    if (getrandom(bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
        return errno > 0 ? -errno : -EIO;
    for (size_t i = 0; i < sizeof(bits); i++)
        snprintf(ret_token + 2 * i, 3, "%02x", bits[i]);
    return 0;
}

void web_session_signed_in(struct web_sessions *s, const char *post)
{
    assert(s && post);
    for (size_t i = 0; i < STATION_POSTS_MAX; i++) {
        if (strcmp(s->tries[i].post, post) == 0)
            s->tries[i].count = 0;
    }
}

int web_session_open(struct web_sessions *s, const char *post, const char *worker,
                     int64_t now_mono_ms, char ret_token[WEB_TOKEN_SIZE])
{
    assert(s && post && worker && ret_token);

    struct web_session *place = &s->places[0];
    for (size_t i = 0; i < WEB_SESSIONS_MAX && place->token[0] != '\0'; i++) {
        struct web_session *other = &s->places[i];
        if (other->token[0] == '\0' || other->began_mono_ms < place->began_mono_ms)
            place = other;
    }
    struct web_session session = {.began_mono_ms = now_mono_ms};
    int err = fill_token(session.token);
    if (err < 0)
        return err;
    snprintf(session.post, sizeof(session.post), "%s", post);
    snprintf(session.worker, sizeof(session.worker), "%s", worker);
    *place = session;
    web_session_signed_in(s, post);
    memcpy(ret_token, session.token, WEB_TOKEN_SIZE);
    return 0;
}

/* Looks at every byte, so that the time tells nothing about how much of a token was right. */
static bool equal(const char *a, const char *b)
{
    unsigned char differs = 0;
    for (size_t i = 0; i < WEB_TOKEN_SIZE - 1; i++)
        differs |= (unsigned char)(a[i] ^ b[i]);
    return differs == 0;
}

const struct web_session *web_session_find(const struct web_sessions *s, const char *token,
                                           int64_t now_mono_ms)
{
    assert(s && token);
    if (strlen(token) != WEB_TOKEN_SIZE - 1)
        return NULL;
    const struct web_session *found = NULL;
    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++) {
        const struct web_session *place = &s->places[i];
        if (equal(place->token, token) && now_mono_ms - place->began_mono_ms < WEB_SESSION_MS)
            found = place;
    }
    return found;
}

bool web_session_holds(const struct web_session *session, const char *post, const char *worker)
{
    return session && worker[0] != '\0' && strcmp(session->post, post) == 0 &&
           (session->worker[0] == '\0' || strcmp(session->worker, worker) == 0);
}

void web_session_close(struct web_sessions *s, const char *token)
{
    assert(s && token);
    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++) {
        if (s->places[i].token[0] != '\0' && strcmp(s->places[i].token, token) == 0)
            s->places[i] = (struct web_session){.token = ""};
    }
}

int web_session_try(struct web_sessions *s, const char *post, int64_t now_mono_ms)
{
    assert(s && post);
    struct web_tries *row = &s->tries[0];
    for (size_t i = 0; i < STATION_POSTS_MAX; i++) {
        row = &s->tries[i];
        if (row->post[0] == '\0' || strcmp(row->post, post) == 0)
            break;
    }
    if (strcmp(row->post, post) != 0 || now_mono_ms - row->first_mono_ms >= WEB_TRIES_MS) {
        *row = (struct web_tries){.count = 0, .first_mono_ms = now_mono_ms};
        snprintf(row->post, sizeof(row->post), "%s", post);
    }
    if (row->count >= WEB_TRIES_MAX)
        return -EAGAIN;
    row->count++;
    return 0;
}
