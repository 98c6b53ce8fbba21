/* SPDX-License-Identifier: Apache-2.0 */
#include "pin_guard.h"

#include <assert.h>
#include <string.h>

#include "text.h"

static size_t find(const struct pin_guard *g, const char *worker)
{
    size_t i = 0;
    while (i < PIN_GUARD_WORKERS_MAX && strcmp(g->workers[i].worker, worker) != 0)
        i++;
    return i;
}

/* A free row, or else the one whose wait ends first. */
static size_t room(const struct pin_guard *g)
{
    size_t best = 0;
    for (size_t i = 0; i < PIN_GUARD_WORKERS_MAX; i++) {
        if (g->workers[i].worker[0] == '\0')
            return i;
        if (g->workers[i].until_mono_ms < g->workers[best].until_mono_ms)
            best = i;
    }
    return best;
}

int64_t pin_guard_wait_ms(const struct pin_guard *g, const char *worker, int64_t now_mono_ms)
{
    assert(g && worker && worker[0]);
    size_t i = find(g, worker);
    if (i == PIN_GUARD_WORKERS_MAX || g->workers[i].until_mono_ms <= now_mono_ms)
        return 0;
    return g->workers[i].until_mono_ms - now_mono_ms;
}

void pin_guard_wrong(struct pin_guard *g, const char *worker, int64_t now_mono_ms)
{
    assert(g && worker && worker[0]);
    size_t i = find(g, worker);
    if (i == PIN_GUARD_WORKERS_MAX) {
        i = room(g);
        memset(&g->workers[i], 0, sizeof(g->workers[i]));
        text_cut(g->workers[i].worker, sizeof(g->workers[i].worker), worker);
    }
    if (g->workers[i].wrong < INT32_MAX)
        g->workers[i].wrong++;
    int64_t wait = 0;
    for (int32_t n = PIN_GUARD_FREE_TRIES; n <= g->workers[i].wrong; n++) {
        wait = wait == 0 ? PIN_GUARD_FIRST_WAIT_MS : wait * 2;
        if (wait >= PIN_GUARD_LONGEST_WAIT_MS) {
            wait = PIN_GUARD_LONGEST_WAIT_MS;
            break;
        }
    }
    g->workers[i].until_mono_ms = now_mono_ms + wait;
}

void pin_guard_right(struct pin_guard *g, const char *worker)
{
    assert(g && worker && worker[0]);
    size_t i = find(g, worker);
    if (i < PIN_GUARD_WORKERS_MAX)
        memset(&g->workers[i], 0, sizeof(g->workers[i]));
}
