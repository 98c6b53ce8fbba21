/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <math.h>

#include "attr.h"
#include "expiry_risk.h"
#include "rng.h"

/* Mean 1 and variance 2 a period: the geometric distribution of a fair coin. */
static struct demand coin(void)
{
    return (struct demand){.rate = 1, .smooth_sd = sqrt(2), .periods = 100, .sales = 50};
}

struct row {
    const char *name;
    struct expiry_batch batch;
    int64_t ahead_units;
    struct expiry_risk want;
};

/* A batch sells on the day of its expiry too, so days_to_expiry 0 leaves one period of one day. */
static struct row rows[] = {
    {"three pieces on their last day, by hand",
     {.units = 3, .landed_paise = 3000, .credit_paise = 300, .disposal_paise = 30},
     0,
     {.at_risk_units = 2,
      .unsold_milli = 2125, /* 3 - (1/2 + 1/4 + 1/8) */
      .not_sold_out_permille = 875,
      .landed_paise = 2125,
      .carrying_paise = 1, /* 2125 * 20 % / 365 */
      .disposal_paise = 21,
      .credit_paise = 213, /* 212.5 */
      .total_paise = 2360,
      .factor = {44, 21, 20},
      .score = 85,
      .score_bucket = 3,
      .day_bucket = 4}},
    {"FEFO sells the batch ahead first",
     {.units = 1},
     2, /* P(D < 3) is .875; unsold 2.125 of three less 1.25 of the two ahead */
     {.at_risk_units = 1,
      .unsold_milli = 875,
      .not_sold_out_permille = 875,
      .factor = {44, 26, 20},
      .score = 90,
      .score_bucket = 3,
      .day_bucket = 4}},
    {"plenty of time sells all",
     {.units = 1, .days_to_expiry = 399},
     0,
     {.not_sold_out_permille = 0}},
    {"shops refuse it a day too early",
     {.units = 7, .days_to_expiry = 29, .refuse_days = 30, .landed_paise = 700},
     0,
     {.state = EXPIRY_REFUSED,
      .at_risk_units = 7,
      .unsold_milli = 7000,
      .not_sold_out_permille = 1000,
      .landed_paise = 700,
      .total_paise = 700,
      .factor = {50, 30, 20},
      .score = 100,
      .score_bucket = 3,
      .day_bucket = 3}},
    {"expired yesterday",
     {.units = 2, .days_to_expiry = -1},
     0,
     {.state = EXPIRY_EXPIRED,
      .at_risk_units = 2,
      .unsold_milli = 2000,
      .not_sold_out_permille = 1000,
      .factor = {50, 30, 20},
      .score = 100,
      .score_bucket = 3,
      .day_bucket = 4}},
    {"an expired batch that is gone raises nothing",
     {.units = 0, .days_to_expiry = -100, .landed_paise = 5},
     0,
     {.state = EXPIRY_EXPIRED}},
    {"a negative balance raises nothing", {.units = -4, .days_to_expiry = 3}, 0, {0}},
};

static void risk_row(void **state)
{
    const struct row *r = *state;
    struct demand d = coin();
    struct expiry_terms terms = expiry_terms_default();
    struct expiry_risk got = expiry_risk_batch(&d, 1, &terms, &r->batch, r->ahead_units);
    assert_string_equal(expiry_state_name(got.state), expiry_state_name(r->want.state));
    assert_int_equal(got.at_risk_units, r->want.at_risk_units);
    assert_int_equal(got.unsold_milli, r->want.unsold_milli);
    assert_int_equal(got.not_sold_out_permille, r->want.not_sold_out_permille);
    assert_int_equal(got.landed_paise, r->want.landed_paise);
    assert_int_equal(got.carrying_paise, r->want.carrying_paise);
    assert_int_equal(got.disposal_paise, r->want.disposal_paise);
    assert_int_equal(got.credit_paise, r->want.credit_paise);
    assert_int_equal(got.total_paise, r->want.total_paise);
    for (int f = 0; f < EXPIRY_FACTORS; f++)
        assert_int_equal(got.factor[f], r->want.factor[f]);
    assert_int_equal(got.score, r->want.score);
    assert_int_equal(got.score_bucket, r->want.score_bucket);
    assert_int_equal(got.day_bucket, r->want.day_bucket);
}

static void what_shops_will_refuse_takes_no_demand_from_later_batches(void **state)
{
    (void)state;
    struct demand d = coin();
    struct expiry_terms terms = expiry_terms_default();
    const struct expiry_batch batches[] = {
        {.units = 1000, .days_to_expiry = -1},
        {.units = 1000, .days_to_expiry = 9},
        {.units = 60, .days_to_expiry = 199},
    };
    struct expiry_risk r[3];
    expiry_risk_batches(&d, 1, &terms, batches, 3, r);
    assert_int_equal(r[0].unsold_milli, 1000000);
    assert_in_range(r[1].unsold_milli, 989000, 991000); /* ten days sell ten */
    assert_int_equal(r[2].not_sold_out_permille, 0);    /* 200 days for 10 and 60 */
}

static struct demand random_demand(struct rng *rng)
{
    double y[80];
    double work[80];
    uint32_t n = (uint32_t)rng_below(rng, 80);
    double chance = rng_unit(rng);
    uint64_t size = 1 + rng_below(rng, 1 + rng_below(rng, 5000));
    for (uint32_t t = 0; t < n; t++)
        y[t] = rng_unit(rng) < chance ? (double)(1 + rng_below(rng, size)) : 0;
    struct demand_pool pool = demand_pool_vague();
    pool.drift = (double)rng_below(rng, 5) / 20;
    return demand_fit(y, n, &pool, work);
}

/* Property 2 of the mission: of two items, the one nearer its horizon never scores lower. */
static void nearer_its_expiry_a_batch_never_scores_lower(void **state)
{
    (void)state;
    struct rng rng = rng_seed(2);
    struct expiry_terms terms = expiry_terms_default();
    for (int i = 0; i < 1000; i++) {
        struct demand d = random_demand(&rng);
        uint32_t period_days = rng_below(&rng, 2) ? 7 : 1;
        struct expiry_batch b = {.units = (int64_t)(1 + rng_below(&rng, 1 + rng_below(&rng, 9000))),
                                 .refuse_days = (int32_t)rng_below(&rng, 60)};
        int64_t ahead = (int64_t)rng_below(&rng, 1000);
        struct expiry_risk near = {0};
        for (b.days_to_expiry = -3; b.days_to_expiry < 250; b.days_to_expiry++) {
            struct expiry_risk r = expiry_risk_batch(&d, period_days, &terms, &b, ahead);
            if (b.days_to_expiry > -3) {
                assert_true(r.score <= near.score);
                assert_true(r.not_sold_out_permille <= near.not_sold_out_permille);
                assert_true(r.at_risk_units <= near.at_risk_units);
                for (int f = 0; f < EXPIRY_FACTORS; f++)
                    assert_true(r.factor[f] <= near.factor[f]);
            }
            near = r;
        }
    }
}

static void the_terms_of_a_tenant_are_checked(void **state)
{
    (void)state;
    struct expiry_terms t = expiry_terms_default();
    assert_int_equal(expiry_terms_check(&t), 0);
    t.weight[EXPIRY_CHANCE]++;
    assert_int_equal(expiry_terms_check(&t), -EINVAL);
    t = expiry_terms_default();
    t.score_threshold[1] = t.score_threshold[0];
    assert_int_equal(expiry_terms_check(&t), -EINVAL);
    t = expiry_terms_default();
    t.day_threshold[1] = t.day_threshold[0];
    assert_int_equal(expiry_terms_check(&t), -EINVAL);
    t = expiry_terms_default();
    t.score_thresholds = EXPIRY_THRESHOLDS_MAX + 1;
    assert_int_equal(expiry_terms_check(&t), -EINVAL);
    t = expiry_terms_default();
    t.horizon_days = 0;
    assert_int_equal(expiry_terms_check(&t), -EINVAL);
}

static void extremes_stay_in_range(void **state)
{
    (void)state;
    struct expiry_terms terms = expiry_terms_default();
    struct expiry_batch b = {INT64_MAX, INT32_MAX, INT32_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
    struct demand d = {.rate = 1e11, .smooth_sd = 1e12, .drift = 1e22};
    struct expiry_risk r = expiry_risk_batch(&d, 1, &terms, &b, INT64_MAX);
    assert_true(r.unsold_milli >= 0 && r.total_paise >= 0 && r.score <= 100);
    b.days_to_expiry = INT32_MIN;
    r = expiry_risk_batch(&d, 1, &terms, &b, 0);
    assert_int_equal(r.landed_paise, EXPIRY_PAISE_MAX);
    assert_int_equal(r.score, 100);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(what_shops_will_refuse_takes_no_demand_from_later_batches),
        cmocka_unit_test(nearer_its_expiry_a_batch_never_scores_lower),
        cmocka_unit_test(the_terms_of_a_tenant_are_checked),
        cmocka_unit_test(extremes_stay_in_range),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(fixed)];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, risk_row, NULL, NULL, &rows[n]};
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        tests[n++] = fixed[i];
    return cmocka_run_group_tests_name("expiry_risk", tests, NULL, NULL);
}
