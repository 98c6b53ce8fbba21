/* SPDX-License-Identifier: Apache-2.0 */
#include "lapse.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "decimal.h"
#include "text.h"

#define START_MAX_MS INT64_C(7258118400000)  /* 2200-01-01, the end of base/civil.h */
#define ORIGIN_MAX_MS INT64_C(1000000000000) /* an uptime of 30 years */

int lapse_check(const struct lapse *s)
{
    bool fine = s->start_ms >= 0 && s->start_ms <= START_MAX_MS && s->speed_permille >= 1 &&
                s->speed_permille <= LAPSE_SPEED_MAX && s->origin_mono_ms >= 0 &&
                s->origin_mono_ms <= ORIGIN_MAX_MS;
    return fine ? 0 : -EINVAL;
}

int lapse_parse(const char *text, struct lapse *ret, struct diag *reterr)
{
    assert(text && ret);

    char copy[LAPSE_TEXT_SIZE];
    struct lapse s = {0};
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
        err = n == ARRAY_LEN(numbers) ? lapse_check(&s) : -EINVAL;
    if (err < 0) {
        diag_set(reterr, 0,
                 "clock \"%s\" is not lapse:START_MS:SPEED_PERMILLE:ORIGIN_MONO_MS with a speed "
                 "from 1 to %" PRId64,
                 text, LAPSE_SPEED_MAX);
        return -EINVAL;
    }
    *ret = s;
    return 0;
}

const char *lapse_format(const struct lapse *lapse, char buf[LAPSE_TEXT_SIZE])
{
    assert(lapse && buf);
    snprintf(buf, LAPSE_TEXT_SIZE, "lapse:%" PRId64 ":%" PRId64 ":%" PRId64, lapse->start_ms,
             lapse->speed_permille, lapse->origin_mono_ms);
    return buf;
}

int64_t lapse_gone_ms(const struct lapse *lapse, int64_t mono_ms)
{
    assert(lapse);
    int64_t real_ms = mono_ms - lapse->origin_mono_ms;
    if (real_ms < 0)
        return real_ms;
    return real_ms / 1000 * lapse->speed_permille + real_ms % 1000 * lapse->speed_permille / 1000;
}
