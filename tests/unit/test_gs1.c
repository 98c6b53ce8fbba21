/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that the vectors do not reach: rare content tests, unions of symbols, bounds. */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "gs1.h"

struct parse_row {
    const char *name;
    const char *text;
    enum gs1_fault fault;
    const char *ai;
};

static struct parse_row parse_rows[] = {
    {"a model number with its check pair is taken", "80131987654Ad4X4bL5ttr2310c2K", GS1_FINE, ""},
    {"a model number with a wrong check pair is refused", "80131987654Ad4X4bL5ttr2310c2J",
     GS1_CHECK_PAIR, "8013"},
    {"a component that begins with letters has no company prefix", "8004AB12", GS1_COMPANY_PREFIX,
     "8004"},
    {"a component serial must not begin with zero",
     "80101234A\x1d"
     "801101",
     GS1_CONTENT, "8011"},
    {"an account number with a good checksum is taken",
     "8007GB82WEST12345698765432\x1d"
     "4158901234567890\x1d"
     "8020A",
     GS1_FINE, ""},
    {"an account number with a bad checksum is refused", "8007GB83WEST12345698765432", GS1_CONTENT,
     "8007"},
    {"a country that does not exist is refused", "0108901107000035422357", GS1_CONTENT, "422"},
    {"India is a country", "0108901107000035422356", GS1_FINE, ""},
    {"a second country ends where the value ends", "0108901107000035423356040", GS1_FINE, ""},
    {"half a country is a length", "010890110700003542335604", GS1_VALUE_LENGTH, "423"},
    {"the third piece of two is refused", "8006089011070000350302", GS1_CONTENT, "8006"},
    {"the second piece of three is taken", "8006089011070000350203", GS1_FINE, ""},
    {"the second baby of one is refused",
     "8018890123456789012340\x1d"
     "7259A\x1d"
     "72582/1",
     GS1_CONTENT, "7258"},
    {"a latitude beyond the pole is refused",
     "43091800000001"
     "0000000000",
     GS1_CONTENT, "4309"},
    {"a percent sign needs two digits", "4300A%2", GS1_CONTENT, "4300"},
    {"day 00 of a month is taken",
     "0108901107000035"
     "17260200",
     GS1_FINE, ""},
    {"29 February needs a leap year",
     "0108901107000035"
     "17260229",
     GS1_DATE, "17"},
    {"day 00 is no date where it is not allowed",
     "0108901107000035"
     "70032602001200",
     GS1_DATE, "7003"},
    {"a signature needs a serialised key",
     "8030AAAA\x1d"
     "2538901234567890",
     GS1_SERIAL_REQUIRED, "253"},
    {"a signature of a serialised key is taken",
     "8030AAAA\x1d"
     "2538901234567890S1",
     GS1_FINE, ""},
    {"two decimals of one weight exclude each other",
     "0108901107000035"
     "3103001250"
     "3102000125",
     GS1_EXCLUDED_PAIR, "3102"},
    {"the same weight twice is taken",
     "0108901107000035"
     "3103001250"
     "3103001250",
     GS1_FINE, ""},
    {"a percentage of two AIs needs both",
     "0108901107000035"
     "70041234",
     GS1_REQUIRED_MISSING, "7004"},
    {"a percentage with both is taken",
     "0108901107000035"
     "70041234\x1d"
     "10A",
     GS1_FINE, ""},
    {"no text is empty", "", GS1_EMPTY, ""},
    {"one digit is no AI", "0", GS1_UNKNOWN_AI, ""},
    {"the digits of a long AI must all be there", "310", GS1_UNKNOWN_AI, ""},
};

static void parse_row(void **state)
{
    const struct parse_row *r = *state;
    struct gs1_message m;
    struct gs1_reject why = {.fault = GS1_FINE};
    int err = gs1_parse(r->text, strlen(r->text), GS1_FULL, &m, &why);
    assert_string_equal(gs1_fault_name(why.fault), gs1_fault_name(r->fault));
    assert_int_equal(err, r->fault == GS1_FINE ? 0 : -EBADMSG);
    assert_string_equal(why.ai ? why.ai->digits : "", r->ai);
}

static void parse(const char *text, struct gs1_message *ret)
{
    struct gs1_reject why;
    assert_int_equal(gs1_parse(text, strlen(text), GS1_LENIENT, ret, &why), 0);
}

static void symbols_of_one_item_complete_each_other(void **state)
{
    (void)state;
    struct gs1_message number;
    struct gs1_message batch;
    struct gs1_reject why;
    parse("0108901107000035", &number);
    parse("10AB12\x1d"
          "17261231",
          &batch);
    const struct gs1_message *both[] = {&batch, &number};
    assert_int_equal(gs1_check_union(both, 1, GS1_FULL, &why), -EBADMSG);
    assert_int_equal(why.fault, GS1_REQUIRED_MISSING);
    assert_int_equal(gs1_check_union(both, 2, GS1_FULL, &why), 0);
}

static void symbols_of_one_item_must_not_differ(void **state)
{
    (void)state;
    struct gs1_message one;
    struct gs1_message other;
    struct gs1_reject why;
    parse("010890110700003510A", &one);
    parse("10B", &other);
    const struct gs1_message *both[] = {&one, &other};
    assert_int_equal(gs1_check_union(both, 2, GS1_LENIENT, &why), -EBADMSG);
    assert_int_equal(why.fault, GS1_REPEAT_DIFFERS);
    assert_string_equal(why.ai->digits, "10");
}

static void more_elements_than_the_bound_are_refused(void **state)
{
    (void)state;
    char text[6 * (GS1_ELEMENTS_MAX + 1) + 1];
    struct gs1_message m;
    struct gs1_reject why = {.fault = GS1_FINE};
    for (size_t i = 0; i <= GS1_ELEMENTS_MAX; i++)
        memcpy(text + 6 * i, "9012A\x1d", 7);
    assert_int_equal(gs1_parse(text, 6 * GS1_ELEMENTS_MAX, GS1_FULL, &m, &why), 0);
    assert_int_equal(gs1_parse(text, 6 * (GS1_ELEMENTS_MAX + 1), GS1_FULL, &m, &why), -EBADMSG);
    assert_int_equal(why.fault, GS1_TOO_LONG);
}

static void an_opening_bracket_inside_a_value_is_escaped_and_comes_back(void **state)
{
    (void)state;
    static const char text[] = "(01)08901107000035(10)A\\(1)";
    char values[sizeof(text)];
    char out[64];
    size_t len = 0;
    struct gs1_message m;
    struct gs1_reject why;
    assert_int_equal(gs1_parse_bracketed(text, strlen(text), GS1_FULL, values, &m, &why), 0);
    assert_int_equal(gs1_get(&m, "10")->len, 4);
    assert_int_equal(gs1_compose(&m, GS1_BRACKETED, out, sizeof(out), &len), 0);
    assert_string_equal(out, text);
    assert_int_equal(gs1_compose(&m, GS1_RAW, out, sizeof(out), &len), 0);
    assert_string_equal(out, "010890110700003510A(1)");
    assert_int_equal(gs1_compose(&m, GS1_RAW, out, len, &len), -ENOSPC);
}

static void every_ai_is_found_by_its_digits_and_by_no_prefix_of_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS1_AI_COUNT; i++) {
        const struct gs1_ai *ai = &gs1_ai_table[i];
        assert_ptr_equal(gs1_ai_find(ai->digits, ai->digits_len), ai);
        assert_null(gs1_ai_find(ai->digits, ai->digits_len - 1U));
        assert_true(i == 0 || strcmp(gs1_ai_table[i - 1].digits, ai->digits) < 0);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(parse_rows) + 5];
    size_t n = 0;
    for (; n < ARRAY_LEN(parse_rows); n++)
        tests[n] = (struct CMUnitTest){parse_rows[n].name, parse_row, NULL, NULL, &parse_rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(symbols_of_one_item_complete_each_other);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(symbols_of_one_item_must_not_differ);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(more_elements_than_the_bound_are_refused);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(
        an_opening_bracket_inside_a_value_is_escaped_and_comes_back);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(
        every_ai_is_found_by_its_digits_and_by_no_prefix_of_them);
    return cmocka_run_group_tests_name("gs1", tests, NULL, NULL);
}
