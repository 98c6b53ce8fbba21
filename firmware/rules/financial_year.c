/* SPDX-License-Identifier: Apache-2.0 */
#include "financial_year.h"

#include <assert.h>
#include <stdio.h>

#include "civil.h"

#define FIRST_MONTH 4

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    int32_t ret = 0;
    int err = civil_day((struct civil_date){.year = year, .month = month, .day = day}, &ret);
    assert(err == 0);
    (void)err;
    return ret;
}

int32_t financial_year_of(int32_t day)
{
    struct civil_date d = civil_date(day);
    return d.month < FIRST_MONTH ? d.year - 1 : d.year;
}

int32_t financial_year_first_day(int32_t year)
{
    return day_of(year, FIRST_MONTH, 1);
}

int32_t financial_year_last_day(int32_t year)
{
    return financial_year_first_day(year + 1) - 1;
}

const char *financial_year_format(int32_t year, char buf[FINANCIAL_YEAR_SIZE])
{
    assert(buf);
    snprintf(buf, FINANCIAL_YEAR_SIZE, "%04d-%02d", (int)year, (int)((year + 1) % 100));
    return buf;
}
