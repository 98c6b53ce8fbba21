/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct chain_head chain_genesis(const struct origin *origin)
{
    assert(origin);
    /* Newlines separate: none of the three can hold one (origin_check). */
    char text[64 + ORIGIN_TENANT_SIZE + ORIGIN_DEVICE_SIZE];
    int len = snprintf(text, sizeof(text), "vyapar journal 1\n%s\n%s\n%u\n", origin->tenant,
                       origin->device, (unsigned)origin->epoch);
    struct chain_head head;
    sha256(text, (size_t)len, head.hash);
    return head;
}

struct chain_head chain_next(const struct chain_head *head, const void *entry, size_t len)
{
    assert(head && entry && len > 0);
    struct chain_head next;
    sha256_pair(head->hash, sizeof(head->hash), entry, len, next.hash);
    return next;
}
