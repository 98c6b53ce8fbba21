/* SPDX-License-Identifier: Apache-2.0 */
/* identity/key.h -- an EC P-256 key pair that is made where it is used and never leaves it: a PEM
 * file that its owner alone can read. Not for keys in hardware. Not thread-safe. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "sha256.h"

struct key;

/* Reads the key in that file, or makes one and stores it durably before it is used. 1 when it was
 * made, 0 when it was there. Blocks for the disk and, at the first boot, for the kernel's entropy.
 *   -EBADMSG  something else is in the file, or no P-256 key: it is left as it is
 *   -EPERM    others than the owner may read it: a key that was seen is no key
 *   -ENOMEM, or -errno of the file */
NODISCARD int key_open(const char *path, struct key **ret);

/* The same, but -ENOENT when there is none. Returns 0. */
NODISCARD int key_read(const char *path, struct key **ret);

/* SHA-256 of the public half (SubjectPublicKeyInfo, DER): by it a key is recognised. */
void key_fingerprint(const struct key *k, uint8_t ret[SHA256_SIZE]);

void key_free(struct key *k); /* wiped; NULL is fine */
DEFINE_AUTO(key);
