/* SPDX-License-Identifier: Apache-2.0 */
/* contract/catalogue_column.h -- one column of a document: what may stand in its fields, and their
 * text to and from a record. For catalogue.c. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

enum column_type {
    COLUMN_CODE,   /* char[]: printable ASCII without blanks at its ends */
    COLUMN_TEXT,   /* char[]: UTF-8 */
    COLUMN_DIGITS, /* char[]: 4, 6 or 8 digits */
    COLUMN_GTIN,   /* char[]: normal form of 14 digits */
    COLUMN_GSTIN,  /* char[]: the shape only; its check digit is a rule */
    COLUMN_I32,
    COLUMN_I64,
    COLUMN_MONEY, /* int64_t paise */
    COLUMN_DAY,   /* int32_t */
    COLUMN_WORD,  /* int32_t: index into words; the first is the default */
    COLUMN_WORDS, /* int64_t: a bit for each of words */
    COLUMN_NAMED, /* char[]: one of words itself */
};

#define WORDS_MAX 6

struct column {
    const char *name;
    enum column_type type;
    bool needed;
    size_t offset;
    size_t size; /* of a char[] */
    int64_t min;
    int64_t max;
    const char *words[WORDS_MAX + 1];
};

/* Nothing is known: CIVIL_NONE of a day. The record was zeroed before. */
void column_clear(const struct column *c, void *field);

/* Reads a field that is not empty. -EINVAL with *reterr: column, value, what is allowed. */
NODISCARD int column_take(const struct column *c, const char *value, void *field, int line,
                          struct diag *reterr);

/* Writes a field as column_take() reads it, with CSV quoting where needed; nothing for what is not
 * known. Returns the bytes, without a NUL: at most twice the field's text and 2. */
size_t column_put(const struct column *c, const void *field, char *at);
