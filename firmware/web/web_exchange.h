/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_exchange.h -- one HTTP request on its way from a request thread to the loop, and the
 * reply on its way back. Both hold it; whoever lets go last frees it, so that a request thread may
 * give up waiting while the loop still answers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "web_body.h"
#include "web_route.h"
#include "web_session.h"
#include "web_watch.h"

#define WEB_KEY_SIZE 65 /* Idempotency-Key */

struct web_request {
    const struct web_route *route;
    char param[WEB_PARAM_SIZE];
    char args[WEB_ARG_COUNT][WEB_ARG_SIZE];
    char token[WEB_TOKEN_SIZE]; /* of the screen's cookie; "": none */
    char key[WEB_KEY_SIZE];
    char last_event[WEB_EVENT_ID_SIZE];
    bool loopback; /* it comes from the appliance itself */
    struct web_body body;
    struct web_watch *watch; /* ROUTE_EVENTS: the loop takes a hold of its own */
};

struct web_reply {
    unsigned status;
    char *json;                 /* owned; NULL when there was no memory for it */
    char token[WEB_TOKEN_SIZE]; /* the screen gets this cookie; "": it keeps what it has */
    bool forget;                /* the screen's cookie ends */
    int32_t retry_s;            /* 0: none */
};

struct web_exchange;

/* Copies the request. -ENOMEM, or -errno of eventfd(2). */
NODISCARD int web_exchange_open(const struct web_request *request, struct web_exchange **ret);

/* A second hold on it, for the other thread. Returns x. */
struct web_exchange *web_exchange_hold(struct web_exchange *x);

const struct web_request *web_exchange_request(const struct web_exchange *x);

/* The loop's side, once: takes reply->json. Never blocks. */
void web_exchange_answer(struct web_exchange *x, const struct web_reply *reply);

/* The request thread's side: 1 and *ret, whose json the caller frees; 0 on time-out. */
int web_exchange_wait(struct web_exchange *x, int timeout_ms, struct web_reply *ret);

/* Lets go. NULL is fine. */
void web_exchange_free(struct web_exchange *x);
DEFINE_AUTO(web_exchange);
