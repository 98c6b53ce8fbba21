/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "financial_year.h"
#include "number_series.h"
#include "number_series_audit.h"

#define YEAR 2026
#define LEASES_MAX 4
#define NUMBERS_MAX 12
#define TEXT_MAX 256

static const struct number_series mh1 = {.prefix = "MH1/", .financial_year = YEAR, .digits = 5};

static struct number_series_lease lease_of(struct number_series series, uint64_t first,
                                           uint64_t last)
{
    return (struct number_series_lease){
        .series = series, .first = first, .last = last, .next = first, .device = "D1"};
}

/* --- how a number is written */

struct written_row {
    const char *name;
    struct number_series series;
    uint64_t number;
    int err;
    const char *want;
};

static struct written_row written[] = {
    {"a number is prefix, year and serial", {"MH1/", 2026, 5}, 42, 0, "MH1/26-27/00042"},
    {"a year across the century", {"A", 2099, 1}, 7, 0, "A99-00/7"},
    {"a series without a prefix begins with its year", {"", 2026, 10}, 1, 0, "26-27/0000000001"},
    {"nine characters leave one digit", {"KOLHAPUR-", 2026, 0}, 9, 0, "KOLHAPUR-26-27/9"},
    {"a serial that passes 16 characters", {"KOLHAPUR-", 2026, 0}, 10, -ENAMETOOLONG, NULL},
    {"digits that pass 16 characters", {"MH1/", 2026, 7}, 1, -ENAMETOOLONG, NULL},
    {"a prefix that the portal refuses", {"0A/", 2026, 5}, 1, -EINVAL, NULL},
    {"a prefix that rule 46 refuses", {"MH_1/", 2026, 5}, 1, -EINVAL, NULL},
    {"more digits than a serial can have", {"", 2026, 11}, 1, -EINVAL, NULL},
    {"a year that is none", {"A", 0, 1}, 1, -EINVAL, NULL},
};

static void write_row(void **state)
{
    const struct written_row *r = *state;
    char no[DOCUMENT_NO_SIZE] = "before";
    assert_int_equal(number_series_write(&r->series, r->number, no), r->err);
    assert_string_equal(no, r->want ? r->want : "before");
}

/* --- which lease may stand beside the leases 1..100 of MH1/, and 101..200 that came back at 131 */

struct admit_row {
    const char *name;
    struct number_series_lease lease;
    int want;
};

static struct admit_row admitted[] = {
    {"behind the others", {{"MH1/", YEAR, 5}, 201, 300, 201, 0, "D3"}, 0},
    {"into a returned tail", {{"MH1/", YEAR, 5}, 131, 200, 131, 0, "D3"}, 0},
    {"one number too early for the tail", {{"MH1/", YEAR, 5}, 130, 200, 130, 0, "D3"}, -EEXIST},
    {"over the last number of another", {{"MH1/", YEAR, 5}, 100, 100, 100, 0, "D3"}, -EEXIST},
    {"around another", {{"MH1/", YEAR, 5}, 1, 999, 1, 0, "D3"}, -EEXIST},
    {"a prefix in another case is the same", {{"mh1/", YEAR, 5}, 5, 6, 5, 0, "D3"}, -EEXIST},
    {"other digits are the same series", {{"MH1/", YEAR, 3}, 5, 6, 5, 0, "D3"}, -EEXIST},
    {"the same range of another year", {{"MH1/", YEAR + 1, 5}, 1, 100, 1, 0, "D3"}, 0},
    {"the same range of another prefix", {{"MH1", YEAR, 5}, 1, 100, 1, 0, "D3"}, 0},
    {"returned unused, it holds nothing", {{"MH1/", YEAR, 5}, 50, 60, 50, 1, "D3"}, 0},
    {"number nought", {{"MH1/", YEAR, 5}, 0, 300, 0, 0, "D3"}, -EINVAL},
    {"a last before its first", {{"MH1/", YEAR, 5}, 300, 299, 300, 0, "D3"}, -EINVAL},
    {"a next before its first", {{"MH1/", YEAR, 5}, 300, 310, 299, 0, "D3"}, -EINVAL},
    {"a next beyond used up", {{"MH1/", YEAR, 5}, 300, 310, 312, 0, "D3"}, -EINVAL},
    {"a reason that is not known", {{"MH1/", YEAR, 5}, 300, 310, 300, 4, "D3"}, -EINVAL},
    {"for no device", {{"MH1/", YEAR, 5}, 300, 310, 300, 0, ""}, -EINVAL},
    {"a last that passes 16 characters",
     {{"MH1/", YEAR, 5}, 999999, 1000000, 999999, 0, "D3"},
     -EINVAL},
    {"a prefix that cannot be written", {{"-", YEAR, 5}, 1, 2, 1, 0, "D3"}, -EINVAL},
};

static void admit_row(void **state)
{
    const struct admit_row *r = *state;
    const struct number_series_lease leases[] = {
        {{"MH1/", YEAR, 5}, 1, 100, 51, NUMBER_SERIES_NOT_RETURNED, "D1"},
        {{"MH1/", YEAR, 5}, 101, 200, 131, NUMBER_SERIES_DEVICE_REPLACED, "D2"}};
    struct diag why = {0};
    assert_int_equal(number_series_admit(&r->lease, leases, ARRAY_LEN(leases), &why), r->want);
    assert_int_equal(why.text[0] != '\0', r->want < 0);
    assert_int_equal(number_series_admit(&r->lease, leases, ARRAY_LEN(leases), NULL), r->want);
}

static void the_refusal_names_what_is_overlapped(void **state)
{
    (void)state;
    struct number_series_lease there = lease_of(mh1, 1, 100);
    struct number_series_lease here = lease_of(mh1, 90, 110);
    struct diag why = {0};
    assert_int_equal(number_series_admit(&here, &there, 1, &why), -EEXIST);
    assert_string_equal(why.text, "90 to 110 overlaps 1 to 100 leased to D1");
}

static void leases_are_bounded(void **state)
{
    (void)state;
    static struct number_series_lease leases[NUMBER_SERIES_LEASES_MAX];
    for (size_t i = 0; i < ARRAY_LEN(leases); i++)
        leases[i] = lease_of(mh1, i + 1, i + 1);
    struct number_series_lease more = lease_of(mh1, ARRAY_LEN(leases), ARRAY_LEN(leases));
    assert_int_equal(number_series_admit(&more, leases, ARRAY_LEN(leases) - 1, NULL), 0);
    more = lease_of(mh1, ARRAY_LEN(leases) + 1, ARRAY_LEN(leases) + 1);
    assert_int_equal(number_series_admit(&more, leases, ARRAY_LEN(leases), NULL), -E2BIG);
}

static void free_ranges_fill_what_came_back_first(void **state)
{
    (void)state;
    const struct number_series_lease leases[] = {
        {{"MH1/", YEAR, 5}, 201, 300, 201, NUMBER_SERIES_NOT_RETURNED, "D3"},
        {{"MH1/", YEAR, 5}, 101, 200, 131, NUMBER_SERIES_DEVICE_REPLACED, "D2"},
        {{"MH1/", YEAR, 5}, 1, 100, 51, NUMBER_SERIES_NOT_RETURNED, "D1"},
        {{"GJ/", YEAR, 5}, 131, 900, 131, NUMBER_SERIES_NOT_RETURNED, "D4"}};
    static const struct {
        uint64_t from;
        uint64_t wanted;
        struct number_series_range want;
    } cases[] = {{1, 50, {131, 180}},     {1, 500, {131, 200}}, /* up to the lease that follows */
                 {150, 10, {150, 159}},   {201, 100, {301, 400}},
                 {4712, 1, {4712, 4712}}, {4712, UINT64_MAX, {4712, UINT64_MAX}}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct number_series_range got = number_series_free_range(
            &mh1, cases[i].from, cases[i].wanted, leases, ARRAY_LEN(leases));
        assert_int_equal(got.first, cases[i].want.first);
        assert_int_equal(got.last, cases[i].want.last);
    }
}

/* --- what a device does with its lease */

static void numbers_are_consecutive_until_used_up(void **state)
{
    (void)state;
    struct number_series_lease lease = lease_of(mh1, 41, 43);
    int32_t day = financial_year_first_day(YEAR);
    uint64_t number = 0;
    for (uint64_t want = 41; want <= 43; want++) {
        assert_int_equal(number_series_take(&lease, day, &number), 0);
        assert_int_equal(number, want);
    }
    assert_int_equal(number_series_take(&lease, day, &number), -ENOSPC);
    assert_int_equal(number, 43);
    assert_int_equal(number_series_left(&lease), 0);
}

static void a_document_of_another_year_gets_no_number(void **state)
{
    (void)state;
    struct number_series_lease lease = lease_of(mh1, 1, 10);
    uint64_t number = 77;
    assert_int_equal(number_series_take(&lease, financial_year_first_day(YEAR) - 1, &number),
                     -ERANGE);
    assert_int_equal(number_series_take(&lease, financial_year_last_day(YEAR) + 1, &number),
                     -ERANGE);
    assert_int_equal(number, 77);
    assert_int_equal(number_series_left(&lease), 10);
    assert_int_equal(number_series_take(&lease, financial_year_last_day(YEAR), &number), 0);
    assert_int_equal(number, 1);
}

static void low_water_asks_in_time(void **state)
{
    (void)state;
    struct number_series_lease lease = lease_of(mh1, 1, 4);
    uint64_t number = 0;
    assert_false(number_series_is_low(&lease, 3));
    assert_int_equal(number_series_take(&lease, financial_year_first_day(YEAR), &number), 0);
    assert_true(number_series_is_low(&lease, 3));
    assert_false(number_series_is_low(&lease, 2));
}

static void only_what_was_taken_is_voided(void **state)
{
    (void)state;
    struct number_series_lease lease = lease_of(mh1, 5, 9);
    struct number_series_voided voided = {.number = 77};
    uint64_t number = 0;
    assert_int_equal(number_series_void(&lease, 5, NUMBER_SERIES_CANCELLED, &voided), -ENOENT);
    assert_int_equal(number_series_void(&lease, 4, NUMBER_SERIES_CANCELLED, &voided), -ENOENT);
    assert_int_equal(voided.number, 77);
    assert_int_equal(number_series_take(&lease, financial_year_first_day(YEAR), &number), 0);
    assert_int_equal(number_series_void(&lease, number, NUMBER_SERIES_PRINT_FAILED, &voided), 0);
    assert_int_equal(voided.number, 5);
    assert_string_equal(number_series_void_reason_name(voided.reason), "print_failed");
    assert_int_equal(number_series_take(&lease, financial_year_first_day(YEAR), &number), 0);
    assert_int_equal(number, 6); /* never 5 again */
}

static void a_returned_lease_gives_its_tail_and_nothing_more(void **state)
{
    (void)state;
    struct number_series_lease lease = lease_of(mh1, 1, 10);
    int32_t day = financial_year_first_day(YEAR);
    struct number_series_range tail = {77, 77};
    uint64_t number = 0;
    assert_int_equal(number_series_take(&lease, day, &number), 0);
    assert_int_equal(number_series_return(&lease, NUMBER_SERIES_DEVICE_REPLACED, &tail), 0);
    assert_int_equal(tail.first, 2);
    assert_int_equal(tail.last, 10);
    assert_string_equal(number_series_return_reason_name(lease.returned), "device_replaced");
    assert_int_equal(number_series_take(&lease, day, &number), -ENOSPC);
    assert_true(number_series_is_low(&lease, 0));
    assert_int_equal(number_series_return(&lease, NUMBER_SERIES_YEAR_ENDED, &tail), -EALREADY);
    assert_string_equal(number_series_return_reason_name(lease.returned), "device_replaced");
}

/* --- the audit: findings as "kind first-last device reason;" */

struct audit_row {
    const char *name;
    uint64_t first;
    struct number_series_lease leases[LEASES_MAX];   /* ended by one without a device */
    uint64_t used[NUMBERS_MAX];                      /* ended by 0 */
    struct number_series_voided voided[NUMBERS_MAX]; /* ended by 0 */
    int err;
    const char *want;
};

static struct audit_row audits[] = {
    {"a series that has not begun", 1, {{.first = 0}}, {0}, {{0}}, 0, ""},
    {"all numbers used", 1, {{{"MH1/", YEAR, 5}, 1, 4, 5, 0, "D1"}}, {1, 2, 3, 4}, {{0}}, 0, ""},
    {"a voided number with its reason",
     1,
     {{{"MH1/", YEAR, 5}, 1, 4, 5, 0, "D1"}},
     {1, 2, 4},
     {{3, NUMBER_SERIES_CANCELLED}},
     0,
     "voided 3-3 D1 cancelled;"},
    {"each voided number with its own reason",
     1,
     {{{"MH1/", YEAR, 5}, 1, 4, 5, 0, "D1"}},
     {1, 4},
     {{2, NUMBER_SERIES_DEVICE_STOPPED}, {3, NUMBER_SERIES_WRONG_DETAILS}},
     0,
     "voided 2-2 D1 device_stopped;voided 3-3 D1 wrong_details;"},
    {"a tail that the device may still use",
     1,
     {{{"MH1/", YEAR, 5}, 1, 10, 3, 0, "D1"}},
     {1, 2},
     {{0}},
     0,
     "tail_open 3-10 D1 not_returned;"},
    {"a tail that came back before the next lease",
     1,
     {{{"MH1/", YEAR, 5}, 11, 12, 13, 0, "D2"},
      {{"MH1/", YEAR, 5}, 1, 10, 3, NUMBER_SERIES_YEAR_ENDED, "D1"}},
     {1, 2, 11, 12},
     {{0}},
     0,
     "tail_returned 3-10 D1 year_ended;"},
    {"a tail that was leased again is the new lease's",
     1,
     {{{"MH1/", YEAR, 5}, 1, 10, 3, NUMBER_SERIES_DEVICE_REPLACED, "D1"},
      {{"MH1/", YEAR, 5}, 3, 5, 5, 0, "D2"}},
     {1, 2, 3, 4},
     {{0}},
     0,
     "tail_open 5-5 D2 not_returned;tail_returned 6-10 D1 device_replaced;"},
    {"a tail that came back twice is the last lease's",
     1,
     {{{"MH1/", YEAR, 5}, 3, 5, 4, NUMBER_SERIES_CLOSED, "D2"},
      {{"MH1/", YEAR, 5}, 1, 6, 3, NUMBER_SERIES_DEVICE_REPLACED, "D1"}},
     {1, 2, 3},
     {{0}},
     0,
     "tail_returned 4-5 D2 closed;tail_returned 6-6 D1 device_replaced;"},
    {"a range that came back unused is told with the lease around it",
     1,
     {{{"MH1/", YEAR, 5}, 5, 8, 5, NUMBER_SERIES_CLOSED, "D2"},
      {{"MH1/", YEAR, 5}, 1, 10, 3, NUMBER_SERIES_NOT_RETURNED, "D1"}},
     {1, 2},
     {{0}},
     0,
     "tail_open 3-10 D1 not_returned;"},
    {"a number that was taken and is nowhere",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}},
     {1, 2, 4, 5},
     {{0}},
     0,
     "lost 3-3 D1;"},
    {"lost numbers at both ends of two leases are told apart",
     1,
     {{{"MH1/", YEAR, 5}, 1, 4, 5, 0, "D1"}, {{"MH1/", YEAR, 5}, 5, 8, 9, 0, "D2"}},
     {1, 2, 8},
     {{0}},
     0,
     "lost 3-4 D1;lost 5-7 D2;"},
    {"numbers that no lease holds",
     1,
     {{{"MH1/", YEAR, 5}, 1, 2, 3, 0, "D1"}, {{"MH1/", YEAR, 5}, 6, 7, 8, 0, "D2"}},
     {1, 2, 6, 7},
     {{0}},
     0,
     "not_leased 3-5 -;"},
    {"the first lease does not begin with the series",
     1,
     {{{"MH1/", YEAR, 5}, 3, 4, 5, 0, "D1"}},
     {3, 4},
     {{0}},
     0,
     "not_leased 1-2 -;"},
    {"a series that carries on another's numbers",
     4712,
     {{{"MH1/", YEAR, 5}, 4712, 4713, 4714, 0, "D1"}},
     {4712, 4713},
     {{0}},
     0,
     ""},
    {"a number on two documents",
     1,
     {{{"MH1/", YEAR, 5}, 1, 3, 4, 0, "D1"}},
     {1, 2, 2, 3},
     {{0}},
     0,
     "double 2-2 D1;"},
    {"a number both used and voided",
     1,
     {{{"MH1/", YEAR, 5}, 1, 3, 4, 0, "D1"}},
     {1, 2, 3},
     {{2, NUMBER_SERIES_CANCELLED}},
     0,
     "double 2-2 D1;"},
    {"a number voided twice",
     1,
     {{{"MH1/", YEAR, 5}, 1, 2, 3, 0, "D1"}},
     {1},
     {{2, NUMBER_SERIES_CANCELLED}, {2, NUMBER_SERIES_CANCELLED}},
     0,
     "double 2-2 D1;"},
    {"a number used that its lease has not given out",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 2, 0, "D1"}},
     {1, 3},
     {{0}},
     0,
     "tail_open 2-2 D1 not_returned;stray 3-3 D1;tail_open 4-5 D1 not_returned;"},
    {"a number beyond all leases opens no gap",
     1,
     {{{"MH1/", YEAR, 5}, 1, 2, 3, 0, "D1"}},
     {1, 2, 9},
     {{0}},
     0,
     "stray 9-9 -;"},
    {"a number voided before the series begins",
     10,
     {{{"MH1/", YEAR, 5}, 10, 11, 12, 0, "D1"}},
     {10, 11},
     {{4, NUMBER_SERIES_CANCELLED}},
     0,
     "stray 4-4 -;"},
    {"a lease of the prefix in another case belongs",
     1,
     {{{"mh1/", YEAR, 5}, 1, 1, 2, 0, "D1"}},
     {1},
     {{0}},
     0,
     ""},
    {"overlapping leases are refused",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}, {{"MH1/", YEAR, 5}, 5, 8, 5, 0, "D2"}},
     {0},
     {{0}},
     -EEXIST,
     ""},
    {"a lease of another year is refused",
     1,
     {{{"MH1/", YEAR + 1, 5}, 1, 5, 6, 0, "D1"}},
     {0},
     {{0}},
     -EINVAL,
     ""},
    {"a lease before its series is refused",
     2,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}},
     {0},
     {{0}},
     -EINVAL,
     ""},
    {"a malformed lease is refused",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 9, 0, "D1"}},
     {0},
     {{0}},
     -EINVAL,
     ""},
    {"a series from nought is refused",
     0,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}},
     {0},
     {{0}},
     -EINVAL,
     ""},
    {"used numbers must ascend",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}},
     {2, 1},
     {{0}},
     -EINVAL,
     ""},
    {"voided numbers must ascend",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}},
     {0},
     {{2, NUMBER_SERIES_CANCELLED}, {1, NUMBER_SERIES_CANCELLED}},
     -EINVAL,
     ""},
    {"a reason to void that is not known is refused",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}},
     {0},
     {{2, NUMBER_SERIES_VOID_REASON_COUNT}},
     -EINVAL,
     ""},
    {"a number too long to be written is refused",
     1,
     {{{"MH1/", YEAR, 5}, 1, 5, 6, 0, "D1"}},
     {NUMBER_SERIES_NUMBER_MAX + 1},
     {{0}},
     -EINVAL,
     ""},
};

static void add_finding(char text[TEXT_MAX], const struct number_series_finding *f)
{
    const char *reason = "";
    if (f->kind == NUMBER_SERIES_VOIDED)
        reason = number_series_void_reason_name(f->reason);
    else if (f->kind == NUMBER_SERIES_TAIL_OPEN || f->kind == NUMBER_SERIES_TAIL_RETURNED)
        reason = number_series_return_reason_name(f->lease->returned);
    assert_int_equal(number_series_finding_explained(f->kind), reason[0] != '\0');
    size_t len = strlen(text);
    snprintf(text + len, TEXT_MAX - len, "%s %" PRIu64 "-%" PRIu64 " %s%s%s;",
             number_series_finding_name(f->kind), f->first, f->last,
             f->lease ? f->lease->device : "-", reason[0] ? " " : "", reason);
}

static void audit_row(void **state)
{
    const struct audit_row *r = *state;
    struct number_series_books books = {.series = mh1,
                                        .first = r->first,
                                        .leases = r->leases,
                                        .used = r->used,
                                        .voided = r->voided};
    while (books.leases_count < LEASES_MAX && r->leases[books.leases_count].device[0])
        books.leases_count++;
    while (books.used_count < NUMBERS_MAX && r->used[books.used_count])
        books.used_count++;
    while (books.voided_count < NUMBERS_MAX && r->voided[books.voided_count].number)
        books.voided_count++;

    struct number_series_audit audit;
    struct diag why = {0};
    assert_int_equal(number_series_audit(&books, &why, &audit), r->err);
    assert_int_equal(why.text[0] != '\0', r->err < 0);
    if (r->err < 0)
        return;
    char text[TEXT_MAX] = "";
    struct number_series_finding f;
    while (number_series_audit_next(&audit, &f) == 1)
        add_finding(text, &f);
    assert_string_equal(text, r->want);
}

static void every_finding_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < NUMBER_SERIES_FINDING_KIND_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(number_series_finding_name((enum number_series_finding_kind)i),
                                    number_series_finding_name((enum number_series_finding_kind)k));
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(the_refusal_names_what_is_overlapped),
    cmocka_unit_test(leases_are_bounded),
    cmocka_unit_test(free_ranges_fill_what_came_back_first),
    cmocka_unit_test(numbers_are_consecutive_until_used_up),
    cmocka_unit_test(a_document_of_another_year_gets_no_number),
    cmocka_unit_test(low_water_asks_in_time),
    cmocka_unit_test(only_what_was_taken_is_voided),
    cmocka_unit_test(a_returned_lease_gives_its_tail_and_nothing_more),
    cmocka_unit_test(every_finding_has_a_name_of_its_own),
};

int main(void)
{
    struct CMUnitTest
        tests[ARRAY_LEN(written) + ARRAY_LEN(admitted) + ARRAY_LEN(audits) + ARRAY_LEN(others)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(written); i++)
        tests[n++] = (struct CMUnitTest){written[i].name, write_row, NULL, NULL, &written[i]};
    for (size_t i = 0; i < ARRAY_LEN(admitted); i++)
        tests[n++] = (struct CMUnitTest){admitted[i].name, admit_row, NULL, NULL, &admitted[i]};
    for (size_t i = 0; i < ARRAY_LEN(audits); i++)
        tests[n++] = (struct CMUnitTest){audits[i].name, audit_row, NULL, NULL, &audits[i]};
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        tests[n++] = others[i];
    return cmocka_run_group_tests_name("number_series", tests, NULL, NULL);
}
