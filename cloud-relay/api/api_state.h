/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_state.h -- what all requests of one server share. For this folder. */
#pragma once

#include <stdatomic.h>

#include "api.h"
#include "api_document.h"
#include "api_limit.h"
#include "api_metrics.h"
#include "api_seat.h"
#include "api_token.h"
#include "document_ticket.h"
#include "http_server.h"
#include "queue.h"

struct api {
    struct api_conf conf;
    struct api_secret secret;
    struct document_key document_key; /* of tickets */
    struct api_document *document;
    struct api_seats *seats;
    struct api_limits *limits; /* whoever takes them out of `limits_turn` may use them */
    struct queue *limits_turn;
    struct api_metrics *metrics;
    struct http_server *server;
    int64_t started_ms;
    atomic_bool ending;
};

/* Real time, for tokens, locks and limits. */
int64_t api_real_ms(void);
int64_t api_steady_ms(void);

/* As api_limits_take(), among the threads. */
int api_limit_take(struct api *a, const char *name, const struct api_limit *limit);
