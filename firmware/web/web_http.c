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
#include "web_asset.h"
#include "web_exchange.h"
#include "web_view.h"

#define COOKIE "vs_session"
#define STACK_BYTES (256 << 10)
#define IDLE_S 30          /* a connection that neither sends nor takes anything is closed */
#define PER_ADDRESS_MAX 24 /* connections of one device: a screen uses six and its stream */
#define HEADERS_BYTES (16 << 10)
#define EVENT_BLOCK_BYTES (16 << 10)

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

static const char *header(struct MHD_Connection *c, const char *name)
{
    const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    return value ? value : "";
}

/* Sends and lets go of the response. */
static enum MHD_Result send_response(struct MHD_Connection *c, unsigned status,
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

static enum MHD_Result send_error(struct MHD_Connection *c, unsigned status, const char *code,
                                  const char *message, const char *allowed)
{
    struct MHD_Response *response = json_response(web_error_json(code, message, allowed));
    if (response && status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", allowed);
    return send_response(c, status, response);
}

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
    const char *site = header(c, "Sec-Fetch-Site");
    if (site[0] != '\0' && strcmp(site, "same-origin") != 0)
        return false;
    const char *origin = header(c, "Origin");
    if (origin[0] == '\0')
        return true;
    const char *scheme_end = strstr(origin, "://");
    return scheme_end && strcmp(scheme_end + 3, header(c, "Host")) == 0;
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
    if (!host_is_ours(h, header(c, "Host"))) {
        *ret = send_error(c, MHD_HTTP_FORBIDDEN, "foreign_host", "this name is not ours",
                          "an address, localhost, or the appliance's name");
        return -EPERM;
    }
    if (strncmp(url, "/api/", 5) != 0) {
        call->asset = true;
        if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
            *ret = send_error(c, MHD_HTTP_METHOD_NOT_ALLOWED, "method", "a file is only read",
                              "GET, HEAD");
            return -EPERM;
        }
        return 0;
    }
    char allow[WEB_METHODS_SIZE];
    int err = web_route_find(method, url, allow, r->param, &r->route);
    if (err == -ENOENT) {
        *ret = send_error(c, MHD_HTTP_NOT_FOUND, "path", "there is no such path", NULL);
        return -EPERM;
    }
    if (err == -ENOTSUP) {
        *ret = send_error(c, MHD_HTTP_METHOD_NOT_ALLOWED, "method", "not by this method", allow);
        return -EPERM;
    }
    if (r->route->body != BODY_NONE && !origin_is_ours(c)) {
        *ret = send_error(c, MHD_HTTP_FORBIDDEN, "foreign_origin", "a page from elsewhere", NULL);
        return -EPERM;
    }
    if (r->route->body != BODY_NONE &&
        strncasecmp(header(c, "Content-Type"), "application/json", strlen("application/json"))) {
        *ret = send_error(c, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "type", "the body is to be JSON",
                          "application/json");
        return -EPERM;
    }
    if (strtoull(header(c, "Content-Length"), NULL, 10) > WEB_BODY_MAX)
        call->body_too_long = true;
    struct arg_walk walk = {.request = r};
    MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, take_arg, &walk);
    if (walk.refused) {
        *ret = send_error(c, MHD_HTTP_BAD_REQUEST, "argument",
                          "an argument is unknown, doubled or too long", NULL);
        return -EPERM;
    }
    const char *key = header(c, "Idempotency-Key");
    if (!key_is_fine(key)) {
        *ret = send_error(c, MHD_HTTP_BAD_REQUEST, "idempotency_key", "the key is not allowed",
                          "1 to 64 of A-Z a-z 0-9 - _ . :");
        return -EPERM;
    }
    snprintf(r->key, sizeof(r->key), "%s", key);
    const char *token = MHD_lookup_connection_value(c, MHD_COOKIE_KIND, COOKIE);
    if (token && strlen(token) < WEB_TOKEN_SIZE)
        snprintf(r->token, sizeof(r->token), "%s", token);
    const char *last = header(c, "Last-Event-ID");
    if (strlen(last) < WEB_EVENT_ID_SIZE)
        snprintf(r->last_event, sizeof(r->last_event), "%s", last);
    r->loopback = is_loopback(c);
    return 0;
}

static enum MHD_Result send_asset(const struct web_http *h, struct MHD_Connection *c,
                                  const char *url)
{
    struct web_asset read = {.name = NULL};
    const struct web_asset *asset = NULL;
    if (!h->conf.folder)
        asset = web_asset_find(url);
    else if (web_asset_read(h->conf.folder, url, &read) == 0)
        asset = &read;
    if (!asset)
        return send_error(c, MHD_HTTP_NOT_FOUND, "path", "there is no such file", NULL);

    bool known = asset->etag[0] != '\0' && strcmp(header(c, "If-None-Match"), asset->etag) == 0;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        known ? 0 : asset->len, known ? (void *)"" : (void *)(uintptr_t)asset->bytes,
        h->conf.folder && !known ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) {
        if (h->conf.folder)
            free((void *)(uintptr_t)asset->bytes);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", asset->type);
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    if (asset->etag[0] != '\0')
        MHD_add_response_header(response, "ETag", asset->etag);
    return send_response(c, known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
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

static enum MHD_Result send_stream(const struct web_http *h, struct MHD_Connection *c,
                                   struct web_watch *watch)
{
    struct stream *s = calloc(1, sizeof(*s));
    if (!s)
        return MHD_NO;
    s->watch = web_watch_hold(watch);
    s->beat_ms = h->conf.beat_ms;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, EVENT_BLOCK_BYTES, read_stream, s, free_stream);
    if (!response) {
        free_stream(s);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    return send_response(c, MHD_HTTP_OK, response);
}

static enum MHD_Result send_reply(struct MHD_Connection *c, const struct web_reply *reply)
{
    struct MHD_Response *response = json_response(reply->json);
    char text[128];
    if (response && reply->token[0] != '\0') {
        snprintf(text, sizeof(text),
                 COOKIE "=%s; Path=/api/v1; Max-Age=%d; HttpOnly; SameSite=Strict", reply->token,
                 (int)(WEB_SESSION_MS / 1000));
        MHD_add_response_header(response, "Set-Cookie", text);
    }
    if (response && reply->forget)
        MHD_add_response_header(response, "Set-Cookie",
                                COOKIE "=; Path=/api/v1; Max-Age=0; HttpOnly; SameSite=Strict");
    if (response && reply->retry_s > 0) {
        snprintf(text, sizeof(text), "%d", (int)reply->retry_s);
        MHD_add_response_header(response, "Retry-After", text);
    }
    return send_response(c, reply->json ? reply->status : MHD_HTTP_INTERNAL_SERVER_ERROR, response);
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
        return send_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "no room", NULL);
    struct web_exchange *other = web_exchange_hold(x);
    if (queue_put(h->conf.requests, &other) < 0) {
        web_exchange_free(other);
        return send_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "too many requests wait", NULL);
    }
    struct web_reply reply;
    if (web_exchange_wait(x, h->conf.answer_ms, &reply) == 0) {
        if (watch)
            web_watch_end(watch);
        /* It may still happen: a repetition with the same key finds out. */
        return send_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "slow",
                          "no answer in time; ask again with the same Idempotency-Key", NULL);
    }
    if (!watch || reply.status != MHD_HTTP_OK)
        return send_reply(c, &reply);
    free(reply.json);
    return send_stream(h, c, watch);
}

static enum MHD_Result finish(const struct web_http *h, struct MHD_Connection *c, const char *url,
                              struct call *call)
{
    if (call->asset)
        return send_asset(h, c, url);
    struct web_request *r = &call->request;
    if (call->body_too_long)
        return send_error(c, MHD_HTTP_CONTENT_TOO_LARGE, "body_too_long", "the body is too long",
                          "at most 1024 bytes");
    struct diag diag = {.line = 0};
    int err = r->route->body == BODY_NONE
                  ? (call->body_len > 0 ? -EINVAL : 0)
                  : web_body_read(r->route->body, call->body, call->body_len, &diag, &r->body);
    if (err < 0)
        return send_error(c, MHD_HTTP_BAD_REQUEST, "body",
                          diag.text[0] != '\0' ? diag.text : "this request takes no body", NULL);
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
        diag_set(reterr, 0, "cannot listen on %s port %u", conf->address, (unsigned)conf->port);
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
