/* SPDX-License-Identifier: Apache-2.0 */
/* identity/hmac.h -- HMAC-SHA256 (RFC 2104, FIPS 198-1) by mbedtls, and the comparison of two
 * authenticators that takes the same time wherever they differ. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sha256.h"

void hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                 uint8_t ret[SHA256_SIZE]);

/* Whether both hold the same bytes; its time depends on len alone. */
bool hmac_equal(const void *a, const void *b, size_t len);
