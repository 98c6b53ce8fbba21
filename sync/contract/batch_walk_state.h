/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_walk_state.h -- what the files of batch_walk share: where a walk stands, what each
 * column is foreseen from, and how a step becomes a bit. Private to batch_walk*.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "batch_memory.h"
#include "bit_coder.h"
#include "bit_guess.h"
#include "entry.h"
#include "entry_column.h"

/* What a value of an earlier row says of this one. */
enum turn {
    AS_IT_IS,
    ONE_MORE,
    ONE_LESS,
    WITH_CLOCK, /* mono_ms goes with wall_ms */
    WITH_SHELF, /* made_day goes with expiry_day */
    WITH_QTY,   /* in proportion to qty */
    WITH_RISK,  /* in proportion to risk_units */
};

/* Where a try comes from: rows by a key, newest first, and their column. */
struct source {
    enum memory_key key;
    enum turn turn;
    int column; /* 0: the same */
    int values; /* how many different ones; 0: one */
};

#define SOURCES_MAX 3
#define TRIES_MAX 6
#define ROWS_MAX 16 /* that are looked at for one source */

/* Columns whose first try is mostly right together: one bit says so. */
enum group {
    ALONE,
    OF_CLOCK,
    OF_PAPER,
    OF_GOODS,
};

struct plan {
    int column;
    enum memory_domain domain;
    enum group group;
    int digits; /* of a number, that are foreseen */
    struct source sources[SOURCES_MAX];
};

/* In the order of the walk: what others are foreseen from comes first. A group stands together. */
const struct plan *batch_plans(size_t *ret_count);

/* What a step of the walk is, for its weights and contexts. */
enum step {
    STEP_TRY,
    STEP_NUMBER,
    STEP_WORD,
    STEP_TEXT,
    STEP_COUNT,
};

struct walk {
    struct batch_memory *m;
    struct bit_guess *g;
    struct bit_coder *c;
    struct entry *e;
    const struct plan *plans;
    size_t plans_count;
    struct memory_row now;         /* of e, as far as it is known */
    const struct memory_row *last; /* the row before; NULL: none */
    unsigned asked;                /* a bit a key: `latest` holds it */
    uint32_t latest[MEMORY_KEY_COUNT];
};

/* A column's value is known, or, of a group that was not right, no more. */
static inline void batch_walk_know(struct walk *w, int column, int64_t v)
{
    w->now.values[column] = v;
    if (column == COLUMN_SKU || column == COLUMN_BATCH || column == COLUMN_DOCUMENT)
        w->asked = 0; /* rows have them in common */
}

static inline uint32_t batch_walk_last_shape(const struct walk *w)
{
    return w->last ? w->last->shape : 0;
}

static inline uint32_t batch_walk_mix(uint32_t a, uint32_t b)
{
    return (a ^ b * 0x9e3779b1U) * 0x85ebca6bU + (b ^ a >> 13);
}

/* Three views of the same step: the column alone, with the kind, and with something of its own. */
static inline struct bit_situation batch_walk_situation(const struct walk *w, enum step step,
                                                        int column, uint32_t about, uint32_t own)
{
    uint32_t base = batch_walk_mix(batch_walk_mix((uint32_t)step, (uint32_t)column), about);
    uint32_t shape = w->now.shape;
    return (struct bit_situation){.set = (unsigned)column * STEP_COUNT + step,
                                  .contexts = {base, batch_walk_mix(base, 0x10000 + shape),
                                               batch_walk_mix(base, 0x20000 ^ own)}};
}

/* --- batch_walk_tries.c */

int64_t batch_walk_minus(int64_t a, int64_t b); /* these wrap around */
int64_t batch_walk_plus(int64_t a, int64_t b);

struct tries {
    int64_t values[TRIES_MAX];
    uint32_t from[TRIES_MAX]; /* which source, and how far back */
    int count;
};

/* The first `max` of a column, or as many as there are. */
void batch_walk_find_tries(struct walk *w, const struct plan *p, struct tries *ret, int max);

/* Which try is right; t->count when none is. right: when writing. */
int batch_walk_tries(struct walk *w, const struct plan *p, const struct tries *t, int64_t right,
                     bool can_be);

/* --- batch_walk_text.c: a column that is text, and putting one into the entry. -EBADMSG */

struct text {
    uint8_t bytes[ENTRY_SCAN_SIZE];
    size_t len;
};

NODISCARD int batch_walk_text(struct walk *w, const struct plan *p);
NODISCARD int batch_walk_set_text(struct entry *e, const struct entry_field *f,
                                  const struct text *text);
