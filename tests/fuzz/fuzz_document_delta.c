/* SPDX-License-Identifier: Apache-2.0 */
/* What is unpacked has the digest that its head says, whatever the bytes; a delta between any two
 * bodies gives the second; a chunk that reads is written to the same bytes.
 *
 * The first byte chooses: 0 the rest is packed, with the corpus' old body beneath; 1 the rest is
 * two bodies, split at its middle; else the rest is a chunk. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chunk.h"
#include "document_delta.h"
#include "sha256.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int ok)
{
    if (!ok)
        abort();
}

static void unpack_any(const uint8_t *bytes, size_t len)
{
    static const char old_body[] = "sku,qty\nTEA,1\nSOAP,2\n";
    char *body = NULL;
    size_t body_len = 0;
    if (document_unpack(bytes, len, old_body, sizeof(old_body) - 1, sha256, &body, &body_len,
                        NULL) != 0)
        return;
    struct packed_head head;
    uint8_t digest[SHA256_SIZE];
    sha256(body, body_len, digest);
    need(packed_read_head(bytes, len, &head, NULL) == 0 && head.bytes == body_len &&
         memcmp(head.sha256, digest, sizeof(digest)) == 0);
    free(body);
}

static void pack_both(const char *old_body, size_t old_len, const char *body, size_t len)
{
    struct packed delta = {0};
    need(document_delta(old_body, old_len, body, len, sha256, &delta) == 0);
    char *back = NULL;
    size_t back_len = 0;
    need(document_unpack(delta.bytes, delta.len, old_body, old_len, sha256, &back, &back_len,
                         NULL) == 0);
    need(back_len == len && (len == 0 || memcmp(back, body, len) == 0));
    free(back);
    free(delta.bytes);
}

static void read_chunk(const uint8_t *bytes, size_t len)
{
    struct chunk c;
    if (chunk_decode(bytes, len, &c, NULL) != 0)
        return;
    uint8_t again[CHUNK_MAX];
    size_t again_len = chunk_encode(&c, again);
    struct chunk back; /* heads may have been longer than needed, so bytes need not be equal */
    need(again_len <= len && chunk_decode(again, again_len, &back, NULL) == 0);
    need(back.data_len == c.data_len && memcmp(back.data, c.data, c.data_len) == 0 &&
         back.version == c.version && back.number == c.number && back.total == c.total);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const uint8_t *rest = data + 1;
    size_t len = size - 1;
    if (data[0] == 0)
        unpack_any(rest, len);
    else if (data[0] == 1)
        pack_both((const char *)rest, len / 2, (const char *)rest + len / 2, len - len / 2);
    else
        read_chunk(rest, len);
    return 0;
}
