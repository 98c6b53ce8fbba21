/* SPDX-License-Identifier: Apache-2.0 */
/* identity/sha256.h -- SHA-256 (FIPS 180-4) by nettle, which uses the processor's instructions for
 * it where there are any: every entry is hashed on both ends. In one call or piece by piece. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE 65 /* 64 digits and NUL */

void sha256(const void *bytes, size_t len, uint8_t ret[SHA256_SIZE]);

/* The digest of two byte strings one behind the other. */
void sha256_pair(const void *a, size_t a_len, const void *b, size_t b_len,
                 uint8_t ret[SHA256_SIZE]);

/* Lower-case hexadecimal. Returns buf. */
const char *sha256_hex(const uint8_t digest[SHA256_SIZE], char buf[SHA256_HEX_SIZE]);
