/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "civil.h"
#include "fefo.h"
#include "rng.h"

#define TODAY 20000
#define LOTS 8

struct row {
    const char *name;
    struct fefo_lot lots[LOTS]; /* ended by id 0; a NULL batch is "" */
    struct fefo_request request;
    int64_t picks[LOTS][2]; /* id, units; ended by id 0 */
    int64_t short_units;
    int64_t blocked_units;
    int64_t short_life_units;
};

static struct row rows[] = {
    {"the nearest expiry first, then the next",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 20, 100}, .free_units = 5},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 10, 100}, .free_units = 5}},
     {.wanted_units = 7},
     {{2, 5}, {1, 2}},
     0,
     0,
     0},
    {"more is wanted than there is",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 20, 100}, .free_units = 5}},
     {.wanted_units = 7},
     {{1, 5}},
     2,
     0,
     0},
    {"goods without a date come last",
     {{.id = 1, .goods = {CIVIL_NONE, CIVIL_NONE, 0}, .free_units = 5},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 10, 100}, .free_units = 5}},
     {.wanted_units = 6},
     {{2, 5}, {1, 1}},
     0,
     0,
     0},
    {"of one day the older batch",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 10, 100}, .received_day = 9, .free_units = 5},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 10, 100}, .received_day = 8, .free_units = 5}},
     {.wanted_units = 5},
     {{2, 5}},
     0,
     0,
     0},
    {"of one age the lower batch number",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 10, 100}, .batch = "B", .free_units = 5},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 10, 100}, .batch = "A", .free_units = 5}},
     {.wanted_units = 5},
     {{2, 5}},
     0,
     0,
     0},
    {"of one number the lower MRP, then the lower id",
     {{.id = 3,
       .goods = {CIVIL_NONE, TODAY + 10, 100},
       .batch = "A",
       .mrp_paise = 100,
       .free_units = 5},
      {.id = 1,
       .goods = {CIVIL_NONE, TODAY + 10, 100},
       .batch = "A",
       .mrp_paise = 200,
       .free_units = 5},
      {.id = 2,
       .goods = {CIVIL_NONE, TODAY + 10, 100},
       .batch = "A",
       .mrp_paise = 100,
       .free_units = 5}},
     {.wanted_units = 15},
     {{2, 5}, {3, 5}, {1, 5}},
     0,
     0,
     0},
    {"expired, held and quarantined goods are passed over",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY - 1, 100}, .free_units = 1},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 10, 100}, .status = STOCK_HOLD, .free_units = 2},
      {.id = 3,
       .goods = {CIVIL_NONE, TODAY + 10, 100},
       .status = STOCK_QUARANTINE,
       .free_units = 4},
      {.id = 4, .goods = {CIVIL_NONE, TODAY + 10, 100}, .status = STOCK_EXPIRED, .free_units = 8},
      {.id = 5, .goods = {CIVIL_NONE, TODAY + 0, 100}, .free_units = 16}},
     {.wanted_units = 31},
     {{5, 16}},
     15,
     15,
     0},
    {"the customer's minimum is tested on the day of delivery",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 33, 100}, .free_units = 5},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 32, 100}, .free_units = 5}},
     {.wanted_units = 10, .delivery_day = TODAY + 3, .min = {.days = 30}},
     {{1, 5}},
     5,
     0,
     5},
    {"what expires on the way is not sent",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 2, 100}, .free_units = 5}},
     {.wanted_units = 5, .delivery_day = TODAY + 3},
     {{0}},
     5,
     0,
     5},
    {"a share of the life",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 50, 100}, .free_units = 5},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 49, 100}, .free_units = 5}},
     {.wanted_units = 10, .min = {.permille = 500}},
     {{1, 5}},
     5,
     0,
     5},
    {"a disposal takes expired goods first and asks for no life",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 5, 100}, .free_units = 5},
      {.id = 2, .goods = {CIVIL_NONE, TODAY - 5, 100}, .status = STOCK_EXPIRED, .free_units = 5}},
     {.wanted_units = 6, .movement = MOVEMENT_DISPOSAL, .min = {.days = 30}},
     {{2, 5}, {1, 1}},
     0,
     0,
     0},
    {"empty and negative lots are nothing",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 5, 100}, .free_units = 0},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 5, 100}, .free_units = -3},
      {.id = 3, .goods = {CIVIL_NONE, TODAY + 6, 100}, .free_units = 3}},
     {.wanted_units = 3},
     {{3, 3}},
     0,
     0,
     0},
    {"nothing is wanted",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 5, 100}, .free_units = 4}},
     {.wanted_units = 0},
     {{0}},
     0,
     0,
     0},
    {"fewest lots: one that holds all, the earliest such",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 5, 100}, .free_units = 4},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 6, 100}, .free_units = 10},
      {.id = 3, .goods = {CIVIL_NONE, TODAY + 7, 100}, .free_units = 20}},
     {.wanted_units = 10, .fewest_lots = true},
     {{2, 10}},
     0,
     0,
     0},
    {"fewest lots: two, the earliest that go together",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 5, 100}, .free_units = 2},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 6, 100}, .free_units = 4},
      {.id = 3, .goods = {CIVIL_NONE, TODAY + 7, 100}, .free_units = 5},
      {.id = 4, .goods = {CIVIL_NONE, TODAY + 8, 100}, .free_units = 6}},
     {.wanted_units = 8, .fewest_lots = true},
     {{1, 2}, {4, 6}},
     0,
     0,
     0},
    {"fewest lots changes nothing when all is needed",
     {{.id = 1, .goods = {CIVIL_NONE, TODAY + 5, 100}, .free_units = 2},
      {.id = 2, .goods = {CIVIL_NONE, TODAY + 6, 100}, .free_units = 4}},
     {.wanted_units = 9, .fewest_lots = true},
     {{1, 2}, {2, 4}},
     3,
     0,
     0},
};

static size_t fill(const struct row *r, struct fefo_lot lots[LOTS])
{
    size_t n = 0;
    for (; n < LOTS && r->lots[n].id != 0; n++) {
        lots[n] = r->lots[n];
        if (!lots[n].batch)
            lots[n].batch = "";
    }
    return n;
}

static void fefo_row(void **state)
{
    const struct row *r = *state;
    struct fefo_lot lots[LOTS];
    size_t n = fill(r, lots);
    struct fefo_request request = r->request;
    request.today = TODAY;
    if (request.delivery_day == 0)
        request.delivery_day = TODAY;
    struct fefo_line lines[LOTS];
    struct fefo_result got;
    assert_int_equal(fefo_allocate(lots, n, &request, lines, &got), 0);
    size_t want = 0;
    for (; want < LOTS && r->picks[want][0] != 0; want++) {
        assert_true(want < got.lines);
        assert_int_equal(lots[lines[want].lot].id, r->picks[want][0]);
        assert_int_equal(lines[want].units, r->picks[want][1]);
    }
    assert_int_equal(got.lines, want);
    assert_int_equal(got.short_units, r->short_units);
    assert_int_equal(got.allocated_units + got.short_units, request.wanted_units);
    assert_int_equal(got.blocked_units, r->blocked_units);
    assert_int_equal(got.short_life_units, r->short_life_units);
}

static void requests_are_checked(void **state)
{
    (void)state;
    static struct fefo_lot lots[FEFO_LOTS_MAX + 1];
    static struct fefo_line lines[FEFO_LOTS_MAX + 1];
    struct fefo_result r;
    struct fefo_request q = {.today = TODAY, .delivery_day = TODAY, .wanted_units = 1};
    assert_int_equal(fefo_allocate(lots, FEFO_LOTS_MAX + 1, &q, lines, &r), -E2BIG);
    assert_int_equal(fefo_allocate(NULL, 0, &q, NULL, &r), 0);
    assert_int_equal(r.short_units, 1);
    q.delivery_day = TODAY - 1;
    assert_int_equal(fefo_allocate(NULL, 0, &q, NULL, &r), -EINVAL);
    q = (struct fefo_request){.wanted_units = -1};
    assert_int_equal(fefo_allocate(NULL, 0, &q, NULL, &r), -EINVAL);
    q = (struct fefo_request){.min = {.permille = 1001}};
    assert_int_equal(fefo_allocate(NULL, 0, &q, NULL, &r), -EINVAL);
    q = (struct fefo_request){.wanted_units = 1};
    lots[0] = lots[1] = (struct fefo_lot){
        .goods = {CIVIL_NONE, CIVIL_NONE, 0}, .batch = "", .free_units = INT64_MAX};
    assert_int_equal(fefo_allocate(lots, 2, &q, lines, &r), -ERANGE);
}

/* The largest table, shuffled: the order comes out whole and does not depend on the way in. */
static void a_full_table_is_sorted(void **state)
{
    (void)state;
    static struct fefo_lot lots[FEFO_LOTS_MAX];
    static struct fefo_line lines[FEFO_LOTS_MAX];
    struct rng rng = rng_seed(7);
    for (size_t i = 0; i < FEFO_LOTS_MAX; i++)
        lots[i] = (struct fefo_lot){.id = i + 1,
                                    .goods = {CIVIL_NONE, TODAY + (int32_t)rng_below(&rng, 50), 0},
                                    .received_day = (int32_t)rng_below(&rng, 5),
                                    .batch = "",
                                    .free_units = 1 + (int64_t)rng_below(&rng, 9)};
    struct fefo_request q = {.wanted_units = INT64_MAX, .today = TODAY, .delivery_day = TODAY};
    struct fefo_result r;
    assert_int_equal(fefo_allocate(lots, FEFO_LOTS_MAX, &q, lines, &r), 0);
    assert_int_equal(r.lines, FEFO_LOTS_MAX);
    for (size_t i = 1; i < r.lines; i++)
        assert_true(fefo_compare(&lots[lines[i - 1].lot], &lots[lines[i].lot]) < 0);
}

/* Against trying every set of up to seven lots. */
static void fewest_is_the_fewest_there_can_be(void **state)
{
    (void)state;
    enum { N = 7 };
    struct rng rng = rng_seed(11);
    for (int round = 0; round < 500; round++) {
        struct fefo_lot lots[N];
        int64_t total = 0;
        for (size_t i = 0; i < N; i++) {
            lots[i] = (struct fefo_lot){.id = i + 1,
                                        .goods = {CIVIL_NONE, TODAY + (int32_t)i, 0},
                                        .batch = "",
                                        .free_units = 1 + (int64_t)rng_below(&rng, 10)};
            total += lots[i].free_units;
        }
        struct fefo_request q = {.wanted_units = 1 + (int64_t)rng_below(&rng, (uint64_t)total),
                                 .today = TODAY,
                                 .delivery_day = TODAY,
                                 .fewest_lots = true};
        /* Of sets of one size the one with the earlier lots: the lot that FEFO picks first has the
         * highest bit. */
        size_t best_size = N + 1;
        unsigned best = 0;
        for (unsigned set = 0; set < 1U << N; set++) {
            int64_t units = 0;
            size_t size = 0;
            for (size_t i = 0; i < N; i++)
                if (set >> (N - 1 - i) & 1) {
                    units += lots[i].free_units;
                    size++;
                }
            if (units >= q.wanted_units &&
                (size < best_size || (size == best_size && set > best))) {
                best = set;
                best_size = size;
            }
        }
        struct fefo_line lines[N];
        struct fefo_result r;
        assert_int_equal(fefo_allocate(lots, N, &q, lines, &r), 0);
        assert_int_equal(r.short_units, 0);
        unsigned got = 0;
        for (size_t i = 0; i < r.lines; i++)
            got |= 1U << (N - 1 - lines[i].lot);
        assert_int_equal(got, best);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, fefo_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(requests_are_checked);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_full_table_is_sorted);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(fewest_is_the_fewest_there_can_be);
    return cmocka_run_group_tests_name("fefo", tests, NULL, NULL);
}
