/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "road.h"

#include <assert.h>
#include <math.h>

#define EARTH_KM 6371.0
#define RADIANS_A_MICRODEGREE 1.7453292519943295e-8

/* Great-circle distance (haversine). */
static double straight_km(const struct site *a, const struct site *b)
{
    double lat = (double)(b->latitude_e6 - a->latitude_e6) * RADIANS_A_MICRODEGREE;
    double lon = (double)(b->longitude_e6 - a->longitude_e6) * RADIANS_A_MICRODEGREE;
    double h =
        sin(lat / 2) * sin(lat / 2) + cos((double)a->latitude_e6 * RADIANS_A_MICRODEGREE) *
                                          cos((double)b->latitude_e6 * RADIANS_A_MICRODEGREE) *
                                          sin(lon / 2) * sin(lon / 2);
    return 2 * EARTH_KM * asin(sqrt(h < 1 ? h : 1));
}

static bool on_map(const struct site *t)
{
    return t->latitude_e6 != 0 || t->longitude_e6 != 0;
}

static struct road by_map(const struct site *from, const struct site *to)
{
    struct road r = {.open = true, .lead_days = 1};
    if (!on_map(from) || !on_map(to))
        return r;
    r.km = (int32_t)(15.5 + 1.3 * straight_km(from, to));
    r.lead_days = 1 + (r.km + 349) / 350;
    return r;
}

int road_between(struct sql *s, const struct site *from, const struct site *to, struct road *ret)
{
    assert(s && from && to && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT km, lead_days, open FROM lane WHERE from_site = $1 AND to_site = $2");
    sql_bind_text(q, 1, from->site);
    sql_bind_text(q, 2, to->site);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = got == 0 ? by_map(from, to)
                    : (struct road){.km = (int32_t)sql_int(q, 0),
                                    .lead_days = (int32_t)sql_int(q, 1),
                                    .open = sql_int(q, 2) != 0,
                                    .known = true};
    return 0;
}
