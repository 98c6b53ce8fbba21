/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_http.h -- the side of the HTTP server that runs in libmicrohttpd's threads: it checks
 * what comes from outside, hands requests to the loop as exchanges, waits, and writes the replies,
 * events and files. It touches neither station nor journal.
 */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "queue.h"

struct web_http;

struct web_http_conf {
    const char *address;
    uint16_t port;
    const char *folder;    /* NULL: the files in the binary */
    const char *host_name; /* answered to besides addresses, localhost and *.local; may be "" */
    unsigned connections_max;
    int answer_ms;          /* how long a request waits for the loop */
    int beat_ms;            /* between signs of life on an event stream */
    struct queue *requests; /* of struct web_exchange *; borrowed */
};

/* -EINVAL with *reterr: no numeric address; -EADDRINUSE, -EACCES, -EADDRNOTAVAIL ... of bind(2). */
NODISCARD int web_http_open(const struct web_http_conf *conf, struct diag *reterr,
                            struct web_http **ret);

uint16_t web_http_port(const struct web_http *h); /* the one in use */

/* Waits for the threads: whoever serves the requests must have answered or ended all. NULL is fine.
 */
void web_http_free(struct web_http *h);
DEFINE_AUTO(web_http);
