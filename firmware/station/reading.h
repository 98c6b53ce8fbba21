/* SPDX-License-Identifier: Apache-2.0 */
/* station/reading.h -- what the bytes of a scanner mean at a post: a command card, the label of a
 * bin, a badge or a document, or goods. Pure. */
#pragma once

#include "barcode.h"
#include "command.h"
#include "draft.h"

enum reading_kind {
    READING_COMMAND,
    READING_GOODS,       /* goods may say nothing at all: the code is not known */
    READING_BAD_COMMAND, /* one of our cards, with a text that is no command */
    READING_MALFORMED,   /* the carrier says what it is and breaks its rules */
};

struct reading {
    enum reading_kind kind;
    struct command command;
    struct goods goods;
};

/* `today` gives two-digit years their century: a clock that is years wrong is good enough. */
struct reading reading_of(const uint8_t *bytes, size_t len, const struct barcode_settings *settings,
                          int32_t today);
