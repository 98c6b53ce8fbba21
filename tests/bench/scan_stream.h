/* SPDX-License-Identifier: Apache-2.0 */
/* bench/scan_stream.h -- a day's entries of a simulated warehouse, without a journal: orders picked
 * line by line along the bins, deliveries received and put away, counts, returns, weights, flags.
 * The same seed gives the same entries on every machine. It trains the wire's dictionary, and with
 * other seeds measures it. */
#pragma once

#include <stdint.h>

#include "entry.h"
#include "origin.h"
#include "rng.h"

#define STREAM_SKUS 320
#define STREAM_BATCHES 3    /* of each SKU */
#define STREAM_LINES_MAX 18 /* of an order */

struct stream_batch {
    char number[ENTRY_BATCH_SIZE];
    int32_t expiry_day;
    int32_t made_day;
    int64_t mrp_paise;
    char bin[ENTRY_BIN_SIZE];
};

struct stream_sku {
    char sku[ENTRY_SKU_SIZE];
    char gtin[15];
    int64_t cost_paise;
    int64_t case_units;
    struct stream_batch batches[STREAM_BATCHES];
};

struct scan_stream {
    struct rng rng;
    struct origin origin;
    struct stream_sku skus[STREAM_SKUS];
    int64_t seq;
    int64_t wall_ms;
    int64_t booted_ms;
    int64_t boot;
    int64_t orders; /* numbers given so far */
    int64_t deliveries;
    struct { /* the paper that is worked on: an order or a delivery */
        enum entry_kind kind;
        char document[ENTRY_DOCUMENT_SIZE];
        char party[ENTRY_PARTY_SIZE];
        char worker[ENTRY_WORKER_SIZE];
        char device[ENTRY_DEVICE_SIZE];
        int32_t line;
        int32_t lines;
        int skus[STREAM_LINES_MAX];
    } paper;
    struct entry follows; /* of the same unit, when follows.kind is not 0 */
};

struct scan_stream scan_stream(uint64_t seed);
struct entry scan_stream_next(struct scan_stream *s);
