/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "gstin.h"

struct row {
    const char *name;
    const char *typed;
    enum gstin_reason want;
    const char *text; /* normalised; NULL when it is refused */
};

static struct row rows[] = {
    {"a firm in Maharashtra", "27AAPFU0939F1ZV", GSTIN_OK, "27AAPFU0939F1ZV"},
    {"blanks around and lower case", " 27aapfu0939f1zv ", GSTIN_OK, "27AAPFU0939F1ZV"},
    {"a tab, a line end, a no-break space",
     "\t\xC2\xA0"
     "27AAPFU0939F1ZV\xC2\xA0\r\n",
     GSTIN_OK, "27AAPFU0939F1ZV"},
    {"the tenth registration in a state", "29AAZCS7712EAZH", GSTIN_OK, "29AAZCS7712EAZH"},
    {"other territory registers", "97AAHCQ5519R1ZF", GSTIN_OK, "97AAHCQ5519R1ZF"},
    {"a closed state code", "25AAFCD8120K1ZO", GSTIN_LEGACY_STATE, "25AAFCD8120K1ZO"},
    {"a closed state code in lower case", "28aagcp3307b1zt", GSTIN_LEGACY_STATE, "28AAGCP3307B1ZT"},
    {"a closed state code with a wrong check character", "25AAFCD8120K1ZA", GSTIN_CHECKSUM, NULL},
    {"nothing", "", GSTIN_LENGTH, NULL},
    {"only blanks", "               ", GSTIN_LENGTH, NULL},
    {"fifteen with an inner blank is a matter of format", "27AAPFU 0939F1Z", GSTIN_FORMAT, NULL},
    {"sixteen characters", "27AAPFU0939F1ZVX", GSTIN_LENGTH, NULL},
    {"an unregistered person's URP", GSTIN_UNREGISTERED, GSTIN_LENGTH, NULL},
    {"fifteen characters, one beyond ASCII", "27AAPFU0939F1Z\xC3\x9C", GSTIN_FORMAT, NULL},
    {"a letter among the PAN's digits", "27AAPFU09B9F1ZV", GSTIN_FORMAT, NULL},
    {"registration count zero", "27AAPFU0939F0ZV", GSTIN_FORMAT, NULL},
    {"an e-commerce collector's C", "27AAPFU0939F1CV", GSTIN_FORMAT, NULL},
    {"a format fault is told before an unknown state", "99AAPFU0939F0ZV", GSTIN_FORMAT, NULL},
    {"state 00", "00AAPFU0939F1ZB", GSTIN_STATE, NULL},
    {"other countries never register", "96AAPFU0939F1ZA", GSTIN_STATE, NULL},
    {"an unknown state is told before its check character", "39AAPFU0939F1ZA", GSTIN_STATE, NULL},
    {"two digits changed places", "27AAPFU9039F1ZV", GSTIN_CHECKSUM, NULL},
};

static void read_row(void **state)
{
    const struct row *r = *state;
    struct gstin g = {.state = 255};
    enum gstin_reason got = gstin_read(r->typed, &g);
    assert_string_equal(gstin_reason_name(got), gstin_reason_name(r->want));
    if (!r->text) {
        assert_int_equal(g.state, 255);
        assert_string_equal(gstin_verdict_name(got), "invalid");
        return;
    }
    assert_string_equal(g.text, r->text);
    assert_memory_equal(g.pan, r->text + 2, GSTIN_PAN_LEN);
    assert_int_equal(g.state, (r->text[0] - '0') * 10 + r->text[1] - '0');
}

static struct gstin must_read(const char *text)
{
    struct gstin g = {0};
    assert_int_equal(gstin_read(text, &g), GSTIN_OK);
    return g;
}

static void the_same_pan_is_the_same_person(void **state)
{
    (void)state;
    struct gstin pune = must_read("27AAPFU0939F1ZV");
    struct gstin delhi = must_read("07AAPFU0939F1ZX");
    struct gstin other = must_read("27AZXPK4821M1ZL");
    assert_true(gstin_same_person(&pune, &delhi));
    assert_false(gstin_same_registration(&pune, &delhi));
    assert_true(gstin_same_registration(&pune, &pune));
    assert_false(gstin_same_person(&pune, &other));
}

/* The scheme is known to miss one thing: a 0 and a Z that change places. */
static void every_single_substitution_is_found(void **state)
{
    (void)state;
    static const char good[] = "27AAPFU0939F1ZV";
    for (size_t at = 0; at < GSTIN_LEN; at++) {
        for (char c = '0'; c <= 'Z'; c++) {
            char text[GSTIN_SIZE];
            memcpy(text, good, sizeof(text));
            text[at] = c;
            struct gstin g;
            if (c != good[at])
                assert_int_not_equal(gstin_read(text, &g), GSTIN_OK);
        }
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, read_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_same_pan_is_the_same_person);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_single_substitution_is_found);
    return cmocka_run_group_tests_name("gstin", tests, NULL, NULL);
}
