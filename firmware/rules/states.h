/* SPDX-License-Identifier: Apache-2.0 */
/* rules/states.h -- the GST state codes with what the rules need of each: kind, PIN prefixes, land
 * neighbours, and the published intra-state e-way bill limit. Facts only; rules/eway.h decides with
 * them. The table is generated from tables/states.csv. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define STATES_PIN_RANGES_MAX 5
#define STATES_NEIGHBOURS_MAX 9
#define STATES_NO_LIMIT (-1)    /* the code has no intra-state limit: nothing moves inside it */
#define STATES_OTHER_COUNTRY 96 /* place of supply outside India */

enum states_kind {
    STATES_STATE,
    STATES_UT,                /* union territory with a legislature: SGST applies */
    STATES_UT_NO_LEGISLATURE, /* UTGST takes the place of SGST */
    STATES_LEGACY,            /* no new registrations since a merger or division */
    STATES_SPECIAL,           /* 96 other countries, 97 other territory */
};

struct states_pin_range {
    uint16_t first; /* the first three digits of a PIN code, inclusive */
    uint16_t last;
};

struct states_row {
    uint8_t code;
    const char *name;
    enum states_kind kind;
    int64_t intra_limit_rupees; /* 0: no e-way bill inside; STATES_NO_LIMIT */
    struct states_pin_range pins[STATES_PIN_RANGES_MAX]; /* ended by first == 0 */
    uint8_t neighbours[STATES_NEIGHBOURS_MAX + 1];       /* ended by 0 */
    bool verified; /* false: one source only; the customer's accountant should look at the limit */
};

/* NULL when there is no such code. Static. */
const struct states_row *states_find(uint8_t code);

/* All rows in the order of the table. Static; returns their number. */
size_t states_all(const struct states_row **ret_rows);

/* Whether a GSTIN may begin with the code; legacy codes count. */
bool states_registers(const struct states_row *row);

/* Whether a PIN code (100000..999999) may lie in the state. A hint: a few ranges overlap, and a
 * state without known prefixes takes every PIN. */
bool states_pin_fits(const struct states_row *row, uint32_t pin);

bool states_are_neighbours(uint8_t a, uint8_t b);

/* Reads a state code of one or two digits. -EINVAL for other text or an unknown code. */
NODISCARD int states_parse(const char *text, uint8_t *ret_code);
