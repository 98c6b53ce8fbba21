/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "document_no.h"

struct row {
    const char *name;
    const char *no;
    enum document_no_fault want;
};

static struct row rows[] = {
    {"a usual number", "INV/26-27/0001", DOCUMENT_NO_OK},
    {"one character", "A", DOCUMENT_NO_OK},
    {"sixteen characters", "1234567890123456", DOCUMENT_NO_OK},
    {"seventeen characters", "12345678901234567", DOCUMENT_NO_LENGTH},
    {"nothing", "", DOCUMENT_NO_LENGTH},
    {"an underscore", "INV_0001", DOCUMENT_NO_CHARACTER},
    {"a blank at its end", "INV1 ", DOCUMENT_NO_CHARACTER},
    {"a backslash", "INV\\1", DOCUMENT_NO_CHARACTER},
    {"a letter beyond ASCII", "INV\xC3\x84", DOCUMENT_NO_CHARACTER},
    {"a leading zero", "0001", DOCUMENT_NO_FIRST_CHARACTER},
    {"a leading slash", "/1", DOCUMENT_NO_FIRST_CHARACTER},
    {"a leading hyphen", "-1", DOCUMENT_NO_FIRST_CHARACTER},
    {"rule 46 goes before the portal", "0_1", DOCUMENT_NO_CHARACTER},
};

static void check_row(void **state)
{
    const struct row *r = *state;
    assert_string_equal(document_no_fault_text(document_no_check(r->no)),
                        document_no_fault_text(r->want));
}

static void the_key_has_no_case_and_keeps_blanks(void **state)
{
    (void)state;
    char key[DOCUMENT_NO_SIZE] = "before";
    assert_int_equal(document_no_key("si-26/ z{`", key, sizeof(key)), 0);
    assert_string_equal(key, "SI-26/ Z{`");
    assert_int_equal(document_no_key("12345678901234567", key, sizeof(key)), -ENAMETOOLONG);
    assert_string_equal(key, "SI-26/ Z{`");
}

static void a_series_writes_its_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *prefix;
        uint64_t serial;
        unsigned digits;
        int err;
        const char *want;
    } cases[] = {{"MH1/26-27/", 42, 5, 0, "MH1/26-27/00042"},
                 {"MH1/26-27/", 999999, 5, 0, "MH1/26-27/999999"},
                 {"MH1/26-27/", 1000000, 5, -ENAMETOOLONG, NULL},
                 {"", 7, 0, 0, "7"},
                 {"", 7, 3, -EINVAL, NULL}, /* the portal refuses 007 */
                 {"INV#", 7, 3, -EINVAL, NULL},
                 {"A", UINT64_MAX, 0, -ENAMETOOLONG, NULL},
                 {"A prefix that is much too long for any number", 1, 1, -ENAMETOOLONG, NULL}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char no[DOCUMENT_NO_SIZE] = "before";
        assert_int_equal(document_no_write(cases[i].prefix, cases[i].serial, cases[i].digits, no),
                         cases[i].err);
        assert_string_equal(no, cases[i].want ? cases[i].want : "before");
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, check_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_key_has_no_case_and_keeps_blanks);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_series_writes_its_numbers);
    return cmocka_run_group_tests_name("document_no", tests, NULL, NULL);
}
