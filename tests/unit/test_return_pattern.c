/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "return_pattern.h"

static const struct return_counts usual[] = {
    {1000, 10}, {500, 12}, {2000, 30}, {800, 5}, {100, 0}, {40, 2}, {3000, 60}, {10, 0},
};

static void little_history_is_the_pools_share(void **state)
{
    (void)state;
    struct return_pool pool = return_pool_fit(usual, ARRAY_LEN(usual));
    struct return_pattern none = return_pattern_of(&(struct return_counts){0, 0}, &pool);
    struct return_pattern one = return_pattern_of(&(struct return_counts){1, 1}, &pool);
    assert_int_equal(none.share_permille, (int)(pool.a / (pool.a + pool.b) * 1000 + 0.5));
    assert_true(one.share_permille < 60); /* one unit that came back is no pattern */
    assert_false(one.suspect);
}

static void what_comes_back_ever_again_is_suspect(void **state)
{
    (void)state;
    struct return_pool pool = return_pool_fit(usual, ARRAY_LEN(usual));
    struct return_pattern p = return_pattern_of(&(struct return_counts){600, 120}, &pool);
    assert_true(p.suspect);
    assert_true(p.share_permille > 150 && p.share_permille < 200);
    assert_false(return_pattern_of(&(struct return_counts){600, 8}, &pool).suspect);
}

static void more_returns_never_look_better(void **state)
{
    (void)state;
    struct return_pool pool = return_pool_fit(usual, ARRAY_LEN(usual));
    struct return_pattern before = return_pattern_of(&(struct return_counts){400, 0}, &pool);
    for (int64_t back = 1; back <= 400; back++) {
        struct return_pattern p = return_pattern_of(&(struct return_counts){400, back}, &pool);
        assert_true(p.share_permille >= before.share_permille);
        assert_true(p.suspect_permille >= before.suspect_permille);
        assert_true(return_units_expected(&p, 1000) >= return_units_expected(&before, 1000));
        before = p;
    }
}

static void nonsense_is_tamed(void **state)
{
    (void)state;
    struct return_pool pool = return_pool_fit(NULL, 0);
    struct return_pattern p = return_pattern_of(&(struct return_counts){-5, 100}, &pool);
    assert_int_equal(p.share_permille, 16);
    p = return_pattern_of(&(struct return_counts){10, INT64_MAX}, &pool);
    assert_true(p.share_permille <= 1000);
    assert_int_equal(return_units_expected(&p, -7), 0);
    assert_true(return_units_expected(&p, INT64_MAX) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little_history_is_the_pools_share),
        cmocka_unit_test(what_comes_back_ever_again_is_suspect),
        cmocka_unit_test(more_returns_never_look_better),
        cmocka_unit_test(nonsense_is_tamed),
    };
    return cmocka_run_group_tests_name("return_pattern", tests, NULL, NULL);
}
