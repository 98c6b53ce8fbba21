/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_records.h"

#include <assert.h>

#include "civil.h"
#include "financial_year.h"

#define KEEP_YEARS 6 /* 72 months */
#define COMPANY_KEEP_YEARS 8

static int32_t last_of_december(int32_t year)
{
    int32_t day = 0;
    int err = civil_day((struct civil_date){.year = year, .month = 12, .day = 31}, &day);
    assert(err == 0);
    (void)err;
    return day;
}

int32_t gst_records_annual_return_due_day(int32_t document_day)
{
    return last_of_december(financial_year_of(document_day) + 1);
}

int32_t gst_records_keep_until_day(int32_t document_day)
{
    return last_of_december(financial_year_of(document_day) + 1 + KEEP_YEARS);
}

int32_t gst_records_keep_books_until_day(int32_t document_day, bool company)
{
    int32_t gst_day = gst_records_keep_until_day(document_day);
    int32_t company_day =
        financial_year_last_day(financial_year_of(document_day) + COMPANY_KEEP_YEARS);
    return company && company_day > gst_day ? company_day : gst_day;
}
