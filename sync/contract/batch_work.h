/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_work.h -- what writing and reading of columns share: the shapes, and the guesses
 * that both ends make alike. For batch_column_write.c and batch_column_read.c. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "batch_column.h"
#include "batch_scan.h"
#include "entry.h"
#include "entry_column.h"

#define SLOTS (2 * BATCH_ENTRIES_MAX + 1)

struct batch_shape {
    int32_t kind;
    uint64_t columns; /* a bit a column number */
    uint16_t same;    /* first shape of the same kind */
};

/* Rows that have something in common share a slot; 0: they lack it. */
struct batch_work {
    size_t count; /* rows */
    struct batch_shape shapes[BATCH_ENTRIES_MAX];
    size_t shapes_count;
    uint16_t shape_of[BATCH_ENTRIES_MAX];
    uint16_t sku[BATCH_ENTRIES_MAX];
    uint16_t batch[BATCH_ENTRIES_MAX];
    uint16_t document[BATCH_ENTRIES_MAX];

    /* Of the column that is gone through now. */
    int64_t last[SLOTS];
    int64_t last_qty[SLOTS];
    bool seen[SLOTS];
    int64_t previous;
    uint16_t first_row[BATCH_ENTRIES_MAX + 1]; /* where new text n = 1, 2, ... stands */
    size_t texts;

    struct batch_text {
        const uint8_t *at;
        size_t len;
    } text_of[BATCH_ENTRIES_MAX]; /* when writing */
    uint8_t marked[BATCH_ENTRIES_MAX][BATCH_SCAN_MAX];

    int64_t numbers[BATCH_ENTRIES_MAX]; /* differences or codes */
    int64_t shared[BATCH_ENTRIES_MAX];
    int64_t longer[BATCH_ENTRIES_MAX];
    uint16_t buckets[2 * BATCH_ENTRIES_MAX];              /* texts by their hash, when writing */
    uint8_t bytes[BATCH_ENTRIES_MAX * ENTRY_ENCODED_MAX]; /* of all new texts */
    size_t bytes_len;
};

/* Forgets the column before. */
void batch_column_begin(struct batch_work *k);

/* The guess for a row, and what the row turned out to hold. */
int64_t batch_guess(const struct batch_work *k, enum batch_model model, const struct entry *e,
                    size_t row);
void batch_learn(struct batch_work *k, enum batch_model model, const struct entry *e, size_t row,
                 int64_t v);

/* A number as its model sees it. It is its own inverse: the same turns it back. */
int64_t batch_turn(enum batch_model model, const struct entry *e, int64_t v);

/* Where a text's place is kept for later guesses; NULL: it is not. */
uint16_t *batch_slots(struct batch_work *k, int column);

/* Bytes of a text or byte field. */
const uint8_t *batch_text(const struct entry *e, const struct entry_field *f, size_t *ret_len);
