/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1_date.h -- the six-digit dates of GS1 (YYMMDD) as civil days. Which date it is (best
 * before, use by ...) the Application Identifier says. Pure: the caller brings today's year. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define GS1_DATE_LEN 6

/* Day 00 is the last day of its month. The century follows from the reference year, today's: years
 * up to 49 ahead and 50 back (GS1 General Specifications, 7.12). -EINVAL when it is no date. */
NODISCARD int gs1_date_read(const char *yymmdd, size_t len, int32_t reference_year,
                            int32_t *ret_day);

/* Writes a civil day as YYMMDD and a NUL. */
void gs1_date_write(int32_t day, char yymmdd[GS1_DATE_LEN + 1]);
