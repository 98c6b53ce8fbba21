/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/symbology.h -- AIM symbology identifiers (ISO/IEC 15424): the three bytes in front of a
 * scan that say which carrier it came from, and how its content is to be read. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SYMBOLOGY_ID_LEN 3

enum symbology_content {
    SYMBOLOGY_NONE,     /* no identifier: the scanner does not send it */
    SYMBOLOGY_ELEMENTS, /* a GS1 element string */
    SYMBOLOGY_EAN13,    /* 13 digits; a composite part may follow */
    SYMBOLOGY_EAN8,
    SYMBOLOGY_LINK,         /* text, or a GS1 Digital Link */
    SYMBOLOGY_ITF,          /* text, or a GTIN of 14 digits */
    SYMBOLOGY_ITF_STRIPPED, /* the same without its check digit */
    SYMBOLOGY_CODE128,      /* text, or an element string whose FNC1 was forgotten */
    SYMBOLOGY_UPCE,         /* "]X_UPCE": ours, for a scanner that sends UPC-E unexpanded */
    SYMBOLOGY_ADD_ON,       /* two or five digits beside an EAN symbol: not a product */
    SYMBOLOGY_TEXT,
};

struct symbology {
    const char *id; /* static; "" when there is none */
    enum symbology_content content;
    bool reference; /* known to GS1's reference engine, whose answers the test vectors hold */
};

/* The identifier with which bytes begin. Its length is strlen(id): unknown ones are text, with an
 * id of three bytes all the same, so that they do not become part of it. */
const struct symbology *symbology_of(const char *bytes, size_t len);
