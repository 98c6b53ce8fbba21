/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api.h -- the relay's REST API, its event stream and the files of the console, as openapi.yaml
 * describes them. Each request is one transaction on a connection to the caller's tenant alone; it
 * runs in a thread of the HTTP server, and decides nothing that belongs to agents: it calls the
 * functions of orchestrator and store that they call. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "http_asset.h"

#define API_BROKERS_MAX 4

struct api;

struct api_conf {
    const char *address;   /* numeric, v4 or v6 */
    uint16_t port;         /* 0: any that is free */
    const char *host_name; /* answered to besides addresses, localhost and *.local; "": none */
    const char *certificate_file; /* PEM chain and key; both "": no TLS, for loopback alone */
    const char *key_file;
    const char *store;                /* the address of store/sql.h */
    const char *secret_file;          /* 32 to 64 bytes, for its owner alone: signs tokens */
    const char *metrics_token;        /* "": nobody may read metrics */
    const char *release;              /* of the software */
    const struct http_asset *console; /* ended by a row without a name; NULL: none */
    const char *console_folder;       /* for development, instead; NULL: none */
    int seats;                        /* connections a tenant; 0: API_SEATS */
    int connections;                  /* of clients at once; 0: API_CONNECTIONS */
    int tenant_per_s, user_per_s;     /* requests; 0: API_TENANT_PER_S, API_USER_PER_S */
    int beat_ms;                      /* on event streams; 0: API_BEAT_MS */

    /* Enrolment: FOLDER/<tenant>.key.pem and FOLDER/<tenant>.chain.pem (its authority, then what
     * issued that), FOLDER/root.pem. "": appliances cannot be enrolled here. */
    const char *authority_folder;
    const char *brokers[API_BROKERS_MAX]; /* "host:port", as appliances are told; NULL ends them */

    /* Of channel_secret.h: what authenticates providers' callbacks. "": none is taken. */
    const char *channels_folder;

    /* The relay's time, which may be a simulated one. Tokens, locks and limits go by real time. */
    int64_t (*now_ms)(void *context);
    /* A request has changed something of the tenant: its worker may have work. From any thread. */
    void (*on_write)(const char *tenant, void *context);
    void *context;
};

#define API_SEATS 8
#define API_CONNECTIONS 512
#define API_TENANT_PER_S 500
#define API_USER_PER_S 50
#define API_BEAT_MS 15000

/* Strings of conf are borrowed for good. Listens and starts its threads.
 *   -EINVAL  *reterr: what of the configuration is not right
 *   else     as http_server_open(), with *reterr */
NODISCARD int api_open(const struct api_conf *conf, struct diag *reterr, struct api **ret);
uint16_t api_port(const struct api *a);

/* Something of the tenant was committed elsewhere: its event streams look. From any thread. */
void api_wake(struct api *a, const char *tenant);

void api_free(struct api *a); /* ends streams, waits for the threads; NULL is fine */
DEFINE_AUTO(api);
