/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "civil.h"
#include "eway.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_int_equal(civil_parse(text, &day), 0);
    return day;
}

static int64_t ist_ms(const char *date, int hour, int minute)
{
    return civil_ist_start_ms(day_of(date)) + hour * HOUR_MS + minute * MINUTE_MS;
}

struct need_row {
    const char *name;
    struct eway_need_input in;
    int err;
    bool required;
    const char *reason;
};

static struct need_row need_rows[] = {
    {"exactly the limit is not over it",
     {0, 27, 29, 4761905, 238095, false, true},
     0,
     false,
     "UNDER_LIMIT"},
    {"a paisa over it is", {0, 27, 29, 4761906, 238095, false, true}, 0, true, "OVER_LIMIT"},
    {"inside Maharashtra one lakh", {0, 27, 27, 10000000, 0, false, true}, 0, false, "UNDER_LIMIT"},
    {"inside Maharashtra above one lakh",
     {0, 27, 27, 10000000, 1, false, true},
     0,
     true,
     "OVER_LIMIT"},
    {"a hand cart", {0, 27, 29, 900000000, 0, false, false}, 0, false, "NON_MOTORISED"},
    {"job work by hand cart", {0, 27, 29, 100, 0, true, false}, 0, false, "NON_MOTORISED"},
    {"job work over the border", {0, 27, 29, 0, 0, true, true}, 0, true, "INTER_STATE_JOB_WORK"},
    {"job work inside the state", {0, 27, 27, 100, 0, true, true}, 0, false, "UNDER_LIMIT"},
    {"inside Jammu and Kashmir", {0, 1, 1, 900000000, 0, false, true}, 0, false, "STATE_EXEMPT"},
    {"out of Jammu and Kashmir", {0, 1, 2, 5000001, 0, false, true}, 0, true, "OVER_LIMIT"},
    {"an unknown state", {0, 27, 39, 100, 0, false, true}, -EINVAL, false, NULL},
    {"inside another country", {0, 96, 96, 100, 0, false, true}, -EINVAL, false, NULL},
    {"a negative tax", {0, 27, 29, 100, -1, false, true}, -EINVAL, false, NULL},
    {"a value that does not fit", {0, 27, 29, INT64_MAX, 1, false, true}, -ERANGE, false, NULL},
};

static void need_row(void **state)
{
    const struct need_row *r = *state;
    struct eway_need got = {.consignment_paise = -1};
    assert_int_equal(eway_need(&r->in, NULL, &got), r->err);
    if (r->err) {
        assert_int_equal(got.consignment_paise, -1);
        return;
    }
    assert_int_equal(got.required, r->required);
    assert_string_equal(eway_reason_name(got.reason), r->reason);
    assert_int_equal(got.consignment_paise, r->in.taxable_paise + r->in.tax_paise);
}

static void a_customers_limits_hold_in_their_periods(void **state)
{
    (void)state;
    int32_t change = day_of("2023-12-01"); /* West Bengal, one lakh before */
    const struct eway_limit rows[] = {{19, INT32_MIN + 1, change - 1, 10000000},
                                      {19, change, CIVIL_NONE, 5000000},
                                      {27, change, change, 0}};
    const struct eway_limits limits = {.inter_state_paise = 100, .rows = rows, .count = 3};
    struct eway_need_input in = {change - 1, 19, 19, 6000000, 0, false, true};
    struct eway_need got;
    assert_int_equal(eway_need(&in, &limits, &got), 0);
    assert_false(got.required);
    in.day = change;
    assert_int_equal(eway_need(&in, &limits, &got), 0);
    assert_true(got.required);
    in.from_state = in.to_state = 27;
    assert_int_equal(eway_need(&in, &limits, &got), 0);
    assert_string_equal(eway_reason_name(got.reason), "STATE_EXEMPT");
    in.day = change + 1; /* no row: the published limit of one lakh */
    assert_int_equal(eway_need(&in, &limits, &got), 0);
    assert_string_equal(eway_reason_name(got.reason), "UNDER_LIMIT");
    in.to_state = 29;
    in.taxable_paise = 101;
    assert_int_equal(eway_need(&in, &limits, &got), 0);
    assert_true(got.required);
}

struct validity_row {
    const char *name;
    const char *date;
    int hour;
    int minute;
    int32_t km;
    enum eway_cargo cargo;
    int err;
    int32_t days;
    const char *until;
};

static struct validity_row validity_rows[] = {
    {"the first minute of a day", "2026-03-14", 0, 0, 1, EWAY_REGULAR, 0, 1, "2026-03-15"},
    {"the last minute of a day", "2026-03-14", 23, 59, 1, EWAY_REGULAR, 0, 1, "2026-03-15"},
    {"before half past five UTC is another day", "2026-03-14", 5, 29, 1, EWAY_REGULAR, 0, 1,
     "2026-03-15"},
    {"exactly a slab", "2026-06-01", 9, 0, 200, EWAY_REGULAR, 0, 1, "2026-06-02"},
    {"one kilometre more", "2026-06-01", 9, 0, 201, EWAY_REGULAR, 0, 2, "2026-06-03"},
    {"the farthest", "2026-06-01", 9, 0, 4000, EWAY_REGULAR, 0, 20, "2026-06-21"},
    {"the farthest, over-dimensional", "2026-06-01", 9, 0, 4000, EWAY_OVER_DIMENSIONAL, 0, 200,
     "2026-12-18"},
    {"a ship's leg", "2026-06-01", 9, 0, 21, EWAY_SHIP, 0, 2, "2026-06-03"},
    {"on to the leap day", "2028-02-28", 23, 59, 1, EWAY_REGULAR, 0, 1, "2028-02-29"},
    {"over a February without one", "2027-02-28", 12, 0, 1, EWAY_REGULAR, 0, 1, "2027-03-01"},
    {"no distance", "2026-06-01", 9, 0, 0, EWAY_REGULAR, -ERANGE, 0, NULL},
    {"a negative distance", "2026-06-01", 9, 0, -1, EWAY_REGULAR, -ERANGE, 0, NULL},
    {"too far", "2026-06-01", 9, 0, 4001, EWAY_REGULAR, -ERANGE, 0, NULL},
};

static void validity_row(void **state)
{
    const struct validity_row *r = *state;
    int32_t days = -1;
    int64_t until_ms = -1;
    assert_int_equal(eway_days(r->km, r->cargo, &days), r->err);
    assert_int_equal(
        eway_valid_until_ms(ist_ms(r->date, r->hour, r->minute), r->km, r->cargo, &until_ms),
        r->err);
    assert_int_equal(days, r->err ? -1 : r->days);
    assert_int_equal(until_ms, r->err ? -1 : ist_ms(r->until, 23, 59));
}

static void windows_include_their_ends(void **state)
{
    (void)state;
    static const struct {
        bool (*may)(int64_t, int64_t);
        int64_t first_ms;
        int64_t last_ms;
    } windows[] = {{eway_may_cancel, 0, 24 * HOUR_MS},
                   {eway_may_reject, 0, 72 * HOUR_MS},
                   {eway_may_extend, -8 * HOUR_MS, 8 * HOUR_MS}};
    int64_t at = ist_ms("2026-06-05", 23, 59);
    for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
        assert_true(windows[i].may(at, at));
        assert_true(windows[i].may(at, at + windows[i].first_ms));
        assert_false(windows[i].may(at, at + windows[i].first_ms - 1));
        assert_true(windows[i].may(at, at + windows[i].last_ms));
        assert_false(windows[i].may(at, at + windows[i].last_ms + 1));
    }
}

static void days_are_counted_inclusively(void **state)
{
    (void)state;
    int32_t day = day_of("2024-02-29");
    assert_true(eway_document_age_ok(day, day));
    assert_true(eway_document_age_ok(day, day + 180));
    assert_false(eway_document_age_ok(day, day + 181));
    assert_false(eway_document_age_ok(day, day - 1));
    assert_true(eway_may_still_extend(day, day + 360));
    assert_false(eway_may_still_extend(day, day + 361));
    assert_false(eway_may_still_extend(day, day - 1));
}

struct extend_row {
    const char *name;
    const char *generated;
    const char *until;
    const char *at;
    int hour;
    int32_t remaining_km;
    int err;
    const char *want;
};

static struct extend_row extend_rows[] = {
    {"a recorded sample: five kilometres left", "2026-07-01", "2026-07-04", "2026-07-04", 18, 5, 0,
     "2026-07-05"},
    {"after the end, before eight", "2026-07-01", "2026-07-04", "2026-07-05", 7, 201, 0,
     "2026-07-07"},
    {"the published cap of 360 days", "2023-12-28", "2024-12-17", "2024-12-17", 18, 4000, 0,
     "2024-12-22"},
    {"not before the window", "2026-07-01", "2026-07-04", "2026-07-04", 15, 5, -ETIME, NULL},
    {"not behind the window", "2026-07-01", "2026-07-04", "2026-07-05", 8, 5, -ETIME, NULL},
    {"not after 360 days", "2025-01-01", "2025-12-28", "2025-12-28", 18, 5, -ETIME, NULL},
    {"nothing left to drive", "2026-07-01", "2026-07-04", "2026-07-04", 18, 0, -ERANGE, NULL},
    {"farther than at the start", "2026-07-01", "2026-07-04", "2026-07-04", 18, 4001, -ERANGE,
     NULL},
};

static void extend_row(void **state)
{
    const struct extend_row *r = *state;
    struct eway_extension in = {.generated_ms = ist_ms(r->generated, 9, 0),
                                .valid_until_ms = ist_ms(r->until, 23, 59),
                                .at_ms = ist_ms(r->at, r->hour, 0),
                                .remaining_km = r->remaining_km,
                                .original_km = 4000};
    int64_t until_ms = -1;
    assert_int_equal(eway_extend(&in, &until_ms), r->err);
    assert_int_equal(until_ms, r->err ? -1 : ist_ms(r->want, 23, 59));
}

static void distances_and_the_leg_without_a_vehicle(void **state)
{
    (void)state;
    assert_true(eway_km_ok(100, true));
    assert_false(eway_km_ok(101, true));
    assert_true(eway_km_ok(101, false));
    assert_true(eway_part_b_may_wait(27, 27, 50));
    assert_false(eway_part_b_may_wait(27, 27, 51));
    assert_false(eway_part_b_may_wait(27, 29, 10));
}

int main(void)
{
    struct CMUnitTest
        tests[ARRAY_LEN(need_rows) + ARRAY_LEN(validity_rows) + ARRAY_LEN(extend_rows) + 4];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(need_rows); i++)
        tests[n++] = (struct CMUnitTest){need_rows[i].name, need_row, NULL, NULL, &need_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(validity_rows); i++)
        tests[n++] =
            (struct CMUnitTest){validity_rows[i].name, validity_row, NULL, NULL, &validity_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(extend_rows); i++)
        tests[n++] =
            (struct CMUnitTest){extend_rows[i].name, extend_row, NULL, NULL, &extend_rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_customers_limits_hold_in_their_periods);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(windows_include_their_ends);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(days_are_counted_inclusively);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(distances_and_the_leg_without_a_vehicle);
    return cmocka_run_group_tests_name("eway", tests, NULL, NULL);
}
