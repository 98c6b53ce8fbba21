/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "scale_reading.h"

struct row {
    const char *name;
    struct scale_reading in;
    int err;
    int64_t grams;
    const char *value;
};

static struct row rows[] = {
    {"kilograms with three places are grams",
     {.counts = 12340, .decimals = 3, .unit = SCALE_UNIT_KG},
     0,
     12340,
     "12.340"},
    {"the digits stay as sent",
     {.counts = 1234, .decimals = 2, .unit = SCALE_UNIT_KG},
     0,
     12340,
     "12.34"},
    {"a negative weight", {.counts = -5, .decimals = 3, .unit = SCALE_UNIT_KG}, 0, -5, "-0.005"},
    {"tonnes", {.counts = 15, .decimals = 1, .unit = SCALE_UNIT_T}, 0, 1500000, "1.5"},
    {"a fraction of a gram is not rounded",
     {.counts = 12345, .decimals = 4, .unit = SCALE_UNIT_KG},
     -EDOM,
     0,
     "1.2345"},
    {"a pound is no whole number of grams", {.counts = 1, .unit = SCALE_UNIT_LB}, -EDOM, 0, "1"},
    {"a hundred thousand pounds are",
     {.counts = 100000, .unit = SCALE_UNIT_LB},
     0,
     45359237,
     "100000"},
    {"pieces are not mass", {.counts = 7, .unit = SCALE_UNIT_PCS}, -EINVAL, 0, "7"},
    {"without a unit there is no mass", {.counts = 7}, -EINVAL, 0, "7"},
    {"an overload has no weight even with digits",
     {.counts = 7, .unit = SCALE_UNIT_KG, .status = SCALE_OVERLOAD},
     -ENODATA,
     0,
     "7"},
    {"a weight that does not fit",
     {.counts = INT64_MAX, .unit = SCALE_UNIT_T},
     -ERANGE,
     0,
     "9223372036854775807"},
};

static void grams_row(void **state)
{
    const struct row *r = *state;
    int64_t grams = 4711;
    char text[DECIMAL_TEXT_SIZE];
    assert_int_equal(scale_reading_grams(&r->in, &grams), r->err);
    assert_int_equal(grams, r->err ? 4711 : r->grams);
    assert_string_equal(scale_reading_value(&r->in, text), r->value);
}

static void milligrams_are_rounded(void **state)
{
    (void)state;
    int64_t mg = 0;
    struct scale_reading pound = {.counts = 1, .unit = SCALE_UNIT_LB};
    assert_int_equal(scale_reading_milligrams(&pound, &mg), 0);
    assert_int_equal(mg, 453592); /* 453592.37 */
    struct scale_reading ounce = {.counts = 1, .unit = SCALE_UNIT_OZ};
    assert_int_equal(scale_reading_milligrams(&ounce, &mg), 0);
    assert_int_equal(mg, 28350); /* 28349.523125 */
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, grams_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(milligrams_are_rounded);
    return cmocka_run_group_tests_name("scale_reading", tests, NULL, NULL);
}
