/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rate.h"

#include <assert.h>

int64_t rate_free_ms(const struct rate *r, int64_t now_ms)
{
    assert(r && r->per_second >= 1 && r->per_second <= RATE_MAX);
    if (r->count < (size_t)r->per_second)
        return now_ms;
    int64_t free_ms = r->at[r->next] + RATE_WINDOW_MS; /* the oldest of the window */
    return free_ms > now_ms ? free_ms : now_ms;
}

void rate_take(struct rate *r, int64_t now_ms)
{
    assert(r && r->per_second >= 1 && r->per_second <= RATE_MAX);
    r->at[r->next] = now_ms;
    r->next = (r->next + 1) % (size_t)r->per_second;
    if (r->count < (size_t)r->per_second)
        r->count++;
}
