/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came from each supplier by batch and Indian civil day, and what went back to him. Values are
 * the landed cost of the units. */
#include "projection_part.h"

#include "decimal.h"

const struct tally_table projection_supply_table = {
    .name = "supply",
    .texts = {"supplier", "sku", "batch"},
    .ints = {"expiry_day", "mrp_paise", "day", "units", "paise", "back_units", "back_paise"},
    .key_texts = 3,
    .key_ints = 3,
    .conflict = "ON CONFLICT (tenant, supplier, sku, batch, expiry_day, mrp_paise, day) DO UPDATE"
                " SET units = supply.units + excluded.units, paise = supply.paise + excluded.paise,"
                " back_units = supply.back_units + excluded.back_units,"
                " back_paise = supply.back_paise + excluded.back_paise",
    .rows = "SELECT supplier, sku, batch, expiry_day, mrp_paise, day, units, paise, back_units,"
            " back_paise FROM supply ORDER BY supplier, sku, batch, expiry_day, mrp_paise, day",
};

static int apply(struct projection *f, const struct projection_movement *m)
{
    const struct entry *e = m->e;
    enum stock_account account = stock_account(e);
    bool came = account == ACCOUNT_RECEIVED;
    if (e->party[0] == '\0' || (!came && account != ACCOUNT_SENT_BACK))
        return 0;
    int64_t value = e->value_paise;
    if (m->again && decimal_muldiv(value, m->units, e->qty, &value) < 0)
        value = 0; /* not reached, as in projection_outlet.c */
    struct tally_row row = {.texts = {e->party, e->sku, e->batch.number},
                            .ints = {e->batch.expiry_day, e->batch.mrp_paise, m->day,
                                     came ? m->units : 0, came ? value : 0, came ? 0 : m->units,
                                     came ? 0 : value}};
    return projection_add(f, PROJECTION_SUPPLY, &row);
}

const struct projection_part projection_supply = {.name = "supply", .version = 1, .apply = apply};
