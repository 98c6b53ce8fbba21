/* SPDX-License-Identifier: Apache-2.0 */
/* The conservation equation, from the entries alone (and from the sums of those that were deleted).
 * The sums by SKU and batch stand in a temporary table, so that memory does not grow with the
 * number of batches. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "balance_row.h"
#include "base.h"
#include "entry_table.h"
#include "floor.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static int add_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                     const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    return balance_row_add(context, e);
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
    int64_t at = 0;
    int err = own ? db_begin(j->db) : 0;
    if (err == 0)
        err = balance_row_make_temp(j->db);
    if (err == 0)
        err = floor_read(j->db, &j->genesis, &j->floor); /* of this transaction's moment */
    struct base_place place = journal_base_place(j);
    if (err == 0 && j->floor.seq > 0)
        err = base_balances(&place, j->db, &at);
    if (err == 0)
        err = entry_table_walk(j->db, at + 1, add_entry, j->db);
    if (err == 0)
        err = tell(j->db, on_balance, context);
    if (own)
        db_rollback(j->db);
    return err;
}
