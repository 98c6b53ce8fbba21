/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_request.h -- what comes in, made into a call: route, parameters, trace and body, each as
 * the document wants it; and Idempotency-Keys, by which a write is done once and answered the same
 * way again. */
#pragma once

#include "api_call.h"
#include "attr.h"

/* Method, path and headers. API_REFUSED: 400, 404, 405, 403, 415. */
NODISCARD int api_request_head(struct api_call *call);

/* The body, parsed and checked. *ret is to be freed by cJSON_Delete(); NULL without a body.
 * API_REFUSED: 400, 413. */
NODISCARD int api_request_body(struct api_call *call, cJSON **ret);

/* In the transaction of the write. 1: the key was used for the same: *ret_answer (from malloc())
 * and *ret_status are what was answered; 0: it is new; API_REFUSED: 422 or 409. */
NODISCARD int api_request_known(struct api_call *call, unsigned *ret_status, char **ret_answer);

/* Keeps the answer, in the same transaction. */
NODISCARD int api_request_keep(struct api_call *call, unsigned status, const char *answer);

/* Forgets keys that are older than 30 days; at most a few. */
NODISCARD int api_request_forget(struct sql *s, int64_t now_ms);
