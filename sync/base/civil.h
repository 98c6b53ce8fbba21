/* SPDX-License-Identifier: Apache-2.0 */
/* base/civil.h -- civil dates as days since 1970-01-01 (proleptic Gregorian), and the Indian civil
 * day of an instant. Business dates are such days; instants are UTC milliseconds. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define CIVIL_NONE INT32_MIN /* no date known; sorts before every date, so check for it first */
#define CIVIL_TEXT_SIZE 16   /* "YYYY-MM-DD" and NUL, with room to spare */
#define CIVIL_MS_PER_DAY INT64_C(86400000)
#define CIVIL_IST_OFFSET_MS INT64_C(19800000) /* India Standard Time is UTC+05:30, without DST */

/* The range that is read and written: years 1900 to 2199. */
#define CIVIL_YEAR_MIN 1900
#define CIVIL_YEAR_MAX 2199

struct civil_date {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* -EINVAL when there is no such date, or its year is out of range. */
NODISCARD int civil_day(struct civil_date date, int32_t *ret_day);

struct civil_date civil_date(int32_t day);

int32_t civil_days_in_month(int32_t year, int32_t month);

/* Reads exactly "YYYY-MM-DD". -EINVAL otherwise. */
NODISCARD int civil_parse(const char *text, int32_t *ret_day);

/* Writes "YYYY-MM-DD", or "" for CIVIL_NONE. Returns buf. */
const char *civil_format(int32_t day, char buf[CIVIL_TEXT_SIZE]);

/* The Indian civil day on which an instant falls. */
int32_t civil_ist_day(int64_t utc_ms);

/* The first instant of an Indian civil day. */
int64_t civil_ist_start_ms(int32_t day);
