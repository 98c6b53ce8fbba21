/* SPDX-License-Identifier: Apache-2.0 */
/* identity/chain.h -- the hash chain of a journal: h(0) names the journal, h(n) = SHA-256(h(n-1) ||
 * the canonical bytes of entry n). Whoever holds a head can prove every entry before it. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "origin.h"
#include "sha256.h"

struct chain_head {
    uint8_t hash[SHA256_SIZE];
};

/* h(0): two journals never share it, because tenant, device and epoch differ. */
struct chain_head chain_genesis(const struct origin *origin);

struct chain_head chain_next(const struct chain_head *head, const void *entry, size_t len);
