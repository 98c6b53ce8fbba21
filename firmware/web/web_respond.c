/* SPDX-License-Identifier: Apache-2.0 */
#include "web_respond.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web_asset.h"
#include "web_view.h"

#define EVENT_BLOCK_BYTES (16 << 10)

/* An event stream: what is being written, and where it comes from. */
struct stream {
    struct web_watch *watch;
    int beat_ms;
    char *text; /* owned; NULL between two events */
    size_t len, done;
};

static const char *const security_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
     "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

const char *web_respond_header(struct MHD_Connection *c, const char *name)
{
    const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    return value ? value : "";
}

/* Sends and lets go of the response. */
static enum MHD_Result respond(struct MHD_Connection *c, unsigned status,
                               struct MHD_Response *response)
{
    if (!response)
        return MHD_NO; /* no memory: the connection is closed */
    for (size_t i = 0; i < ARRAY_LEN(security_headers); i++)
        MHD_add_response_header(response, security_headers[i][0], security_headers[i][1]);
    enum MHD_Result sent = MHD_queue_response(c, status, response);
    MHD_destroy_response(response);
    return sent;
}

/* Takes json; NULL says that there was no memory for it. */
static struct MHD_Response *json_response(char *json)
{
    static char none[] = "{\"error\":\"no_memory\",\"message\":\"no memory\",\"allowed\":null}";
    struct MHD_Response *response =
        json ? MHD_create_response_from_buffer(strlen(json), json, MHD_RESPMEM_MUST_FREE)
             : MHD_create_response_from_buffer(strlen(none), none, MHD_RESPMEM_PERSISTENT);
    if (!response) {
        free(json);
        return NULL;
    }
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    return response;
}

enum MHD_Result web_respond_error(struct MHD_Connection *c, unsigned status, const char *code,
                                  const char *message, const char *allowed)
{
    struct MHD_Response *response = json_response(web_error_json(code, message, allowed));
    if (response && status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", allowed);
    return respond(c, status, response);
}

enum MHD_Result web_respond_asset(struct MHD_Connection *c, const char *folder, const char *url)
{
    struct web_asset read = {.name = NULL};
    const struct web_asset *asset = NULL;
    if (!folder)
        asset = web_asset_find(url);
    else if (web_asset_read(folder, url, &read) == 0)
        asset = &read;
    if (!asset)
        return web_respond_error(c, MHD_HTTP_NOT_FOUND, "path", "there is no such file", NULL);

    bool known =
        asset->etag[0] != '\0' && strcmp(web_respond_header(c, "If-None-Match"), asset->etag) == 0;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        known ? 0 : asset->len, known ? (void *)"" : (void *)(uintptr_t)asset->bytes,
        folder && !known ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) {
        if (folder)
            free((void *)(uintptr_t)asset->bytes);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", asset->type);
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    if (asset->etag[0] != '\0')
        MHD_add_response_header(response, "ETag", asset->etag);
    return respond(c, known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

enum MHD_Result web_respond_reply(struct MHD_Connection *c, const struct web_reply *reply)
{
    struct MHD_Response *response = json_response(reply->json);
    char text[128];
    if (response && reply->token[0] != '\0') {
        snprintf(text, sizeof(text),
                 WEB_COOKIE "=%s; Path=/api/v1; Max-Age=%d; HttpOnly; SameSite=Strict",
                 reply->token, (int)(WEB_SESSION_MS / 1000));
        MHD_add_response_header(response, "Set-Cookie", text);
    }
    if (response && reply->forget)
        MHD_add_response_header(response, "Set-Cookie",
                                WEB_COOKIE "=; Path=/api/v1; Max-Age=0; HttpOnly; SameSite=Strict");
    if (response && reply->retry_s > 0) {
        snprintf(text, sizeof(text), "%d", (int)reply->retry_s);
        MHD_add_response_header(response, "Retry-After", text);
    }
    return respond(c, reply->json ? reply->status : MHD_HTTP_INTERNAL_SERVER_ERROR, response);
}

static int next_event(struct stream *s)
{
    struct web_event event;
    int n = web_watch_wait(s->watch, s->beat_ms, &event);
    if (n < 0)
        return n;
    int len = n == 0
                  ? asprintf(&s->text, "event: beat\ndata: 0\n\n")
                  : asprintf(&s->text, "id: %s\nevent: view\ndata: %s\n\n", event.id, event.json);
    if (n == 1)
        free(event.json);
    if (len < 0) {
        s->text = NULL;
        return -ENOMEM;
    }
    s->len = (size_t)len;
    s->done = 0;
    return 0;
}

/* Blocks its connection's own thread for at most a beat. */
static ssize_t read_stream(void *context, uint64_t position, char *buf, size_t max)
{
    (void)position;
    struct stream *s = context;
    if (!s->text && next_event(s) < 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t n = s->len - s->done < max ? s->len - s->done : max;
    memcpy(buf, s->text + s->done, n);
    s->done += n;
    if (s->done == s->len) {
        free(s->text);
        s->text = NULL;
    }
    return (ssize_t)n;
}

static void free_stream(void *context)
{
    struct stream *s = context;
    web_watch_end(s->watch);
    web_watch_free(s->watch);
    free(s->text);
    free(s);
}

enum MHD_Result web_respond_stream(struct MHD_Connection *c, struct web_watch *watch, int beat_ms)
{
    struct stream *s = calloc(1, sizeof(*s));
    if (!s)
        return MHD_NO;
    s->watch = web_watch_hold(watch);
    s->beat_ms = beat_ms;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, EVENT_BLOCK_BYTES, read_stream, s, free_stream);
    if (!response) {
        free_stream(s);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    return respond(c, MHD_HTTP_OK, response);
}
