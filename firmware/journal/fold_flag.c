/* SPDX-License-Identifier: Apache-2.0 */
/* The last entry that told the state of risk of a SKU, and of each of its batches. */
#include <assert.h>
#include <errno.h>

#include "civil.h"
#include "entry_codec.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static const char schema[] =
    "CREATE TABLE flag(sku TEXT NOT NULL, number TEXT NOT NULL, expiry_day INTEGER NOT NULL,"
    " mrp_paise INTEGER NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY(sku, number, expiry_day, mrp_paise)) WITHOUT ROWID;";

static void bind_key(struct query *q, const char *sku, const struct batch_key *key)
{
    query_text(q, 1, sku);
    query_text(q, 2, key->number);
    query_int(q, 3, key->expiry_day);
    query_int(q, 4, key->mrp_paise);
}

static int apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    (void)reterr;
    if (e->kind != ENTRY_FLAGGED)
        return 0;
    uint8_t raw[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(e, raw);
    AUTO(query)
    q = query_of(db, "INSERT INTO flag(sku, number, expiry_day, mrp_paise, body)"
                     " VALUES(?1, ?2, ?3, ?4, ?5)"
                     " ON CONFLICT DO UPDATE SET body = ?5");
    bind_key(q, e->sku, &e->batch);
    query_blob(q, 5, raw, len);
    return query_run(q);
}

const struct fold fold_flag = {
    .name = "flag",
    .version = 2,
    .schema = schema,
    .drop = "DROP TABLE IF EXISTS main.flag;",
    .copy = "INSERT INTO main.flag SELECT * FROM base.flag;",
    .rows = {"SELECT * FROM flag ORDER BY sku, number, expiry_day, mrp_paise"},
    .apply = apply,
};

int journal_flag(struct journal *j, const char *sku, const struct batch_key *key_or_null,
                 struct entry *ret)
{
    assert(j && sku && ret);
    static const struct batch_key none = {.expiry_day = CIVIL_NONE};
    AUTO(query)
    q = query_of(j->db, "SELECT body FROM flag WHERE sku = ?1 AND number = ?2"
                        " AND expiry_day = ?3 AND mrp_paise = ?4");
    bind_key(q, sku, key_or_null ? key_or_null : &none);
    int got = query_step(q);
    if (got <= 0)
        return got;
    int err = fold_read_entry(q, 0, ret);
    return err < 0 ? err : 1;
}
