/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1_scan.h -- scan data with a symbology identifier, read as strictly as GS1's reference
 * engine reads it. Carriers outside GS1, scans without identifier and what scanners do to the bytes
 * are barcode.h's. Pure. */
#pragma once

#include <stddef.h>

#include "attr.h"
#include "gs1.h"
#include "gs1_link.h"

enum gs1_scan_kind {
    GS1_SCAN_ELEMENTS,
    GS1_SCAN_EAN13, /* elements of the composite part besides, if there is one */
    GS1_SCAN_EAN8,
    GS1_SCAN_LINK,
    GS1_SCAN_TEXT,
};

const char *gs1_scan_kind_name(enum gs1_scan_kind kind); /* static: ai, ean13, ean8, dl, plain */

struct gs1_scan {
    enum gs1_scan_kind kind;
    const char *primary; /* EAN: its digits; text: the text. Borrowed from the bytes */
    size_t primary_len;
    struct gs1_message message; /* count 0 where the kind has no elements */
};

/* Reads bytes that begin with an identifier. buf takes len bytes (decoded values of a link); *scan
 * refers to it and to bytes. -EBADMSG with *reterr; *scan then holds nothing of use. */
NODISCARD int gs1_scan_read(const char *bytes, size_t len, const struct gs1_link_rules *rules,
                            char *buf, struct gs1_scan *scan, struct gs1_reject *reterr);
