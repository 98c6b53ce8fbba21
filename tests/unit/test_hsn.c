/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "hsn.h"

struct row {
    const char *name;
    const char *code;
    bool valid;
    bool service;
};

static struct row rows[] = {
    {"four digits", "1905", true, false},       {"six digits", "190531", true, false},
    {"eight digits", "19053100", true, false},  {"a service", "996511", true, true},
    {"two digits", "19", false, false},         {"five digits", "19053", false, false},
    {"nine digits", "190531001", false, false}, {"a blank inside", "1905 31 00", false, false},
    {"a letter", "1905A1", false, false},       {"nothing", "", false, false},
};

static void code_row(void **state)
{
    const struct row *r = *state;
    assert_int_equal(hsn_valid(r->code), r->valid);
    assert_int_equal(hsn_is_service(r->code), r->service);
}

static void digits_follow_turnover_and_buyer(void **state)
{
    (void)state;
    assert_int_equal(hsn_digits_needed(HSN_TURNOVER_LIMIT_PAISE, true), 4);
    assert_int_equal(hsn_digits_needed(HSN_TURNOVER_LIMIT_PAISE, false), 0);
    assert_int_equal(hsn_digits_needed(HSN_TURNOVER_LIMIT_PAISE + 1, true), 6);
    assert_int_equal(hsn_digits_needed(HSN_TURNOVER_LIMIT_PAISE + 1, false), 6);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, code_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(digits_follow_turnover_and_buyer);
    return cmocka_run_group_tests_name("hsn", tests, NULL, NULL);
}
