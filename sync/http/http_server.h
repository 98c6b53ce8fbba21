/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_server.h -- an HTTP server over libmicrohttpd, a thread a connection: it bounds what
 * comes in, and sends what goes out with the headers that keep a page safe. It knows no route and
 * judges nobody; that is its two callbacks', which run in the connection's thread and may block.
 *
 *   line and headers are there ->  on_head     answers now, or says how long a body may be
 *   the body is there          ->  on_request  answers, once */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "attr.h"
#include "diag.h"
#include "http_asset.h"

struct http_server;
struct http_request;

struct http_conf {
    const char *address; /* numeric, v4 or v6 */
    uint16_t port;       /* 0: any that is free, see http_server_port() */
    unsigned connections_max;
    unsigned per_address_max; /* connections of one client's address; 0: no limit of its own */
    size_t stack_bytes;       /* of a connection's thread */
    /* PEM texts of a certificate chain and its key; both NULL: no TLS. Borrowed for the call. */
    const char *certificate;
    const char *key;

    /* 0: go on to on_request; 1: it has answered. */
    int (*on_head)(struct http_request *r, void *context);
    /* Answers; a request that it leaves unanswered has its connection closed. */
    void (*on_request)(struct http_request *r, void *context);
    /* The request is over: frees what http_set_state() put there. NULL: nothing to free. */
    void (*on_done)(void *state, void *context);
    void *context;
};

/* Listens and starts its threads. Strings of conf are borrowed for the call alone.
 *   -EINVAL  *reterr: no numeric address, or TLS cannot be had with this certificate and key
 *   -EADDRINUSE -EACCES -EADDRNOTAVAIL ... of bind(2), -ENOMEM, -EIO  with *reterr */
NODISCARD int http_server_open(const struct http_conf *conf, struct diag *reterr,
                               struct http_server **ret);
uint16_t http_server_port(const struct http_server *s);
void http_server_free(struct http_server *s); /* waits for the threads; NULL is fine */
DEFINE_AUTO(http_server);

/* ---- a request; all is borrowed until its end ---- */
const char *http_method(const struct http_request *r);
const char *http_path(const struct http_request *r); /* percent signs are decoded */
const char *http_header(const struct http_request *r, const char *name); /* "": none */
const char *http_cookie(const struct http_request *r, const char *name); /* NULL: none */
bool http_loopback(const struct http_request *r); /* it comes from this machine itself */

#define HTTP_PEER_SIZE 48
const char *http_peer(const struct http_request *r, char buf[HTTP_PEER_SIZE]); /* its address */

/* The arguments of the query, decoded; value NULL: without "=". Stops at a non-zero return, which
 * is passed on. */
typedef int (*http_arg_fn)(const char *name, const char *value, void *context);
int http_args(const struct http_request *r, http_arg_fn on_arg, void *context);

/* In on_head: how many bytes of a body are kept. 0 without a word. */
void http_set_body_max(struct http_request *r, size_t max);
const char *http_body(const struct http_request *r, size_t *ret_len); /* NUL behind it */
bool http_body_too_long(const struct http_request *r); /* then there is no body; also in on_head */

void http_set_state(struct http_request *r, void *state); /* for on_done */
void *http_state(const struct http_request *r);

/* Whether a name in the Host header is an address, localhost, *.local, or `own` ("": none): a
 * foreign page cannot reach us under a name of its own that it points at our address. */
bool http_host_is_ours(const struct http_request *r, const char *own);

/* Whether it was not sent by a page from elsewhere. */
bool http_origin_is_ours(const struct http_request *r);

/* ---- its answer, once ---- */
#define HTTP_HEADERS_MAX 4
#define HTTP_HEADER_SIZE 160

struct http_answer {
    unsigned status;
    const char *type; /* static */
    char *text;       /* taken; NULL: there was no memory for it, or it is empty */
    size_t len;
    bool form; /* a page with a form, which may be sent to us and nowhere else */
    struct {
        const char *name; /* static; NULL ends them */
        char value[HTTP_HEADER_SIZE];
    } headers[HTTP_HEADERS_MAX];
};

/* Takes answer->text in any case. Never cached. */
void http_respond(struct http_request *r, struct http_answer *answer);

/* A file of the bundle, or with a folder one of the folder; 304 when the client has it. -ENOENT:
 * there is none, nothing was answered. */
NODISCARD int http_respond_asset(struct http_request *r, const struct http_asset *bundle,
                                 const char *folder);

/* Server-sent events: `next` blocks, for a short while, for the text that is sent next (from
 * malloc(), taken); a negative return ends the stream. `free` is called in the end, in any case. */
struct http_stream {
    int (*next)(void *context, char **ret_text);
    void (*free)(void *context);
    void *context;
};
void http_respond_stream(struct http_request *r, const struct http_stream *stream);
