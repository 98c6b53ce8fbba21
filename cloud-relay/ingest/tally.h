/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/tally.h -- rows of one table as they change within a transaction: gathered by key in
 * memory, merged there, and written with one statement that merges them with what is stored by the
 * same rule. It knows no table's meaning. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "sql.h"

#define TALLY_TEXTS_MAX 5
#define TALLY_INTS_MAX 9

/* Texts of rows, each kept once, so that equal texts are equal pointers. */
struct words;
NODISCARD int words_open(struct words **ret);              /* -ENOMEM */
const char *words_keep(struct words *w, const char *text); /* NULL: out of memory */
void words_forget(struct words *w);                        /* all: no row may point to them */
void words_free(struct words *w);
DEFINE_AUTO(words);

/* Texts are of words_keep(). The first of each kind are the key, as the table says. */
struct tally_row {
    const char *texts[TALLY_TEXTS_MAX];
    int64_t ints[TALLY_INTS_MAX];
};

struct tally_table {
    const char *name;
    const char *texts[TALLY_TEXTS_MAX]; /* columns, key first; ended by NULL or the array's end */
    const char *ints[TALLY_INTS_MAX];
    size_t key_texts;
    size_t key_ints;
    const char *conflict; /* of sql_insert(): merges the new row into the stored one */
    const char *rows;     /* all rows by key, texts first, for digests */
    /* The same rule in memory; both rows have the same key. NULL: numbers behind the key are added.
     * Sums stay in their range because of PROJECTION_UNITS_MAX and PROJECTION_PAISE_MAX. */
    void (*merge)(struct tally_row *row, const struct tally_row *more);
};

size_t tally_texts(const struct tally_table *table); /* how many columns of each kind */
size_t tally_ints(const struct tally_table *table);

struct tally;
NODISCARD int tally_open(const struct tally_table *table, struct tally **ret); /* -ENOMEM */
void tally_free(struct tally *t);
DEFINE_AUTO(tally);

/* -ENOMEM, else 0. */
NODISCARD int tally_add(struct tally *t, const struct tally_row *row);

size_t tally_count(const struct tally *t);
const struct tally_row *tally_at(const struct tally *t, size_t i); /* borrowed until tally_add() */

/* Writes all rows in one statement, and forgets them. The errors of sql_insert(). */
NODISCARD int tally_write(struct tally *t, struct sql *s);
void tally_forget(struct tally *t);
