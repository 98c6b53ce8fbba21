/* SPDX-License-Identifier: Apache-2.0 */
/* The day of journal_story.h with the n-th call of the disk failing, for every n until nothing
 * fails any more; and the same with the power cut at the n-th call. An argument k tries every k-th
 * n only, for slow machines. */
#include "test.h"

#include <stdlib.h>

#include "attr.h"
#include "fault_vfs.h"
#include "journal_story.h"

static int64_t stride = 1;

struct disk_fault {
    const char *name;
    enum fault_kind kind;
    bool lasting;
};

static struct disk_fault disk_faults[] = {
    {"the n-th call fails once", FAULT_IO, false},
    {"from the n-th call on all fail", FAULT_IO, true},
    {"the n-th write is short", FAULT_SHORT, false},
    {"the disk is full for the n-th write", FAULT_FULL, false},
    {"the disk is full from the n-th write on", FAULT_FULL, true},
    {"the disk is read-only from the n-th write on", FAULT_READ_ONLY, true},
};

static void day_with_a_faulty_disk(void **state)
{
    const struct disk_fault *f = *state;
    int64_t with_failures = 0;
    for (int64_t n = 1;; n += stride) {
        fault_vfs_clear();
        fault_vfs_fail(f->kind, n, f->lasting);
        struct story story = {.vfs = FAULT_VFS, .path = "/journal.db"};
        story_play(&story);
        bool happened = fault_vfs_failed();
        fault_vfs_heal();
        /* A disk that stays away at closing, too, leaves what a crash would leave. */
        story_check(&story, f->lasting);
        if (!happened) {
            assert_int_equal(story.failures, 0);
            break;
        }
        with_failures += story.failures > 0;
        /* The disk is sound again: the next day needs nothing but itself. */
        struct story next = story;
        next.failures = 0;
        story_play(&next);
        assert_int_equal(next.failures, 0);
    }
    assert_true(with_failures > 10 / stride);
}

struct cut {
    const char *name;
    enum cut_kind kind;
    int seeds; /* each n is tried with so many throws */
};

static struct cut cuts[] = {
    {"the power is cut and nothing unsynced stays", CUT_NOTHING, 1},
    {"the power is cut and all that was written stays", CUT_ALL, 1},
    {"the power is cut and some sectors stay", CUT_SOME, 4},
};

/* False when the day was over before the n-th call. */
static bool day_with_a_cut(const struct cut *c, int64_t n, uint64_t seed)
{
    fault_vfs_clear();
    fault_vfs_fail(FAULT_POWER, n, true);
    struct story story = {.vfs = FAULT_VFS, .path = "/journal.db"};
    story_play(&story);
    bool happened = fault_vfs_failed();
    fault_vfs_cut(c->kind, seed);
    story_check(&story, true);
    return happened;
}

static void day_with_a_power_cut(void **state)
{
    const struct cut *c = *state;
    int64_t n = 1;
    for (bool happened = true; happened; n += stride)
        for (int seed = 0; seed < c->seeds; seed++)
            happened = day_with_a_cut(c, n, (uint64_t)(n * 1000 + seed));
    assert_true(n > 100);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        stride = strtol(argv[1], NULL, 10);
    if (stride < 1)
        return 2;
    fault_vfs_install();
    struct CMUnitTest tests[ARRAY_LEN(disk_faults) + ARRAY_LEN(cuts)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(disk_faults); i++)
        tests[n++] = (struct CMUnitTest){disk_faults[i].name, day_with_a_faulty_disk, NULL, NULL,
                                         &disk_faults[i]};
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
        tests[n++] = (struct CMUnitTest){cuts[i].name, day_with_a_power_cut, NULL, NULL, &cuts[i]};
    int failed = cmocka_run_group_tests_name("fault/journal", tests, NULL, NULL);
    fault_vfs_clear();
    return failed;
}
