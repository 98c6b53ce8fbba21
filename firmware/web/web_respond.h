/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_respond.h -- what goes back to a screen: errors, the loop's replies and event streams. It
 * judges no request; that is web_http.c, the only caller. In the request's thread. */
#pragma once

#include "attr.h"
#include "http_server.h"
#include "web_exchange.h"
#include "web_watch.h"

#define WEB_COOKIE "vs_session"

/* Written by bundle.py into the build folder: the files of the screen. */
extern const struct http_asset web_bundle[];

/* For 405, allowed is sent as Allow too; it may be NULL for others. */
void web_respond_error(struct http_request *r, unsigned status, const char *code,
                       const char *message, const char *allowed);

/* Takes reply->json. */
void web_respond_reply(struct http_request *r, const struct web_reply *reply);

/* Streams views until either side ends the watch, of which it takes a hold of its own; at least
 * every beat_ms something is sent. */
void web_respond_stream(struct http_request *r, struct web_watch *watch, int beat_ms);
