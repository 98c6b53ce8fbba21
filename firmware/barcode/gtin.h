/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gtin.h -- trade item numbers in their one normal form, 14 digits of text, whatever the
 * symbol: EAN-8, EAN-13, UPC-A, UPC-E, ITF-14. It does not know which product it is. Pure. */
#pragma once

#include <stddef.h>

#include "attr.h"
#include "symbology.h"

#define GTIN_LEN 14
#define GTIN_SIZE 15 /* with its NUL */

enum gtin_class {
    GTIN_8,
    GTIN_12,
    GTIN_13,
    GTIN_14,          /* a packing level: indicator 1 to 8 */
    GTIN_14_VARIABLE, /* indicator 9: variable measure */
    GTIN_RESTRICTED,  /* in-store: not globally unique */
    GTIN_COUPON,
    GTIN_SERIAL, /* 977: serial publications */
    GTIN_BOOK,   /* 978, 979 */
};

const char *gtin_class_name(enum gtin_class class); /* static: "gtin13" */

struct gtin {
    char text[GTIN_SIZE]; /* compare only these; never a number */
    enum gtin_class class;
};

enum gtin_fault {
    GTIN_FINE,
    GTIN_DIGITS,      /* a character that is no digit */
    GTIN_LENGTH,      /* not a length that the carrier can have */
    GTIN_CHECK_DIGIT, /* the check digit is wrong */
};

const char *gtin_fault_name(enum gtin_fault fault); /* static: "CHECK_DIGIT" */

/* Reads the digits of a symbol of that kind (SYMBOLOGY_NONE: unknown, 8, 12, 13 or 14 digits). The
 * symbol's length decides between GTIN-8, -12, -13 and -14. *ret is written for GTIN_FINE only. */
enum gtin_fault gtin_read(enum symbology_content carrier, const char *digits, size_t len,
                          struct gtin *ret);

/* The class of a number in normal form: 14 digits. */
enum gtin_class gtin_classify(const char text[GTIN_LEN]);
