/* SPDX-License-Identifier: Apache-2.0 */
#include "backoff.h"

#include <assert.h>

#define DOUBLINGS_MAX 8 /* 2 s * 2^8 is beyond the longest delay */

int64_t backoff_within_ms(struct rng *rng, uint32_t attempt, int64_t longest_ms)
{
    assert(rng && longest_ms >= BACKOFF_MIN_MS);
    int64_t cap_ms = INT64_C(2) * BACKOFF_MIN_MS
                     << (attempt < DOUBLINGS_MAX ? attempt : DOUBLINGS_MAX);
    if (cap_ms > longest_ms)
        cap_ms = longest_ms;
    return BACKOFF_MIN_MS + (int64_t)rng_below(rng, (uint64_t)(cap_ms - BACKOFF_MIN_MS + 1));
}

int64_t backoff_ms(struct rng *rng, uint32_t attempt)
{
    return backoff_within_ms(rng, attempt, BACKOFF_MAX_MS);
}
