/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/zpl_read.h -- reads a label back as a printer would: its fields, and what a scanner would
 * send for its symbols. For tests and the demo; knows the commands that labels of ours may use. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define ZPL_READ_FIELDS_MAX 32
#define ZPL_READ_TEXT_MAX 512

enum zpl_read_kind {
    ZPL_READ_TEXT,
    ZPL_READ_GS1_DATAMATRIX,
    ZPL_READ_DATAMATRIX,
    ZPL_READ_GS1_128,
    ZPL_READ_BITMAP,
};

struct zpl_read_field {
    enum zpl_read_kind kind;
    uint16_t x;
    uint16_t y;
    /* The text; for a symbol what a scanner sends: "]d2" (GS1 DataMatrix), "]d1", "]C1" (GS1-128)
     * and the data, with GS for FNC1; for a bitmap "WIDTHxHEIGHT" in bytes and dots. */
    char text[ZPL_READ_TEXT_MAX];
};

struct zpl_read {
    uint16_t width_dots;
    uint16_t length_dots;
    int copies;
    size_t count;
    struct zpl_read_field fields[ZPL_READ_FIELDS_MAX];
};

/* Reads one ^XA .. ^XZ. -EINVAL for anything that is not such a label or not known here. */
NODISCARD int zpl_read(const char *label, size_t len, struct zpl_read *ret);
