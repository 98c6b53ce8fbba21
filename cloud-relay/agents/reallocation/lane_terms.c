/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lane_terms.h"

#include <assert.h>
#include <math.h>

#define KM_A_DEGREE 111.32
#define RADIANS (3.14159265358979323846 / 180)

/* Straight, on a flat map: good to a percent within India. */
static double straight_km(const struct site *a, const struct site *b)
{
    double north = (double)(b->latitude_e6 - a->latitude_e6) / 1e6;
    double middle = (double)(a->latitude_e6 + b->latitude_e6) / 2e6;
    double east = (double)(b->longitude_e6 - a->longitude_e6) / 1e6 * cos(middle * RADIANS);
    return KM_A_DEGREE * sqrt(north * north + east * east);
}

struct lane_terms lane_terms_usual(const struct site *from, const struct site *to)
{
    assert(from && to);
    int64_t km = (int64_t)(15 + 1.3 * straight_km(from, to) + 0.5);
    return (struct lane_terms){
        .km = km,
        .lead_days = 1 + (km + 349) / 350,
        .paise_a_kg = 60 + km * 22 / 100,
        .paise_a_truck = 45000 + km * 320 + (from->state == to->state ? 12000 : 45000),
        .kg_a_truck = 2500,
        .trucks = 3,
        .least_kg = 0,
    };
}

int lane_terms_read(struct sql *s, const struct site *from, const struct site *to,
                    struct lane_terms *ret)
{
    assert(s && from && to && ret);
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT km, lead_days, paise_a_kg, paise_a_truck, kg_a_truck, trucks, least_kg,"
                  " open FROM lane WHERE from_site = $1 AND to_site = $2");
    sql_bind_text(q, 1, from->site);
    sql_bind_text(q, 2, to->site);
    int got = sql_step(q);
    if (got < 0)
        return got;
    if (got == 0) {
        *ret = lane_terms_usual(from, to);
        return 1;
    }
    *ret = (struct lane_terms){sql_int(q, 0), sql_int(q, 1), sql_int(q, 2), sql_int(q, 3),
                               sql_int(q, 4), sql_int(q, 5), sql_int(q, 6)};
    return sql_int(q, 7) != 0;
}
