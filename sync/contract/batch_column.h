/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_column.h -- entries turned into columns and back, before any compression: what
 * stands in each column is the difference to a guess that both ends can make. For batch.c. Pure.
 *
 * All is CBOR, in an array of five:
 *
 *   head      as in batch_head.h
 *   shapes    [kind, columns, kind, columns, ...]: which columns an entry of that shape has, as a
 *             byte string with a bit a column number, lowest first. seq and kind have no bit
 *   rows      [shape of each entry]
 *   columns   {number: column, ...} ascending; a column has one value for each entry whose shape
 * has it, and so needs no mark for what is absent: numbers  [model, [difference, ...]] texts
 * [model, [code, ...], [shared, ...], [longer, ...], bytes]
 *
 * A code is 0: as guessed; 1: new; else 2 + how many new ones came since that one. Each new text
 * shares so many bytes with the new one before it, and is so much longer than that one; the bytes
 * that it does not share stand in `bytes`. Zeroes at the end of a list are left out. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "batch.h"
#include "wire_item.h"

/* How a value is guessed: from the value of the same column in the last entry before it ... */
enum batch_model {
    MODEL_ZERO = 0,     /* is not: the number itself */
    MODEL_PREVIOUS = 1, /* that has the column */
    MODEL_KIND = 2,     /* ... and is of the same kind */
    MODEL_SKU = 3,      /* ... of the same SKU */
    MODEL_BATCH = 4,    /* ... of the same batch number, or SKU where there is none */
    MODEL_DOCUMENT = 5, /* ... of the same document */
    MODEL_LINE = 6,     /* ... of the same document, and one more than that */
    MODEL_CLOCK = 7,    /* as MODEL_PREVIOUS, of wall_ms less the number */
    MODEL_SHELF = 8,    /* as MODEL_SKU, of expiry_day less the number */
    MODEL_SEQ = 9,      /* as MODEL_ZERO, of seq less the number */
    MODEL_RATE = 10,    /* as MODEL_SKU, in proportion to qty */
    MODEL_COUNT = 11,   /* as MODEL_ZERO, of observed less the number */
};
#define MODEL_NUMBER_COUNT 12
#define MODEL_TEXT_COUNT 6 /* texts take those up to MODEL_DOCUMENT; and a scan besides: */
#define MODEL_SCAN 12      /* as MODEL_SKU, of the scan with marks (batch_scan.h) */

/* The memory that both directions work in. */
struct batch_work;
size_t batch_work_size(void);

/* Writes head and entries, which the caller has checked against each other. */
void batch_columns_write(struct batch_work *k, const struct batch_head *head,
                         const struct entry *entries, struct wire_writer *w);

/* Reads them. entries has room for BATCH_ENTRIES_MAX. Errors as batch_decode(). */
NODISCARD int batch_columns_read(struct batch_work *k, const uint8_t *bytes, size_t len,
                                 struct batch_head *ret_head, struct entry *entries,
                                 struct diag *reterr);
