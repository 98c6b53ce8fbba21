/* SPDX-License-Identifier: Apache-2.0 */
/* sync/relay_curl.h -- what every request of syncd to its relay has in common: which URLs are
 * allowed, and how the server is checked by a clock that may be doubtful. For the files of this
 * folder that know libcurl. */
#pragma once

#include <curl/curl.h>

#include "attr.h"
#include "diag.h"
#include "relay_server.h"

#define RELAY_URL_SIZE 320

/* The address of `path` there. -EINVAL with *reterr: a relay is not spoken to in the open. */
NODISCARD int relay_curl_url(const struct relay_server *server, const char *path,
                             struct diag *reterr, char ret[RELAY_URL_SIZE]);

/* Sets url, protocols and the server's check. server is borrowed while the transfer runs. */
void relay_curl_aim(CURL *curl, const char *url, const struct relay_server *server);
