/* SPDX-License-Identifier: Apache-2.0 */
/* link/shelf.h -- the relay's side of giving documents: for a GET, which piece of which body. It
 * holds no bytes and no state: any worker can answer any piece, and the same GET has the same
 * answer. See pull.h for the conversation. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "pull.h"

#define SHELF_DELTAS_MAX 50 /* versions back from which there is a delta */
#define SHELF_MESSAGES_MAX (CHUNK_TOTAL_MAX * CHUNK_DATA_MAX) /* bytes of a body in messages */

struct shelf_delta {
    int64_t base;
    int64_t bytes; /* packed */
};

/* A document as it stands on the shelf. deltas: each leads from its base to version. */
struct shelf_document {
    int64_t version;
    int64_t bytes; /* of the snapshot, packed; 1 .. PULL_BODY_MAX */
    const struct shelf_delta *deltas;
    size_t delta_count;
};

enum shelf_verdict {
    SHELF_CHUNK,     /* send chunk with its bytes */
    SHELF_ELSEWHERE, /* too large for messages: answer nothing, the device comes by HTTPS */
    SHELF_WANT,      /* another version is in force: say so again, as in RESUME */
    SHELF_NOTHING,   /* the device has it, or a later one: answer nothing */
    SHELF_MALFORMED, /* drop and count */
};
#define SHELF_VERDICT_COUNT 5

const char *shelf_verdict_name(enum shelf_verdict verdict); /* static */

struct shelf_answer {
    enum shelf_verdict verdict;
    struct pull_chunk chunk;
};

/* A delta where there is one from the version that the device has and it is at most half as large
 * as the snapshot; a body that was begun is gone on with while it is there, else begun afresh. */
struct shelf_answer shelf_answer(const struct shelf_document *document, const struct pull_get *get);
