/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "civil.h"
#include "gst_records.h"

struct row {
    const char *name;
    const char *day;
    const char *due;
    const char *gst;
    const char *company;
};

static struct row rows[] = {
    {"the first day of a year", "2025-04-01", "2026-12-31", "2032-12-31", "2034-03-31"},
    {"the last day of a year", "2026-03-31", "2026-12-31", "2032-12-31", "2034-03-31"},
    {"the next day is a year more", "2026-04-01", "2027-12-31", "2033-12-31", "2035-03-31"},
    {"a leap day", "2024-02-29", "2024-12-31", "2030-12-31", "2032-03-31"},
    {"New Year's Eve", "2026-12-31", "2027-12-31", "2033-12-31", "2035-03-31"},
};

static void keep_row(void **state)
{
    const struct row *r = *state;
    int32_t day = 0;
    char text[CIVIL_TEXT_SIZE];
    assert_int_equal(civil_parse(r->day, &day), 0);
    assert_string_equal(civil_format(gst_records_annual_return_due_day(day), text), r->due);
    assert_string_equal(civil_format(gst_records_keep_until_day(day), text), r->gst);
    assert_string_equal(civil_format(gst_records_keep_books_until_day(day, false), text), r->gst);
    assert_string_equal(civil_format(gst_records_keep_books_until_day(day, true), text),
                        r->company);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, keep_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("gst_records", tests, NULL, NULL);
}
