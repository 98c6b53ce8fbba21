/* SPDX-License-Identifier: Apache-2.0 */
/* contract/notice.h -- entries told ahead of their turn (lane 1), each as its canonical bytes. It
 * is no batch: it moves no watermark, continues no chain, and what it tells comes again in a batch.
 * Pure.
 *
 *   byte 0   NOTICE_FORMAT
 *   CBOR     {1: tenant, 2: device, 3: epoch, 4: session, 5: [entry, ...]}   ascending by seq
 *
 * A reader passes over other keys. What a peer can send is bounded by the maxima below. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "entry.h"
#include "entry_codec.h"
#include "origin.h"

#define NOTICE_FORMAT 19 /* none of batch.h, chunk.h and document_delta.h */
#define NOTICE_ENTRIES_MAX 16
#define NOTICE_MAX (NOTICE_ENTRIES_MAX * (ENTRY_ENCODED_MAX + 3) + 256)

/* The bytes belong to the caller; of a notice that was read, to the payload. */
struct notice {
    struct origin origin;
    int64_t session;
    size_t count; /* 1 to NOTICE_ENTRIES_MAX */
    struct notice_entry {
        const uint8_t *bytes;
        size_t len; /* 1 to ENTRY_ENCODED_MAX */
    } entries[NOTICE_ENTRIES_MAX];
};

/* Returns the length: every notice within its bounds fits. */
size_t notice_write(const struct notice *n, uint8_t buf[NOTICE_MAX]);

/* Called for each entry in order. Non-zero stops, and is passed on. */
typedef int (*notice_entry_fn)(const struct entry *e, const uint8_t *raw, size_t raw_len,
                               void *context);

/* Reads a whole payload of len bytes. All of it is looked at before on_entry, which may be NULL, is
 * called the first time: each entry is of this release, in its canonical bytes and its order, and
 * makes sense (entry_check).
 *   -EBADMSG  broken; *reterr says where
 *   -EPROTO   an entry of a newer release */
NODISCARD int notice_read(const uint8_t *bytes, size_t len, struct notice *ret,
                          notice_entry_fn on_entry, void *context, struct diag *reterr);
