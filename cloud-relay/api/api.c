/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "api_passage.h"
#include "api_state.h"
#include "file_text.h"

#define STACK_BYTES (1 << 20)
#define BUCKETS 8192
#define PEM_MAX (64 << 10)

static int read_pem(const char *path, char **ret, struct diag *reterr)
{
    size_t len = 0;
    int err = path[0] != '\0' ? file_text(path, PEM_MAX, ret, &len) : 0;
    if (err < 0)
        diag_set(reterr, 0, "%s: %s", path, strerror(-err));
    return err;
}

static int open_server(struct api *a, struct diag *reterr)
{
    char *certificate = NULL;
    char *key = NULL;
    int err = read_pem(a->conf.certificate_file, &certificate, reterr);
    if (err == 0)
        err = read_pem(a->conf.key_file, &key, reterr);
    bool loopback = strncmp(a->conf.address, "127.", 4) == 0 || strcmp(a->conf.address, "::1") == 0;
    if (err == 0 && !certificate && !loopback) {
        diag_set(reterr, 0, "%s: without a certificate the API is served on loopback alone",
                 a->conf.address);
        err = -EINVAL;
    }
    if (err == 0 && !certificate != !key) {
        diag_set(reterr, 0, "a certificate without its key, or a key without a certificate");
        err = -EINVAL;
    }
    struct http_conf http = {
        .address = a->conf.address,
        .port = a->conf.port,
        .connections_max = (unsigned)a->conf.connections,
        .stack_bytes = STACK_BYTES,
        .certificate = certificate,
        .key = key,
        .on_head = api_passage_head,
        .on_request = api_passage_request,
        .on_done = api_passage_done,
        .context = a,
    };
    if (err == 0)
        err = http_server_open(&http, reterr, &a->server);
    if (key)
        explicit_bzero(key, strlen(key));
    free(key);
    free(certificate);
    return err;
}

static void set_defaults(struct api_conf *conf)
{
    conf->seats = conf->seats > 0 ? conf->seats : API_SEATS;
    conf->connections = conf->connections > 0 ? conf->connections : API_CONNECTIONS;
    conf->tenant_per_s = conf->tenant_per_s > 0 ? conf->tenant_per_s : API_TENANT_PER_S;
    conf->user_per_s = conf->user_per_s > 0 ? conf->user_per_s : API_USER_PER_S;
    conf->beat_ms = conf->beat_ms > 0 ? conf->beat_ms : API_BEAT_MS;
}

int api_open(const struct api_conf *conf, struct diag *reterr, struct api **ret)
{
    assert(conf && conf->address && conf->host_name && conf->store && conf->now_ms && ret);
    assert(conf->certificate_file && conf->key_file && conf->secret_file && conf->metrics_token);

    AUTO(api) a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    a->conf = *conf;
    set_defaults(&a->conf);
    a->started_ms = conf->now_ms(conf->context);
    int err = api_secret_read(conf->secret_file, reterr, &a->secret);
    if (err == 0)
        a->document_key = document_key(a->secret.bytes, a->secret.len);
    size_t handlers = 0;
    const struct api_handler *table = api_handlers(&handlers);
    if (err == 0)
        err = api_document_open(api_openapi, table, handlers, reterr, &a->document);
    if (err == 0)
        err = api_seats_open(conf->store, a->conf.seats, &a->seats);
    if (err == 0)
        err = api_limits_open(BUCKETS, &a->limits);
    if (err == 0)
        err = queue_open(1, sizeof(a->limits), &a->limits_turn);
    if (err == 0)
        err = queue_put(a->limits_turn, &a->limits);
    size_t routes = 0;
    if (err == 0)
        api_document_routes(a->document, &routes);
    if (err == 0)
        err = api_metrics_open(routes, &a->metrics);
    if (err == 0)
        err = open_server(a, reterr);
    if (err < 0)
        return err;
    *ret = TAKE(a);
    return 0;
}

uint16_t api_port(const struct api *a)
{
    assert(a);
    return http_server_port(a->server);
}

void api_wake(struct api *a, const char *tenant)
{
    assert(a && tenant);
    api_seats_wake(a->seats, tenant);
}

static void wake_one(const char *tenant, void *context)
{
    api_seats_wake(context, tenant);
}

void api_free(struct api *a)
{
    if (!a)
        return;
    atomic_store(&a->ending, true);
    if (a->seats)
        api_seats_each(a->seats, wake_one, a->seats);
    http_server_free(a->server);
    api_seats_free(a->seats);
    api_limits_free(a->limits);
    queue_free(a->limits_turn);
    api_metrics_free(a->metrics);
    api_document_free(a->document);
    explicit_bzero(&a->secret, sizeof(a->secret));
    free(a);
}
