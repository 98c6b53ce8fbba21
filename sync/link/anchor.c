/* SPDX-License-Identifier: Apache-2.0 */
#include "anchor.h"

#include <assert.h>
#include <errno.h>

#define MILLION 1000000

int anchor_measure(int64_t boot, int64_t sent_mono_ms, int64_t received_mono_ms,
                   int64_t relay_wall_ms, struct anchor *ret)
{
    assert(ret);
    int64_t rtt_ms = received_mono_ms - sent_mono_ms;
    if (rtt_ms < 0 || rtt_ms > ANCHOR_RTT_MAX_MS)
        return -ERANGE;
    *ret = (struct anchor){.boot = boot,
                           .mono_ms = received_mono_ms,
                           .wall_ms = relay_wall_ms + rtt_ms / 2,
                           .error_ms = (rtt_ms + 1) / 2};
    return 0;
}

int64_t anchor_wall_ms(const struct anchor *a, int64_t mono_ms)
{
    assert(a);
    return a->wall_ms + (mono_ms - a->mono_ms);
}

int64_t anchor_error_ms(const struct anchor *a, int64_t mono_ms)
{
    assert(a);
    int64_t apart_ms = mono_ms > a->mono_ms ? mono_ms - a->mono_ms : a->mono_ms - mono_ms;
    return a->error_ms + apart_ms / MILLION * ANCHOR_DRIFT_PPM +
           apart_ms % MILLION * ANCHOR_DRIFT_PPM / MILLION;
}

bool anchor_worth(const struct anchor *last, const struct anchor *next)
{
    assert(next);
    if (!last || last->boot != next->boot)
        return true;
    int64_t error_ms = anchor_error_ms(last, next->mono_ms);
    int64_t off_ms = anchor_wall_ms(last, next->mono_ms) - next->wall_ms;
    if (off_ms < 0)
        off_ms = -off_ms;
    return next->error_ms * 2 <= error_ms || off_ms > error_ms + next->error_ms;
}
