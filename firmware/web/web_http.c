/* SPDX-License-Identifier: Apache-2.0 */
#include "web_http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "text.h"
#include "utf8.h"
#include "web_exchange.h"
#include "web_respond.h"

#define STACK_BYTES (256 << 10)
#define IDLE_S 30          /* a connection that neither sends nor takes anything is closed */
#define PER_ADDRESS_MAX 24 /* connections of one device: a screen uses six and its stream */
#define HEADERS_BYTES (16 << 10)

struct web_http {
    struct web_http_conf conf;
    struct MHD_Daemon *daemon;
    uint16_t port;
};

/* One request while its bytes arrive. */
struct call {
    struct web_request request;
    bool asset; /* no route, a file */
    size_t body_len;
    bool body_too_long;
    char body[WEB_BODY_MAX];
};

/* A foreign page cannot reach us under a name of its own that it points at our address. */
static bool host_is_ours(const struct web_http *h, const char *host)
{
    char name[WEB_PATH_MAX];
    size_t len = host[0] == '[' ? strcspn(host + 1, "]") : strcspn(host, ":");
    if (text_copy_n(name, sizeof(name), host + (host[0] == '['), len) < 0 || len == 0)
        return false;
    unsigned char address[sizeof(struct in6_addr)];
    size_t local = strlen(".local");
    return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1 ||
           strcasecmp(name, "localhost") == 0 ||
           (len > local && strcasecmp(name + len - local, ".local") == 0) ||
           (h->conf.host_name[0] != '\0' && strcasecmp(name, h->conf.host_name) == 0);
}

/* A write comes from our own page, or from no page at all. */
static bool origin_is_ours(struct MHD_Connection *c)
{
    const char *site = web_respond_header(c, "Sec-Fetch-Site");
    if (site[0] != '\0' && strcmp(site, "same-origin") != 0)
        return false;
    const char *origin = web_respond_header(c, "Origin");
    if (origin[0] == '\0')
        return true;
    const char *scheme_end = strstr(origin, "://");
    return scheme_end && strcmp(scheme_end + 3, web_respond_header(c, "Host")) == 0;
}

static bool is_loopback(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return false;
    if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, info->client_addr, sizeof(in));
        return (ntohl(in.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
    }
    if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, info->client_addr, sizeof(in6));
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    return false;
}

struct arg_walk {
    struct web_request *request;
    const char *refused; /* name of the first argument that is not taken */
};

static enum MHD_Result take_arg(void *context, enum MHD_ValueKind kind, const char *name,
                                const char *value)
{
    (void)kind;
    struct arg_walk *walk = context;
    enum web_arg arg;
    if (web_route_arg(walk->request->route, name, &arg) < 0 || !value ||
        walk->request->args[arg][0] != '\0' || !utf8_is_clean(value) ||
        text_copy(walk->request->args[arg], WEB_ARG_SIZE, value) < 0) {
        walk->refused = name;
        return MHD_NO;
    }
    return MHD_YES;
}

static bool key_is_fine(const char *key)
{
    size_t len = strlen(key);
    return len < WEB_KEY_SIZE && strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                             "0123456789-_.:") == len;
}

/* Reads line and headers into call. 0 when the request may go on; else the error was sent, and *ret
 * is what to return to libmicrohttpd. */
static int read_headers(const struct web_http *h, struct MHD_Connection *c, const char *url,
                        const char *method, struct call *call, enum MHD_Result *ret)
{
    struct web_request *r = &call->request;
    if (!host_is_ours(h, web_respond_header(c, "Host"))) {
        *ret = web_respond_error(c, MHD_HTTP_FORBIDDEN, "foreign_host", "this name is not ours",
                                 "an address, localhost, or the appliance's name");
        return -EPERM;
    }
    if (strncmp(url, "/api/", 5) != 0) {
        call->asset = true;
        if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
            *ret = web_respond_error(c, MHD_HTTP_METHOD_NOT_ALLOWED, "method",
                                     "a file is only read", "GET, HEAD");
            return -EPERM;
        }
        return 0;
    }
    char allow[WEB_METHODS_SIZE];
    int err = web_route_find(method, url, allow, r->param, &r->route);
    if (err == -ENOENT) {
        *ret = web_respond_error(c, MHD_HTTP_NOT_FOUND, "path", "there is no such path", NULL);
        return -EPERM;
    }
    if (err == -ENOTSUP) {
        *ret = web_respond_error(c, MHD_HTTP_METHOD_NOT_ALLOWED, "method", "not by this method",
                                 allow);
        return -EPERM;
    }
    if (r->route->body != BODY_NONE && !origin_is_ours(c)) {
        *ret = web_respond_error(c, MHD_HTTP_FORBIDDEN, "foreign_origin", "a page from elsewhere",
                                 NULL);
        return -EPERM;
    }
    if (r->route->body != BODY_NONE &&
        strncasecmp(web_respond_header(c, "Content-Type"), "application/json",
                    strlen("application/json"))) {
        *ret = web_respond_error(c, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "type",
                                 "the body is to be JSON", "application/json");
        return -EPERM;
    }
    if (strtoull(web_respond_header(c, "Content-Length"), NULL, 10) > WEB_BODY_MAX)
        call->body_too_long = true;
    struct arg_walk walk = {.request = r};
    MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, take_arg, &walk);
    if (walk.refused) {
        *ret = web_respond_error(c, MHD_HTTP_BAD_REQUEST, "argument",
                                 "an argument is unknown, doubled or too long", NULL);
        return -EPERM;
    }
    const char *key = web_respond_header(c, "Idempotency-Key");
    if (!key_is_fine(key)) {
        *ret = web_respond_error(c, MHD_HTTP_BAD_REQUEST, "idempotency_key",
                                 "the key is not allowed", "1 to 64 of A-Z a-z 0-9 - _ . :");
        return -EPERM;
    }
    snprintf(r->key, sizeof(r->key), "%s", key);
    const char *token = MHD_lookup_connection_value(c, MHD_COOKIE_KIND, WEB_COOKIE);
    if (token && strlen(token) < WEB_TOKEN_SIZE)
        snprintf(r->token, sizeof(r->token), "%s", token);
    const char *last = web_respond_header(c, "Last-Event-ID");
    if (strlen(last) < WEB_EVENT_ID_SIZE)
        snprintf(r->last_event, sizeof(r->last_event), "%s", last);
    r->loopback = is_loopback(c);
    return 0;
}

/* Hands the request to the loop and waits for what it says. */
static enum MHD_Result ask_loop(const struct web_http *h, struct MHD_Connection *c,
                                struct web_request *request)
{
    AUTO(web_watch) watch = NULL;
    AUTO(web_exchange) x = NULL;
    int err = request->route->id == ROUTE_EVENTS ? web_watch_open(request->param, &watch) : 0;
    request->watch = watch;
    if (err == 0)
        err = web_exchange_open(request, &x);
    if (err < 0)
        return web_respond_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "no room", NULL);
    struct web_exchange *other = web_exchange_hold(x);
    if (queue_put(h->conf.requests, &other) < 0) {
        web_exchange_free(other);
        return web_respond_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "too many requests wait",
                                 NULL);
    }
    struct web_reply reply;
    if (web_exchange_wait(x, h->conf.answer_ms, &reply) == 0) {
        if (watch)
            web_watch_end(watch);
        /* It may still happen: a repetition with the same key finds out. */
        return web_respond_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "slow",
                                 "no answer in time; ask again with the same Idempotency-Key",
                                 NULL);
    }
    if (!watch || reply.status != MHD_HTTP_OK)
        return web_respond_reply(c, &reply);
    free(reply.json);
    return web_respond_stream(c, watch, h->conf.beat_ms);
}

static enum MHD_Result finish(const struct web_http *h, struct MHD_Connection *c, const char *url,
                              struct call *call)
{
    if (call->asset)
        return web_respond_asset(c, h->conf.folder, url);
    struct web_request *r = &call->request;
    if (call->body_too_long)
        return web_respond_error(c, MHD_HTTP_CONTENT_TOO_LARGE, "body_too_long",
                                 "the body is too long", "at most 1024 bytes");
    struct diag diag = {.line = 0};
    int err = r->route->body == BODY_NONE
                  ? (call->body_len > 0 ? -EINVAL : 0)
                  : web_body_read(r->route->body, call->body, call->body_len, &diag, &r->body);
    if (err < 0)
        return web_respond_error(c, MHD_HTTP_BAD_REQUEST, "body",
                                 diag.text[0] != '\0' ? diag.text : "this request takes no body",
                                 NULL);
    return ask_loop(h, c, r);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **state)
{
    (void)version;
    const struct web_http *h = context;
    struct call *call = *state;
    if (!call) {
        call = calloc(1, sizeof(*call));
        if (!call)
            return MHD_NO;
        *state = call;
        enum MHD_Result result = MHD_NO;
        return read_headers(h, c, url, method, call, &result) == 0 ? MHD_YES : result;
    }
    if (*upload_len > 0) {
        if (*upload_len > sizeof(call->body) - call->body_len)
            call->body_too_long = true;
        else
            memcpy(call->body + call->body_len, upload, *upload_len);
        if (!call->body_too_long)
            call->body_len += *upload_len;
        *upload_len = 0;
        return MHD_YES;
    }
    return finish(h, c, url, call);
}

static void on_completed(void *context, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)c;
    (void)code;
    free(*state);
    *state = NULL;
}

/* libmicrohttpd prints to stderr by itself; what it says there is about single clients. */
static void no_log(void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args;
}

static int parse_address(const struct web_http_conf *conf, struct sockaddr_storage *ret,
                         socklen_t *ret_len)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(conf->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(conf->port)};
    if (inet_pton(AF_INET, conf->address, &in.sin_addr) == 1) {
        memcpy(ret, &in, sizeof(in));
        *ret_len = sizeof(in);
        return 0;
    }
    if (inet_pton(AF_INET6, conf->address, &in6.sin6_addr) == 1) {
        memcpy(ret, &in6, sizeof(in6));
        *ret_len = sizeof(in6);
        return 0;
    }
    return -EINVAL;
}

/* A socket of our own, because libmicrohttpd does not say why it could not bind. */
static int listen_on(const struct web_http_conf *conf, struct diag *reterr, int *ret_fd,
                     uint16_t *ret_port)
{
    struct sockaddr_storage at = {.ss_family = AF_UNSPEC};
    socklen_t len = 0;
    if (parse_address(conf, &at, &len) < 0) {
        diag_set(reterr, 0, "%s is no numeric address", conf->address);
        return -EINVAL;
    }
    int fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (const struct sockaddr *)&at, len) < 0 || listen(fd, SOMAXCONN) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0) {
        int err = -errno;
        diag_set(reterr, 0, "cannot listen on %s port %u: %s", conf->address, (unsigned)conf->port,
                 strerror(-err));
        close(fd);
        return err;
    }
    struct sockaddr_in in; /* the port stands at the same place in both families */
    memcpy(&in, &at, sizeof(in));
    *ret_fd = fd;
    *ret_port = ntohs(in.sin_port);
    return 0;
}

int web_http_open(const struct web_http_conf *conf, struct diag *reterr, struct web_http **ret)
{
    assert(conf && conf->address && conf->host_name && conf->requests && ret);

    AUTO(web_http) h = calloc(1, sizeof(*h));
    if (!h)
        return -ENOMEM;
    h->conf = *conf;
    int fd = -1;
    int err = listen_on(conf, reterr, &fd, &h->port);
    if (err < 0)
        return err;
    h->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_ITC | MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, conf->connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)PER_ADDRESS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEADERS_BYTES, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
    if (!h->daemon) {
        close(fd);
        diag_set(reterr, 0, "the HTTP server does not start");
        return -EIO;
    }
    *ret = TAKE(h);
    return 0;
}

uint16_t web_http_port(const struct web_http *h)
{
    assert(h);
    return h->port;
}

void web_http_free(struct web_http *h)
{
    if (!h)
        return;
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    free(h);
}
