/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "vehicle_no.h"

struct row {
    const char *name;
    const char *typed;
    bool valid;
    const char *normalised;
};

static struct row rows[] = {
    {"two letters, six digits", "KA121234", true, "KA121234"},
    {"one series letter", "ka 12 k 1234", true, "KA12K1234"},
    {"two series letters with hyphens", "GJ-06-AA-1123", true, "GJ06AA1123"},
    {"three series letters", "KA12KAR1234", true, "KA12KAR1234"},
    {"four series letters", "KA12KARX1234", false, "KA12KARX1234"},
    {"three digits of district", "KA123K1234", true, "KA123K1234"},
    {"three digits of district, two letters", "KA123KA1234", false, "KA123KA1234"},
    {"an old plate", "KAR1234", true, "KAR1234"},
    {"one digit of district as typed", "DL1CAB0123", false, "DL1CAB0123"},
    {"the same, padded", "DL01CAB0123", true, "DL01CAB0123"},
    {"blanks and hyphens around", " -MH04AB1234- ", true, "MH04AB1234"},
    {"a tab and a line end", "MH04\tAB1234\n", true, "MH04AB1234"},
    {"a dot stays and is wrong", "MH.04.AB.1234", false, "MH.04.AB.1234"},
    {"three digits at the end", "KA12KA123", false, "KA12KA123"},
    {"five digits at the end", "KA12KA12345", false, "KA12KA12345"},
    {"Bharat series", "22BH1234AA", false, "22BH1234AA"},
    {"defence", "df12345", true, "DF12345"},
    {"six characters of defence", "DF1234", false, "DF1234"},
    {"temporary with letters", "TM12AB34", true, "TM12AB34"},
    {"Bhutan", "BP-1-A2345", true, "BP1A2345"},
    {"Nepal, fifteen characters", "NP1234567890123", true, "NP1234567890123"},
    {"Nepal, sixteen characters", "NP12345678901234", false, "NP12345678901234"},
    {"Nepal with a sign", "NP12345#", false, "NP12345#"},
    {"another country's prefix", "BD1A2345", false, "BD1A2345"},
    {"nothing", "", false, ""},
    {"only blanks", " - ", false, ""},
};

static void vehicle_row(void **state)
{
    const struct row *r = *state;
    char no[32];
    assert_int_equal(vehicle_no_normalise(r->typed, no, sizeof(no)), 0);
    assert_string_equal(no, r->normalised);
    assert_int_equal(vehicle_no_valid(no), r->valid);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    char no[VEHICLE_NO_SIZE] = "before";
    assert_int_equal(vehicle_no_normalise("1234567890123456", no, sizeof(no)), -ENAMETOOLONG);
    assert_string_equal(no, "before");
    assert_int_equal(vehicle_no_normalise("1 2345678901234-5", no, sizeof(no)), 0);
    assert_string_equal(no, "123456789012345");
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, vehicle_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_does_not_fit_is_refused);
    return cmocka_run_group_tests_name("vehicle_no", tests, NULL, NULL);
}
