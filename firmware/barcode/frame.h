/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/frame.h -- what scanners and their set-up do to the bytes of a scan, undone and counted:
 * terminators left on the data, separators sent as something else, separators too many. It reads no
 * meaning; the untouched bytes belong in the journal. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define FRAME_MAX 512 /* bytes of one scan */

enum frame_change {
    FRAME_TERMINATOR,         /* trailing CR, LF, TAB or blank dropped */
    FRAME_SEPARATOR_CHAR,     /* the configured printable character made a separator */
    FRAME_SEPARATOR_WORD,     /* {GS} */
    FRAME_SEPARATOR_SYMBOL,   /* the UTF-8 bytes of U+241D, a picture of GS */
    FRAME_SEPARATOR_PRIVATE,  /* EF 9C 8B, as one cheap scanner sends it */
    FRAME_LEADING_SEPARATOR,  /* the first FNC1, which a scanner should keep to itself */
    FRAME_TRAILING_SEPARATOR, /* one behind the last value */
    FRAME_CHANGES,
};

struct frame_rules {
    /* '\0': none, and that is the default: '#' and '|' are legal in some values. */
    char separator;
};

/* How often each change was made; the caller keeps it, a device at a time. */
struct frame_counts {
    uint32_t n[FRAME_CHANGES];
};

/* Copies the mended bytes into buf. -EBADMSG when there are more than FRAME_MAX. */
NODISCARD int frame_mend(const char *bytes, size_t len, const struct frame_rules *rules,
                         char buf[FRAME_MAX], size_t *ret_len, struct frame_counts *counts);
