/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single lots whose outcome can be said by heart, and what is refused. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "lots.h"

/* One lot at site 0 of goods that sell at site 1 for 100.00 a case, 50 a bucket for certain. */
struct world {
    struct lots_input in;
    int64_t room_mg[2];
    struct lots_sku sku[1];
    struct lots_lot lot[2];
    struct lots_demand demand[2];
    struct lots_lane lane[2];
};

static void make_world(struct world *w)
{
    *w = (struct world){.in = {.sites = 2,
                               .bucket_end = {20, 40},
                               .buckets = 2,
                               .segments = 8,
                               .skus = 1,
                               .lots = 1,
                               .demands = 1,
                               .lanes = 1},
                        .room_mg = {INT64_C(1000000000000), INT64_C(1000000000000)},
                        .sku = {{.id = 1, .case_units = 1, .case_mg = 5000000}},
                        .lot = {{.id = 7,
                                 .sku = 0,
                                 .site = 0,
                                 .cases = 10,
                                 .days_left = 60,
                                 .ceiling_paise = 20000,
                                 .write_off_paise = 500}},
                        .demand = {{.sku = 0,
                                    .site = 1,
                                    .price_paise = 10000,
                                    .mean_units = {500, 500},
                                    .shape = {1e9, 1e9}}},
                        .lane = {{.lane = {.id = 3,
                                           .from = 0,
                                           .to = 1,
                                           .trucks_max = 3,
                                           .truck_mg = INT64_C(2500000000),
                                           .truck_paise = 5000},
                                  .lead_days = 5,
                                  .case_paise = 100}}};
    w->in.room_mg = w->room_mg;
    w->in.sku = w->sku;
    w->in.lot = w->lot;
    w->in.demand = w->demand;
    w->in.lane = w->lane;
}

struct row {
    const char *name;
    void (*change)(struct world *w);
    int64_t want[LOTS_KINDS]; /* cases a kind, of all lots */
    int64_t value_paise;
};

static void nothing(struct world *w)
{
    (void)w;
}
static void expired(struct world *w)
{
    w->lot[0].days_left = -1;
    w->lot[0].tier[0] = (struct lots_tier){10, 9000};
}
static void dies_on_the_way(struct world *w)
{
    w->lot[0].days_left = 5;
    w->lot[0].tier[0] = (struct lots_tier){4, 2000};
}
static void guarded_there(struct world *w)
{
    w->demand[0].guard_days = 36;
}
static void reaches_the_first_bucket_to_the_day(struct world *w)
{
    w->demand[0].guard_days = 35;
}
static void misses_the_first_bucket_by_a_day(struct world *w)
{
    w->demand[0].guard_days = 35;
    w->lane[0].lead_days = 6;
}
static void no_demand(struct world *w)
{
    w->demand[0].mean_units[0] = w->demand[0].mean_units[1] = 0;
}
static void all_mass_at_zero(struct world *w)
{
    w->demand[0].shape[0] = w->demand[0].shape[1] = 1e-9;
}
static void more_on_hand_than_is_ever_sold(struct world *w)
{
    w->demand[0].on_hand_units = 100000;
}
static void truck_dearer_than_its_goods(struct world *w)
{
    w->lane[0].lane.truck_paise = 110000;
}
static void mrp_below_the_price(struct world *w)
{
    w->lot[0].ceiling_paise = 4000;
}
static void moved_lately(struct world *w)
{
    w->lot[0].order = LOTS_STAY;
    w->lot[0].return_cases = 4;
    w->lot[0].return_paise = 6000;
}
static void recalled(struct world *w)
{
    w->lot[0].order = LOTS_RETURN_ONLY;
    w->lot[0].return_cases = 6;
    w->lot[0].return_paise = -100;
    w->lot[0].tier[0] = (struct lots_tier){10, 9000};
}
static void ordered_destroyed(struct world *w)
{
    w->lot[0].order = LOTS_DESTROY_ONLY;
    w->lot[0].return_cases = 10;
    w->lot[0].return_paise = 9000;
}
static void room_for_three(struct world *w)
{
    w->room_mg[1] = 15000001;
}
static void room_below_one_case(struct world *w)
{
    w->room_mg[1] = 4999999;
}
static void a_ladder_of_discounts(struct world *w)
{
    w->in.lanes = 0;
    w->lot[0].tier[0] = (struct lots_tier){3, 7000};
    w->lot[0].tier[1] = (struct lots_tier){4, 4000};
}
static void fills_a_truck_exactly(struct world *w)
{
    w->lane[0].lane.truck_mg = 50000000;
    w->lane[0].lane.least_mg = 50000000;
}
static void one_case_short_of_the_least_load(struct world *w)
{
    w->lane[0].lane.truck_mg = 60000000;
    w->lane[0].lane.least_mg = 50000001;
}
/* The lot that dies soon must get the first bucket, though it comes second. */
static void two_lots_one_short_lived(struct world *w)
{
    w->in.lots = 2;
    w->lot[1] = w->lot[0];
    w->lot[1].id = 8;
    w->lot[1].days_left = 25;
    w->demand[0].mean_units[0] = 10;
    w->demand[0].mean_units[1] = 10;
    w->demand[0].price_paise = 1000000;
    w->lot[1].ceiling_paise = w->lot[0].ceiling_paise = 1000000;
}

static struct row rows[] = {
    {"goes where it sells", nothing, {0, 10, 0, 0, 0}, 10 * 9900 - 5000},
    {"an expired lot is written off", expired, {0, 0, 0, 0, 10}, -5000},
    {"one that dies on the way stays", dies_on_the_way, {0, 0, 4, 0, 6}, 4 * 2000 - 6 * 500},
    {"a guard beyond its life there keeps it here", guarded_there, {0, 0, 0, 0, 10}, -5000},
    {"a bucket may end on its last day",
     reaches_the_first_bucket_to_the_day,
     {0, 10, 0, 0, 0},
     10 * 9900 - 5000},
    {"and not a day later", misses_the_first_bucket_by_a_day, {0, 0, 0, 0, 10}, -5000},
    {"nothing goes where nothing sells", no_demand, {0, 0, 0, 0, 10}, -5000},
    {"nor where all mass is at zero", all_mass_at_zero, {0, 0, 0, 0, 10}, -5000},
    {"nor where more lies than is ever sold",
     more_on_hand_than_is_ever_sold,
     {0, 0, 0, 0, 10},
     -5000},
    {"nor by a truck dearer than its goods", truck_dearer_than_its_goods, {0, 0, 0, 0, 10}, -5000},
    {"a case is worth no more than its MRP allows",
     mrp_below_the_price,
     {0, 10, 0, 0, 0},
     10 * 3900 - 5000},
    {"what moved lately stays", moved_lately, {0, 0, 0, 4, 6}, 4 * 6000 - 6 * 500},
    {"a recall beats every price", recalled, {0, 0, 0, 6, 4}, -6 * 100 - 4 * 500},
    {"what is ordered destroyed is", ordered_destroyed, {0, 0, 0, 0, 10}, -5000},
    {"room for three takes three", room_for_three, {0, 3, 0, 0, 7}, 3 * 9900 - 5000 - 7 * 500},
    {"room below one case takes none", room_below_one_case, {0, 0, 0, 0, 10}, -5000},
    {"the better discount first",
     a_ladder_of_discounts,
     {0, 0, 7, 0, 3},
     3 * 7000 + 4 * 4000 - 3 * 500},
    {"a load may be exactly the most and the least",
     fills_a_truck_exactly,
     {0, 10, 0, 0, 0},
     10 * 9900 - 5000},
    {"a load below the least does not go",
     one_case_short_of_the_least_load,
     {0, 0, 0, 0, 10},
     -5000},
};

static void sum_kinds(const struct lots *l, const struct plan *plan, int64_t cases[LOTS_KINDS])
{
    struct lots_outcome *out = NULL;
    size_t count = 0;
    assert_int_equal(lots_outcomes(l, plan->cases, &out, &count), 0);
    memset(cases, 0, LOTS_KINDS * sizeof(*cases));
    for (size_t i = 0; i < count; i++)
        cases[out[i].kind] += out[i].cases;
    free(out);
}

static void outcome_row(void **state)
{
    const struct row *r = *state;
    struct world w;
    make_world(&w);
    r->change(&w);
    struct diag why = {0};
    AUTO(lots) l = NULL;
    AUTO(plan) plan = NULL;
    struct plan_limits limits = plan_limits_default();
    assert_int_equal(lots_build(&w.in, &l, &why), 0);
    assert_int_equal(plan_solve(lots_problem(l), &limits, &plan, &why), 0);
    assert_int_equal(plan_verify(lots_problem(l), plan, &why), 0);
    int64_t cases[LOTS_KINDS];
    sum_kinds(l, plan, cases);
    for (size_t k = 0; k < LOTS_KINDS; k++)
        assert_int_equal(cases[k], r->want[k]);
    assert_in_range(plan->value_paise + 1000000, r->value_paise + 1000000 - 100,
                    r->value_paise + 1000000);
}

static void the_short_lived_lot_gets_the_early_bucket(void **state)
{
    (void)state;
    struct world w;
    make_world(&w);
    two_lots_one_short_lived(&w);
    AUTO(lots) both = NULL;
    AUTO(plan) plan = NULL;
    struct plan_limits limits = plan_limits_default();
    assert_int_equal(lots_build(&w.in, &both, NULL), 0);
    assert_int_equal(plan_solve(lots_problem(both), &limits, &plan, NULL), 0);
    int64_t cases[LOTS_KINDS];
    sum_kinds(both, plan, cases);
    assert_int_equal(cases[LOTS_TRANSFER], 20);

    /* Both short-lived, only the first bucket is left, and it is worth less. */
    w.lot[0].days_left = 25;
    AUTO(lots) early = NULL;
    AUTO(plan) less = NULL;
    assert_int_equal(lots_build(&w.in, &early, NULL), 0);
    assert_int_equal(plan_solve(lots_problem(early), &limits, &less, NULL), 0);
    assert_true(less->value_paise < plan->value_paise);
}

/* --- what is refused */

struct fault_row {
    const char *name;
    void (*change)(struct world *w);
    const char *words;
};

static void no_weight(struct world *w)
{
    w->sku[0].case_mg = 0;
}
static void no_price(struct world *w)
{
    w->demand[0].price_paise = 0;
}
static void no_ceiling(struct world *w)
{
    w->lot[0].ceiling_paise = 0;
}
static void rising_ladder(struct world *w)
{
    w->lot[0].tier[0] = (struct lots_tier){1, 100};
    w->lot[0].tier[1] = (struct lots_tier){1, 200};
}
static void same_lot_twice(struct world *w)
{
    w->in.lots = 2;
    w->lot[1] = w->lot[0];
}
static void same_lane_twice(struct world *w)
{
    w->in.lanes = 2;
    w->lane[1] = w->lane[0];
}
static void same_demand_twice(struct world *w)
{
    w->in.demands = 2;
    w->demand[1] = w->demand[0];
}
static void lane_to_nowhere(struct world *w)
{
    w->lane[0].lane.to = 2;
}
static void lane_to_itself(struct world *w)
{
    w->lane[0].lane.to = 0;
}
static void unknown_sku(struct world *w)
{
    w->lot[0].sku = 1;
}
static void not_a_number(struct world *w)
{
    w->demand[0].mean_units[1] = strtod("nan", NULL);
}
static void buckets_fall(struct world *w)
{
    w->in.bucket_end[1] = 20;
}

static struct fault_row faults[] = {
    {"a case without weight", no_weight, "weight"},
    {"a demand without price", no_price, "price"},
    {"a lot without ceiling", no_ceiling, "MRP"},
    {"a ladder that rises", rising_ladder, "tier"},
    {"a lot that comes twice", same_lot_twice, "lot 7: comes twice"},
    {"a lane that comes twice", same_lane_twice, "lane 3: comes twice"},
    {"a demand that comes twice", same_demand_twice, "comes twice"},
    {"a lane to no site", lane_to_nowhere, "lane 3: a site is unknown"},
    {"a lane to where it starts", lane_to_itself, "lane 3: it leads nowhere"},
    {"a lot of no SKU", unknown_sku, "lot 7"},
    {"a mean that is no number", not_a_number, "mean"},
    {"buckets that do not rise", buckets_fall, "rise"},
};

static void fault_row(void **state)
{
    const struct fault_row *r = *state;
    struct world w;
    make_world(&w);
    r->change(&w);
    struct diag why = {0};
    struct lots *l = NULL;
    assert_int_equal(lots_build(&w.in, &l, &why), -EINVAL);
    assert_null(l);
    assert_non_null(strstr(why.text, r->words));
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(faults) + 1];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, outcome_row, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        tests[n++] = (struct CMUnitTest){faults[i].name, fault_row, NULL, NULL, &faults[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_short_lived_lot_gets_the_early_bucket);
    return cmocka_run_group_tests_name("lots", tests, NULL, NULL);
}
