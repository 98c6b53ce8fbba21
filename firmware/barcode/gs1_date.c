/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1_date.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"

static int32_t two_digits(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

static int32_t full_year(int32_t yy, int32_t reference_year)
{
    int32_t century = reference_year - reference_year % 100;
    int32_t ahead = yy - reference_year % 100;
    if (ahead >= 51)
        century -= 100;
    else if (ahead <= -50)
        century += 100;
    return century + yy;
}

int gs1_date_read(const char *yymmdd, size_t len, int32_t reference_year, int32_t *ret_day)
{
    assert((yymmdd || len == 0) && reference_year >= 0 && ret_day);
    if (len != GS1_DATE_LEN)
        return -EINVAL;
    for (size_t i = 0; i < GS1_DATE_LEN; i++)
        if (yymmdd[i] < '0' || yymmdd[i] > '9')
            return -EINVAL;
    struct civil_date date = {.year = full_year(two_digits(yymmdd), reference_year),
                              .month = two_digits(yymmdd + 2),
                              .day = two_digits(yymmdd + 4)};
    if (date.day == 0 && date.month >= 1 && date.month <= 12)
        date.day = civil_days_in_month(date.year, date.month);
    return civil_day(date, ret_day);
}

void gs1_date_write(int32_t day, char yymmdd[GS1_DATE_LEN + 1])
{
    assert(day != CIVIL_NONE && yymmdd);
    char text[CIVIL_TEXT_SIZE]; /* "YYYY-MM-DD" */
    civil_format(day, text);
    memcpy(yymmdd, text + 2, 2);
    memcpy(yymmdd + 2, text + 5, 2);
    memcpy(yymmdd + 4, text + 8, 2);
    yymmdd[GS1_DATE_LEN] = '\0';
}
