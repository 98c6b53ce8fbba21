/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "civil.h"
#include "shelf_life.h"

#define DAY 20000 /* of receipt or delivery */

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_int_equal(civil_parse(text, &day), 0);
    return day;
}

struct judge_row {
    const char *name;
    struct shelf_life_goods goods;
    struct shelf_life_min min;
    enum shelf_life_reason want;
    int32_t left_days;
    int32_t left_permille;
    int32_t needed_days;
};

static struct judge_row judge_rows[] = {
    {"exactly the days asked for", {CIVIL_NONE, DAY + 45, 0}, {45, 0}, SHELF_LIFE_OK, 45, -1, 45},
    {"a day less", {CIVIL_NONE, DAY + 44, 0}, {45, 0}, SHELF_LIFE_TOO_SHORT, 44, -1, 45},
    {"exactly the share asked for", {DAY - 30, DAY + 70, 0}, {0, 700}, SHELF_LIFE_OK, 70, 700, 70},
    {"a day less than the share",
     {DAY - 31, DAY + 69, 0},
     {0, 700},
     SHELF_LIFE_TOO_SHORT,
     69,
     690,
     70},
    {"a share that is no whole day rounds up",
     {CIVIL_NONE, DAY + 30, 100},
     {0, 301},
     SHELF_LIFE_TOO_SHORT,
     30,
     300,
     31},
    {"the stricter demand holds: days",
     {DAY - 30, DAY + 70, 0},
     {71, 700},
     SHELF_LIFE_TOO_SHORT,
     70,
     700,
     71},
    {"the stricter demand holds: share",
     {DAY - 30, DAY + 70, 0},
     {10, 701},
     SHELF_LIFE_TOO_SHORT,
     70,
     700,
     71},
    {"the SKU's life stands in for a manufacture date",
     {CIVIL_NONE, DAY + 50, 100},
     {0, 500},
     SHELF_LIFE_OK,
     50,
     500,
     50},
    {"the printed dates go before the SKU's life",
     {DAY - 50, DAY + 50, 1000},
     {0, 500},
     SHELF_LIFE_OK,
     50,
     500,
     50},
    {"a share of an unknown life",
     {CIVIL_NONE, DAY + 50, 0},
     {0, 500},
     SHELF_LIFE_LIFE_UNKNOWN,
     50,
     -1,
     -1},
    {"too few days, whatever the life",
     {CIVIL_NONE, DAY + 5, 0},
     {6, 500},
     SHELF_LIFE_TOO_SHORT,
     5,
     -1,
     -1},
    {"the last day is good when nothing is asked",
     {CIVIL_NONE, DAY, 0},
     {0, 0},
     SHELF_LIFE_OK,
     0,
     -1,
     0},
    {"the day after is not", {CIVIL_NONE, DAY - 1, 100}, {0, 0}, SHELF_LIFE_EXPIRED, -1, 0, 0},
    {"goods that never expire",
     {CIVIL_NONE, CIVIL_NONE, 0},
     {45, 500},
     SHELF_LIFE_OK,
     SHELF_LIFE_FOR_EVER,
     -1,
     -1},
    {"goods that do, without a date",
     {CIVIL_NONE, CIVIL_NONE, 100},
     {45, 0},
     SHELF_LIFE_EXPIRY_MISSING,
     SHELF_LIFE_FOR_EVER,
     -1,
     -1},
    {"the same when nothing is asked",
     {CIVIL_NONE, CIVIL_NONE, 100},
     {0, 0},
     SHELF_LIFE_OK,
     SHELF_LIFE_FOR_EVER,
     -1,
     -1},
    {"extremes do not overflow",
     {INT32_MIN + 1, INT32_MAX, INT32_MAX},
     {INT32_MAX, 1000},
     SHELF_LIFE_TOO_SHORT,
     INT32_MAX - DAY,
     499,
     INT32_MAX - 1},
};

static void judge_row(void **state)
{
    const struct judge_row *r = *state;
    struct shelf_life got = shelf_life_judge(&r->goods, &r->min, DAY);
    assert_string_equal(shelf_life_reason_name(got.reason), shelf_life_reason_name(r->want));
    assert_int_equal(got.left_days, r->left_days);
    assert_int_equal(got.left_permille, r->left_permille);
    assert_int_equal(got.needed_days, r->needed_days);
}

enum { BATCH = 1, EXPIRY = 2, NEEDS = 4, REJECTS = 8 }; /* of a policy */

struct receipt_row {
    const char *name;
    int policy;
    bool has_batch;
    struct shelf_life_goods goods;
    enum shelf_life_verdict verdict;
    enum shelf_life_reason reason;
    int32_t expiry_day;
};

/* The policy wants 700 permille, at most 30 days ago and 3000 days ahead. */
static struct receipt_row receipt_rows[] = {
    {"fresh goods",
     BATCH | EXPIRY,
     true,
     {DAY - 10, DAY + 90, 0},
     SHELF_LIFE_ACCEPT,
     SHELF_LIFE_OK,
     DAY + 90},
    {"no batch where one is needed",
     BATCH,
     false,
     {DAY - 10, DAY + 90, 0},
     SHELF_LIFE_ASK,
     SHELF_LIFE_BATCH_MISSING,
     DAY + 90},
    {"no date where one is needed",
     EXPIRY,
     true,
     {CIVIL_NONE, CIVIL_NONE, 100},
     SHELF_LIFE_ASK,
     SHELF_LIFE_EXPIRY_MISSING,
     CIVIL_NONE},
    {"no date where none is needed",
     BATCH,
     true,
     {CIVIL_NONE, CIVIL_NONE, 100},
     SHELF_LIFE_ACCEPT,
     SHELF_LIFE_OK,
     CIVIL_NONE},
    {"the date follows from manufacture",
     EXPIRY,
     true,
     {DAY - 10, CIVIL_NONE, 100},
     SHELF_LIFE_ACCEPT,
     SHELF_LIFE_OK,
     DAY + 90},
    {"a date that follows can be too near",
     EXPIRY,
     true,
     {DAY - 31, CIVIL_NONE, 100},
     SHELF_LIFE_HOLD,
     SHELF_LIFE_TOO_SHORT,
     DAY + 69},
    {"a strict customer refuses it",
     EXPIRY | REJECTS,
     true,
     {DAY - 31, CIVIL_NONE, 100},
     SHELF_LIFE_REJECT,
     SHELF_LIFE_TOO_SHORT,
     DAY + 69},
    {"a date without its batch",
     NEEDS,
     false,
     {DAY - 10, DAY + 90, 0},
     SHELF_LIFE_ASK,
     SHELF_LIFE_EXPIRY_WITHOUT_BATCH,
     DAY + 90},
    {"neither date nor batch",
     NEEDS,
     false,
     {CIVIL_NONE, CIVIL_NONE, 0},
     SHELF_LIFE_ACCEPT,
     SHELF_LIFE_OK,
     CIVIL_NONE},
    {"expired yesterday",
     0,
     true,
     {CIVIL_NONE, DAY - 1, 100},
     SHELF_LIFE_REJECT,
     SHELF_LIFE_EXPIRED,
     DAY - 1},
    {"expired thirty days ago",
     0,
     true,
     {CIVIL_NONE, DAY - 30, 100},
     SHELF_LIFE_REJECT,
     SHELF_LIFE_EXPIRED,
     DAY - 30},
    {"longer ago than goods lie about",
     0,
     true,
     {CIVIL_NONE, DAY - 31, 100},
     SHELF_LIFE_ASK,
     SHELF_LIFE_DATE_IMPLAUSIBLE,
     DAY - 31},
    {"as far ahead as goods keep",
     0,
     true,
     {CIVIL_NONE, DAY + 3000, 3000},
     SHELF_LIFE_ACCEPT,
     SHELF_LIFE_OK,
     DAY + 3000},
    {"farther ahead",
     0,
     true,
     {CIVIL_NONE, DAY + 3001, 3001},
     SHELF_LIFE_ASK,
     SHELF_LIFE_DATE_IMPLAUSIBLE,
     DAY + 3001},
    {"made tomorrow",
     0,
     true,
     {DAY + 1, DAY + 100, 0},
     SHELF_LIFE_ASK,
     SHELF_LIFE_MADE_IN_FUTURE,
     DAY + 100},
    {"made today", 0, true, {DAY, DAY + 100, 0}, SHELF_LIFE_ACCEPT, SHELF_LIFE_OK, DAY + 100},
    {"expired before it was made",
     0,
     true,
     {DAY - 5, DAY - 6, 0},
     SHELF_LIFE_ASK,
     SHELF_LIFE_EXPIRY_BEFORE_MADE,
     DAY - 6},
    {"a life that nobody knows",
     0,
     true,
     {CIVIL_NONE, DAY + 100, 0},
     SHELF_LIFE_HOLD,
     SHELF_LIFE_LIFE_UNKNOWN,
     DAY + 100},
};

static void receipt_row(void **state)
{
    const struct receipt_row *r = *state;
    struct shelf_life_policy policy = {.batch_mandatory = (r->policy & BATCH) != 0,
                                       .expiry_mandatory = (r->policy & EXPIRY) != 0,
                                       .expiry_needs_batch = (r->policy & NEEDS) != 0,
                                       .short_rejects = (r->policy & REJECTS) != 0,
                                       .min = {.permille = 700},
                                       .past_days_max = 30,
                                       .future_days_max = 3000};
    struct shelf_life_receipt got = shelf_life_receive(&policy, r->has_batch, &r->goods, DAY);
    assert_string_equal(shelf_life_verdict_name(got.verdict), shelf_life_verdict_name(r->verdict));
    assert_string_equal(shelf_life_reason_name(got.life.reason), shelf_life_reason_name(r->reason));
    assert_int_equal(got.expiry_day, r->expiry_day);
    assert_int_equal(got.expiry_computed,
                     r->goods.expiry_day == CIVIL_NONE && r->expiry_day != CIVIL_NONE);
}

static void a_life_in_months_ends_within_the_month(void **state)
{
    (void)state;
    static const struct {
        const char *made;
        int32_t months;
        const char *want;
    } cases[] = {{"2026-01-31", 1, "2026-02-28"},  {"2028-01-31", 1, "2028-02-29"},
                 {"2026-03-31", 6, "2026-09-30"},  {"2026-12-15", 1, "2027-01-15"},
                 {"2028-02-29", 12, "2029-02-28"}, {"2026-07-01", 18, "2028-01-01"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int32_t day = 0;
        char text[CIVIL_TEXT_SIZE];
        assert_int_equal(shelf_life_expiry_by_months(day_of(cases[i].made), cases[i].months, &day),
                         0);
        assert_string_equal(civil_format(day, text), cases[i].want);
    }
    int32_t day = 7;
    assert_int_equal(shelf_life_expiry_by_months(DAY, 0, &day), -ERANGE);
    assert_int_equal(shelf_life_expiry_by_months(DAY, SHELF_LIFE_MONTHS_MAX + 1, &day), -ERANGE);
    assert_int_equal(shelf_life_expiry_by_months(day_of("2199-12-31"), 1, &day), -ERANGE);
    assert_int_equal(shelf_life_expiry_by_months(CIVIL_NONE, 1, &day), -ERANGE);
    assert_int_equal(day, 7);
}

static void a_life_in_days_is_bounded(void **state)
{
    (void)state;
    int32_t day = 7;
    assert_int_equal(shelf_life_expiry_by_days(day_of("2028-02-28"), 2, &day), 0);
    assert_int_equal(day, day_of("2028-03-01"));
    assert_int_equal(shelf_life_expiry_by_days(DAY, 0, &day), -ERANGE);
    assert_int_equal(shelf_life_expiry_by_days(DAY, SHELF_LIFE_DAYS_MAX + 1, &day), -ERANGE);
    assert_int_equal(shelf_life_expiry_by_days(INT32_MAX, 1, &day), -ERANGE);
    assert_int_equal(shelf_life_expiry_by_days(day_of("2199-12-31"), 1, &day), -ERANGE);
}

static void bands_never_fall_as_days_grow(void **state)
{
    (void)state;
    static const int32_t thresholds[] = {15, 30, 60};
    assert_int_equal(shelf_life_band(-1, thresholds, 3), 0);
    assert_int_equal(shelf_life_band(0, thresholds, 3), 1);
    assert_int_equal(shelf_life_band(15, thresholds, 3), 1);
    assert_int_equal(shelf_life_band(16, thresholds, 3), 2);
    assert_int_equal(shelf_life_band(60, thresholds, 3), 3);
    assert_int_equal(shelf_life_band(SHELF_LIFE_FOR_EVER, thresholds, 3), 4);
    assert_int_equal(shelf_life_band(0, NULL, 0), 1);
    for (int32_t left = -100; left < 100; left++)
        assert_true(shelf_life_band(left, thresholds, 3) <=
                    shelf_life_band(left + 1, thresholds, 3));
}

static void consumers_have_a_floor_of_their_own(void **state)
{
    (void)state;
    assert_int_equal(shelf_life_consumer_min_days(10, false), 3); /* butter of ten days */
    assert_int_equal(shelf_life_consumer_min_days(11, false), 4);
    assert_int_equal(shelf_life_consumer_min_days(90, false), 27);
    assert_int_equal(shelf_life_consumer_min_days(91, false), 45);
    assert_int_equal(shelf_life_consumer_min_days(91, true), 28);
    assert_int_equal(shelf_life_consumer_min_days(400, true), 45);
    assert_int_equal(shelf_life_consumer_min_days(0, true), 0);
    assert_int_equal(shelf_life_consumer_min_days(INT32_MAX, true), 45);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(judge_rows) + ARRAY_LEN(receipt_rows) + 4];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(judge_rows); i++)
        tests[n++] = (struct CMUnitTest){judge_rows[i].name, judge_row, NULL, NULL, &judge_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(receipt_rows); i++)
        tests[n++] =
            (struct CMUnitTest){receipt_rows[i].name, receipt_row, NULL, NULL, &receipt_rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_life_in_months_ends_within_the_month);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_life_in_days_is_bounded);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(bands_never_fall_as_days_grow);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(consumers_have_a_floor_of_their_own);
    return cmocka_run_group_tests_name("shelf_life", tests, NULL, NULL);
}
