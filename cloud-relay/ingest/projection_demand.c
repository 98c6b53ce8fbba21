/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units sold and brought back by SKU, site and Indian civil day. */
#include "projection_part.h"

const struct tally_table projection_demand_table = {
    .name = "demand",
    .texts = {"site", "sku"},
    .ints = {"day", "units", "returned"},
    .key_texts = 2,
    .key_ints = 1,
    .conflict = "ON CONFLICT (tenant, site, sku, day) DO UPDATE SET"
                " units = demand.units + excluded.units,"
                " returned = demand.returned + excluded.returned",
    .rows = "SELECT site, sku, day, units, returned FROM demand ORDER BY site, sku, day",
};

static int apply(struct projection *f, const struct projection_movement *m)
{
    enum stock_account account = stock_account(m->e);
    if (account != ACCOUNT_SOLD && account != ACCOUNT_RETURNED)
        return 0;
    struct tally_row row = {.texts = {m->from->site, m->e->sku},
                            .ints = {m->day, account == ACCOUNT_SOLD ? m->units : 0,
                                     account == ACCOUNT_RETURNED ? m->units : 0}};
    return projection_add(f, PROJECTION_DEMAND, &row);
}

const struct projection_part projection_demand = {.name = "demand", .version = 1, .apply = apply};
