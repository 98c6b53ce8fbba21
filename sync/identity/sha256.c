/* SPDX-License-Identifier: Apache-2.0 */
#include "sha256.h"

#include <assert.h>
#include <mbedtls/sha256.h>

void sha256(const void *bytes, size_t len, uint8_t ret[SHA256_SIZE])
{
    sha256_pair(bytes, len, NULL, 0, ret);
}

void sha256_pair(const void *a, size_t a_len, const void *b, size_t b_len, uint8_t ret[SHA256_SIZE])
{
    assert((a || a_len == 0) && (b || b_len == 0) && ret);
    mbedtls_sha256_context c;
    mbedtls_sha256_init(&c);
    /* The software implementation has no failing path; an accelerated one that failed must not
     * pass for a digest. */
    int err = mbedtls_sha256_starts_ret(&c, 0);
    if (err == 0 && a_len > 0)
        err = mbedtls_sha256_update_ret(&c, a, a_len);
    if (err == 0 && b_len > 0)
        err = mbedtls_sha256_update_ret(&c, b, b_len);
    if (err == 0)
        err = mbedtls_sha256_finish_ret(&c, ret);
    mbedtls_sha256_free(&c);
    assert(err == 0);
}

const char *sha256_hex(const uint8_t digest[SHA256_SIZE], char buf[SHA256_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < SHA256_SIZE; i++) {
        buf[2 * i] = digits[digest[i] >> 4];
        buf[2 * i + 1] = digits[digest[i] & 15];
    }
    buf[SHA256_HEX_SIZE - 1] = '\0';
    return buf;
}
