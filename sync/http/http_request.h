/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_request.h -- for this folder only: a request while its bytes arrive. */
#pragma once

#include <microhttpd.h>

#include "http_server.h"

#define HTTP_BODY_FIRST 4096 /* bytes taken for a body at first; doubled as it comes */

struct http_request {
    struct MHD_Connection *connection;
    const char *method; /* of the present callback */
    const char *path;
    void *state;
    size_t body_max, body_len, body_room;
    size_t passed; /* bytes of a body that is too long */
    char *body;
    bool body_too_long;
    bool answered;
    enum MHD_Result result; /* what the callback returns to libmicrohttpd */
};

/* Keeps what fits; -ENOMEM. */
NODISCARD int http_request_take(struct http_request *r, const char *bytes, size_t len);
void http_request_free(struct http_request *r);
