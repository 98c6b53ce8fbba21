/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1_code.h -- the code lists that GS1 values refer to: countries, currencies, package and
 * media types. Membership only; it knows no names. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS1_CODE_LEN_MAX 8

enum gs1_code_kind {
    GS1_CODE_ISO3166,       /* countries, three digits */
    GS1_CODE_ISO3166999,    /* the same and 999, "any" */
    GS1_CODE_ISO3166ALPHA2, /* countries, two letters */
    GS1_CODE_ISO4217,       /* currencies, three digits */
    GS1_CODE_MEDIATYPE,
    GS1_CODE_PACKAGETYPE, /* UNECE recommendation 21 and GS1's additions */
};

/* Sorted codes, each `width` bytes wide and a NUL, shorter ones filled with NULs. */
struct gs1_code_list {
    const char *codes;
    uint16_t count;
    uint8_t width;
};

extern const struct gs1_code_list gs1_code_lists[]; /* by enum gs1_code_kind */

bool gs1_code_known(enum gs1_code_kind kind, const char *code, size_t len);
