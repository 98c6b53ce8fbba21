/* SPDX-License-Identifier: Apache-2.0 */
#include "settle.h"

#include <assert.h>

struct settle_conf settle_conf_default(void)
{
    return (struct settle_conf){
        .equal_needed = SETTLE_EQUAL_MIN, .span_ms = SETTLE_SPAN_MIN_MS, .fresh_ms = 2000};
}

struct settle settle_init(struct settle_conf conf)
{
    if (conf.equal_needed < SETTLE_EQUAL_MIN)
        conf.equal_needed = SETTLE_EQUAL_MIN;
    if (conf.span_ms < SETTLE_SPAN_MIN_MS)
        conf.span_ms = SETTLE_SPAN_MIN_MS;
    return (struct settle){.conf = conf};
}

static int continues_run(const struct settle *s, const struct scale_reading *r)
{
    int64_t gap_ms = r->at_mono_ms - s->last.at_mono_ms;
    return s->run > 0 && gap_ms >= 0 && gap_ms <= s->conf.fresh_ms && s->last.status == r->status &&
           scale_reading_same(&s->last, r);
}

void settle_feed(struct settle *s, const struct scale_reading *r)
{
    assert(s && r);
    if (!continues_run(s, r)) {
        s->run = 0;
        s->run_start_ms = r->at_mono_ms;
    }
    if (s->run < UINT32_MAX)
        s->run++;
    s->last = *r;
}

void settle_lost(struct settle *s)
{
    assert(s);
    *s = (struct settle){.conf = s->conf};
}

enum settle_state settle_judge(const struct settle *s, int64_t now_ms, struct scale_reading *ret)
{
    assert(s);
    if (s->run == 0)
        return SETTLE_NOTHING;
    int64_t age_ms = now_ms - s->last.at_mono_ms;
    if (age_ms < 0 || age_ms > s->conf.fresh_ms)
        return SETTLE_STALE;
    if (!scale_reading_usable(&s->last))
        return SETTLE_REFUSED;
    if (s->last.status == SCALE_MOTION)
        return SETTLE_MOVING;
    if (s->last.status == SCALE_UNKNOWN &&
        (s->run < s->conf.equal_needed || s->last.at_mono_ms - s->run_start_ms < s->conf.span_ms))
        return SETTLE_MOVING;
    if (ret)
        *ret = s->last;
    return SETTLE_BOOKABLE;
}

const char *settle_state_name(enum settle_state state)
{
    switch (state) {
    case SETTLE_NOTHING:
        return "nothing";
    case SETTLE_MOVING:
        return "moving";
    case SETTLE_BOOKABLE:
        return "bookable";
    case SETTLE_REFUSED:
        return "refused";
    case SETTLE_STALE:
        return "stale";
    }
    return "";
}
