/* SPDX-License-Identifier: Apache-2.0 */
#include "balance_row.h"

#include "stock_effect.h"

#define COLUMNS                                                                                    \
    "balance(sku TEXT NOT NULL, number TEXT NOT NULL, expiry_day INTEGER NOT NULL,"                \
    " mrp_paise INTEGER NOT NULL, account INTEGER NOT NULL, qty INTEGER NOT NULL,"                 \
    " PRIMARY KEY(sku, number, expiry_day, mrp_paise, account)) WITHOUT ROWID;"

int balance_row_make(struct db *db)
{
    return db_exec(db, "DROP TABLE IF EXISTS balance; CREATE TABLE " COLUMNS);
}

int balance_row_make_temp(struct db *db)
{
    return db_exec(db, "CREATE TEMP TABLE IF NOT EXISTS " COLUMNS " DELETE FROM temp.balance");
}

struct sum {
    const char *sku;
    struct batch_key key;
    int64_t account;
    int64_t qty;
};

static int add(struct db *db, const struct sum *s)
{
    AUTO(query)
    q = query_of(db, "INSERT INTO balance VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                     " ON CONFLICT DO UPDATE SET qty = qty + ?6");
    query_text(q, 1, s->sku);
    query_text(q, 2, s->key.number);
    query_int(q, 3, s->key.expiry_day);
    query_int(q, 4, s->key.mrp_paise);
    query_int(q, 5, s->account);
    query_int(q, 6, s->qty);
    return query_run(q);
}

int balance_row_add(struct db *db, const struct entry *e)
{
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = stock_effects(e, effects);
    int64_t net = 0;
    for (size_t i = 0; i < n; i++)
        net += effects[i].delta; /* two effects of one entry cancel: no overflow */
    struct sum s = {.sku = e->sku, .key = e->batch, .account = stock_account(e), .qty = net};
    return n == 0 ? 0 : add(db, &s);
}

int balance_row_copy(struct db *from, struct db *to)
{
    AUTO(query)
    q = query_of(from, "SELECT sku, number, expiry_day, mrp_paise, account, qty FROM balance");
    int got = 0;
    while ((got = query_step(q)) > 0) {
        char sku[ENTRY_SKU_SIZE];
        struct sum s = {.sku = sku,
                        .key.expiry_day = (int32_t)query_get_int(q, 2),
                        .key.mrp_paise = query_get_int(q, 3),
                        .account = query_get_int(q, 4),
                        .qty = query_get_int(q, 5)};
        query_copy_text(q, 0, sku, sizeof(sku));
        query_copy_text(q, 1, s.key.number, sizeof(s.key.number));
        int err = query_get_failed(q);
        if (err == 0)
            err = add(to, &s);
        if (err < 0)
            return err;
    }
    return got;
}
