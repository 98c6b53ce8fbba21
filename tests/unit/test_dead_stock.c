/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "dead_stock.h"
#include "rng.h"

struct step_row {
    const char *name;
    struct dead_stock_state before;
    struct dead_stock_facts facts;
    const char *status;
    bool in_episode;
    enum dead_stock_event event;
};

/* Default terms: grace 30, slow 45, dead 90 days; dead at 100, recovered at 300 milli-units a day;
 * slow-moving below 500, brisk again at 800 permille of the window before. */
static struct step_row step_rows[] = {
    {"a selling SKU is active", {0}, {10, {200, 2, 900, 900}, 10, false}, "active", false, 0},
    {"idle as long as it takes, it is dead",
     {0},
     {10, {200, 90, 0, 0}, 900, false},
     "dead",
     true,
     DEAD_STOCK_DETECTED},
    {"a day short of it, it moves slowly",
     {0},
     {10, {200, 89, 0, 0}, 900, false},
     "slow_moving",
     false,
     0},
    {"without stock nothing is dead", {0}, {0, {200, 150, 0, 0}, 999, false}, "active", false, 0},
    {"a negative balance is not stock",
     {0},
     {-3, {200, 150, 0, 0}, 999, false},
     "active",
     false,
     0},
    {"a new SKU has its grace", {0}, {10, {29, 29, 0, -1}, 900, false}, "active", false, 0},
    {"a high chance alone flags nothing",
     {0},
     {10, {200, 10, 700, 700}, 1000, false},
     "active",
     false,
     0},
    {"slow by trend though it sold yesterday",
     {0},
     {10, {200, 1, 400, 900}, 100, false},
     "slow_moving",
     false,
     0},
    {"a SKU once slow must be brisk again, not only less slow",
     {DEAD_STOCK_SLOW_MOVING, false},
     {10, {200, 1, 600, 900}, 100, false},
     "slow_moving",
     false,
     0},
    {"brisk again it is active",
     {DEAD_STOCK_SLOW_MOVING, false},
     {10, {200, 1, 720, 900}, 100, false},
     "active",
     false,
     0},
    {"dead and still dead is no new event",
     {DEAD_STOCK_DEAD, true},
     {10, {200, 91, 0, 0}, 900, false},
     "dead",
     true,
     0},
    {"one sale ends the flag but not the episode",
     {DEAD_STOCK_DEAD, true},
     {10, {200, 1, 33, 0}, 400, false},
     "slow_moving",
     true,
     0},
    {"dead again within the episode is no new event",
     {DEAD_STOCK_SLOW_MOVING, true},
     {10, {300, 95, 0, 0}, 900, false},
     "dead",
     true,
     0},
    {"recovered, the episode ends",
     {DEAD_STOCK_SLOW_MOVING, true},
     {10, {300, 3, 300, 33}, 100, false},
     "active",
     false,
     DEAD_STOCK_ENDED},
    {"sold out, the episode ends",
     {DEAD_STOCK_DEAD, true},
     {0, {300, 95, 0, 0}, 900, false},
     "active",
     false,
     DEAD_STOCK_ENDED},
    {"an approved plan shows",
     {DEAD_STOCK_DEAD, true},
     {10, {300, 95, 0, 0}, 900, true},
     "liquidating",
     true,
     0},
    {"while the plan sells it, it is liquidating still",
     {DEAD_STOCK_LIQUIDATING, true},
     {10, {300, 1, 200, 0}, 500, true},
     "liquidating",
     true,
     0},
    {"a plan that ends leaves it slow",
     {DEAD_STOCK_LIQUIDATING, true},
     {10, {300, 20, 200, 0}, 500, false},
     "slow_moving",
     true,
     0},
    {"a plan for healthy stock is no status",
     {0},
     {10, {300, 1, 900, 900}, 5, true},
     "active",
     false,
     0},
};

static void step_row(void **state)
{
    const struct step_row *r = *state;
    struct dead_stock_terms terms = dead_stock_terms_default();
    struct dead_stock_step got = dead_stock_next(r->before, &r->facts, &terms);
    assert_string_equal(dead_stock_status_name(got.state.status), r->status);
    assert_int_equal(got.state.in_episode, r->in_episode);
    assert_int_equal(got.event, r->event);
}

static void movement_is_read_from_days_with_stock(void **state)
{
    (void)state;
    static const double y[] = {4, 2, 0, 6, 0, 0};
    struct dead_stock_movement m = dead_stock_movement(y, ARRAY_LEN(y), 3);
    assert_int_equal(m.age_days, 6);
    assert_int_equal(m.idle_days, 2);
    assert_int_equal(m.velocity_milli, 2000);
    assert_int_equal(m.earlier_milli, 2000);
    m = dead_stock_movement(y, 5, 3); /* too short for two windows */
    assert_int_equal(m.earlier_milli, -1);
    m = dead_stock_movement(NULL, 0, 30);
    assert_int_equal(m.age_days, 0);
    assert_int_equal(m.idle_days, 0);
    m = dead_stock_movement(y + 4, 2, 30);
    assert_int_equal(m.idle_days, 2);
    assert_int_equal(m.velocity_milli, 0);
}

static struct dead_stock_facts random_facts(struct rng *rng)
{
    uint32_t age = (uint32_t)rng_below(rng, 250);
    return (struct dead_stock_facts){
        .on_hand_units = (int64_t)rng_below(rng, 4) - 1,
        .movement = {.age_days = age,
                     .idle_days = (uint32_t)rng_below(rng, age + 1),
                     .velocity_milli = (int64_t)rng_below(rng, 400),
                     .earlier_milli = (int64_t)rng_below(rng, 800) - 1},
        .no_sale_permille = (uint16_t)rng_below(rng, 1001),
        .liquidating = rng_below(rng, 4) == 0,
    };
}

/* Property 1 of the mission: a flag meets the thresholds, and what meets them is flagged. */
static void a_flag_and_the_thresholds_are_the_same(void **state)
{
    (void)state;
    struct rng rng = rng_seed(1);
    struct dead_stock_terms t = dead_stock_terms_default();
    struct dead_stock_state s = {0};
    unsigned flagged = 0;
    for (int i = 0; i < 20000; i++) {
        struct dead_stock_facts f = random_facts(&rng);
        f.liquidating = false;
        s = dead_stock_next(s, &f, &t).state;
        bool meets = f.on_hand_units > 0 && f.movement.age_days >= 30 &&
                     f.movement.idle_days >= 90 && f.movement.velocity_milli <= 100;
        assert_int_equal(s.status == DEAD_STOCK_DEAD, meets);
        flagged += meets;
    }
    assert_true(flagged > 100);
}

static void events_alternate_however_facts_dance(void **state)
{
    (void)state;
    struct rng rng = rng_seed(7);
    struct dead_stock_terms t = dead_stock_terms_default();
    struct dead_stock_state s = {0};
    enum dead_stock_event last = DEAD_STOCK_ENDED;
    unsigned episodes = 0;
    for (int i = 0; i < 20000; i++) {
        struct dead_stock_facts f = random_facts(&rng);
        struct dead_stock_step step = dead_stock_next(s, &f, &t);
        if (step.event != DEAD_STOCK_NOTHING) {
            assert_int_not_equal(step.event, last);
            last = step.event;
            episodes += step.event == DEAD_STOCK_DETECTED;
        }
        s = step.state;
    }
    assert_true(episodes > 50);
}

static void score_factors_by_hand(void **state)
{
    (void)state;
    struct dead_stock_terms t = dead_stock_terms_default();
    struct dead_stock_facts f = {5, {200, 45, 200, 0}, 750, false};
    struct dead_stock_score s = dead_stock_score(&f, &t);
    assert_int_equal(s.factor[DEAD_STOCK_IDLE], 20);     /* half of 90 days, of 40 */
    assert_int_equal(s.factor[DEAD_STOCK_VELOCITY], 10); /* halfway from 100 to 300, of 20 */
    assert_int_equal(s.factor[DEAD_STOCK_NO_SALE], 30);
    assert_int_equal(s.score, 60);
    f.movement = (struct dead_stock_movement){200, 200, 0, 0};
    f.no_sale_permille = 1000;
    assert_int_equal(dead_stock_score(&f, &t).score, 100);
    f.on_hand_units = 0;
    assert_int_equal(dead_stock_score(&f, &t).score, 0);
}

static void score_rises_with_idleness_and_falls_with_velocity(void **state)
{
    (void)state;
    struct rng rng = rng_seed(3);
    struct dead_stock_terms t = dead_stock_terms_default();
    for (int i = 0; i < 2000; i++) {
        struct dead_stock_facts f = random_facts(&rng);
        struct dead_stock_score s = dead_stock_score(&f, &t);
        unsigned sum = 0;
        for (int k = 0; k < DEAD_STOCK_FACTORS; k++)
            sum += s.factor[k];
        assert_int_equal(s.score, sum);
        assert_true(s.score <= 100);
        f.movement.idle_days++;
        assert_true(dead_stock_score(&f, &t).score >= s.score);
        f.movement.idle_days--;
        f.movement.velocity_milli++;
        assert_true(dead_stock_score(&f, &t).score <= s.score);
    }
}

static void the_terms_of_a_tenant_are_checked(void **state)
{
    (void)state;
    struct dead_stock_terms t = dead_stock_terms_default();
    assert_int_equal(dead_stock_terms_check(&t), 0);
    t.recovered_velocity_milli = t.dead_velocity_milli;
    assert_int_equal(dead_stock_terms_check(&t), -EINVAL);
    t = dead_stock_terms_default();
    t.slow_days = t.dead_days + 1;
    assert_int_equal(dead_stock_terms_check(&t), -EINVAL);
    t = dead_stock_terms_default();
    t.weight[DEAD_STOCK_IDLE]--;
    assert_int_equal(dead_stock_terms_check(&t), -EINVAL);
    t = dead_stock_terms_default();
    t.brisk_share_permille = t.slow_share_permille;
    assert_int_equal(dead_stock_terms_check(&t), -EINVAL);
    t = dead_stock_terms_default();
    t.window_days = 0;
    assert_int_equal(dead_stock_terms_check(&t), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(movement_is_read_from_days_with_stock),
        cmocka_unit_test(a_flag_and_the_thresholds_are_the_same),
        cmocka_unit_test(events_alternate_however_facts_dance),
        cmocka_unit_test(score_factors_by_hand),
        cmocka_unit_test(score_rises_with_idleness_and_falls_with_velocity),
        cmocka_unit_test(the_terms_of_a_tenant_are_checked),
    };
    struct CMUnitTest tests[ARRAY_LEN(step_rows) + ARRAY_LEN(fixed)];
    size_t n = 0;
    for (; n < ARRAY_LEN(step_rows); n++)
        tests[n] = (struct CMUnitTest){step_rows[n].name, step_row, NULL, NULL, &step_rows[n]};
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        tests[n++] = fixed[i];
    return cmocka_run_group_tests_name("dead_stock", tests, NULL, NULL);
}
