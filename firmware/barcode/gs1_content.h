/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1_content.h -- the tests that GS1 sets for the content of a value's component: check
 * digits, dates, code lists, ranges. The length and the characters have been tested before; coupons
 * (AIs 8110 and 8112, North America) are not. Pure. */
#pragma once

#include <stddef.h>

enum gs1_fault {
    GS1_FINE,
    GS1_NO_SYMBOLOGY_ID, /* scan data does not begin with ] and two characters */
    GS1_UNSUPPORTED_SYMBOLOGY,
    GS1_EMPTY,
    GS1_CARET,    /* a literal ^, which the reference engine keeps for FNC1 */
    GS1_TOO_LONG, /* ours: longer than GS1_TEXT_MAX, or more than GS1_ELEMENTS_MAX elements */
    GS1_UNKNOWN_AI,
    GS1_VALUE_EMPTY,
    GS1_VALUE_LENGTH,
    GS1_VALUE_TOO_LONG,
    GS1_CHARSET,
    GS1_CHECK_DIGIT,
    GS1_CHECK_PAIR,
    GS1_COMPANY_PREFIX,
    GS1_DATE,
    GS1_TIME,
    GS1_CONTENT,
    GS1_EXCLUDED_PAIR,
    GS1_REQUIRED_MISSING,
    GS1_REPEAT_DIFFERS,
    GS1_SERIAL_REQUIRED,
    GS1_BRACKET_SYNTAX,
    GS1_PRIMARY_LENGTH, /* of an EAN symbol */
    GS1_PRIMARY_DIGITS,
    GS1_PRIMARY_CHECK,
    GS1_URI_SYNTAX,
    GS1_URI_NULL,
    GS1_DL_NO_KEY,
    GS1_DL_PATH_ORDER,
    GS1_DL_SHOULD_BE_PATH,
    GS1_DL_NOT_ATTRIBUTE,
    GS1_DL_DUPLICATE,
    GS1_AMOUNT_CHECK, /* ours: the verifier inside an in-store number */
};

const char *gs1_fault_name(enum gs1_fault fault); /* static: "CHECK_DIGIT" */

/* Named as in the table gs1_ai.csv. */
enum gs1_test {
    GS1_TEST_NONE,
    GS1_TEST_CSUM,
    GS1_TEST_CSUMALPHA,
    GS1_TEST_GCPPOS1,
    GS1_TEST_GCPPOS2,
    GS1_TEST_YYMMDD,
    GS1_TEST_YYMMD0,
    GS1_TEST_YYYYMMDD,
    GS1_TEST_HHMI,
    GS1_TEST_HH,
    GS1_TEST_MI,
    GS1_TEST_SS,
    GS1_TEST_ISO3166,
    GS1_TEST_ISO3166999,
    GS1_TEST_ISO3166ALPHA2,
    GS1_TEST_ISO4217,
    GS1_TEST_PACKAGETYPE,
    GS1_TEST_MEDIATYPE,
    GS1_TEST_YESNO,
    GS1_TEST_WINDING,
    GS1_TEST_ZERO,
    GS1_TEST_NONZERO,
    GS1_TEST_NOZEROPREFIX,
    GS1_TEST_PIECEOFTOTAL,
    GS1_TEST_POSINSEQSLASH,
    GS1_TEST_HYPHEN,
    GS1_TEST_IMPORTERIDX,
    GS1_TEST_LATITUDE,
    GS1_TEST_LONGITUDE,
    GS1_TEST_PCENC,
    GS1_TEST_HASNONDIGIT,
    GS1_TEST_ISO5218,
    GS1_TEST_IBAN,
};

/* GS1_FINE, or the fault of the test that text fails. Two-digit years count as 1951 to 2050, which
 * matters for 29 February only; gs1_date.h tells the century. */
enum gs1_fault gs1_content_check(enum gs1_test test, const char *text, size_t len);
