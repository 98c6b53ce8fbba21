/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1_ai_table.h -- the generated arrays behind gs1_ai.h: what a value consists of, what
 * goes with what, and how digits are looked up. For the gs1 modules only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gs1_ai.h"
#include "gs1_content.h"

/* A component's set of characters: bits, so that one byte of gs1_charsets answers for all. */
enum {
    GS1_DIGITS = 1,
    GS1_SET_82 = 2,
    GS1_SET_39 = 4,
    GS1_BASE64URL = 8,
};

extern const uint8_t gs1_charsets[256];

#define GS1_COMPONENT_TESTS_MAX 3

struct gs1_component {
    uint8_t charset;
    uint8_t min_len;
    uint8_t max_len;
    bool optional;
    uint8_t tests[GS1_COMPONENT_TESTS_MAX]; /* enum gs1_test; GS1_TEST_NONE ends them */
};

struct gs1_format {
    uint8_t first; /* of gs1_components */
    uint8_t count;
};

/* A set of association classes. */
struct gs1_class_set {
    uint64_t words[2];
};

/* Met when one of any_of is there, or all of one of its conjunctions. */
struct gs1_clause {
    struct gs1_class_set any_of;
    uint8_t first; /* of gs1_conjunctions */
    uint8_t count;
};

/* All its clauses must be met. */
struct gs1_requirement {
    uint8_t first; /* of gs1_clauses */
    uint8_t count;
};

#define GS1_QUALIFIERS_MAX 3

struct gs1_qualifier_list {
    uint8_t count;
    uint16_t ais[GS1_QUALIFIERS_MAX]; /* of gs1_ai_table, in the order of the path */
};

struct gs1_qualifiers {
    uint8_t first; /* of gs1_qualifier_lists: alternatives */
    uint8_t count;
};

struct gs1_prefix {
    uint8_t digits_len; /* of all AIs with these first two digits; 0: there are none */
    uint16_t first;     /* of gs1_slots: one for each value of the further digits */
};

extern const struct gs1_component gs1_components[];
extern const struct gs1_format gs1_formats[];
extern const struct gs1_class_set gs1_conjunctions[];
extern const struct gs1_clause gs1_clauses[];
extern const struct gs1_requirement gs1_requirements[];
extern const struct gs1_class_set gs1_exclusions[];
extern const struct gs1_qualifier_list gs1_qualifier_lists[];
extern const struct gs1_qualifiers gs1_qualifiers[];
extern const struct gs1_prefix gs1_prefixes[100];
extern const uint16_t gs1_slots[]; /* index of gs1_ai_table plus 1; 0: no such AI */
