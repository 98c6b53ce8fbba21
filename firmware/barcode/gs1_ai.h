/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1_ai.h -- the table of GS1 Application Identifiers (release 2026-01-27 of GS1's Barcode
 * Syntax Dictionary) and its look-up by digits. It knows no message; gs1.h does. Pure. */
#pragma once

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#define GS1_AI_COUNT 541
#define GS1_AI_DIGITS_MAX 4
#define GS1_NO_DECIMALS 255

/* Bits of struct gs1_ai.flags. */
enum {
    GS1_AI_SEPARATED = 1,        /* a separator or the end must follow; else its length is fixed */
    GS1_AI_LINK_KEY = 2,         /* can be the key of a Digital Link */
    GS1_AI_LINK_ATTRIBUTE = 4,   /* allowed in the query of a Digital Link */
    GS1_AI_ONE_OF_CLASS = 8,     /* no other of its family may stand beside it: 3102 and 3103 */
    GS1_AI_SIGNATURE = 16,       /* 8030: signs one item, so the key must be serialised */
    GS1_AI_SERIAL_OPTIONAL = 32, /* a key that is serialised when longer than min_len */
};

struct gs1_ai {
    alignas(16) char digits[GS1_AI_DIGITS_MAX + 1]; /* a row of 16 bytes is cheap to index */
    uint8_t digits_len;
    uint8_t format;  /* which parts the value has: an index of gs1_ai_table.h, as those below */
    uint8_t min_len; /* of the value */
    uint8_t max_len;
    uint8_t decimals; /* digits behind the point (310n: n), or GS1_NO_DECIMALS */
    uint8_t flags;
    uint8_t association; /* its class in the rules of what goes with what; 0: in none */
    uint8_t requires;
    uint8_t excludes;
    uint8_t qualifiers;
};

/* All of them, in ascending order of their digits as text. */
extern const struct gs1_ai gs1_ai_table[GS1_AI_COUNT];

/* The AI with which text begins, or NULL. AIs are prefix-free, so there is at most one. */
const struct gs1_ai *gs1_ai_at(const char *text, size_t len);

/* The AI whose digits are exactly text, or NULL. */
const struct gs1_ai *gs1_ai_find(const char *text, size_t len);
