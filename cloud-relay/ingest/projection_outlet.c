/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each outlet took and brought back by SKU, site and Indian civil day. The value is the landed
 * cost of what it took. */
#include "projection_part.h"

#include "decimal.h"

const struct tally_table projection_outlet_table = {
    .name = "outlet_sale",
    .texts = {"outlet", "sku", "site"},
    .ints = {"day", "units", "returned", "value_paise"},
    .key_texts = 3,
    .key_ints = 1,
    .conflict = "ON CONFLICT (tenant, outlet, sku, day, site) DO UPDATE SET"
                " units = outlet_sale.units + excluded.units,"
                " returned = outlet_sale.returned + excluded.returned,"
                " value_paise = outlet_sale.value_paise + excluded.value_paise",
    .rows = "SELECT outlet, sku, site, day, units, returned, value_paise FROM outlet_sale"
            " ORDER BY outlet, sku, day, site",
};

static int apply(struct projection *f, const struct projection_movement *m)
{
    enum stock_account account = stock_account(m->e);
    bool sold = account == ACCOUNT_SOLD;
    if (m->e->party[0] == '\0' || (!sold && account != ACCOUNT_RETURNED))
        return 0;
    int64_t value = sold ? m->e->value_paise : 0;
    if (sold && m->again && decimal_muldiv(value, m->units, m->e->qty, &value) < 0)
        value = 0; /* not reached: within PROJECTION_UNITS_MAX and PROJECTION_PAISE_MAX it fits */
    struct tally_row row = {.texts = {m->e->party, m->e->sku, m->from->site},
                            .ints = {m->day, sold ? m->units : 0, sold ? 0 : m->units, value}};
    return projection_add(f, PROJECTION_OUTLET_SALE, &row);
}

const struct projection_part projection_outlet = {
    .name = "outlet_sale", .version = 1, .apply = apply};
