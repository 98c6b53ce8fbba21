/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stock by bin, what is known of each batch, and the accounts of the conservation equation. */
#include "projection_part.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"

const struct tally_table projection_stock_table = {
    .name = "stock",
    .texts = {"site", "sku", "batch", "bin", "device"},
    .ints = {"expiry_day", "mrp_paise", "status", "qty"},
    .key_texts = 5,
    .key_ints = 3,
    .conflict = "ON CONFLICT (tenant, site, sku, batch, expiry_day, mrp_paise, status, bin, device)"
                " DO UPDATE SET qty = stock.qty + excluded.qty",
    .rows = "SELECT site, sku, batch, bin, device, expiry_day, mrp_paise, status, qty FROM stock"
            " ORDER BY site, sku, batch, expiry_day, mrp_paise, status, bin, device",
};

enum {
    LOT_EXPIRY,
    LOT_MRP,
    LOT_KIND,
    LOT_MADE,
    LOT_RECEIVED,
    LOT_UNITS,
    LOT_PAISE,
    LOT_MOVED,
    LOT_BROUGHT
};

/* What an entry that brings goods says of the kind of date holds against any other entry; of two
 * such the stricter. All else is a sum, the earliest or the latest: no order counts. */
static void merge_lot(struct tally_row *row, const struct tally_row *more)
{
    int64_t *a = row->ints;
    const int64_t *b = more->ints;
    if (b[LOT_BROUGHT] > a[LOT_BROUGHT] ||
        (b[LOT_BROUGHT] == a[LOT_BROUGHT] && b[LOT_KIND] < a[LOT_KIND]))
        a[LOT_KIND] = b[LOT_KIND];
    a[LOT_BROUGHT] = b[LOT_BROUGHT] > a[LOT_BROUGHT] ? b[LOT_BROUGHT] : a[LOT_BROUGHT];
    a[LOT_MADE] = projection_least_day(a[LOT_MADE], b[LOT_MADE]);
    a[LOT_RECEIVED] = projection_least_day(a[LOT_RECEIVED], b[LOT_RECEIVED]);
    a[LOT_UNITS] += b[LOT_UNITS];
    a[LOT_PAISE] += b[LOT_PAISE];
    a[LOT_MOVED] = b[LOT_MOVED] > a[LOT_MOVED] ? b[LOT_MOVED] : a[LOT_MOVED];
}

const struct tally_table projection_lot_table = {
    .name = "lot",
    .texts = {"site", "sku", "batch"},
    .ints = {"expiry_day", "mrp_paise", "expiry_kind", "made_day", "received_day", "in_units",
             "in_paise", "last_moved_day", "brought"},
    .key_texts = 3,
    .key_ints = 2,
    .conflict =
        "ON CONFLICT (tenant, site, sku, batch, expiry_day, mrp_paise) DO UPDATE SET"
        " expiry_kind = CASE WHEN excluded.brought > lot.brought OR (excluded.brought = lot.brought"
        " AND excluded.expiry_kind < lot.expiry_kind) THEN excluded.expiry_kind"
        " ELSE lot.expiry_kind END,"
        " brought = CASE WHEN excluded.brought > lot.brought THEN excluded.brought"
        " ELSE lot.brought END,"
        " made_day = CASE WHEN lot.made_day = -2147483648 OR (excluded.made_day <> -2147483648"
        " AND excluded.made_day < lot.made_day) THEN excluded.made_day ELSE lot.made_day END,"
        " received_day = CASE WHEN excluded.received_day < lot.received_day"
        " THEN excluded.received_day ELSE lot.received_day END,"
        " in_units = lot.in_units + excluded.in_units,"
        " in_paise = lot.in_paise + excluded.in_paise,"
        " last_moved_day = CASE WHEN excluded.last_moved_day > lot.last_moved_day"
        " THEN excluded.last_moved_day ELSE lot.last_moved_day END"
        /* the second pick of a day tells nothing new: the row is not written again */
        " WHERE excluded.last_moved_day > lot.last_moved_day OR excluded.in_units <> 0"
        " OR excluded.in_paise <> 0 OR excluded.received_day < lot.received_day"
        " OR excluded.brought > lot.brought OR (excluded.brought = lot.brought"
        " AND excluded.expiry_kind < lot.expiry_kind) OR (excluded.made_day <> -2147483648"
        " AND (lot.made_day = -2147483648 OR excluded.made_day < lot.made_day))",
    .rows = "SELECT site, sku, batch, expiry_day, mrp_paise, expiry_kind, made_day, received_day,"
            " in_units, in_paise, last_moved_day, brought FROM lot"
            " ORDER BY site, sku, batch, expiry_day, mrp_paise",
    .merge = merge_lot,
};

const struct tally_table projection_account_table = {
    .name = "account",
    .texts = {"site", "sku", "batch"},
    .ints = {"expiry_day", "mrp_paise", "account", "qty"},
    .key_texts = 3,
    .key_ints = 3,
    .conflict = "ON CONFLICT (tenant, site, sku, batch, expiry_day, mrp_paise, account)"
                " DO UPDATE SET qty = account.qty + excluded.qty",
    .rows = "SELECT site, sku, batch, expiry_day, mrp_paise, account, qty FROM account"
            " ORDER BY site, sku, batch, expiry_day, mrp_paise, account",
};

static int add_units(struct projection *f, const struct projection_source *from,
                     const struct entry *e, const char *bin, int64_t status, int64_t delta)
{
    struct tally_row row = {.texts = {from->site, e->sku, e->batch.number, bin, from->device},
                            .ints = {e->batch.expiry_day, e->batch.mrp_paise, status, delta}};
    return projection_add(f, PROJECTION_STOCK, &row);
}

static int add_account(struct projection *f, const struct projection_source *from,
                       const struct entry *e, enum stock_account account, int64_t delta)
{
    struct tally_row row = {
        .texts = {from->site, e->sku, e->batch.number},
        .ints = {e->batch.expiry_day, e->batch.mrp_paise, (int64_t)account, delta}};
    return projection_add(f, PROJECTION_ACCOUNT, &row);
}

static int add_facts(struct projection *f, const struct projection_movement *m,
                     enum stock_account account)
{
    const struct entry *e = m->e;
    bool brings = stock_brings(e);
    bool valued = brings && e->value_paise > 0; /* goods without a value say nothing of the cost */
    struct tally_row row = {
        .texts = {m->from->site, e->sku, e->batch.number},
        .ints = {[LOT_EXPIRY] = e->batch.expiry_day,
                 [LOT_MRP] = e->batch.mrp_paise,
                 [LOT_KIND] = e->expiry_kind,
                 [LOT_MADE] = e->made_day,
                 [LOT_RECEIVED] = stock_received_day(e),
                 [LOT_UNITS] = valued ? e->qty : 0,
                 [LOT_PAISE] = valued ? e->value_paise : 0,
                 [LOT_MOVED] = account == ACCOUNT_ADJUSTED ? CIVIL_NONE : m->day,
                 [LOT_BROUGHT] = brings}};
    return projection_add(f, PROJECTION_LOT, &row);
}

static int apply(struct projection *f, const struct projection_movement *m)
{
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = m->again ? 0 : stock_effects(m->e, effects);
    if (n == 0)
        return 0;
    enum stock_account account = stock_account(m->e);
    int64_t net = 0;
    int err = add_facts(f, m, account);
    for (size_t i = 0; err == 0 && i < n; i++) {
        net += effects[i].delta;
        err = add_units(f, m->from, m->e, effects[i].bin, (int64_t)effects[i].status,
                        effects[i].delta);
    }
    return err == 0 && net != 0 ? add_account(f, m->from, m->e, account, net) : err;
}

const struct projection_part projection_stock = {.name = "stock", .version = 1, .apply = apply};

/* ---- rows of nothing ---- */

static int by_site_and_sku(const void *a, const void *b)
{
    const struct projection_touched *x = a;
    const struct projection_touched *y = b;
    int order = x->site == y->site ? 0 : strcmp(x->site, y->site);
    return order || x->sku == y->sku ? order : strcmp(x->sku, y->sku);
}

int projection_stock_note(struct projection *f)
{
    const struct tally *stock = f->tallies[PROJECTION_STOCK];
    size_t n = tally_count(stock);
    f->touched_count = 0;
    if (n == 0)
        return 0;
    struct projection_touched *all = realloc(f->touched, n * sizeof(*all));
    if (!all)
        return -ENOMEM;
    f->touched = all;
    for (size_t i = 0; i < n; i++)
        all[i] =
            (struct projection_touched){tally_at(stock, i)->texts[0], tally_at(stock, i)->texts[1]};
    qsort(all, n, sizeof(*all), by_site_and_sku);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_site_and_sku(&all[f->touched_count - 1], &all[i]) != 0)
            all[f->touched_count++] = all[i];
    return 0;
}

/* Leaves in skus[] those of n that have rows of nothing; how many. */
static int find_zeros(struct projection *f, struct sql *s, const char *site, const char **skus,
                      size_t n)
{
    AUTO(sql_query)
    q = sql_query_lists(s, "SELECT k.text FROM $2[] AS k WHERE (SELECT count(*) FROM stock t"
                           " WHERE t.site = $1 AND t.sku = k.text AND t.qty = 0) > 0");
    sql_bind_text(q, 1, site);
    sql_bind_texts(q, 2, skus, n);
    int got = 0;
    int found = 0;
    while ((got = sql_step(q)) > 0) {
        skus[found] = words_keep(f->words, sql_text(q, 0));
        if (!skus[found++])
            return -ENOMEM;
    }
    return got < 0 ? got : found;
}

static int delete_zeros(struct projection *f, struct sql *s, const char *site, const char **skus,
                        size_t n)
{
    int found = find_zeros(f, s, site, skus, n);
    for (int i = 0; i < found; i++) {
        AUTO(sql_query)
        q = sql_query(s, "DELETE FROM stock WHERE site = $1 AND sku = $2 AND qty = 0");
        sql_bind_text(q, 1, site);
        sql_bind_text(q, 2, skus[i]);
        int err = sql_run(q);
        if (err < 0)
            return err;
    }
    return found < 0 ? found : 0;
}

int projection_stock_tidy(struct projection *f, struct sql *s)
{
    size_t n = f->touched_count;
    const char **skus = n > 0 ? malloc(n * sizeof(*skus)) : NULL;
    if (n > 0 && !skus)
        return -ENOMEM;
    int err = 0;
    for (size_t first = 0, next = 0; err == 0 && first < n; first = next) {
        const char *site = f->touched[first].site;
        for (; next < n && f->touched[next].site == site; next++)
            skus[next - first] = f->touched[next].sku;
        err = delete_zeros(f, s, site, skus, next - first);
    }
    free(skus);
    f->touched_count = 0;
    return err;
}

/* ---- a new epoch ---- */

static int book_out_row(struct projection *f, struct sql_query *q,
                        const struct projection_source *from, int32_t day)
{
    struct entry e = entry_new(ENTRY_ADJUSTED);
    sql_copy(q, 0, e.sku, sizeof(e.sku));
    sql_copy(q, 1, e.batch.number, sizeof(e.batch.number));
    sql_copy(q, 2, e.bin, sizeof(e.bin));
    e.batch.expiry_day = (int32_t)sql_int(q, 3);
    e.batch.mrp_paise = sql_int(q, 4);
    e.status = (int32_t)sql_int(q, 5);
    int64_t qty = sql_int(q, 6);
    int err = add_units(f, from, &e, e.bin, e.status, -qty);
    if (err == 0)
        err = add_account(f, from, &e, ACCOUNT_ADJUSTED, -qty);
    if (err == 0 && e.status == STOCK_SELLABLE)
        err = stocked_change(f, from, e.sku, day, -qty);
    return err;
}

int projection_stock_book_out(struct projection *f, struct sql *s,
                              const struct projection_source *from, int32_t day)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT sku, batch, bin, expiry_day, mrp_paise, status, qty FROM stock"
                     " WHERE site = $1 AND device = $2"
                     " ORDER BY sku, batch, expiry_day, mrp_paise, status, bin");
    sql_bind_text(q, 1, from->site);
    sql_bind_text(q, 2, from->device);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        int err = book_out_row(f, q, from, day);
        if (err < 0)
            return err;
    }
    return got;
}
