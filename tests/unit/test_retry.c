/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "retry.h"

static void a_device_never_tried_is_due_at_once(void **state)
{
    (void)state;
    struct retry r = {0};
    assert_true(retry_due(&r, 0));
    assert_true(retry_due(&r, INT64_MAX));
}

static void the_delay_doubles_up_to_half_a_minute(void **state)
{
    (void)state;
    static const int32_t want_ms[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000};
    struct retry r = {0};
    int64_t now_ms = 5000;
    for (size_t i = 0; i < ARRAY_LEN(want_ms); i++) {
        assert_int_equal(retry_failed(&r, now_ms), want_ms[i]);
        assert_false(retry_due(&r, now_ms + want_ms[i] - 1));
        now_ms += want_ms[i];
        assert_true(retry_due(&r, now_ms));
        assert_int_equal(r.failures, i + 1);
    }
}

static void a_success_starts_over(void **state)
{
    (void)state;
    struct retry r = {0};
    retry_failed(&r, 0);
    retry_failed(&r, 1000);
    retry_succeeded(&r);
    assert_true(retry_due(&r, 1000));
    assert_int_equal(retry_failed(&r, 1000), RETRY_FIRST_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_never_tried_is_due_at_once),
        cmocka_unit_test(the_delay_doubles_up_to_half_a_minute),
        cmocka_unit_test(a_success_starts_over),
    };
    return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
