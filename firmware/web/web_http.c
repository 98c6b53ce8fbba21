/* SPDX-License-Identifier: Apache-2.0 */
#include "web_http.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_server.h"
#include "text.h"
#include "utf8.h"
#include "web_exchange.h"
#include "web_respond.h"

#define STACK_BYTES (256 << 10)
#define PER_ADDRESS_MAX 24 /* connections of one device: a screen uses six and its stream */

struct web_http {
    struct web_http_conf conf;
    struct http_server *server;
};

/* One request while its bytes arrive. */
struct call {
    struct web_request request;
    bool asset; /* no route, a file */
};

struct arg_walk {
    struct web_request *request;
    const char *refused; /* name of the first argument that is not taken */
};

static int take_arg(const char *name, const char *value, void *context)
{
    struct arg_walk *walk = context;
    enum web_arg arg;
    if (web_route_arg(walk->request->route, name, &arg) < 0 || !value ||
        walk->request->args[arg][0] != '\0' || !utf8_is_clean(value) ||
        text_copy(walk->request->args[arg], WEB_ARG_SIZE, value) < 0) {
        walk->refused = name;
        return -EINVAL;
    }
    return 0;
}

static bool key_is_fine(const char *key)
{
    size_t len = strlen(key);
    return len < WEB_KEY_SIZE && strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                             "0123456789-_.:") == len;
}

static int refuse(struct http_request *r, unsigned status, const char *code, const char *message,
                  const char *allowed)
{
    web_respond_error(r, status, code, message, allowed);
    return 1;
}

/* Reads line and headers into call: 0 when the request may go on, 1 when the error was sent. */
static int read_headers(const struct web_http *h, struct http_request *in, struct call *call)
{
    struct web_request *r = &call->request;
    const char *method = http_method(in);
    const char *url = http_path(in);
    if (!http_host_is_ours(in, h->conf.host_name))
        return refuse(in, 403, "foreign_host", "this name is not ours",
                      "an address, localhost, or the appliance's name");
    if (strncmp(url, "/api/", 5) != 0) {
        call->asset = true;
        if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
            return refuse(in, 405, "method", "a file is only read", "GET, HEAD");
        return 0;
    }
    char allow[WEB_METHODS_SIZE];
    int err = web_route_find(method, url, allow, r->param, &r->route);
    if (err == -ENOENT)
        return refuse(in, 404, "path", "there is no such path", NULL);
    if (err == -ENOTSUP)
        return refuse(in, 405, "method", "not by this method", allow);
    if (r->route->body != BODY_NONE && !http_origin_is_ours(in))
        return refuse(in, 403, "foreign_origin", "a page from elsewhere", NULL);
    if (r->route->body != BODY_NONE && strncasecmp(http_header(in, "Content-Type"),
                                                   "application/json", strlen("application/json")))
        return refuse(in, 415, "type", "the body is to be JSON", "application/json");
    http_set_body_max(in, WEB_BODY_MAX);
    struct arg_walk walk = {.request = r};
    if (http_args(in, take_arg, &walk) < 0)
        return refuse(in, 400, "argument", "an argument is unknown, doubled or too long", NULL);
    const char *key = http_header(in, "Idempotency-Key");
    if (!key_is_fine(key))
        return refuse(in, 400, "idempotency_key", "the key is not allowed",
                      "1 to 64 of A-Z a-z 0-9 - _ . :");
    snprintf(r->key, sizeof(r->key), "%s", key);
    const char *token = http_cookie(in, WEB_COOKIE);
    if (token && strlen(token) < WEB_TOKEN_SIZE)
        snprintf(r->token, sizeof(r->token), "%s", token);
    const char *last = http_header(in, "Last-Event-ID");
    if (strlen(last) < WEB_EVENT_ID_SIZE)
        snprintf(r->last_event, sizeof(r->last_event), "%s", last);
    r->loopback = http_loopback(in);
    return 0;
}

/* Hands the request to the loop and waits for what it says. */
static void ask_loop(const struct web_http *h, struct http_request *in, struct web_request *request)
{
    AUTO(web_watch) watch = NULL;
    AUTO(web_exchange) x = NULL;
    int err = request->route->id == ROUTE_EVENTS ? web_watch_open(request->param, &watch) : 0;
    request->watch = watch;
    if (err == 0)
        err = web_exchange_open(request, &x);
    if (err < 0) {
        web_respond_error(in, 503, "busy", "no room", NULL);
        return;
    }
    struct web_exchange *other = web_exchange_hold(x);
    if (queue_put(h->conf.requests, &other) < 0) {
        web_exchange_free(other);
        web_respond_error(in, 503, "busy", "too many requests wait", NULL);
        return;
    }
    struct web_reply reply;
    if (web_exchange_wait(x, h->conf.answer_ms, &reply) == 0) {
        if (watch)
            web_watch_end(watch);
        /* It may still happen: a repetition with the same key finds out. */
        web_respond_error(in, 503, "slow",
                          "no answer in time; ask again with the same Idempotency-Key", NULL);
        return;
    }
    if (!watch || reply.status != 200) {
        web_respond_reply(in, &reply);
        return;
    }
    free(reply.json);
    web_respond_stream(in, watch, h->conf.beat_ms);
}

static int on_head(struct http_request *in, void *context)
{
    struct call *call = calloc(1, sizeof(*call));
    if (!call)
        return refuse(in, 503, "busy", "no memory", NULL);
    http_set_state(in, call);
    return read_headers(context, in, call);
}

static void on_request(struct http_request *in, void *context)
{
    const struct web_http *h = context;
    struct call *call = http_state(in);
    if (call->asset) {
        if (http_respond_asset(in, web_bundle, h->conf.folder) < 0)
            web_respond_error(in, 404, "path", "there is no such file", NULL);
        return;
    }
    struct web_request *r = &call->request;
    if (http_body_too_long(in)) {
        web_respond_error(in, 413, "body_too_long", "the body is too long", "at most 1024 bytes");
        return;
    }
    struct diag diag = {.line = 0};
    size_t len = 0;
    const char *body = http_body(in, &len);
    int err = r->route->body == BODY_NONE
                  ? (len > 0 ? -EINVAL : 0)
                  : web_body_read(r->route->body, body, len, &diag, &r->body);
    if (err < 0)
        web_respond_error(in, 400, "body",
                          diag.text[0] != '\0' ? diag.text : "this request takes no body", NULL);
    else
        ask_loop(h, in, r);
}

static void on_done(void *state, void *context)
{
    (void)context;
    free(state);
}

int web_http_open(const struct web_http_conf *conf, struct diag *reterr, struct web_http **ret)
{
    assert(conf && conf->address && conf->host_name && conf->requests && ret);

    AUTO(web_http) h = calloc(1, sizeof(*h));
    if (!h)
        return -ENOMEM;
    h->conf = *conf;
    struct http_conf http = {
        .address = conf->address,
        .port = conf->port,
        .connections_max = conf->connections_max,
        .per_address_max = PER_ADDRESS_MAX,
        .stack_bytes = STACK_BYTES,
        .on_head = on_head,
        .on_request = on_request,
        .on_done = on_done,
        .context = h,
    };
    int err = http_server_open(&http, reterr, &h->server);
    if (err < 0)
        return err;
    *ret = TAKE(h);
    return 0;
}

uint16_t web_http_port(const struct web_http *h)
{
    assert(h);
    return http_server_port(h->server);
}

void web_http_free(struct web_http *h)
{
    if (!h)
        return;
    http_server_free(h->server);
    free(h);
}
