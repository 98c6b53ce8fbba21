/* SPDX-License-Identifier: Apache-2.0 */
/* contract/chunk.h -- a packed document (document_delta.h) cut into numbered messages. What is
 * missing is asked for again by GET {at}; the digest over the whole tells when all is there. Pure.
 *
 *   byte 0   CHUNK_FORMAT
 *   then     a CBOR array: [wire, session, type, version, from_version, number, total,
 *            SHA-256 over the packed document, its bytes, this chunk's bytes] */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "control.h"
#include "diag.h"

#define CHUNK_FORMAT 16
#define CHUNK_DATA_MAX 8192
#define CHUNK_TOTAL_MAX 16 /* 128 kB: what is larger goes by HTTPS */
#define CHUNK_MAX (CHUNK_DATA_MAX + 128)

struct chunk {
    int wire;
    int64_t session;
    char type[CONTROL_TYPE_SIZE];
    int64_t version;
    int64_t from_version; /* the delta's base; 0: a snapshot */
    int32_t number;       /* 0 to total - 1 */
    int32_t total;
    uint8_t sha256[CONTROL_SHA256_SIZE]; /* over all chunks' bytes, one behind the other */
    int64_t bytes;                       /* of all chunks together */
    const uint8_t *data;                 /* borrowed */
    size_t data_len;                     /* CHUNK_DATA_MAX in all but the last */
};

/* Chunks that a packed document of so many bytes takes; 0: none or too large for this way. */
int32_t chunk_total(size_t packed_bytes);

/* Fills number, total, bytes, data and data_len of *chunk for the number-th piece of `packed`. */
void chunk_cut(const uint8_t *packed, size_t len, int32_t number, struct chunk *chunk);

/* Returns the length. The chunk must be in its ranges. */
size_t chunk_encode(const struct chunk *chunk, uint8_t buf[CHUNK_MAX]);

/* Reads exactly len bytes; data points into them.
 *   -EBADMSG  broken, or its numbers do not fit each other; *reterr says which
 *   -EPROTO   a wire version that is not spoken */
NODISCARD int chunk_decode(const uint8_t *bytes, size_t len, struct chunk *ret,
                           struct diag *reterr);
