/* SPDX-License-Identifier: Apache-2.0 */
/* identity/key_mbedtls.h -- for this folder only: a key as mbedtls holds it, and its random
 * numbers. */
#pragma once

#include <mbedtls/pk.h>

#include "key.h"

struct key {
    mbedtls_pk_context pk;
};

/* Random bytes of the kernel, as mbedtls asks for them. */
int key_random(void *context, unsigned char *ret, size_t len);

/* Of any public key, also of one that came in a request. */
void key_fingerprint_of(mbedtls_pk_context *pk, uint8_t ret[SHA256_SIZE]);

/* mbedtls's codes, which never travel: -ENOMEM, -EIO for random numbers, else -EBADMSG. */
int key_err(int code);
