/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "civil.h"

struct parse_row {
    const char *name;
    const char *text;
    int err;
    int32_t day;
};

static struct parse_row parse_rows[] = {
    {"the epoch is day zero", "1970-01-01", 0, 0},
    {"the day before the epoch is minus one", "1969-12-31", 0, -1},
    {"29 February exists in a leap year", "2024-02-29", 0, 19782},
    {"29 February exists in 2000", "2000-02-29", 0, 11016},
    {"29 February does not exist in 1900", "1900-02-29", -EINVAL, 0},
    {"29 February does not exist in 2026", "2026-02-29", -EINVAL, 0},
    {"month 13 does not exist", "2026-13-01", -EINVAL, 0},
    {"month 0 does not exist", "2026-00-10", -EINVAL, 0},
    {"day 0 does not exist", "2026-01-00", -EINVAL, 0},
    {"31 April does not exist", "2026-04-31", -EINVAL, 0},
    {"a short text is refused", "2026-1-1", -EINVAL, 0},
    {"text behind the date is refused", "2026-01-01 ", -EINVAL, 0},
    {"an empty text is refused", "", -EINVAL, 0},
    {"years before 1900 are refused", "1899-12-31", -EINVAL, 0},
    {"years after 2199 are refused", "2200-01-01", -EINVAL, 0},
};

static void parse_row(void **state)
{
    const struct parse_row *r = *state;
    int32_t day = 4711;
    assert_int_equal(civil_parse(r->text, &day), r->err);
    assert_int_equal(day, r->err ? 4711 : r->day);
    if (r->err)
        return;
    char text[CIVIL_TEXT_SIZE];
    assert_string_equal(civil_format(day, text), r->text);
}

static void every_day_of_three_centuries_comes_back(void **state)
{
    (void)state;
    int32_t first = 0;
    int32_t last = 0;
    assert_int_equal(civil_day((struct civil_date){CIVIL_YEAR_MIN, 1, 1}, &first), 0);
    assert_int_equal(civil_day((struct civil_date){CIVIL_YEAR_MAX, 12, 31}, &last), 0);
    for (int32_t day = first; day <= last; day++) {
        int32_t back = 0;
        assert_int_equal(civil_day(civil_date(day), &back), 0);
        assert_int_equal(back, day);
    }
}

static void the_indian_day_changes_at_half_past_six_in_the_evening_utc(void **state)
{
    (void)state;
    int64_t eve = INT64_C(18) * 3600000 + INT64_C(30) * 60000; /* 1970-01-01 18:30 UTC */
    assert_int_equal(civil_ist_day(eve - 1), 0);
    assert_int_equal(civil_ist_day(eve), 1);
    assert_int_equal(civil_ist_start_ms(1), eve);
    assert_int_equal(civil_ist_day(-CIVIL_IST_OFFSET_MS - 1), -1);
}

static void no_date_is_written_as_nothing(void **state)
{
    (void)state;
    char text[CIVIL_TEXT_SIZE] = "x";
    assert_string_equal(civil_format(CIVIL_NONE, text), "");
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(parse_rows) + 3];
    size_t n = 0;
    for (; n < ARRAY_LEN(parse_rows); n++)
        tests[n] = (struct CMUnitTest){parse_rows[n].name, parse_row, NULL, NULL, &parse_rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_day_of_three_centuries_comes_back);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(
        the_indian_day_changes_at_half_past_six_in_the_evening_utc);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(no_date_is_written_as_nothing);
    return cmocka_run_group_tests_name("civil", tests, NULL, NULL);
}
