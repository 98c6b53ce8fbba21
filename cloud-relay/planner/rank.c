/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rank.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>

#include "detmath.h"

#define KM_SCALE 300.0 /* domain: proximity is exp(-km / 300) */
#define KM_MAX 100000
#define MILLI 1000

int rank_weights_check(const struct rank_weights *w)
{
    assert(w);
    bool ok = w->proximity >= 0 && w->velocity >= 0 && w->urgency >= 0 &&
              (int64_t)w->proximity + w->velocity + w->urgency == RANK_PPM;
    return ok ? 0 : -EINVAL;
}

static int32_t proximity(int64_t km)
{
    if (km < 0)
        km = 0;
    if (km > KM_MAX)
        return 0;
    return (int32_t)(detmath_exp(-(double)km / KM_SCALE) * RANK_PPM);
}

static int32_t velocity(int64_t window_milli, int64_t units)
{
    if (window_milli <= 0)
        return 0;
    if (units <= window_milli / MILLI)
        return RANK_PPM;
    __extension__ typedef __int128 int128;
    return (int32_t)((int128)window_milli * (RANK_PPM / MILLI) / units);
}

/* Two straight lines that meet at a third of the life: u = (1 - r) * 3 / 4 down to r = 1/3, where
 * it is 1/2, and 1 - r * 3 / 2 below: twice as steep, and 1 at the end. */
static int32_t urgency(int64_t days_left, int64_t life_days)
{
    if (life_days < 1)
        life_days = 1;
    if (days_left < 0)
        days_left = 0;
    if (days_left > life_days)
        days_left = life_days;
    if (3 * days_left >= life_days)
        return (int32_t)((life_days - days_left) * 3 * RANK_PPM / (4 * life_days));
    return (int32_t)((2 * life_days - 3 * days_left) * RANK_PPM / (2 * life_days));
}

struct rank_score rank_score(const struct rank_facts *facts, const struct rank_weights *w)
{
    assert(facts && w && rank_weights_check(w) == 0);
    struct rank_score s = {.proximity = proximity(facts->km),
                           .velocity =
                               velocity(facts->window_milli, facts->units > 0 ? facts->units : 1),
                           .urgency = urgency(facts->days_left, facts->life_days)};
    int64_t sum = (int64_t)w->proximity * s.proximity + (int64_t)w->velocity * s.velocity +
                  (int64_t)w->urgency * s.urgency;
    s.score = (int32_t)(sum / RANK_PPM);
    return s;
}

int rank_compare(const struct rank_score *a, uint64_t a_lot, const struct rank_score *b,
                 uint64_t b_lot)
{
    assert(a && b);
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a_lot > b_lot) - (a_lot < b_lot);
}
