/* SPDX-License-Identifier: Apache-2.0 */
/* The day of journal_story.h with the n-th allocation failing, ours or SQLite's, for every n until
 * none fails any more. An argument k tries every k-th n only. */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

#include "fault_memory.h"
#include "fault_vfs.h"
#include "journal_story.h"

static int64_t stride = 1;

static void the_nth_allocation_fails(void **state)
{
    (void)state;
    int64_t with_failures = 0;
    for (int64_t n = 1;; n += stride) {
        fault_vfs_clear();
        struct story story = {.vfs = FAULT_VFS, .path = "/journal.db"};
        fault_memory_fail_at(n);
        story_play(&story);
        bool happened = fault_memory_failed();
        fault_memory_fail_at(0);
        story_check(&story, false);
        if (!happened) {
            assert_int_equal(story.failures, 0);
            break;
        }
        with_failures += story.failures > 0;
    }
    assert_true(with_failures > 50 / stride); /* few are survived unseen */
    fault_vfs_clear();
}

int main(int argc, char **argv)
{
    if (argc > 1)
        stride = strtol(argv[1], NULL, 10);
    if (stride < 1)
        return 2;
    if (fault_memory_install() < 0)
        return 2;
    fault_vfs_install();
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_nth_allocation_fails)};
    return cmocka_run_group_tests_name("fault/alloc", tests, NULL, NULL);
}
