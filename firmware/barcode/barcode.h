/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/barcode.h -- the front door: the bytes of one scan, as the device framed them, into
 * facts. It mends what scanners do, tells the kinds of code apart and reads each by its rules. Our
 * own printed cards and labels it hands on as text. No catalogue, no clock, no state. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "barcode_facts.h"
#include "frame.h"
#include "instore.h"

#define BARCODE_INSTORE_RULES_MAX 16

struct barcode_settings {
    struct frame_rules frame;
    struct instore_rule instore[BARCODE_INSTORE_RULES_MAX]; /* the first whose prefix fits counts */
    size_t instore_count;
    bool parse_plain_code128; /* try Code 128 without FNC1 as an element string: often it is one */
    bool pad_short_gtin;      /* in Digital Links */
    uint8_t usual_batch_len;  /* warn of a longer batch or serial; 0: of none */
};

/* Reads one scan, with its symbology identifier if the scanner sends it. today (an IST civil day)
 * gives dates their century; CIVIL_NONE when the clock is not to be trusted. Mending is added to
 * *counts.
 *   -EBADMSG  with *reterr: the carrier says what it is, and it breaks its rules; scan again. */
NODISCARD int barcode_read(const char *bytes, size_t len, const struct barcode_settings *settings,
                           int32_t today, struct barcode_facts *ret, struct frame_counts *counts,
                           struct gs1_reject *reterr);
