/* SPDX-License-Identifier: Apache-2.0 */
/* rules/festival.h -- when festivals are, where, and what they lift: a calendar, because most move
 * against ours by weeks. Knows 2023 to 2027. Does not say by how much; see season.h. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FESTIVAL_STATES_MAX 16

struct festival {
    int32_t day;
    const char *name;
    uint8_t states[FESTIVAL_STATES_MAX]; /* GST state codes, ended by 0; none: everywhere */
    const char *lifts;                   /* kinds of goods, in words */
};

/* All, by day. */
const struct festival *festivals(size_t *ret_count);

bool festival_is_kept_in(const struct festival *f, uint8_t state);

/* Whether it lifts goods of that category of the catalogue: a word of `lifts` stands in the
 * category's name, or names the kind that the category belongs to ("juice" is a beverage). */
bool festival_lifts(const struct festival *f, const char *category);

/* The next festival of the state that lifts the category, from today to within lead_days; NULL:
 * none. What is kept in stock for it is not dead before it. */
const struct festival *festival_ahead(const char *category, uint8_t state, int32_t today,
                                      int32_t lead_days);
