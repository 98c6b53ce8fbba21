/* SPDX-License-Identifier: Apache-2.0 */
/* tests/contract/promises.h -- runs every promise of an interface over every driver of it. */
#pragma once

#include "test.h"

#include <assert.h>
#include <stdio.h>

#define PROMISES_MAX 256 /* drivers by promises */

/* benches: n of `size` bytes, one a driver, each beginning with its name (const char *); a promise
 * finds its bench in *state. The tests are named "driver: promise". Returns how many failed. */
static inline int promises_keep(const char *interface, const void *benches, size_t n, size_t size,
                                const struct CMUnitTest *promises, size_t promises_count)
{
    static char names[PROMISES_MAX][128];
    struct CMUnitTest tests[PROMISES_MAX] = {
        {NULL, NULL, NULL, NULL, NULL}}; /* cmocka skips these */
    size_t count = 0;
    assert(n * promises_count <= PROMISES_MAX);
    for (size_t b = 0; b < n; b++) {
        const void *bench = (const char *)benches + b * size;
        for (size_t p = 0; p < promises_count; p++, count++) {
            snprintf(names[count], sizeof(names[count]), "%s: %s", *(const char *const *)bench,
                     promises[p].name);
            tests[count] = promises[p];
            tests[count].name = names[count];
            tests[count].initial_state = (void *)(uintptr_t)bench;
        }
    }
    return cmocka_run_group_tests_name(interface, tests, NULL, NULL);
}
