/* SPDX-License-Identifier: Apache-2.0 */
#include "civil.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

/* Days from 1970-01-01 in 400-year eras of 146097 days, years beginning in March so that the leap
 * day is the last of its year. */
static int32_t days_from_civil(int32_t y, int32_t m, int32_t d)
{
    y -= m <= 2;
    int32_t era = (y >= 0 ? y : y - 399) / 400;
    int32_t yoe = y - era * 400;
    int32_t doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    int32_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t civil_days_in_month(int32_t year, int32_t month)
{
    assert(month >= 1 && month <= 12);
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

int civil_day(struct civil_date date, int32_t *ret_day)
{
    assert(ret_day);
    if (date.year < CIVIL_YEAR_MIN || date.year > CIVIL_YEAR_MAX || date.month < 1 ||
        date.month > 12 || date.day < 1 || date.day > civil_days_in_month(date.year, date.month))
        return -EINVAL;
    *ret_day = days_from_civil(date.year, date.month, date.day);
    return 0;
}

struct civil_date civil_date(int32_t day)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int32_t month = (int32_t)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil_date){.year = (int32_t)(yoe + era * 400) + (month <= 2),
                               .month = month,
                               .day = (int32_t)(doy - (153 * mp + 2) / 5 + 1)};
}

/* Exactly n digits at text. -1 when one of them is none. */
static int32_t digits(const char *text, int n)
{
    int32_t v = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        v = v * 10 + (text[i] - '0');
    }
    return v;
}

int civil_parse(const char *text, int32_t *ret_day)
{
    assert(text && ret_day);
    int32_t year = digits(text, 4);
    if (year < 0 || text[4] != '-')
        return -EINVAL;
    int32_t month = digits(text + 5, 2);
    if (month < 0 || text[7] != '-')
        return -EINVAL;
    int32_t day = digits(text + 8, 2);
    if (day < 0 || text[10] != '\0')
        return -EINVAL;
    return civil_day((struct civil_date){year, month, day}, ret_day);
}

const char *civil_format(int32_t day, char buf[CIVIL_TEXT_SIZE])
{
    assert(buf);
    buf[0] = '\0';
    if (day == CIVIL_NONE)
        return buf;
    struct civil_date d = civil_date(day);
    snprintf(buf, CIVIL_TEXT_SIZE, "%04d-%02d-%02d", (int)d.year, (int)d.month, (int)d.day);
    return buf;
}

int32_t civil_ist_day(int64_t utc_ms)
{
    int64_t ms = utc_ms + CIVIL_IST_OFFSET_MS;
    int64_t day = ms / CIVIL_MS_PER_DAY;
    if (ms % CIVIL_MS_PER_DAY < 0)
        day--; /* C rounds towards zero; before 1970 the day is the one that began earlier */
    return (int32_t)day;
}

int64_t civil_ist_start_ms(int32_t day)
{
    return (int64_t)day * CIVIL_MS_PER_DAY - CIVIL_IST_OFFSET_MS;
}
