/* SPDX-License-Identifier: Apache-2.0 */
/* The conservation equation, from the entries alone. The sums by SKU and batch stand in a temporary
 * table, so that memory does not grow with the number of batches. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "entry_table.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static const char schema[] =
    "CREATE TEMP TABLE IF NOT EXISTS balance(sku TEXT NOT NULL, number TEXT NOT NULL,"
    " expiry_day INTEGER NOT NULL, mrp_paise INTEGER NOT NULL, account INTEGER NOT NULL,"
    " qty INTEGER NOT NULL, PRIMARY KEY(sku, number, expiry_day, mrp_paise, account))"
    " WITHOUT ROWID; DELETE FROM temp.balance";

static int add_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                     const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct db *db = context;
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = stock_effects(e, effects);
    int64_t net = 0;
    for (size_t i = 0; i < n; i++)
        net += effects[i].delta; /* two effects of one entry cancel: no overflow */
    if (n == 0)
        return 0;
    AUTO(query)
    q = query_of(db, "INSERT INTO temp.balance VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                     " ON CONFLICT DO UPDATE SET qty = qty + ?6");
    query_text(q, 1, e->sku);
    query_text(q, 2, e->batch.number);
    query_int(q, 3, e->batch.expiry_day);
    query_int(q, 4, e->batch.mrp_paise);
    query_int(q, 5, stock_account(e));
    query_int(q, 6, net);
    return query_run(q);
}

static int read_row(struct query *q, struct journal_balance *b)
{
    query_copy_text(q, 0, b->sku, sizeof(b->sku));
    query_copy_text(q, 1, b->key.number, sizeof(b->key.number));
    b->key.expiry_day = (int32_t)query_get_int(q, 2);
    b->key.mrp_paise = query_get_int(q, 3);
    b->held = query_get_int(q, 4);
    return query_get_failed(q);
}

static bool same_batch(const struct journal_balance *a, const struct journal_balance *b)
{
    return strcmp(a->sku, b->sku) == 0 && batch_key_equal(&a->key, &b->key);
}

/* Every batch that the entries or the fold know, once for each of its accounts. */
static const char rows[] =
    "WITH held AS (SELECT b.id, b.sku, b.number, b.expiry_day, b.mrp_paise, b.received_day,"
    " (SELECT coalesce(sum(qty), 0) FROM lot WHERE batch = b.id) AS qty FROM batch b)"
    " SELECT coalesce(t.sku, h.sku) AS s, coalesce(t.number, h.number) AS n,"
    " coalesce(t.expiry_day, h.expiry_day) AS x, coalesce(t.mrp_paise, h.mrp_paise) AS m,"
    " coalesce(h.qty, 0), coalesce(t.account, 0), coalesce(t.qty, 0)"
    " FROM held h FULL JOIN temp.balance t ON t.sku = h.sku AND t.number = h.number"
    " AND t.expiry_day = h.expiry_day AND t.mrp_paise = h.mrp_paise"
    " ORDER BY s, x = -2147483648, x, h.received_day, n, m, t.account";

static int tell(struct db *db, journal_balance_fn on_balance, void *context)
{
    AUTO(query) q = query_of(db, rows);
    struct journal_balance b = {0};
    bool begun = false;
    int got = 0;
    while ((got = query_step(q)) > 0) {
        struct journal_balance row = {0};
        int err = read_row(q, &row);
        if (err < 0)
            return err;
        if (begun && !same_batch(&b, &row)) {
            int stop = on_balance(&b, context);
            if (stop != 0)
                return stop;
            begun = false;
        }
        if (!begun)
            b = row;
        begun = true;
        int64_t account = query_get_int(q, 5);
        if (account < 0 || account >= ACCOUNT_COUNT)
            return -EBADMSG;
        b.accounts[account] = query_get_int(q, 6);
        b.computed += b.accounts[account];
    }
    return got == 0 && begun ? on_balance(&b, context) : got;
}

int journal_balances(struct journal *j, journal_balance_fn on_balance, void *context)
{
    assert(j && on_balance);
    bool own = !j->open; /* one transaction: entries and fold of the same moment */
    int err = own ? db_begin(j->db) : 0;
    if (err == 0)
        err = db_exec(j->db, schema);
    if (err == 0)
        err = entry_table_walk(j->db, 1, add_entry, j->db);
    if (err == 0)
        err = tell(j->db, on_balance, context);
    if (own)
        db_rollback(j->db);
    return err;
}
