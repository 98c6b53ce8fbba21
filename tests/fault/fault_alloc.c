/* SPDX-License-Identifier: Apache-2.0 */
/* The day of journal_story.h with the n-th allocation failing, ours (the linker puts the functions
 * below in front of malloc and its like) or SQLite's, for every n until none fails any more. An
 * argument k tries every k-th n only. */
#include "test.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>

#include "fault_vfs.h"
#include "journal_story.h"

static struct {
    int64_t left; /* allocations until the one that fails; 0: none */
    bool failed;
} memory;

static sqlite3_mem_methods sqlite_memory;
static int64_t stride = 1;

static bool fails(void)
{
    if (memory.left == 0 || --memory.left > 0)
        return false;
    memory.failed = true;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

static void *sqlite_malloc(int size)
{
    return fails() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *p, int size)
{
    return fails() ? NULL : sqlite_memory.xRealloc(p, size);
}

static void the_nth_allocation_fails(void **state)
{
    (void)state;
    int64_t with_failures = 0;
    for (int64_t n = 1;; n += stride) {
        fault_vfs_clear();
        struct story story = {.vfs = FAULT_VFS, .path = "/journal.db"};
        memory.failed = false;
        memory.left = n;
        story_play(&story);
        bool happened = memory.failed;
        memory.left = 0;
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
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK)
        return 2;
    sqlite3_mem_methods failing = sqlite_memory;
    failing.xMalloc = sqlite_malloc;
    failing.xRealloc = sqlite_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) != SQLITE_OK)
        return 2;
    fault_vfs_install();
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_nth_allocation_fails)};
    return cmocka_run_group_tests_name("fault/alloc", tests, NULL, NULL);
}
