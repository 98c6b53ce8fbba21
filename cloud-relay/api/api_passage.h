/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_passage.h -- a request from its first line to its answer: gate, transaction, handler, and
 * the line in the log. What http_server.h calls; context is the struct api. */
#pragma once

#include "http_server.h"

int api_passage_head(struct http_request *r, void *context);
void api_passage_request(struct http_request *r, void *context);
void api_passage_done(void *state, void *context);
