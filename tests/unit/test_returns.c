/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What suppliers take back, without a store: windows, quotas, credit, and which returns of a plan
 * keep within them, by rows and over drawn plans. */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "civil.h"
#include "returns.h"
#include "rng.h"

#define DAY 20800

static struct supplier_terms usual(void)
{
    return (struct supplier_terms){.supplier = "SUP-01",
                                   .returnable = true,
                                   .window_from_days = -60,
                                   .window_to_days = 30,
                                   .credit_permille = 700,
                                   .freight_ours = true,
                                   .freight_paise_kg = 300};
}

/* ---- windows, quotas, money ---- */

static void a_window_holds_from_its_first_day_to_its_last(void **state)
{
    (void)state;
    struct supplier_terms t = usual();
    assert_false(supplier_window_open(&t, DAY + 61, DAY));
    assert_true(supplier_window_open(&t, DAY + 60, DAY));
    assert_true(supplier_window_open(&t, DAY - 30, DAY));
    assert_false(supplier_window_open(&t, DAY - 31, DAY));
    assert_false(supplier_window_open(&t, CIVIL_NONE, DAY));
    t.returnable = false;
    assert_false(supplier_window_open(&t, DAY, DAY));
}

static void a_quota_is_what_the_least_of_its_limits_leaves(void **state)
{
    (void)state;
    struct supplier_terms t = usual();
    struct supplier_flow seen = {.bought_paise = 1000000, .back_units = 30, .back_paise = 15000};
    struct supplier_quota q = supplier_quota_left(&t, &seen);
    assert_true(q.units == SUPPLIER_NO_LIMIT && q.paise == SUPPLIER_NO_LIMIT);
    t.quota_units = 100;
    t.quota_permille = 20;
    q = supplier_quota_left(&t, &seen);
    assert_true(q.units == 70 && q.paise == 5000);
    t.quota_paise = 16000;
    assert_true(supplier_quota_left(&t, &seen).paise == 1000);
    seen.back_units = seen.back_paise = 2000000;
    q = supplier_quota_left(&t, &seen);
    assert_true(q.units == 0 && q.paise == 0);
    t = (struct supplier_terms){.returnable = false};
    assert_true(supplier_quota_left(&t, &seen).units == 0);
}

static void credit_is_of_the_purchase_price_and_the_way_back_by_weight(void **state)
{
    (void)state;
    struct supplier_terms t = usual();
    assert_true(supplier_credit_paise(&t, 90000) == 63000);
    assert_true(supplier_freight_paise(&t, 6000) == 1800);
    t.freight_ours = false;
    assert_true(supplier_freight_paise(&t, 6000) == 0);
    assert_true(supplier_credit_paise(&t, 0) == 0);
}

/* ---- which are kept ---- */

static struct returns_move move(int64_t cases, int64_t gain)
{
    return (struct returns_move){.cases = cases,
                                 .case_units = 10,
                                 .landed_paise = 1000,
                                 .credit_paise = 700,
                                 .gain_paise = gain};
}

static void the_scarce_quota_goes_to_those_that_gain_most_for_it(void **state)
{
    (void)state;
    struct returns_terms terms[] = {{usual(), {150, SUPPLIER_NO_LIMIT}}};
    struct returns_move moves[] = {move(10, 1000), move(10, 9000), move(10, 1000)};
    assert_int_equal(returns_choose(terms, moves, 3, 0), 2);
    assert_true(moves[0].kept == 5 && moves[1].kept == 10 && moves[2].kept == 0);
    terms[0].left = (struct supplier_quota){SUPPLIER_NO_LIMIT, 29999};
    assert_int_equal(returns_choose(terms, moves, 3, 0), 1);
    assert_true(moves[0].kept == 10 && moves[1].kept == 10 && moves[2].kept == 9);
}

static void a_claim_below_the_least_is_none(void **state)
{
    (void)state;
    struct returns_terms terms[] = {{usual(), {SUPPLIER_NO_LIMIT, SUPPLIER_NO_LIMIT}}};
    struct returns_move moves[] = {move(10, 1000), move(10, 1000)};
    terms[0].terms.least_claim_paise = 14000;
    assert_int_equal(returns_choose(terms, moves, 2, 0), 0); /* together they reach it */
    moves[1].site = 1;
    assert_int_equal(returns_choose(terms, moves, 2, 0), 2); /* each site claims for itself */
    moves[1].claimed_paise = 7000;
    assert_int_equal(returns_choose(terms, moves, 2, 0), 1);
    assert_true(moves[1].kept == 10);
    assert_int_equal(returns_choose(terms, moves, 2, 1001), 2); /* too little for anybody's time */
}

/* ---- drawn plans ---- */

#define PLANS 20000
#define MOVES_MAX 12
#define TERMS_MAX 3

static void draw(struct rng *rng, struct returns_terms *terms, struct returns_move *moves, size_t n)
{
    static const char *const suppliers[TERMS_MAX] = {"SUP-01", "SUP-01", "SUP-02"};
    for (size_t i = 0; i < TERMS_MAX; i++) {
        terms[i] = (struct returns_terms){usual(), {SUPPLIER_NO_LIMIT, SUPPLIER_NO_LIMIT}};
        strcpy(terms[i].terms.supplier, suppliers[i]);
        if (rng_below(rng, 2))
            terms[i].left.units = (int64_t)rng_below(rng, 400);
        if (rng_below(rng, 2))
            terms[i].left.paise = (int64_t)rng_below(rng, 60000);
        terms[i].terms.least_claim_paise = (int64_t)rng_below(rng, 3) * 9000;
    }
    for (size_t i = 0; i < n; i++)
        moves[i] = (struct returns_move){.terms = rng_below(rng, TERMS_MAX),
                                         .site = (uint32_t)rng_below(rng, 2),
                                         .cases = 1 + (int64_t)rng_below(rng, 20),
                                         .case_units = 1 + (int64_t)rng_below(rng, 24),
                                         .landed_paise = 1 + (int64_t)rng_below(rng, 4000),
                                         .credit_paise = (int64_t)rng_below(rng, 3000),
                                         .gain_paise = (int64_t)rng_below(rng, 50000)};
}

static void expect_bounds(const struct returns_terms *terms, const struct returns_move *moves,
                          size_t n, int64_t least_gain)
{
    for (size_t k = 0; k < TERMS_MAX; k++) {
        int64_t units = 0, paise = 0;
        for (size_t i = 0; i < n; i++)
            if (moves[i].terms == k) {
                assert_in_range(moves[i].kept, 0, moves[i].cases);
                units += moves[i].kept * moves[i].case_units;
                paise += moves[i].kept * moves[i].landed_paise;
            }
        assert_true(units <= terms[k].left.units && paise <= terms[k].left.paise);
    }
    for (size_t i = 0; i < n; i++) {
        int64_t credit = 0, gain = 0;
        for (size_t j = 0; j < n; j++)
            if (moves[j].site == moves[i].site &&
                strcmp(terms[moves[j].terms].terms.supplier,
                       terms[moves[i].terms].terms.supplier) == 0) {
                credit += moves[j].kept * moves[j].credit_paise;
                gain += moves[j].gain_paise * moves[j].kept / moves[j].cases;
            }
        if (moves[i].kept > 0)
            assert_true(credit >= terms[moves[i].terms].terms.least_claim_paise &&
                        gain >= least_gain);
    }
}

static void no_drawn_plan_goes_beyond_a_quota_or_below_a_claim(void **state)
{
    (void)state;
    struct rng rng = rng_seed(20261213);
    size_t cut = 0, kept = 0;
    for (int plan = 0; plan < PLANS; plan++) {
        struct returns_terms terms[TERMS_MAX];
        struct returns_move moves[MOVES_MAX] = {{0}};
        size_t n = 1 + rng_below(&rng, MOVES_MAX);
        int64_t least_gain = (int64_t)rng_below(&rng, 2) * 5000;
        draw(&rng, terms, moves, n);
        int answer = returns_choose(terms, moves, n, least_gain);
        assert_true(answer >= 0);
        expect_bounds(terms, moves, n, least_gain);
        cut += answer > 0;
        kept += answer < (int)n;
        struct returns_move again[MOVES_MAX];
        memcpy(again, moves, sizeof(again));
        assert_int_equal(returns_choose(terms, again, n, least_gain), answer);
        assert_memory_equal(again, moves, sizeof(again));
    }
    assert_true(cut > PLANS / 4 && kept > PLANS / 4); /* both ways were gone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a window holds from its first day to its last",
         a_window_holds_from_its_first_day_to_its_last, NULL, NULL, NULL},
        {"a quota is what the least of its limits leaves",
         a_quota_is_what_the_least_of_its_limits_leaves, NULL, NULL, NULL},
        {"credit is of the purchase price, and the way back by weight",
         credit_is_of_the_purchase_price_and_the_way_back_by_weight, NULL, NULL, NULL},
        {"the scarce quota goes to those that gain most for it",
         the_scarce_quota_goes_to_those_that_gain_most_for_it, NULL, NULL, NULL},
        {"a claim below the least is none", a_claim_below_the_least_is_none, NULL, NULL, NULL},
        {"no drawn plan goes beyond a quota or below a claim",
         no_drawn_plan_goes_beyond_a_quota_or_below_a_claim, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("returns", tests, NULL, NULL);
}
