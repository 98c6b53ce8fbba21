/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "civil.h"
#include "score.h"

#define MAHARASHTRA 27
#define LOTS_MAX 4

/* A SKU with a steady history, which each test bends. */
struct bench {
    struct score_input in;
    struct score_terms terms;
    struct demand_pool pool;
    struct season season;
    struct return_pool returns;
    struct score_lot lots[LOTS_MAX];
    int64_t units[SCORE_HISTORY_DAYS];
    uint8_t stocked[SCORE_HISTORY_DAYS];
    struct score_work work;
    struct expiry_batch scratch[LOTS_MAX];
    struct expiry_risk risks[LOTS_MAX];
    struct score got;
};

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_int_equal(civil_parse(text, &day), 0);
    return day;
}

static struct bench *bench_new(void)
{
    static struct bench b;
    memset(&b, 0, sizeof(b));
    b.pool = demand_pool_vague();
    b.season = season_flat();
    b.returns = return_pool_fit(NULL, 0);
    b.terms = (struct score_terms){.expiry = expiry_terms_default(),
                                   .dead = dead_stock_terms_default(),
                                   .rates = financial_impact_rates_default(),
                                   .dead_horizon_days = 60,
                                   .season_days = 42};
    int32_t today = day_of("2026-06-15");
    b.lots[0] = (struct score_lot){.key = {"A1", today + 60, 10000},
                                   .made_day = CIVIL_NONE,
                                   .received_day = today - 30,
                                   .units = 100,
                                   .landed_paise = 500000};
    for (int d = 0; d < SCORE_HISTORY_DAYS; d++) {
        b.units[d] = 5;
        b.stocked[d] = 1;
    }
    b.in = (struct score_input){.goods = stock_goods_of("19053100", 10, 1, 500, 400),
                                .category = "biscuits",
                                .state = MAHARASHTRA,
                                .today = today,
                                .lots = b.lots,
                                .lots_count = 1,
                                .days = {b.units, b.stocked, 0},
                                .return_pool = &b.returns,
                                .pool = &b.pool,
                                .season = &b.season};
    return &b;
}

static const struct score *score(struct bench *b)
{
    score_sku(&b->in, &b->terms, &b->work, b->scratch, b->risks, &b->got);
    return &b->got;
}

static void no_sale_for(struct bench *b, int days)
{
    for (int d = SCORE_HISTORY_DAYS - days; d < SCORE_HISTORY_DAYS; d++)
        b->units[d] = 0;
}

static void steady_stock_that_sells_in_time_is_no_finding(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    const struct score *s = score(b);
    assert_int_equal(s->step.state.status, DEAD_STOCK_ACTIVE);
    assert_int_equal(s->risk_units, 0);
    assert_int_equal(s->units, 100);
    assert_true(s->demand.rate > 4 && s->demand.rate < 6);
    assert_int_equal(s->impact.total_paise, 0);
    assert_int_equal(s->life, FORECAST_GOING);
    assert_true(s->forecast.units > 120 && s->forecast.units < 160);
}

static void more_than_will_sell_is_at_risk(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    b->lots[0].units = 1000;
    const struct score *s = score(b);
    assert_true(s->risk_units > 600);
    assert_int_equal(s->risk_units, b->risks[0].at_risk_units);
    assert_true(s->risk_paise > 0);
    assert_int_equal(s->stock_out_permille, 0);
}

static void what_lies_idle_is_dead_and_costs(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    no_sale_for(b, 120);
    const struct score *s = score(b);
    assert_int_equal(s->step.state.status, DEAD_STOCK_DEAD);
    assert_int_equal(s->step.event, DEAD_STOCK_DETECTED);
    assert_true(s->impact.carrying_paise > 0 && s->impact.opportunity_paise > 0 &&
                s->impact.disposal_paise > 0 && s->impact.transport_paise > 0);
    assert_int_equal(s->impact.total_paise, s->impact.carrying_paise + s->impact.opportunity_paise +
                                                s->impact.disposal_paise +
                                                s->impact.transport_paise);
}

static void an_episode_is_told_once(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    no_sale_for(b, 120);
    b->in.before = score(b)->step.state;
    assert_int_equal(score(b)->step.event, DEAD_STOCK_NOTHING);
    assert_int_equal(b->got.step.state.status, DEAD_STOCK_DEAD);
}

static void days_without_stock_are_no_evidence(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    no_sale_for(b, 120);
    memset(b->stocked + SCORE_HISTORY_DAYS - 120, 0, 120);
    assert_int_equal(score(b)->step.state.status, DEAD_STOCK_ACTIVE);
}

static void stock_for_a_festival_is_not_dead_before_it(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    no_sale_for(b, 120);
    b->in.category = "dry_fruits";
    b->in.today = day_of("2026-10-10"); /* Diwali is on 8 November */
    b->lots[0].key.expiry_day = b->in.today + 200;
    const struct score *s = score(b);
    assert_non_null(s->festival);
    assert_string_equal(s->festival, "Diwali");
    assert_int_equal(s->step.state.status, DEAD_STOCK_ACTIVE);
    b->in.today = day_of("2026-11-20");
    s = score(b);
    assert_null(s->festival);
    assert_int_equal(s->step.state.status, DEAD_STOCK_DEAD);
}

static void a_season_ahead_makes_running_out_likelier(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    b->lots[0].units = 150;
    uint16_t flat = score(b)->stock_out_permille;
    for (int m = 0; m < SEASON_MONTHS; m++)
        b->season.month[m] = m == 6 ? 0.7 : 0; /* July doubles */
    const struct score *s = score(b);
    assert_true(s->season_permille > 1200);
    assert_true(s->stock_out_permille > flat);
}

static void what_comes_back_ever_again_raises_the_risk(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    b->lots[0].units = 400;
    int64_t before = score(b)->risk_units;
    b->in.returns = (struct return_counts){1800, 540};
    const struct score *s = score(b);
    assert_true(s->returns.suspect);
    assert_true(s->risk_units > before);
}

static void the_batch_that_expires_sooner_is_never_scored_lower(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    uint8_t last = 0;
    for (int32_t left = 300; left >= -5; left--) {
        b->lots[0].key.expiry_day = b->in.today + left;
        b->lots[0].units = 700;
        score(b);
        assert_true(b->risks[0].score >= last);
        last = b->risks[0].score;
    }
}

static void without_stock_or_history_there_is_an_answer(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    b->in.lots_count = 0;
    b->in.days.first = SCORE_HISTORY_DAYS;
    const struct score *s = score(b);
    assert_int_equal(s->units, 0);
    assert_int_equal(s->step.state.status, DEAD_STOCK_ACTIVE);
    assert_int_equal(s->life, FORECAST_NEW);
    assert_int_equal(s->stock_out_permille, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_stock_that_sells_in_time_is_no_finding),
        cmocka_unit_test(more_than_will_sell_is_at_risk),
        cmocka_unit_test(what_lies_idle_is_dead_and_costs),
        cmocka_unit_test(an_episode_is_told_once),
        cmocka_unit_test(days_without_stock_are_no_evidence),
        cmocka_unit_test(stock_for_a_festival_is_not_dead_before_it),
        cmocka_unit_test(a_season_ahead_makes_running_out_likelier),
        cmocka_unit_test(what_comes_back_ever_again_raises_the_risk),
        cmocka_unit_test(the_batch_that_expires_sooner_is_never_scored_lower),
        cmocka_unit_test(without_stock_or_history_there_is_an_answer),
    };
    return cmocka_run_group_tests_name("analysis_score", tests, NULL, NULL);
}
