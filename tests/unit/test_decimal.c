/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "decimal.h"

struct parse_row {
    const char *name;
    const char *text;
    unsigned places;
    int err;
    int64_t value;
    const char *written; /* what decimal_format() makes of the value */
};

static struct parse_row parse_rows[] = {
    {"rupees and paise", "12.34", 2, 0, 1234, "12.34"},
    {"missing places are zeros", "12.5", 2, 0, 1250, "12.50"},
    {"a whole number", "7", 2, 0, 700, "7.00"},
    {"a negative below one", "-0.05", 2, 0, -5, "-0.05"},
    {"a plus sign", "+1.00", 2, 0, 100, "1.00"},
    {"no places", "42", 0, 0, 42, "42"},
    {"the largest paise amount", "92233720368547758.07", 2, 0, INT64_MAX, "92233720368547758.07"},
    {"one paisa above the largest", "92233720368547758.08", 2, -ERANGE, 0, NULL},
    {"many digits", "99999999999999999999999999999999999999999", 2, -ERANGE, 0, NULL},
    {"too many places", "1.234", 2, -EINVAL, 0, NULL},
    {"a point needs a digit behind it", "1.", 2, -EINVAL, 0, NULL},
    {"a point needs a digit before it", ".5", 2, -EINVAL, 0, NULL},
    {"two points", "1.2.3", 9, -EINVAL, 0, NULL},
    {"a comma", "1,000", 2, -EINVAL, 0, NULL},
    {"a blank", " 1", 2, -EINVAL, 0, NULL},
    {"an exponent", "1e3", 2, -EINVAL, 0, NULL},
    {"a sign alone", "-", 2, -EINVAL, 0, NULL},
    {"nothing", "", 2, -EINVAL, 0, NULL},
};

static void parse_row(void **state)
{
    const struct parse_row *r = *state;
    int64_t value = 4711;
    assert_int_equal(decimal_parse(r->text, r->places, &value), r->err);
    assert_int_equal(value, r->err ? 4711 : r->value);
    if (r->err)
        return;
    char text[DECIMAL_TEXT_SIZE];
    assert_string_equal(decimal_format(value, r->places, text), r->written);
}

static void the_most_negative_value_is_written(void **state)
{
    (void)state;
    char text[DECIMAL_TEXT_SIZE];
    assert_string_equal(decimal_format(INT64_MIN, 2, text), "-92233720368547758.08");
}

static void products_round_half_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        int64_t a, b, c, want;
    } rows[] = {{5, 1, 10, 1},  {4, 1, 10, 0},       {-5, 1, 10, -1},
                {-4, 1, 10, 0}, {7, 1, 3, 2},        {8, 1, 3, 3},
                {0, 9, 7, 0},   {1000, 18, 200, 90}, {INT64_MAX, 2, 2, INT64_MAX}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t got = 0;
        assert_int_equal(decimal_muldiv(rows[i].a, rows[i].b, rows[i].c, &got), 0);
        assert_int_equal(got, rows[i].want);
    }
    int64_t untouched = 4711;
    assert_int_equal(decimal_muldiv(INT64_MAX, 2, 1, &untouched), -ERANGE);
    assert_int_equal(untouched, 4711);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(parse_rows) + 2];
    size_t n = 0;
    for (; n < ARRAY_LEN(parse_rows); n++)
        tests[n] = (struct CMUnitTest){parse_rows[n].name, parse_row, NULL, NULL, &parse_rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_most_negative_value_is_written);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(products_round_half_away_from_zero);
    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
