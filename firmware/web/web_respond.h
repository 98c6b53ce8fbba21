/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_respond.h -- what goes back to a client: errors, the loop's replies, files of the screen
 * and event streams, each with the headers that keep a page safe. It judges no request; that is
 * web_http.c, the only caller. In libmicrohttpd's threads. */
#pragma once

#include <microhttpd.h>

#include "attr.h"
#include "web_exchange.h"
#include "web_watch.h"

#define WEB_COOKIE "vs_session"

/* The request's header, "" when there is none. Borrowed from the connection. */
const char *web_respond_header(struct MHD_Connection *c, const char *name);

/* Each queues a response and returns what on_request is to return: MHD_NO, without memory for it,
 * closes the connection. */

/* For 405, allowed is sent as Allow too; it may be NULL for others. */
enum MHD_Result web_respond_error(struct MHD_Connection *c, unsigned status, const char *code,
                                  const char *message, const char *allowed);

/* Takes reply->json. */
enum MHD_Result web_respond_reply(struct MHD_Connection *c, const struct web_reply *reply);

/* Out of the folder, or with NULL out of the binary; 304 when the client has it. */
enum MHD_Result web_respond_asset(struct MHD_Connection *c, const char *folder, const char *url);

/* Streams views until either side ends the watch, of which it takes a hold of its own; at least
 * every beat_ms something is sent. */
enum MHD_Result web_respond_stream(struct MHD_Connection *c, struct web_watch *watch, int beat_ms);
