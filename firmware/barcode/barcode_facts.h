/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/barcode_facts.h -- what barcodes said about one physical item, as a plain value: taken
 * from elements, merged from several symbols, written as an element string for a label. It knows no
 * catalogue and decides nothing about stock. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "civil.h"
#include "frame.h"
#include "gs1.h"
#include "gs1_date.h"
#include "gtin.h"

#define BARCODE_BATCH_SIZE 21 /* AI 10: at most 20 characters */
#define BARCODE_SERIAL_SIZE 21
#define BARCODE_SSCC_SIZE 19
#define BARCODE_INSTORE_SIZE 13 /* two digits of prefix, ten of item */
#define BARCODE_TEXT_SIZE (FRAME_MAX + 1)
#define BARCODE_ELEMENTS_SIZE 256 /* no element string of facts is longer */
#define BARCODE_NONE (-1)         /* an amount that no symbol gave */

enum barcode_kind {
    BARCODE_NOTHING,
    BARCODE_TEXT,     /* not ours to read: command cards, bin labels, foreign codes */
    BARCODE_INSTORE,  /* an in-store number */
    BARCODE_GTIN,     /* an EAN, UPC or ITF symbol */
    BARCODE_INFERRED, /* an element string, though the scanner did not say that it is one */
    BARCODE_LINK,     /* a GS1 Digital Link */
    BARCODE_ELEMENTS, /* an element string */
};

/* Kept apart, because they mean different things to a shop and to the law. */
enum barcode_date_kind {
    BARCODE_MADE,        /* AI 11 */
    BARCODE_PACKED,      /* AI 13 */
    BARCODE_BEST_BEFORE, /* AI 15 */
    BARCODE_SELL_BY,     /* AI 16 */
    BARCODE_USE_BY,      /* AI 17, or the day of AI 7003 */
    BARCODE_DATE_KINDS,
};

struct barcode_date {
    char yymmdd[GS1_DATE_LEN + 1]; /* as printed; "" when absent */
    int32_t day; /* CIVIL_NONE when absent, or read while nobody knew today's date */
};

/* Bits of struct barcode_facts.conflicts. */
enum {
    BARCODE_FIELD_GTIN = 1 << 0,
    BARCODE_FIELD_CONTENT = 1 << 1,
    BARCODE_FIELD_SSCC = 1 << 2,
    BARCODE_FIELD_BATCH = 1 << 3,
    BARCODE_FIELD_SERIAL = 1 << 4,
    BARCODE_FIELD_INSTORE = 1 << 5,
    BARCODE_FIELD_TEXT = 1 << 6,
    BARCODE_FIELD_VARIABLE_COUNT = 1 << 7,
    BARCODE_FIELD_CONTAINED_COUNT = 1 << 8,
    BARCODE_FIELD_WEIGHT = 1 << 9,
    BARCODE_FIELD_PRICE = 1 << 10,
    BARCODE_FIELD_DATES = 1 << 11, /* and the next bits: one an enum barcode_date_kind */
};

/* Bits of struct barcode_facts.warnings: ask the operator. */
enum {
    BARCODE_WARN_BATCH = 1,   /* may have swallowed the next elements: a separator is missing */
    BARCODE_WARN_SERIAL = 2,  /* the same */
    BARCODE_WARN_INEXACT = 4, /* a weight or price finer than a gram or a paisa: left out */
};

struct barcode_facts {
    enum barcode_kind kind;
    unsigned warnings;
    unsigned conflicts;                 /* fields for which symbols said different things */
    char gtin14[GTIN_SIZE];             /* AI 01, or the symbol's own number */
    char content_gtin14[GTIN_SIZE];     /* AI 02: of each item in a logistic unit */
    char sscc[BARCODE_SSCC_SIZE];       /* AI 00 */
    char batch[BARCODE_BATCH_SIZE];     /* AI 10 */
    char serial[BARCODE_SERIAL_SIZE];   /* AI 21 */
    char instore[BARCODE_INSTORE_SIZE]; /* prefix and item: tells a shop's items apart */
    struct barcode_date dates[BARCODE_DATE_KINDS];
    int64_t variable_count;       /* AI 30: pieces in an item that varies */
    int64_t contained_count;      /* AI 37: items in a logistic unit */
    int64_t net_weight_g;         /* AI 310n, when whole grams */
    int64_t price_paise;          /* AI 392n, when whole paise */
    char text[BARCODE_TEXT_SIZE]; /* BARCODE_TEXT and BARCODE_INFERRED: what was scanned */
};

/* Facts that say nothing: start from these. */
struct barcode_facts barcode_facts_none(void);

/* Adds what the elements say. today gives the century; CIVIL_NONE leaves days unknown. */
void barcode_facts_add(struct barcode_facts *facts, const struct gs1_message *m, int32_t today);

/* Finds the days of dates that were read while today was unknown. */
void barcode_facts_settle(struct barcode_facts *facts, int32_t today);

/* Adds to *into what another symbol of the same item says. Only absent fields are filled: a known
 * value is never overwritten, and a different one is marked in into->conflicts. Returns the fields
 * marked by this call. Whatever is not in conflict comes out the same in any order. */
unsigned barcode_facts_merge(struct barcode_facts *into, const struct barcode_facts *more);

/* Writes the facts as an element string and a NUL, fixed lengths first. Reading it gives the same
 * facts. A full level asks that the symbol can stand alone on its item.
 *   -EINVAL  with *reterr: these facts make no good element string (also when there are none)
 *   -ERANGE  a weight that six digits cannot hold
 *   -ENOSPC  it does not fit in size bytes; BARCODE_ELEMENTS_SIZE always do */
NODISCARD int barcode_facts_compose(const struct barcode_facts *facts, enum gs1_form form,
                                    enum gs1_level level, char *buf, size_t size, size_t *ret_len,
                                    struct gs1_reject *reterr);
