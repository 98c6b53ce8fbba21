/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_clock.h"

#include <assert.h>
#include <string.h>
#include <time.h>

static int64_t clock_ms(clockid_t which)
{
    struct timespec t = {0};
    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int relay_clock_parse(const char *text, struct relay_clock *ret, struct diag *reterr)
{
    assert(text && ret);
    struct relay_clock c = {.lapsed = strcmp(text, "system") != 0};
    int err = c.lapsed ? lapse_parse(text, &c.lapse, reterr) : 0;
    if (err == 0)
        *ret = c;
    return err;
}

int64_t relay_clock_wall_ms(const struct relay_clock *c)
{
    return c->lapsed ? c->lapse.start_ms + lapse_gone_ms(&c->lapse, relay_clock_steady_ms())
                     : clock_ms(CLOCK_REALTIME);
}

int64_t relay_clock_steady_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}
