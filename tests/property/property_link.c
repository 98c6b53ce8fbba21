/* SPDX-License-Identifier: Apache-2.0 */
/* The machines of sync/link under the seeded adversary of link_world.h: property_link [RUNS]. Every
 * failure prints its seed; property_link 1 SEED runs that one. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "attr.h"
#include "link_world.h"

#define RUNS 1000
#define STEPS_MAX 1500
#define FAULT_RUNS_MAX 2000

static uint64_t runs = RUNS;
static uint64_t first_seed = 1;

/* What went wrong in the run of that seed; NULL for nothing. */
static const char *run(uint64_t seed, enum world_fault fault, struct world *w)
{
    world_start(w, (struct world_choices){.rng = rng_seed(seed)}, fault);
    uint64_t steps = 1 + seed * 7 % STEPS_MAX;
    for (uint64_t i = 0; i < steps; i++) {
        world_step(w);
        const char *broken = world_broken(w);
        if (broken)
            return broken;
    }
    if (world_calm(w))
        return NULL;
    const char *broken = world_broken(w);
    return broken ? broken : "I7: in the end all is acknowledged";
}

static void the_invariants_hold_whatever_happens(void **state)
{
    (void)state;
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    int64_t entries = 0;
    int64_t answers = 0;
    int restored = 0;
    for (uint64_t seed = first_seed; seed < first_seed + runs; seed++) {
        const char *broken = run(seed, WORLD_SOUND, w);
        if (broken)
            fail_msg("seed %llu: %s", (unsigned long long)seed, broken);
        entries += w->journal.head;
        answers += w->answers;
        restored += w->restored;
    }
    printf("%llu runs: %lld entries in the last journals, %lld answers, %d restores\n",
           (unsigned long long)runs, (long long)entries, (long long)answers, restored);
    free(w);
    assert_true(entries > 0 && answers > 0);
}

struct fault_row {
    const char *name;
    enum world_fault fault;
};

static struct fault_row fault_rows[] = {
    {"found: acknowledged before the commit", WORLD_ACK_BEFORE_COMMIT},
    {"found: a broker's PUBACK taken for a receipt", WORLD_TRUST_PUBACK},
    {"found: gaps accepted", WORLD_ACCEPT_GAPS},
    {"found: the epoch kept after a loss of storage", WORLD_KEEP_EPOCH},
    {"found: doubled batches stored again", WORLD_NO_DEDUPE},
    {"found: entries deleted as soon as acknowledged", WORLD_DELETE_AT_ACK},
    {"found: a RESUME of an earlier session accepted", WORLD_STALE_RESUME},
    {"found: a notice counted into the watermark", WORLD_COUNT_EARLY},
    {"found: a notice stored as its entry", WORLD_FOLD_EARLY},
    {"found: what was told ahead is kept for ever", WORLD_NEVER_PASSED},
};

static void fault_is_found(void **state)
{
    const struct fault_row *row = *state;
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    const char *broken = NULL;
    uint64_t seed = 0;
    while (!broken && seed < FAULT_RUNS_MAX)
        broken = run(++seed, row->fault, w);
    free(w);
    assert_non_null(broken);
    printf("%s: by seed %llu, %s\n", row->name, (unsigned long long)seed, broken);
}

int main(int argc, char **argv)
{
    runs = argc > 1 ? strtoull(argv[1], NULL, 10) : RUNS;
    first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    struct CMUnitTest tests[1 + ARRAY_LEN(fault_rows)] = {
        cmocka_unit_test(the_invariants_hold_whatever_happens)};
    for (size_t i = 0; i < ARRAY_LEN(fault_rows); i++)
        tests[1 + i] =
            (struct CMUnitTest){fault_rows[i].name, fault_is_found, NULL, NULL, &fault_rows[i]};
    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
