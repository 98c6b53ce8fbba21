/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_api.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "file_text.h"
#include "release.h"

#define METRICS_TOKEN_MAX 128

struct relay_api {
    const struct relay_clock *clock;
    void (*on_write)(const char *tenant, void *context);
    void *context;
    char metrics_token[METRICS_TOKEN_MAX + 1];
    struct api *api;
};

static int64_t now_ms(void *context)
{
    const struct relay_api *a = context;
    return relay_clock_wall_ms(a->clock);
}

static void on_write(const char *tenant, void *context)
{
    const struct relay_api *a = context;
    a->on_write(tenant, a->context);
}

/* The first line of the file; without a file nobody reads metrics. */
static int read_token(const char *path, char ret[METRICS_TOKEN_MAX + 1], struct diag *reterr)
{
    char *text = NULL;
    size_t len = 0;
    if (path[0] == '\0')
        return 0;
    int err = file_text(path, METRICS_TOKEN_MAX, &text, &len);
    if (err < 0)
        diag_set(reterr, 0, "%s: %s", path, strerror(-err));
    else
        memcpy(ret, text, strcspn(text, "\r\n"));
    free(text);
    return err;
}

int relay_api_open(const struct relayd_conf *conf, const struct relay_clock *clock,
                   void (*changed)(const char *tenant, void *context), void *context,
                   struct diag *reterr, struct relay_api **ret)
{
    assert(conf && clock && changed && ret);
    AUTO(relay_api) a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    a->clock = clock;
    a->on_write = changed;
    a->context = context;
    int err = read_token(conf->api_metrics_token, a->metrics_token, reterr);
    if (err < 0)
        return err;
    struct api_conf api = {
        .address = conf->api_bind,
        .port = (uint16_t)conf->api_port,
        .host_name = conf->api_host,
        .certificate_file = conf->api_certificate,
        .key_file = conf->api_key,
        .store = conf->store,
        .secret_file = conf->api_secret,
        .metrics_token = a->metrics_token,
        .release = RELEASE,
        .console = console_bundle,
        .console_folder = conf->api_console[0] != '\0' ? conf->api_console : NULL,
        .seats = (int)conf->api_seats,
        .connections = (int)conf->api_connections,
        .tenant_per_s = (int)conf->api_tenant_per_s,
        .user_per_s = (int)conf->api_user_per_s,
        .authority_folder = conf->api_authority,
        .channels_folder = conf->channels_folder,
        .now_ms = now_ms,
        .on_write = on_write,
        .context = a,
    };
    for (size_t i = 0, n = 0; i < RELAYD_BROKERS_MAX && n < API_BROKERS_MAX; i++) {
        if (conf->brokers[i][0] != '\0')
            api.brokers[n++] = conf->brokers[i];
    }
    err = api_open(&api, reterr, &a->api);
    if (err < 0)
        return err;
    *ret = TAKE(a);
    return 0;
}

uint16_t relay_api_port(const struct relay_api *a)
{
    assert(a);
    return api_port(a->api);
}

void relay_api_wake(struct relay_api *a, const char *tenant)
{
    assert(a);
    api_wake(a->api, tenant);
}

void relay_api_free(struct relay_api *a)
{
    if (!a)
        return;
    api_free(a->api);
    explicit_bzero(a->metrics_token, sizeof(a->metrics_token));
    free(a);
}
