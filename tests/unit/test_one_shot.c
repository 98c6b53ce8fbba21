/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "one_shot.h"

#define EXPIRES 1000000

struct row {
    const char *name;
    bool stored;
    int64_t wall_ms;
    enum clock_trust trust;
    enum one_shot_verdict want;
};

static struct row rows[] = {
    {"a command in its time is done", false, EXPIRES - 1, CLOCK_NTP, ONE_SHOT_DO},
    {"a doubled command is not done again", true, EXPIRES - 1, CLOCK_NTP, ONE_SHOT_DONE},
    {"nor after its time", true, EXPIRES, CLOCK_NTP, ONE_SHOT_DONE},
    {"a late command is not done", false, EXPIRES, CLOCK_RELAY, ONE_SHOT_EXPIRED},
    {"a clock that may be behind cannot say in time", false, 0, CLOCK_RESTORED, ONE_SHOT_UNSURE},
    {"nor one that was never set", false, 0, CLOCK_UNSET, ONE_SHOT_UNSURE},
    {"but it can say too late", false, EXPIRES, CLOCK_UNSET, ONE_SHOT_EXPIRED},
};

static void a_command_is_judged(void **state)
{
    const struct row *r = *state;
    struct one_shot c = {.id = 5, .expires_ms = EXPIRES};
    assert_int_equal(one_shot_judge(&c, r->stored, r->wall_ms, r->trust), r->want);
}

static void an_id_is_kept_until_its_command_would_be_late_for_sure(void **state)
{
    (void)state;
    int64_t late_ms = EXPIRES + ONE_SHOT_KEEP_MS;
    assert_false(one_shot_forgettable(EXPIRES, late_ms - 1, CLOCK_RELAY));
    assert_false(one_shot_forgettable(EXPIRES, late_ms, CLOCK_RESTORED));
    assert_true(one_shot_forgettable(EXPIRES, late_ms, CLOCK_RELAY));
    struct one_shot c = {.expires_ms = EXPIRES};
    assert_int_equal(one_shot_judge(&c, false, late_ms, CLOCK_RELAY), ONE_SHOT_EXPIRED);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = {
        cmocka_unit_test(an_id_is_kept_until_its_command_would_be_late_for_sure)};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[1 + i] = (struct CMUnitTest){rows[i].name, a_command_is_judged, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("one_shot", tests, NULL, NULL);
}
