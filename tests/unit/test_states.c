/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "states.h"

struct parse_row {
    const char *name;
    const char *text;
    int err;
    uint8_t code;
};

static struct parse_row parse_rows[] = {
    {"two digits", "27", 0, 27},
    {"a leading zero", "07", 0, 7},
    {"one digit, as the e-way bill writes it", "7", 0, 7},
    {"other countries", "96", 0, 96},
    {"an unknown code", "39", -EINVAL, 0},
    {"zero", "00", -EINVAL, 0},
    {"three digits", "027", -EINVAL, 0},
    {"a blank", " 7", -EINVAL, 0},
    {"letters", "MH", -EINVAL, 0},
    {"nothing", "", -EINVAL, 0},
};

static void parse_row(void **state)
{
    const struct parse_row *r = *state;
    uint8_t code = 255;
    assert_int_equal(states_parse(r->text, &code), r->err);
    assert_int_equal(code, r->err ? 255 : r->code);
}

static void neighbours_are_mutual(void **state)
{
    (void)state;
    const struct states_row *all = NULL;
    size_t n = states_all(&all);
    assert_true(n > 36);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; all[i].neighbours[k] != 0; k++) {
            assert_non_null(states_find(all[i].neighbours[k]));
            if (all[i].kind != STATES_LEGACY) /* nobody borders a closed code any more */
                assert_true(states_are_neighbours(all[i].neighbours[k], all[i].code));
        }
    assert_false(states_are_neighbours(27, 33));
    assert_false(states_are_neighbours(0, 27));
}

static void codes_are_there_once(void **state)
{
    (void)state;
    const struct states_row *all = NULL;
    size_t n = states_all(&all);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(states_find(all[i].code), &all[i]);
    assert_null(states_find(39));
    assert_null(states_find(0));
}

static void a_pin_is_looked_for_by_its_first_three_digits(void **state)
{
    (void)state;
    assert_true(states_pin_fits(states_find(27), 421302));
    assert_false(states_pin_fits(states_find(27), 110020));
    assert_true(states_pin_fits(states_find(34), 673310)); /* Mahe, inside Kerala */
    assert_false(states_pin_fits(states_find(34), 606001));
    assert_true(states_pin_fits(states_find(97), 999999)); /* no prefixes are known */
}

static void only_other_countries_cannot_register(void **state)
{
    (void)state;
    assert_false(states_registers(states_find(STATES_OTHER_COUNTRY)));
    assert_true(states_registers(states_find(97)));
    assert_true(states_registers(states_find(25)));
    assert_int_equal(states_find(4)->kind, STATES_UT_NO_LEGISLATURE);
    assert_int_equal(states_find(1)->intra_limit_rupees, 0);
    assert_int_equal(states_find(96)->intra_limit_rupees, STATES_NO_LIMIT);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(parse_rows) + 4];
    size_t n = 0;
    for (; n < ARRAY_LEN(parse_rows); n++)
        tests[n] = (struct CMUnitTest){parse_rows[n].name, parse_row, NULL, NULL, &parse_rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(neighbours_are_mutual);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(codes_are_there_once);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_pin_is_looked_for_by_its_first_three_digits);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(only_other_countries_cannot_register);
    return cmocka_run_group_tests_name("states", tests, NULL, NULL);
}
