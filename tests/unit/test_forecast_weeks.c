/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>

#include "forecast_weeks.h"

#define CASES 400
#define PAIRS 40
#define GROUPS 5

static uint64_t draw(uint64_t *state) /* xorshift64* */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static void draw_pair(uint64_t *state, struct forecast_span spans[FORECAST_SPANS])
{
    for (int s = 0; s < FORECAST_SPANS; s++)
        spans[s] = (struct forecast_span){
            .mean_milli = (int64_t)(draw(state) % (draw(state) % 3 ? 999 : 9000000)),
            .shape_milli = (int64_t)(draw(state) % 50000)};
}

static void the_weeks_of_a_pair_add_up_to_its_spans(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        uint64_t at = seed;
        struct forecast_span spans[FORECAST_SPANS];
        struct forecast_sum sum = {.pairs = 0};
        draw_pair(&at, spans);
        spans[2].mean_milli = 0; /* of which the twelve weeks hold 39 days of 45 */
        assert_int_equal(forecast_sum_add(&sum, spans), 0);
        int64_t first = 0;
        int64_t all = 0;
        for (int w = 0; w < FORECAST_WEEKS; w++) {
            assert_true(sum.mean_milli[w] >= 0 && sum.variance_milli[w] >= 0);
            first += w < 3 ? sum.mean_milli[w] : 0;
            all += sum.mean_milli[w];
        }
        if (first != spans[0].mean_milli || all != spans[0].mean_milli + spans[1].mean_milli)
            fail_msg("seed %d", (int)seed);
    }
}

/* Whatever belongs to what: children add up to their parent in every week, mean and variance. */
static void any_grouping_adds_up(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        uint64_t at = seed * 7919;
        struct forecast_sum all = {.pairs = 0};
        struct forecast_sum groups[GROUPS] = {{.pairs = 0}};
        for (int p = 0; p < PAIRS; p++) {
            struct forecast_span spans[FORECAST_SPANS];
            draw_pair(&at, spans);
            assert_int_equal(forecast_sum_add(&all, spans), 0);
            assert_int_equal(forecast_sum_add(&groups[draw(&at) % GROUPS], spans), 0);
        }
        int64_t pairs = 0;
        for (int w = 0; w < FORECAST_WEEKS; w++) {
            int64_t mean = 0;
            int64_t variance = 0;
            for (int g = 0; g < GROUPS; g++) {
                mean += groups[g].mean_milli[w];
                variance += groups[g].variance_milli[w];
                pairs += w == 0 ? groups[g].pairs : 0;
            }
            if (mean != all.mean_milli[w] || variance != all.variance_milli[w])
                fail_msg("seed %d week %d", (int)seed, w + 1);
            int64_t low = 0;
            int64_t high = 0;
            forecast_interval(&all, w, &low, &high);
            assert_true(low * 1000 <= all.mean_milli[w] && all.mean_milli[w] <= high * 1000);
        }
        assert_int_equal(pairs, PAIRS);
    }
}

static void what_does_not_fit_adds_nothing(void **state)
{
    (void)state;
    struct forecast_sum sum = {.pairs = 3};
    struct forecast_span spans[FORECAST_SPANS] = {{INT64_MAX, 1}, {0, 0}, {0, 0}};
    assert_int_equal(forecast_sum_add(&sum, spans), -ERANGE);
    assert_int_equal(sum.pairs, 3);
    assert_int_equal(sum.mean_milli[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"the weeks of a pair add up to its spans", the_weeks_of_a_pair_add_up_to_its_spans, NULL,
         NULL, NULL},
        {"any grouping adds up, and intervals hold their means", any_grouping_adds_up, NULL, NULL,
         NULL},
        {"what does not fit adds nothing", what_does_not_fit_adds_nothing, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("forecast_weeks", tests, NULL, NULL);
}
