/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lane_terms.h"

#include <assert.h>

struct lane_terms lane_terms_usual(const struct road *road, const struct site *from,
                                   const struct site *to)
{
    assert(road && from && to);
    return (struct lane_terms){
        .km = road->km,
        .lead_days = road->lead_days,
        .paise_a_kg = 60 + (int64_t)road->km * 22 / 100,
        .paise_a_truck =
            45000 + (int64_t)road->km * 320 + (from->state == to->state ? 12000 : 45000),
        .kg_a_truck = 2500,
        .trucks = 3,
        .least_kg = 0,
    };
}

static int read_money(struct sql *s, const struct site *from, const struct site *to,
                      struct lane_terms *t)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT paise_a_kg, paise_a_truck, kg_a_truck, trucks, least_kg FROM lane"
                     " WHERE from_site = $1 AND to_site = $2");
    sql_bind_text(q, 1, from->site);
    sql_bind_text(q, 2, to->site);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    t->paise_a_kg = sql_int(q, 0);
    t->paise_a_truck = sql_int(q, 1);
    t->kg_a_truck = sql_int(q, 2);
    t->trucks = sql_int(q, 3);
    t->least_kg = sql_int(q, 4);
    return 1;
}

int lane_terms_read(struct sql *s, const struct site *from, const struct site *to,
                    struct lane_terms *ret)
{
    assert(s && from && to && ret);
    struct road road;
    int err = road_between(s, from, to, &road);
    if (err < 0)
        return err;
    if (!road.open || road.km <= 0)
        return 0;
    *ret = lane_terms_usual(&road, from, to);
    err = road.known ? read_money(s, from, to, ret) : 1;
    return err < 0 ? err : 1;
}
