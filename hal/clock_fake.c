/* SPDX-License-Identifier: Apache-2.0 */
#include "clock_fake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "clock_driver.h"

struct clock_fake {
    struct clock base;
    struct clock_fake_state *state;
};

static int fake_now(struct clock *c, struct clock_reading *ret)
{
    const struct clock_fake_state *state = ((struct clock_fake *)c)->state;
    *ret = state->reading;
    return state->err;
}

static void fake_anchor(struct clock *c, int64_t wall_ms, int64_t mono_ms)
{
    struct clock_reading *r = &((struct clock_fake *)c)->state->reading;
    r->wall_ms = wall_ms + (r->mono_ms - mono_ms);
    r->trust = CLOCK_RELAY;
}

static void fake_free(struct clock *c)
{
    free((struct clock_fake *)c);
}

static const struct clock_ops ops = {.now = fake_now, .anchor = fake_anchor, .free = fake_free};

int clock_fake_open(struct clock_fake_state *state, struct clock **ret)
{
    assert(state && ret);

    struct clock_fake *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    *f = (struct clock_fake){.base = {.ops = &ops}, .state = state};
    *ret = &f->base;
    return 0;
}
