/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "pack.h"

static const struct pack_sizes biscuits = {
    .sizes = {{"case", "cases", 144}, {"inner", "inners", 12}, {"piece", "pieces", 1}}, .count = 3};
static const struct pack_sizes grams = {.sizes = {{"g", "g", 1}}, .count = 1};

struct row {
    const char *name;
    const struct pack_sizes *packs;
    int64_t units;
    const char *text;
};

static struct row rows[] = {
    {"nothing", &biscuits, 0, "0 pieces"},
    {"one of the smallest", &biscuits, 1, "1 piece"},
    {"one of each", &biscuits, 157, "1 case + 1 inner + 1 piece"},
    {"several, the middle one absent", &biscuits, 291, "2 cases + 3 pieces"},
    {"full cases only", &biscuits, 1440, "10 cases"},
    {"a pack of six and one is seven, not twelve", &biscuits, 7, "7 pieces"},
    {"a negative quantity of one kind", &biscuits, -24, "-2 inners"},
    {"a negative quantity of several kinds", &biscuits, -145, "-(1 case + 1 piece)"},
    {"a unit that is also its plural", &grams, 1250, "1250 g"},
    {"the largest", &grams, INT64_MAX, "9223372036854775807 g"},
    {"the smallest does not overflow", &grams, INT64_MIN, "-9223372036854775807 g"},
};

static void format_row(void **state)
{
    const struct row *r = *state;
    char text[PACK_TEXT_SIZE];
    assert_string_equal(pack_format(r->packs, r->units, text), r->text);
}

static void what_is_split_adds_up_again(void **state)
{
    (void)state;
    for (int64_t units = 0; units < 2000; units++) {
        int64_t counts[PACK_SIZES_MAX];
        int64_t total = -1;
        pack_split(&biscuits, units, counts);
        assert_int_equal(pack_total(&biscuits, counts, &total), 0);
        assert_int_equal(total, units);
    }
}

static void sums_are_exact_or_refused(void **state)
{
    (void)state;
    int64_t units = 7;
    assert_int_equal(pack_total(&biscuits, (int64_t[]){2, 13, 5}, &units), 0);
    assert_int_equal(units, 449);
    assert_int_equal(pack_total(&biscuits, (int64_t[]){2, -1, 5}, &units), -EINVAL);
    assert_int_equal(pack_total(&biscuits, (int64_t[]){INT64_MAX / 144 + 1, 0, 0}, &units),
                     -ERANGE);
    assert_int_equal(pack_total(&biscuits, (int64_t[]){INT64_MAX / 144, 0, 144}, &units), -ERANGE);
    assert_int_equal(units, 449);
}

static void tables_are_checked(void **state)
{
    (void)state;
    static const struct {
        struct pack_sizes packs;
        int want;
    } cases[] = {{{{{"piece", "pieces", 1}}, 1}, 0},
                 {{{{"case", "cases", 20}, {"inner", "inners", 6}, {"piece", "pieces", 1}}, 3}, 0},
                 {{{{0}}, 0}, -EINVAL},
                 {{{{"piece", "pieces", 1}}, PACK_SIZES_MAX + 1}, -EINVAL},
                 {{{{"case", "cases", 12}}, 1}, -EINVAL},
                 {{{{"inner", "inners", 6}, {"case", "cases", 12}}, 2}, -EINVAL},
                 {{{{"piece", "pieces", 1}, {"piece", "pieces", 1}}, 2}, -EINVAL},
                 {{{{"case", NULL, 12}, {"piece", "pieces", 1}}, 2}, -EINVAL},
                 {{{{"piece", "pieces", 1}, {"void", "voids", 0}}, 2}, -EINVAL}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(pack_check(&cases[i].packs), cases[i].want);
}

static void a_text_that_is_too_long_is_cut(void **state)
{
    (void)state;
    static const char name[] = "a pack with a name that nobody would ever want to read aloud";
    const struct pack_sizes packs = {
        .sizes = {{name, name, 4}, {name, name, 3}, {name, name, 2}, {name, name, 1}}, .count = 4};
    char text[PACK_TEXT_SIZE];
    pack_format(&packs, -INT64_MAX, text);
    assert_in_range(strnlen(text, sizeof(text)), 1, PACK_TEXT_SIZE - 1);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 4];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, format_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_is_split_adds_up_again);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(sums_are_exact_or_refused);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(tables_are_checked);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_text_that_is_too_long_is_cut);
    return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
