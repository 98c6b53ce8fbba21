/* SPDX-License-Identifier: Apache-2.0 */
/* mqtt/tls_context.h -- how OpenSSL is to check a server for libmosquitto and libcurl: against our
 * authority alone, by the host's name, at the time that we believe. Left to themselves both ask the
 * system's clock, which in a warehouse may be years off. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct ssl_ctx_st; /* OpenSSL's SSL_CTX */

struct tls_files {
    const char *ca; /* PEM files */
    const char *certificate;
    const char *key;
};

/* doubtful: all is checked but the dates. */
void tls_context_clock(struct ssl_ctx_st *ctx, int64_t now_ms, bool doubtful);

/* A client's context for one server, for the caller's SSL_CTX_free(). host: a name or a numeric
 * address, as it must stand in the server's certificate.
 *   -EKEYREJECTED  a file cannot be read, or the key is not the certificate's
 *   -ENOMEM */
NODISCARD int tls_context_new(const struct tls_files *files, const char *host, int64_t now_ms,
                              bool doubtful, struct ssl_ctx_st **ret);
