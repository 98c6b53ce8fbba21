/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "gst_rate.h"

struct row {
    const char *name;
    const char *hsn;
    const char *condition;
    const char *day;
    int err;
    int32_t gst_ppm;
    int32_t cess_ppm;
};

static struct row rows[] = {
    {"biscuits, the day before the change", "19053100", "", "2025-09-21", 0, 180000, 0},
    {"biscuits, the day of the change", "19053100", "", "2025-09-22", 0, 50000, 0},
    {"an open period goes on", "19053100", "", "2199-12-31", 0, 50000, 0},
    {"before GST there was no rate", "19053100", "", "2017-06-30", -ENOENT, 0, 0},
    {"the first day of GST", "19053100", "", "2017-07-01", 0, 180000, 0},
    {"cola bore cess", "22021010", "", "2025-09-21", 0, 280000, 120000},
    {"cola bears forty without cess", "22021010", "", "2025-09-22", 0, 400000, 0},
    {"the longer code goes before the shorter", "22029920", "", "2026-01-01", 0, 50000, 0},
    {"beside it the shorter holds", "22029990", "", "2026-01-01", 0, 400000, 0},
    {"a condition chooses within a heading", "210690", "namkeen", "2025-09-21", 0, 120000, 0},
    {"without it the heading's rate", "210690", "", "2025-09-21", 0, 180000, 0},
    {"an unknown condition is the heading's rate", "210690", "other", "2025-09-21", 0, 180000, 0},
    {"a condition of a nil rate", "0406", "paneer_prepacked", "2026-01-01", 0, 0, 0},
    {"only a condition is known: nothing is assumed", "34011190", "", "2026-01-01", -ENOENT, 0, 0},
    {"with the condition it is", "34011190", "toilet_soap_bar", "2026-01-01", 0, 50000, 0},
    {"a range of headings holds each", "15121910", "", "2026-01-01", 0, 50000, 0},
    {"a code shorter than the table's", "1905", "", "2026-01-01", -ENOENT, 0, 0},
    {"a code that is none", "1905 31", "", "2026-01-01", -EINVAL, 0, 0},
};

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_int_equal(civil_parse(text, &day), 0);
    return day;
}

static void find_row(void **state)
{
    const struct row *r = *state;
    const struct gst_rate_row *got = NULL;
    assert_int_equal(gst_rate_find(&gst_rate_seed, r->hsn, r->condition, day_of(r->day), &got),
                     r->err);
    if (r->err) {
        assert_null(got);
        return;
    }
    assert_int_equal(got->gst_ppm, r->gst_ppm);
    assert_int_equal(got->cess_ppm, r->cess_ppm);
}

static void the_seed_is_sound(void **state)
{
    (void)state;
    struct diag why = {0};
    assert_int_equal(gst_rate_check(&gst_rate_seed, &why), 0);
    assert_true(gst_rate_seed.count > 80);
}

static void the_condition_counts_among_codes_of_one_length_only(void **state)
{
    (void)state;
    static const struct gst_rate_row table_rows[] = {{"21", "namkeen", 0, CIVIL_NONE, 1, 0},
                                                     {"2106", "", 0, CIVIL_NONE, 2, 0}};
    const struct gst_rate_table table = {table_rows, 2};
    const struct gst_rate_row *got = NULL;
    assert_int_equal(gst_rate_find(&table, "210690", "namkeen", 5, &got), 0);
    assert_int_equal(got->gst_ppm, 2);
    assert_int_equal(gst_rate_find(&table, "2105", "namkeen", 5, &got), 0);
    assert_int_equal(got->gst_ppm, 1);
}

struct check_row {
    const char *name;
    struct gst_rate_row rows[2];
    int wrong_line; /* 0: sound */
};

static struct check_row check_rows[] = {
    {"one period ends the day before the next",
     {{"1905", "", 0, 9, 1, 0}, {"1905", "", 10, CIVIL_NONE, 2, 0}},
     0},
    {"a day in both", {{"1905", "", 0, 10, 1, 0}, {"1905", "", 10, CIVIL_NONE, 2, 0}}, 2},
    {"two open periods",
     {{"1905", "", 0, CIVIL_NONE, 1, 0}, {"1905", "", 10, CIVIL_NONE, 2, 0}},
     2},
    {"the later one first", {{"1905", "", 10, CIVIL_NONE, 2, 0}, {"1905", "", 0, 10, 1, 0}}, 2},
    {"one inside the other", {{"1905", "", 5, 6, 1, 0}, {"1905", "", 0, 10, 2, 0}}, 2},
    {"another condition may share the days",
     {{"1905", "", 0, 9, 1, 0}, {"1905", "rusk", 0, 9, 2, 0}},
     0},
    {"a longer code may share the days", {{"1905", "", 0, 9, 1, 0}, {"190531", "", 0, 9, 2, 0}}, 0},
    {"a chapter", {{"19", "", 0, 9, 1, 0}, {"20", "", 0, 9, 2, 0}}, 0},
    {"three digits", {{"190", "", 0, 9, 1, 0}, {"20", "", 0, 9, 2, 0}}, 1},
    {"letters", {{"19", "", 0, 9, 1, 0}, {"2O", "", 0, 9, 2, 0}}, 2},
    {"an end before the beginning", {{"19", "", 9, 8, 1, 0}, {"20", "", 0, 9, 2, 0}}, 1},
    {"no beginning", {{"19", "", CIVIL_NONE, 8, 1, 0}, {"20", "", 0, 9, 2, 0}}, 1},
    {"a negative rate", {{"19", "", 0, 9, -1, 0}, {"20", "", 0, 9, 2, 0}}, 1},
    {"cess beyond any", {{"19", "", 0, 9, 1, 0}, {"20", "", 0, 9, 2, 10000001}}, 2},
};

static void check_row(void **state)
{
    const struct check_row *r = *state;
    struct diag why = {0};
    assert_int_equal(gst_rate_check(&(struct gst_rate_table){r->rows, 2}, &why),
                     r->wrong_line ? -EINVAL : 0);
    assert_int_equal(why.line, r->wrong_line);
    assert_int_equal(strlen(why.text) > 0, r->wrong_line > 0);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(check_rows) + 2];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, find_row, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(check_rows); i++)
        tests[n++] = (struct CMUnitTest){check_rows[i].name, check_row, NULL, NULL, &check_rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_seed_is_sound);
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(the_condition_counts_among_codes_of_one_length_only);
    return cmocka_run_group_tests_name("gst_rate", tests, NULL, NULL);
}
