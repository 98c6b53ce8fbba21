/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_memory.h -- what both ends of the wire remember of the entries before one: its
 * last rows by what they have in common, each text once, and which columns the kinds had. It
 * follows from those entries alone, however they were cut into batches. When it is full, a text or
 * shape that comes new is not remembered, and old rows give way. For batch_context.c and
 * batch_walk.c. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entry_column.h"

#define MEMORY_ROWS 512    /* a power of 2 */
#define MEMORY_LATEST 2048 /* a power of 2 */
#define MEMORY_WORDS 2048  /* a power of 2 */
#define MEMORY_WORD_BITS 11
#define MEMORY_TEXT 32768
#define MEMORY_SHAPES 128
#define MEMORY_SHAPE_BITS 7

/* What rows can have in common. */
enum memory_key {
    BY_NONE,  /* of a table: no more */
    BY_ORDER, /* every row */
    BY_KIND,
    BY_SKU,
    BY_BATCH, /* and SKU */
    BY_DOCUMENT,
};
#define MEMORY_KEY_COUNT 6

/* Columns that share their words. */
enum memory_domain {
    DOMAIN_NONE, /* numbers */
    DOMAIN_PERSON,
    DOMAIN_DEVICE,
    DOMAIN_SKU,
    DOMAIN_BATCH,
    DOMAIN_BIN,
    DOMAIN_DOCUMENT,
    DOMAIN_PARTY,
    DOMAIN_REASON,
    DOMAIN_NOTE,
    DOMAIN_SHA256,
    DOMAIN_SCAN,
};
#define MEMORY_DOMAIN_COUNT 12

struct memory_row {
    uint64_t columns;                  /* a bit a column that it has */
    uint32_t before[MEMORY_KEY_COUNT]; /* the last row before it with the same key; 0: none */
    uint16_t shape;                    /* 0: was not remembered */
    int64_t values[COLUMN_COUNT];      /* numbers; of texts their word, 0: it was not remembered */
};

struct memory_word {
    uint32_t at; /* in texts */
    uint16_t len;
    uint16_t index; /* in its domain, from 0 */
    uint16_t next;  /* of the same bucket */
    uint8_t domain;
};

struct memory_shape {
    int64_t kind;
    uint64_t columns;
};

/* A value without pointers. */
struct batch_memory {
    uint32_t count;                      /* rows so far: the last is number `count` */
    struct memory_row rows[MEMORY_ROWS]; /* number n stands at n % MEMORY_ROWS */
    uint16_t latest[MEMORY_LATEST]; /* number of the last row of a key, where it is still known */
    struct memory_word words[MEMORY_WORDS]; /* from 1 */
    uint16_t buckets[MEMORY_WORDS];
    uint16_t word_count;
    uint16_t of_index[MEMORY_DOMAIN_COUNT][MEMORY_WORDS];
    uint16_t index_count[MEMORY_DOMAIN_COUNT];
    uint16_t newest[MEMORY_DOMAIN_COUNT]; /* the word that came new last */
    uint8_t texts[MEMORY_TEXT];
    uint32_t texts_len;
    struct memory_shape shapes[MEMORY_SHAPES]; /* from 1 */
    uint16_t shape_count;
    uint16_t after_shape[MEMORY_SHAPES]; /* number of the last row that came behind one of it */
};

void batch_memory_begin(struct batch_memory *m);

/* Row `number`, or NULL when it gave way or never was. */
const struct memory_row *batch_memory_row(const struct batch_memory *m, uint32_t number);

/* Number of the last row that has that key in common with `row`, which is not in the memory yet and
 * has those columns already; 0: none. */
uint32_t batch_memory_latest(const struct batch_memory *m, enum memory_key key,
                             const struct memory_row *row);

/* Remembers the row, whose `before` it fills in. */
void batch_memory_add(struct batch_memory *m, struct memory_row *row);

/* The word of a text; 0: it is not there, and for the second when there is no room for it. */
uint16_t batch_memory_find(const struct batch_memory *m, enum memory_domain domain,
                           const uint8_t *text, size_t len);
uint16_t batch_memory_learn(struct batch_memory *m, enum memory_domain domain, const uint8_t *text,
                            size_t len);
const uint8_t *batch_memory_text(const struct batch_memory *m, uint16_t word, size_t *ret_len);

/* The shape; 0 as above. */
uint16_t batch_memory_find_shape(const struct batch_memory *m, int64_t kind, uint64_t columns);
uint16_t batch_memory_learn_shape(struct batch_memory *m, int64_t kind, uint64_t columns);
