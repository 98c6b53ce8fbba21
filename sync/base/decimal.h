/* SPDX-License-Identifier: Apache-2.0 */
/* base/decimal.h -- decimal text to and from scaled integers (rupees to paise, kilograms to grams),
 * and products of them that round half up. Money never passes through a float. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define DECIMAL_PLACES_MAX 9
#define DECIMAL_TEXT_SIZE 48

/* Reads an optional sign, digits, and at most `places` digits behind a point: "12.5" with 2 places
 * is 1250. -EINVAL for other text (blanks, exponents, more places), -ERANGE when it does not
 * fit. */
NODISCARD int decimal_parse(const char *text, unsigned places, int64_t *ret);

/* Writes value with exactly `places` digits behind the point: 1250 with 2 places is "12.50".
 * Returns buf. */
const char *decimal_format(int64_t value, unsigned places, char buf[DECIMAL_TEXT_SIZE]);

/* a * b / c, rounded half away from zero, computed in 128 bits. c > 0. -ERANGE when the result
 * does not fit; then *ret is left alone. */
NODISCARD int decimal_muldiv(int64_t a, int64_t b, int64_t c, int64_t *ret);
