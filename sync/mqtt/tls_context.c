/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_context.h"

#include <assert.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

void tls_context_clock(struct ssl_ctx_st *ctx, int64_t now_ms, bool doubtful)
{
    assert(ctx);
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
    if (doubtful)
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME);
    else
        X509_VERIFY_PARAM_set_time(param, (time_t)(now_ms / 1000));
}

int tls_context_new(const struct tls_files *files, const char *host, int64_t now_ms, bool doubtful,
                    struct ssl_ctx_st **ret)
{
    assert(files && host && ret);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (!ctx)
        return -ENOMEM;
    tls_context_clock(ctx, now_ms, doubtful);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
    bool good = SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
                (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1 ||
                 X509_VERIFY_PARAM_set1_host(param, host, 0) == 1) &&
                SSL_CTX_load_verify_locations(ctx, files->ca, NULL) == 1 &&
                SSL_CTX_use_certificate_chain_file(ctx, files->certificate) == 1 &&
                SSL_CTX_use_PrivateKey_file(ctx, files->key, SSL_FILETYPE_PEM) == 1 &&
                SSL_CTX_check_private_key(ctx) == 1;
    if (!good) {
        SSL_CTX_free(ctx);
        return -EKEYREJECTED;
    }
    *ret = ctx;
    return 0;
}
