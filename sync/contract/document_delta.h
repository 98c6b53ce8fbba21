/* SPDX-License-Identifier: Apache-2.0 */
/* contract/document_delta.h -- a document packed for the way down: whole (a snapshot), or as what
 * differs from a version that the device has (a delta). Unpacking gives the exact bytes of the new
 * version, or nothing. Pure but for the memory of what it returns.
 *
 * A delta is the new body compressed by zstd with the old body as its history (as zstd --patch-from
 * does): rows that stayed cost next to nothing wherever they moved, and no row needs a key.
 *
 *   byte 0   PACKED_SNAPSHOT or PACKED_DELTA
 *   32       SHA-256 of the new body
 *   32       of a delta: SHA-256 of the old body
 *   rest     a zstd frame that names its plain size */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue.h"
#include "diag.h"

#define DOCUMENT_SHA256_SIZE 32
#define PACKED_SNAPSHOT 17
#define PACKED_DELTA 18
#define PACKED_MAX (CATALOGUE_BODY_MAX + CATALOGUE_BODY_MAX / 128 + 1024)

/* SHA-256, lent by the caller: this folder knows no cryptography. sha256() of identity fits. */
typedef void (*document_digest_fn)(const void *bytes, size_t len,
                                   uint8_t ret[DOCUMENT_SHA256_SIZE]);

struct packed {
    uint8_t *bytes; /* from malloc(): the caller frees it */
    size_t len;
};

/* Packs the body as a snapshot. -EFBIG: more than CATALOGUE_BODY_MAX; -ENOMEM. */
NODISCARD int document_snapshot(const char *body, size_t len, document_digest_fn digest,
                                struct packed *ret);

/* Packs what leads from the old body to the new one. The same errors. */
NODISCARD int document_delta(const char *old_body, size_t old_len, const char *body, size_t len,
                             document_digest_fn digest, struct packed *ret);

/* Whether to send the delta: not when it is larger than half the snapshot, which any device can
 * take whatever it has. */
bool document_delta_is_worth(size_t delta_bytes, size_t snapshot_bytes);

struct packed_head {
    bool delta;
    uint8_t sha256[DOCUMENT_SHA256_SIZE];
    uint8_t old_sha256[DOCUMENT_SHA256_SIZE]; /* of a delta */
    size_t bytes;                             /* of the new body */
};

/* Reads the head alone. -EBADMSG with *reterr. */
NODISCARD int packed_read_head(const uint8_t *bytes, size_t len, struct packed_head *ret,
                               struct diag *reterr);

/* Gives the new body, with a NUL behind it, in memory from malloc() that the caller frees. old_body
 * is what the device has; of a snapshot it is not looked at and may be NULL.
 *   -EBADMSG  broken, or the result is not what its digest says: ask for the snapshot
 *   -ESTALE   a delta from another body than old_body: ask for the snapshot
 *   -ENOMEM */
NODISCARD int document_unpack(const uint8_t *bytes, size_t len, const char *old_body,
                              size_t old_len, document_digest_fn digest, char **ret_body,
                              size_t *ret_len, struct diag *reterr);
