/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "civil.h"
#include "financial_year.h"

struct row {
    const char *name;
    const char *day;
    const char *year;
};

static struct row rows[] = {
    {"31 March ends a year", "2026-03-31", "2025-26"},
    {"1 April begins one", "2026-04-01", "2026-27"},
    {"a leap day", "2024-02-29", "2023-24"},
    {"31 December is in the middle", "2026-12-31", "2026-27"},
    {"the turn of a century", "1999-04-01", "1999-00"},
    {"a single digit keeps its zero", "2008-06-01", "2008-09"},
};

static void year_row(void **state)
{
    const struct row *r = *state;
    int32_t day = 0;
    assert_int_equal(civil_parse(r->day, &day), 0);
    int32_t year = financial_year_of(day);
    char text[FINANCIAL_YEAR_SIZE];
    assert_string_equal(financial_year_format(year, text), r->year);
    assert_in_range(day, financial_year_first_day(year), financial_year_last_day(year));
    assert_int_equal(financial_year_last_day(year) + 1, financial_year_first_day(year + 1));
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, year_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("financial_year", tests, NULL, NULL);
}
