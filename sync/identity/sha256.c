/* SPDX-License-Identifier: Apache-2.0 */
#include "sha256.h"

#include <assert.h>
#include <nettle/sha2.h>

void sha256(const void *bytes, size_t len, uint8_t ret[SHA256_SIZE])
{
    sha256_pair(bytes, len, NULL, 0, ret);
}

void sha256_pair(const void *a, size_t a_len, const void *b, size_t b_len, uint8_t ret[SHA256_SIZE])
{
    assert((a || a_len == 0) && (b || b_len == 0) && ret);
    struct sha256_ctx c;
    sha256_init(&c);
    if (a_len > 0)
        sha256_update(&c, a_len, a);
    if (b_len > 0)
        sha256_update(&c, b_len, b);
    sha256_digest(&c, SHA256_SIZE, ret);
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
