/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "utf8.h"

struct row {
    const char *name;
    const char *text;
    size_t len; /* of its first character; 0: malformed */
    uint32_t code;
    bool clean;
};

static struct row rows[] = {
    {"an empty text is clean", "", 1, 0, true},
    {"ASCII", "a", 1, 'a', true},
    {"two bytes", "\xC2\xA0", 2, 0xA0, true},
    {"Devanagari, three bytes", "\xE0\xA4\x95 kg", 3, 0x915, true},
    {"four bytes", "\xF0\x9F\x9A\x9A", 4, 0x1F69A, true},
    {"the greatest code point", "\xF4\x8F\xBF\xBF", 4, 0x10FFFF, true},
    {"beyond the greatest", "\xF4\x90\x80\x80", 0, 0, false},
    {"overlong in two bytes", "\xC1\xBF", 0, 0, false},
    {"overlong in three bytes", "\xE0\x9F\xBF", 0, 0, false},
    {"a surrogate", "\xED\xA0\x80", 0, 0, false},
    {"cut short by the end", "\xE0\xA4", 0, 0, false},
    {"cut short by another character",
     "\xE0\xA4"
     "a",
     0, 0, false},
    {"a continuation without its head", "\x80", 0, 0, false},
    {"a byte that is never used", "\xFF", 0, 0, false},
    {"malformed behind what is sound", "a\xFF", 1, 'a', false},
    {"a tab is a control character", "\t", 1, '\t', false},
    {"delete is a control character", "\x7F", 1, 0x7F, false},
    {"so are those of Latin 1", "\xC2\x9F", 2, 0x9F, false},
};

static void text_row(void **state)
{
    const struct row *r = *state;
    uint32_t code = 0;
    assert_int_equal(utf8_next(r->text, &code), r->len);
    assert_int_equal(code, r->code);
    assert_int_equal(utf8_is_clean(r->text), r->clean);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, text_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
