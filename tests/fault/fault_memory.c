/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_memory.h"

#include <errno.h>
#include <sqlite3.h>
#include <stddef.h>

static struct {
    int64_t left; /* allocations until the one that fails; 0: none */
    bool failed;
} memory;

static sqlite3_mem_methods sqlite_memory;

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

int fault_memory_install(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK)
        return -EBUSY;
    sqlite3_mem_methods failing = sqlite_memory;
    failing.xMalloc = sqlite_malloc;
    failing.xRealloc = sqlite_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) == SQLITE_OK ? 0 : -EBUSY;
}

void fault_memory_fail_at(int64_t n)
{
    memory.left = n;
    if (n > 0)
        memory.failed = false;
}

bool fault_memory_failed(void)
{
    return memory.failed;
}
