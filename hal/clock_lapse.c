/* SPDX-License-Identifier: Apache-2.0 */
#include "clock_lapse.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock_driver.h"
#include "decimal.h"
#include "text.h"

#define START_MAX_MS INT64_C(7258118400000)  /* 2200-01-01, the end of base/civil.h */
#define ORIGIN_MAX_MS INT64_C(1000000000000) /* an uptime of 30 years */

struct clock_lapse {
    struct clock base;
    struct clock_lapse_spec spec;
    char boot_id[CLOCK_BOOT_ID_SIZE];
};

static int check(const struct clock_lapse_spec *s)
{
    bool fine = s->start_ms >= 0 && s->start_ms <= START_MAX_MS && s->speed_permille >= 1 &&
                s->speed_permille <= CLOCK_LAPSE_SPEED_MAX && s->origin_mono_ms >= 0 &&
                s->origin_mono_ms <= ORIGIN_MAX_MS;
    return fine ? 0 : -EINVAL;
}

int clock_lapse_parse(const char *text, struct clock_lapse_spec *ret, struct diag *reterr)
{
    assert(text && ret);

    char copy[CLOCK_LAPSE_TEXT_SIZE];
    struct clock_lapse_spec s = {0};
    int64_t *const numbers[] = {&s.start_ms, &s.speed_permille, &s.origin_mono_ms};
    size_t n = 0;
    int err = text_copy(copy, sizeof(copy), text);
    char *rest = copy;
    char *field = err == 0 ? strsep(&rest, ":") : copy;
    if (err == 0 && strcmp(field, "lapse") != 0)
        err = -EINVAL;
    while (err == 0 && (field = strsep(&rest, ":")) != NULL)
        err = n < ARRAY_LEN(numbers) ? decimal_parse(field, 0, numbers[n++]) : -EINVAL;
    if (err == 0)
        err = n == ARRAY_LEN(numbers) ? check(&s) : -EINVAL;
    if (err < 0) {
        diag_set(reterr, 0,
                 "clock \"%s\" is not lapse:START_MS:SPEED_PERMILLE:ORIGIN_MONO_MS with a speed "
                 "from 1 to %" PRId64,
                 text, CLOCK_LAPSE_SPEED_MAX);
        return -EINVAL;
    }
    *ret = s;
    return 0;
}

const char *clock_lapse_format(const struct clock_lapse_spec *spec, char buf[CLOCK_LAPSE_TEXT_SIZE])
{
    assert(spec && buf);
    snprintf(buf, CLOCK_LAPSE_TEXT_SIZE, "lapse:%" PRId64 ":%" PRId64 ":%" PRId64, spec->start_ms,
             spec->speed_permille, spec->origin_mono_ms);
    return buf;
}

struct clock_reading clock_lapse_at(const struct clock_lapse_spec *spec, int64_t mono_ms)
{
    assert(spec);

    int64_t real_ms = mono_ms - spec->origin_mono_ms;
    int64_t lapsed_ms =
        real_ms / 1000 * spec->speed_permille + real_ms % 1000 * spec->speed_permille / 1000;
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

int clock_lapse_open(const struct clock_lapse_spec *spec, struct clock **ret)
{
    assert(spec && ret);

    int err = check(spec);
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
