/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/check_digit.h -- the check digit that ends every GS1 key: GTIN, SSCC, GLN. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The digit that belongs behind len digits: from the right they weigh 3, 1, 3, 1 ..., and the whole
 * must be a multiple of 10 (GS1 General Specifications, 7.9.1). The caller has seen that they are
 * digits. */
char check_digit(const char *digits, size_t len);

/* Whether the last of len digits is the right one for those before it. len > 0. */
bool check_digit_good(const char *digits, size_t len);
