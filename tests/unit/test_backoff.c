/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "backoff.h"

#define DRAWS 2000

struct row {
    const char *name;
    uint32_t attempt;
    int64_t longest_ms;
    int64_t most_ms; /* that a draw may give, and that draws come near to */
};

static struct row rows[] = {
    {"the first pause is at most two seconds", 0, BACKOFF_MAX_MS, 2000},
    {"each further one may be twice as long", 4, BACKOFF_MAX_MS, 32000},
    {"none is beyond the longest", 7, BACKOFF_MAX_MS, 256000},
    {"however often it was tried", UINT32_MAX, BACKOFF_MAX_MS, BACKOFF_MAX_MS},
    {"a longest pause of one's own holds from the first", 0, 1500, 1500},
    {"and after many", 30, 4000, 4000},
    {"the shortest longest pause leaves no choice", 9, BACKOFF_MIN_MS, BACKOFF_MIN_MS},
};

static void pauses_are_spread_up_to_the_longest(void **state)
{
    const struct row *r = *state;
    struct rng rng = rng_seed(7);
    int64_t most = 0;
    for (int i = 0; i < DRAWS; i++) {
        int64_t ms = backoff_within_ms(&rng, r->attempt, r->longest_ms);
        assert_in_range(ms, BACKOFF_MIN_MS, r->most_ms);
        most = ms > most ? ms : most;
    }
    assert_true(most >= BACKOFF_MIN_MS + (r->most_ms - BACKOFF_MIN_MS) * 9 / 10);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, pauses_are_spread_up_to_the_longest, NULL,
                                       NULL, &rows[i]};
    return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
