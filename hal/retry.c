/* SPDX-License-Identifier: Apache-2.0 */
#include "retry.h"

#include <assert.h>

bool retry_due(const struct retry *r, int64_t now_mono_ms)
{
    assert(r);
    return r->failures == 0 || now_mono_ms >= r->due_mono_ms;
}

int32_t retry_failed(struct retry *r, int64_t now_mono_ms)
{
    assert(r);

    r->delay_ms = r->delay_ms == 0 ? RETRY_FIRST_MS : r->delay_ms * 2;
    if (r->delay_ms > RETRY_LAST_MS)
        r->delay_ms = RETRY_LAST_MS;
    r->due_mono_ms = now_mono_ms + r->delay_ms;
    if (r->failures < UINT32_MAX)
        r->failures++;
    return r->delay_ms;
}

void retry_succeeded(struct retry *r)
{
    assert(r);
    *r = (struct retry){0};
}
