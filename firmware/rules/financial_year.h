/* SPDX-License-Identifier: Apache-2.0 */
/* rules/financial_year.h -- the Indian financial year, 1 April to 31 March, written "2026-27".
 * A year is named by the one in which it begins. Pure. */
#pragma once

#include <stdint.h>

#define FINANCIAL_YEAR_SIZE 16 /* "2026-27" and NUL, with room to spare */

int32_t financial_year_of(int32_t day);

/* 1 April and 31 March. `year` lies in CIVIL_YEAR_MIN .. CIVIL_YEAR_MAX - 1. */
int32_t financial_year_first_day(int32_t year);
int32_t financial_year_last_day(int32_t year);

/* Returns buf. */
const char *financial_year_format(int32_t year, char buf[FINANCIAL_YEAR_SIZE]);
