/* SPDX-License-Identifier: Apache-2.0 */
#include "relay_curl.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tls_context.h"

/* Certificates and documents are asked for in the open on this machine alone. */
static bool is_allowed(const char *url)
{
    static const char *const plain[] = {"http://127.0.0.1:", "http://[::1]:", "http://localhost:"};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (strncmp(url, plain[i], strlen(plain[i])) == 0)
            return true;
    return strncmp(url, "https://", 8) == 0;
}

int relay_curl_url(const struct relay_server *server, const char *path, struct diag *reterr,
                   char ret[RELAY_URL_SIZE])
{
    assert(server && path && ret);
    int n = snprintf(ret, RELAY_URL_SIZE, "%s%s", server->url, path);
    if (n >= 0 && n < RELAY_URL_SIZE && is_allowed(ret))
        return 0;
    diag_set(reterr, 0, "relay.url: https://HOST, or http on loopback");
    return -EINVAL;
}

static CURLcode on_context(CURL *curl, void *ssl_ctx, void *context)
{
    (void)curl;
    const struct relay_server *server = context;
    tls_context_clock(ssl_ctx, server->now_ms, server->doubtful);
    return CURLE_OK;
}

void relay_curl_aim(CURL *curl, const char *url, const struct relay_server *server)
{
    assert(curl && url && server);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_context);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, server);
    if (*server->ca)
        curl_easy_setopt(curl, CURLOPT_CAINFO, server->ca);
}
