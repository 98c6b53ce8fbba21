/* SPDX-License-Identifier: Apache-2.0 */
#include "http_request.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "text.h"

#define HOST_SIZE 128

const char *http_method(const struct http_request *r)
{
    return r->method;
}

const char *http_path(const struct http_request *r)
{
    return r->path;
}

const char *http_header(const struct http_request *r, const char *name)
{
    const char *value = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

const char *http_cookie(const struct http_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, name);
}

static const struct sockaddr *peer_address(const struct http_request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

bool http_loopback(const struct http_request *r)
{
    const struct sockaddr *at = peer_address(r);
    if (at && at->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, at, sizeof(in));
        return (ntohl(in.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
    }
    if (at && at->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, at, sizeof(in6));
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    return false;
}

const char *http_peer(const struct http_request *r, char buf[HTTP_PEER_SIZE])
{
    buf[0] = '\0';
    const struct sockaddr *at = peer_address(r);
    if (at && at->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, at, sizeof(in));
        inet_ntop(AF_INET, &in.sin_addr, buf, HTTP_PEER_SIZE);
    } else if (at && at->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, at, sizeof(in6));
        inet_ntop(AF_INET6, &in6.sin6_addr, buf, HTTP_PEER_SIZE);
    }
    return buf;
}

struct arg_walk {
    http_arg_fn on_arg;
    void *context;
    int result;
};

static enum MHD_Result walk_arg(void *context, enum MHD_ValueKind kind, const char *name,
                                const char *value)
{
    (void)kind;
    struct arg_walk *walk = context;
    walk->result = walk->on_arg(name, value, walk->context);
    return walk->result == 0 ? MHD_YES : MHD_NO;
}

int http_args(const struct http_request *r, http_arg_fn on_arg, void *context)
{
    struct arg_walk walk = {.on_arg = on_arg, .context = context};
    MHD_get_connection_values(r->connection, MHD_GET_ARGUMENT_KIND, walk_arg, &walk);
    return walk.result;
}

void http_set_body_max(struct http_request *r, size_t max)
{
    r->body_max = max;
    if (strtoull(http_header(r, "Content-Length"), NULL, 10) > max)
        r->body_too_long = true;
}

const char *http_body(const struct http_request *r, size_t *ret_len)
{
    *ret_len = r->body_len;
    return r->body ? r->body : "";
}

bool http_body_too_long(const struct http_request *r)
{
    return r->body_too_long;
}

void http_set_state(struct http_request *r, void *state)
{
    r->state = state;
}

void *http_state(const struct http_request *r)
{
    return r->state;
}

int http_request_take(struct http_request *r, const char *bytes, size_t len)
{
    if (len > r->body_max - r->body_len)
        r->body_too_long = true;
    if (r->body_too_long) {
        free(r->body);
        r->body = NULL;
        r->body_len = r->body_room = 0;
        r->passed += len;
        /* An answer can be given only behind the body: it is read on, but not for ever. */
        return r->passed > r->body_max + (1 << 20) ? -EMSGSIZE : 0;
    }
    if (r->body_len + len + 1 > r->body_room) {
        size_t room = r->body_room > 0 ? r->body_room : HTTP_BODY_FIRST;
        while (room < r->body_len + len + 1)
            room *= 2;
        char *body = realloc(r->body, room);
        if (!body)
            return -ENOMEM;
        r->body = body;
        r->body_room = room;
    }
    memcpy(r->body + r->body_len, bytes, len);
    r->body_len += len;
    r->body[r->body_len] = '\0';
    return 0;
}

void http_request_free(struct http_request *r)
{
    if (!r)
        return;
    free(r->body);
    free(r);
}

bool http_host_is_ours(const struct http_request *r, const char *own)
{
    const char *host = http_header(r, "Host");
    char name[HOST_SIZE];
    size_t len = host[0] == '[' ? strcspn(host + 1, "]") : strcspn(host, ":");
    if (text_copy_n(name, sizeof(name), host + (host[0] == '['), len) < 0 || len == 0)
        return false;
    unsigned char address[sizeof(struct in6_addr)];
    size_t local = strlen(".local");
    return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1 ||
           strcasecmp(name, "localhost") == 0 ||
           (len > local && strcasecmp(name + len - local, ".local") == 0) ||
           (own[0] != '\0' && strcasecmp(name, own) == 0);
}

bool http_origin_is_ours(const struct http_request *r)
{
    const char *site = http_header(r, "Sec-Fetch-Site");
    if (site[0] != '\0' && strcmp(site, "same-origin") != 0)
        return false;
    const char *origin = http_header(r, "Origin");
    if (origin[0] == '\0')
        return true;
    const char *scheme_end = strstr(origin, "://");
    return scheme_end && strcmp(scheme_end + 3, http_header(r, "Host")) == 0;
}
