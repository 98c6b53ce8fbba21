/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "attr.h"
#include "budget.h"
#include "rng.h"

#define MOVES_MAX 4
#define NONE BUDGET_NONE

struct row {
    const char *name;
    int64_t freight_left, goods_left;
    struct budget_move move[MOVES_MAX]; /* gain, freight, goods, whether it is kept */
    size_t count;
};

static struct row rows[] = {
    {"without a budget all is kept", NONE, NONE, {{1, 900, 900, true}, {5, 1, 1, true}}, 2},
    {"a budget that is used up keeps nothing that costs",
     0,
     NONE,
     {{500, 1, 0, false}, {1, 0, 900, true}},
     2},
    {"what gains most a rupee comes first, not what gains most",
     50,
     NONE,
     {{100, 50, 0, false}, {60, 10, 0, true}},
     2},
    {"the scarcer budget decides",
     1000,
     100,
     {{90, 10, 100, false}, {50, 500, 10, true}, {60, 100, 60, true}},
     3},
    {"what does not fit is passed over for smaller ones",
     100,
     NONE,
     {{300, 60, 0, true}, {240, 50, 0, false}, {40, 40, 0, true}},
     3},
    {"exactly the budget is within it", 100, 200, {{1, 60, 120, true}, {1, 40, 80, true}}, 2},
};

static void choose(void **state)
{
    const struct row *r = *state;
    struct budget b = {r->freight_left, r->goods_left, 30};
    struct budget_move move[MOVES_MAX];
    size_t beyond = 0;
    for (size_t i = 0; i < r->count; i++) {
        move[i] = r->move[i];
        move[i].kept = !move[i].kept; /* not looked at */
        beyond += !r->move[i].kept;
    }
    assert_true(budget_choose(&b, move, r->count) == beyond);
    for (size_t i = 0; i < r->count; i++)
        assert_int_equal(move[i].kept, r->move[i].kept);
}

static void nothing_that_fits_is_left_out(void **state)
{
    (void)state;
    struct rng rng = rng_seed(31);
    int out = 0;
    for (int n = 0; n < 2000; n++) {
        struct budget b = {(int64_t)rng_below(&rng, 200), (int64_t)rng_below(&rng, 200), 30};
        struct budget_move move[MOVES_MAX];
        size_t count = rng_below(&rng, MOVES_MAX + 1);
        for (size_t i = 0; i < count; i++)
            move[i] = (struct budget_move){.gain_paise = 1 + (int64_t)rng_below(&rng, 100),
                                           .freight_paise = (int64_t)rng_below(&rng, 100),
                                           .goods_paise = (int64_t)rng_below(&rng, 100)};
        (void)budget_choose(&b, move, count);
        for (size_t i = 0; i < count; i++) {
            b.freight_left_paise -= move[i].kept ? move[i].freight_paise : 0;
            b.goods_left_paise -= move[i].kept ? move[i].goods_paise : 0;
        }
        assert_true(b.freight_left_paise >= 0 && b.goods_left_paise >= 0);
        for (size_t i = 0; i < count; i++) {
            out += !move[i].kept;
            assert_true(move[i].kept || move[i].freight_paise > b.freight_left_paise ||
                        move[i].goods_paise > b.goods_left_paise);
        }
    }
    assert_true(out > 100);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, choose, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(nothing_that_fits_is_left_out);
    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
