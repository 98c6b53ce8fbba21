/* SPDX-License-Identifier: Apache-2.0 */
/* hal/zpl.h -- writes one label in ZPL II: text, symbols and bitmaps at places, in UTF-8. Text is
 * data: it is escaped, never pasted. It knows no label's layout (zpl_label.h) and sends nothing.
 * After Zebra's ZPL II Programming Guide. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define ZPL_LABEL_MAX 32768 /* bytes of one label, bitmap included */
#define ZPL_SYMBOL_MAX 128  /* bytes of a symbol's payload */
#define ZPL_GS '\x1d'       /* stands for FNC1 between elements, as a scanner sends it */
#define ZPL_COPIES_MAX 99

/* The label being written. The first error stays, and zpl_finish() returns it, so that calls need
 * not be checked one by one. */
struct zpl {
    char *buf;
    size_t size;
    size_t len;
    int err;
};

struct zpl_media {
    uint16_t width_dots; /* 203 dpi has 8 dots to a millimetre, 300 dpi has 12 */
    uint16_t length_dots;
};

struct zpl_bitmap {
    const uint8_t *bits; /* rows from the top, each in whole bytes, first dot in the highest bit */
    uint16_t width_dots;
    uint16_t height_dots;
};

enum zpl_symbol {
    ZPL_GS1_DATAMATRIX, /* payload: an element string, ZPL_GS behind variable elements */
    ZPL_GS1_128,        /* payload: with brackets, "(01)18901030865272(17)261231(10)AB12" */
    ZPL_DATAMATRIX,     /* payload: printable ASCII as it is */
};

/* Starts a label in buf, which it borrows. */
struct zpl zpl_start(char *buf, size_t size, const struct zpl_media *media);

/* One line of text. Errors: -EINVAL for control characters or malformed UTF-8; -ENOTSUP for Indic
 * letters, which printer fonts lack: give those as a bitmap. */
void zpl_text(struct zpl *z, uint16_t x, uint16_t y, uint16_t height, const char *utf8);

/* A symbol with modules of so many dots; height_dots is that of GS1-128's bars. -EINVAL for a
 * payload with characters outside GS1's set 82 (printable ASCII for the plain one), brackets that
 * are not application identifiers, or more than 48 data characters of GS1-128. */
void zpl_symbol(struct zpl *z, enum zpl_symbol symbol, uint16_t x, uint16_t y, uint16_t module_dots,
                uint16_t height_dots, const char *payload);

void zpl_bitmap(struct zpl *z, uint16_t x, uint16_t y, const struct zpl_bitmap *bitmap);

/* Ends it. Returns the length of the whole label, -EINVAL for copies outside 1..ZPL_COPIES_MAX,
 * -ENOSPC when buf was too small, or the first error of the calls before. */
NODISCARD int zpl_finish(struct zpl *z, int copies);
