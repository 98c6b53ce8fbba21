/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "text.h"

static void a_text_that_fits_is_copied_whole(void **state)
{
    (void)state;
    char dst[4] = "zzz";
    assert_int_equal(text_copy(dst, sizeof(dst), "abc"), 0);
    assert_string_equal(dst, "abc");
}

static void a_text_that_does_not_fit_changes_nothing(void **state)
{
    (void)state;
    char dst[4] = "zzz";
    assert_int_equal(text_copy(dst, sizeof(dst), "abcd"), -ENAMETOOLONG);
    assert_string_equal(dst, "zzz");
}

static void bytes_with_a_nul_are_no_text(void **state)
{
    (void)state;
    char dst[8] = "zzz";
    assert_int_equal(text_copy_n(dst, sizeof(dst), "a\0b", 3), -EINVAL);
    assert_string_equal(dst, "zzz");
    assert_int_equal(text_copy_n(dst, sizeof(dst), NULL, 0), 0);
    assert_string_equal(dst, "");
}

static void a_cut_never_splits_a_character(void **state)
{
    (void)state;
    char dst[6];
    text_cut(dst, sizeof(dst), "ab\xE0\xA4\x95\xE0\xA4\x95"); /* two ASCII, two Devanagari */
    assert_string_equal(dst, "ab\xE0\xA4\x95");
    text_cut(dst, sizeof(dst), "a\xE0\xA4\x95\xE0\xA4\x95");
    assert_string_equal(dst, "a\xE0\xA4\x95");
    text_cut(dst, sizeof(dst), "abc");
    assert_string_equal(dst, "abc");
}

static void a_code_is_printable_ascii_without_blanks_at_its_ends(void **state)
{
    (void)state;
    assert_true(text_is_code("A"));
    assert_true(text_is_code("TEA 250 g~!"));
    assert_false(text_is_code(""));
    assert_false(text_is_code(" A"));
    assert_false(text_is_code("A "));
    assert_false(text_is_code("A\tB"));
    assert_false(text_is_code("A\x7F"));
    assert_false(text_is_code("\xE0\xA4\x95"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_fits_is_copied_whole),
        cmocka_unit_test(a_text_that_does_not_fit_changes_nothing),
        cmocka_unit_test(bytes_with_a_nul_are_no_text),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(a_code_is_printable_ascii_without_blanks_at_its_ends),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
