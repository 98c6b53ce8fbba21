/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "civil.h"
#include "movement.h"

#define TODAY 20000

struct row {
    const char *name;
    enum stock_status status;
    int32_t expiry_day;
    const char *permitted; /* a letter each for sale, transfer, return, disposal, adjustment, bin */
};

static struct row rows[] = {
    {"sellable goods go anywhere", STOCK_SELLABLE, TODAY + 1, "yyyyyy"},
    {"goods on their last day are good", STOCK_SELLABLE, TODAY, "yyyyyy"},
    {"goods without a date are good", STOCK_SELLABLE, CIVIL_NONE, "yyyyyy"},
    {"the day after they are expired, whatever the status says", STOCK_SELLABLE, TODAY - 1,
     "nnyyyy"},
    {"quarantined goods go home or to waste", STOCK_QUARANTINE, TODAY + 1, "nnyyyy"},
    {"goods on hold go home only", STOCK_HOLD, TODAY + 1, "nnynyy"},
    {"an expired hold is still a hold", STOCK_HOLD, TODAY - 1, "nnynyy"},
    {"the status is believed before the date", STOCK_EXPIRED, TODAY + 100, "nnyyyy"},
};

static void movement_row(void **state)
{
    const struct row *r = *state;
    for (int m = 0; m < MOVEMENT_COUNT; m++) {
        enum movement_refusal got =
            movement_judge((enum movement)m, r->status, r->expiry_day, TODAY);
        assert_int_equal(got == MOVEMENT_PERMITTED, r->permitted[m] == 'y');
    }
}

static void a_refusal_says_why(void **state)
{
    (void)state;
    assert_int_equal(movement_judge(MOVEMENT_SALE, STOCK_SELLABLE, TODAY - 1, TODAY),
                     MOVEMENT_EXPIRED);
    assert_int_equal(movement_judge(MOVEMENT_SALE, STOCK_HOLD, TODAY - 1, TODAY), MOVEMENT_ON_HOLD);
    assert_int_equal(movement_judge(MOVEMENT_TRANSFER, STOCK_QUARANTINE, CIVIL_NONE, TODAY),
                     MOVEMENT_IN_QUARANTINE);
    assert_string_equal(movement_refusal_text(MOVEMENT_ON_HOLD), "the goods are on hold");
    assert_string_equal(movement_name(MOVEMENT_SUPPLIER_RETURN), "supplier_return");
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, movement_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_refusal_says_why);
    return cmocka_run_group_tests_name("movement", tests, NULL, NULL);
}
