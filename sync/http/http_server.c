/* SPDX-License-Identifier: Apache-2.0 */
#include "http_server.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http_listen.h"
#include "http_request.h"

#define IDLE_S 30 /* a connection that neither sends nor takes anything is closed */
#define HEADERS_BYTES (16 << 10)

struct http_server {
    struct http_conf conf;
    struct MHD_Daemon *daemon;
    uint16_t port;
};

static enum MHD_Result on_access(void *context, struct MHD_Connection *c, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_len, void **state)
{
    (void)version;
    const struct http_server *s = context;
    struct http_request *r = *state;
    bool first = !r;
    if (first) {
        r = calloc(1, sizeof(*r));
        if (!r)
            return MHD_NO;
        r->connection = c;
        *state = r;
    }
    r->method = method;
    r->path = url;
    if (first)
        return s->conf.on_head(r, s->conf.context) == 0 ? MHD_YES : r->result;
    if (*upload_len > 0) {
        int err = http_request_take(r, upload, *upload_len);
        *upload_len = 0;
        return err == 0 ? MHD_YES : MHD_NO;
    }
    s->conf.on_request(r, s->conf.context);
    return r->answered ? r->result : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)c;
    (void)code;
    const struct http_server *s = context;
    struct http_request *r = *state;
    if (r && r->state && s->conf.on_done)
        s->conf.on_done(r->state, s->conf.context);
    http_request_free(r);
    *state = NULL;
}

/* libmicrohttpd prints to stderr by itself; what it says there is about single clients. */
static void no_log(void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args;
}

/* TLS 1.2 and later, by the system's own list of what is still good. */
static const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

int http_server_open(const struct http_conf *conf, struct diag *reterr, struct http_server **ret)
{
    assert(conf && conf->address && conf->on_head && conf->on_request && ret);
    assert(!conf->certificate == !conf->key);

    AUTO(http_server) s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->conf = *conf;
    s->conf.address = s->conf.certificate = s->conf.key = NULL;
    int fd = -1;
    int err = http_listen(conf->address, conf->port, reterr, &fd, &s->port);
    if (err < 0)
        return err;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)conf->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)conf->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities},
        {MHD_OPTION_END, 0, NULL},
    };
    if (!conf->certificate)
        tls[0].option = MHD_OPTION_END;
    else
        flags |= MHD_USE_TLS;
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_access, s, MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, conf->connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, conf->per_address_max, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_BYTES,
        MHD_OPTION_THREAD_STACK_SIZE, conf->stack_bytes, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        s, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (!s->daemon) {
        close(fd);
        diag_set(reterr, 0,
                 conf->certificate ? "TLS cannot be had with this certificate and key"
                                   : "the HTTP server does not start");
        return conf->certificate ? -EINVAL : -EIO;
    }
    *ret = TAKE(s);
    return 0;
}

uint16_t http_server_port(const struct http_server *s)
{
    assert(s);
    return s->port;
}

void http_server_free(struct http_server *s)
{
    if (!s)
        return;
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    free(s);
}
