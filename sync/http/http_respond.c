/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http_request.h"

#define EVENT_BLOCK_BYTES (16 << 10)

/* An event stream: what is being written, and where it comes from. */
struct sending {
    struct http_stream from;
    char *text; /* owned; NULL between two events */
    size_t len, done;
};

static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";
static const char form_policy[] = "default-src 'none'; base-uri 'none'; form-action 'self'; "
                                  "frame-ancestors 'none'";
static const char *const security_headers[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

/* Sends and lets go of the response. */
static void respond(struct http_request *r, unsigned status, struct MHD_Response *response,
                    bool form)
{
    r->answered = true;
    r->result = MHD_NO; /* no memory: the connection is closed */
    if (!response)
        return;
    MHD_add_response_header(response, "Content-Security-Policy", form ? form_policy : policy);
    for (size_t i = 0; i < ARRAY_LEN(security_headers); i++)
        MHD_add_response_header(response, security_headers[i][0], security_headers[i][1]);
    r->result = MHD_queue_response(r->connection, status, response);
    MHD_destroy_response(response);
}

void http_respond(struct http_request *r, struct http_answer *answer)
{
    struct MHD_Response *response =
        answer->text
            ? MHD_create_response_from_buffer(answer->len, answer->text, MHD_RESPMEM_MUST_FREE)
            : MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    if (!response)
        free(answer->text);
    answer->text = NULL;
    if (response) {
        MHD_add_response_header(response, "Content-Type", answer->type);
        MHD_add_response_header(response, "Cache-Control", "no-store");
        for (size_t i = 0; i < HTTP_HEADERS_MAX && answer->headers[i].name; i++)
            MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    }
    respond(r, answer->status, response, answer->form);
}

/* RFC 9110 12.5.3, as far as browsers use it: named, and not with a weight of 0. */
static bool takes_gzip(const struct http_request *r)
{
    const char *at = strstr(http_header(r, "Accept-Encoding"), "gzip");
    return at && strcmp(at, "gzip;q=0") != 0 && strncmp(at, "gzip;q=0,", 9) != 0;
}

/* What of an asset goes out: its bytes, or the same compressed. */
struct body {
    const char *etag;
    const uint8_t *bytes;
    size_t len;
};

int http_respond_asset(struct http_request *r, const struct http_asset *bundle, const char *folder)
{
    struct http_asset read = {.name = NULL};
    const struct http_asset *asset = NULL;
    if (!folder)
        asset = http_asset_find(bundle, r->path);
    else if (http_asset_read(folder, r->path, &read) == 0)
        asset = &read;
    if (!asset)
        return -ENOENT;

    bool gzip = asset->gzip && takes_gzip(r);
    struct body body = gzip ? (struct body){asset->gzip_etag, asset->gzip, asset->gzip_len}
                            : (struct body){asset->etag, asset->bytes, asset->len};
    bool known = body.etag[0] != '\0' && strcmp(http_header(r, "If-None-Match"), body.etag) == 0;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        known ? 0 : body.len, known ? (void *)"" : (void *)(uintptr_t)body.bytes,
        folder && !known ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response && folder)
        free((void *)(uintptr_t)asset->bytes);
    if (response) {
        MHD_add_response_header(response, "Content-Type", asset->type);
        MHD_add_response_header(response, "Cache-Control", "no-cache");
        if (asset->gzip)
            MHD_add_response_header(response, "Vary", "Accept-Encoding");
        if (gzip)
            MHD_add_response_header(response, "Content-Encoding", "gzip");
        if (body.etag[0] != '\0')
            MHD_add_response_header(response, "ETag", body.etag);
    }
    respond(r, known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response, false);
    return 0;
}

/* Blocks its connection's own thread as long as the stream's next does. */
static ssize_t read_stream(void *context, uint64_t position, char *buf, size_t max)
{
    (void)position;
    struct sending *s = context;
    if (!s->text) {
        if (s->from.next(s->from.context, &s->text) < 0)
            return MHD_CONTENT_READER_END_OF_STREAM;
        s->len = strlen(s->text);
        s->done = 0;
    }
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
    struct sending *s = context;
    s->from.free(s->from.context);
    free(s->text);
    free(s);
}

void http_respond_stream(struct http_request *r, const struct http_stream *stream)
{
    struct sending *s = calloc(1, sizeof(*s));
    struct MHD_Response *response = NULL;
    if (s) {
        s->from = *stream;
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, EVENT_BLOCK_BYTES,
                                                     read_stream, s, free_stream);
    }
    if (!response) {
        stream->free(stream->context);
        free(s);
    } else {
        MHD_add_response_header(response, "Content-Type", "text/event-stream");
        MHD_add_response_header(response, "Cache-Control", "no-store");
    }
    respond(r, MHD_HTTP_OK, response, false);
}
