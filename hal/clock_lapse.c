/* SPDX-License-Identifier: Apache-2.0 */
#include "clock_lapse.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock_driver.h"

struct clock_lapse {
    struct clock base;
    struct lapse spec;
    char boot_id[CLOCK_BOOT_ID_SIZE];
};

struct clock_reading clock_lapse_at(const struct lapse *spec, int64_t mono_ms)
{
    assert(spec);

    int64_t lapsed_ms = lapse_gone_ms(spec, mono_ms);
    return (struct clock_reading){
        .wall_ms = spec->start_ms + lapsed_ms,
        .mono_ms = spec->origin_mono_ms + lapsed_ms,
        .trust = CLOCK_RELAY,
    };
}

static int lapse_now(struct clock *c, struct clock_reading *ret)
{
    struct clock_lapse *l = (struct clock_lapse *)c;
    *ret = clock_lapse_at(&l->spec, clock_steady_ms());
    memcpy(ret->boot_id, l->boot_id, sizeof(ret->boot_id));
    return 0;
}

static void lapse_free(struct clock *c)
{
    free((struct clock_lapse *)c);
}

static const struct clock_ops ops = {.now = lapse_now, .free = lapse_free};

int clock_lapse_open(const struct lapse *spec, struct clock **ret)
{
    assert(spec && ret);

    int err = lapse_check(spec);
    if (err < 0)
        return err;
    struct clock_lapse *l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    *l = (struct clock_lapse){.base = {.ops = &ops}, .spec = *spec};
    AUTO(clock) c = &l->base;
    err = clock_read_boot_id(l->boot_id);
    if (err < 0)
        return err;
    *ret = TAKE(c);
    return 0;
}
