/* SPDX-License-Identifier: Apache-2.0 */
/* Batches, and the units of each by bin and status. A lot of no units has no row: it can never show
 * as aged stock. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static const char schema[] =
    "CREATE TABLE batch(id INTEGER PRIMARY KEY, sku TEXT NOT NULL, number TEXT NOT NULL,"
    " expiry_day INTEGER NOT NULL, mrp_paise INTEGER NOT NULL, expiry_kind INTEGER NOT NULL,"
    " made_day INTEGER NOT NULL, received_day INTEGER NOT NULL, brought INTEGER NOT NULL,"
    " valued_units INTEGER NOT NULL, valued_paise INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX batch_key ON batch(sku, number, expiry_day, mrp_paise);"
    "CREATE TABLE lot(batch INTEGER NOT NULL, bin TEXT NOT NULL, status INTEGER NOT NULL,"
    " qty INTEGER NOT NULL, PRIMARY KEY(batch, bin, status)) WITHOUT ROWID;"
    "CREATE INDEX lot_bin ON lot(bin);" /* not touched while only a quantity changes */
    "CREATE INDEX lot_negative ON lot(qty) WHERE qty < 0;";

/* What the fold knows of a batch. */
struct batch_row {
    int64_t id; /* 0: none yet */
    int32_t expiry_kind;
    int32_t made_day;
    int32_t received_day;
    bool brought; /* an entry that brings goods in has told the facts */
    int64_t valued_units;
    int64_t valued_paise;
};

static int find_row(struct db *db, const struct entry *e, struct batch_row *ret)
{
    AUTO(query)
    q = query_of(
        db, "SELECT id, expiry_kind, made_day, received_day, brought, valued_units, valued_paise"
            " FROM batch WHERE sku = ?1 AND number = ?2 AND expiry_day = ?3 AND mrp_paise = ?4");
    query_text(q, 1, e->sku);
    query_text(q, 2, e->batch.number);
    query_int(q, 3, e->batch.expiry_day);
    query_int(q, 4, e->batch.mrp_paise);
    int got = query_step(q);
    if (got <= 0)
        return got;
    *ret = (struct batch_row){.id = query_get_int(q, 0),
                              .expiry_kind = (int32_t)query_get_int(q, 1),
                              .made_day = (int32_t)query_get_int(q, 2),
                              .received_day = (int32_t)query_get_int(q, 3),
                              .brought = query_get_int(q, 4) != 0,
                              .valued_units = query_get_int(q, 5),
                              .valued_paise = query_get_int(q, 6)};
    return 1;
}

static int insert_row(struct db *db, const struct entry *e, int32_t day, struct batch_row *ret)
{
    AUTO(query)
    q = query_of(db, "INSERT INTO batch(sku, number, expiry_day, mrp_paise, expiry_kind, made_day,"
                     " received_day, brought, valued_units, valued_paise)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0) RETURNING id");
    query_text(q, 1, e->sku);
    query_text(q, 2, e->batch.number);
    query_int(q, 3, e->batch.expiry_day);
    query_int(q, 4, e->batch.mrp_paise);
    query_int(q, 5, e->expiry_kind);
    query_int(q, 6, e->made_day);
    query_int(q, 7, day);
    int got = query_step(q);
    if (got < 0)
        return got;
    assert(got == 1);
    *ret = (struct batch_row){.id = query_get_int(q, 0),
                              .expiry_kind = e->expiry_kind,
                              .made_day = e->made_day,
                              .received_day = day};
    return query_run(q);
}

static int update_row(struct db *db, const struct batch_row *b)
{
    AUTO(query)
    q = query_of(db,
                 "UPDATE batch SET expiry_kind = ?2, made_day = ?3, received_day = ?4, brought = 1,"
                 " valued_units = ?5, valued_paise = ?6 WHERE id = ?1");
    query_int(q, 1, b->id);
    query_int(q, 2, b->expiry_kind);
    query_int(q, 3, b->made_day);
    query_int(q, 4, b->received_day);
    query_int(q, 5, b->valued_units);
    query_int(q, 6, b->valued_paise);
    return query_run(q);
}

/* What an entry that brings goods adds to the batch's facts: the first one's count, later ones fill
 * what was not known. The age is that of the oldest units. */
static int add_facts(struct db *db, const struct entry *e, int32_t day, struct batch_row *b,
                     struct diag *reterr)
{
    if (!b->brought) {
        b->expiry_kind = e->expiry_kind;
        b->brought = true;
    }
    if (b->made_day == CIVIL_NONE)
        b->made_day = e->made_day;
    if (day < b->received_day)
        b->received_day = day;
    if (e->value_paise > 0) { /* goods without a value say nothing of the cost */
        int err = fold_add(&b->valued_units, e->qty, "units received of the batch", reterr);
        if (err == 0)
            err = fold_add(&b->valued_paise, e->value_paise, "value received of the batch", reterr);
        if (err < 0)
            return err;
    }
    return update_row(db, b);
}

static int add_units(struct db *db, int64_t batch, const struct stock_effect *effect,
                     struct diag *reterr)
{
    int64_t qty = 0;
    int got = 0;
    {
        AUTO(query)
        q = query_of(db, "SELECT qty FROM lot WHERE batch = ?1 AND bin = ?2 AND status = ?3");
        query_int(q, 1, batch);
        query_text(q, 2, effect->bin);
        query_int(q, 3, effect->status);
        got = query_step(q);
        if (got < 0)
            return got;
        if (got > 0)
            qty = query_get_int(q, 0);
    }
    int err = fold_add(&qty, effect->delta, "units of the lot", reterr);
    if (err < 0)
        return err;
    AUTO(query)
    q = query_of(db, qty == 0 ? "DELETE FROM lot WHERE batch = ?1 AND bin = ?2 AND status = ?3"
                     : got ? "UPDATE lot SET qty = ?4 WHERE batch = ?1 AND bin = ?2 AND status = ?3"
                           : "INSERT INTO lot(batch, bin, status, qty) VALUES(?1, ?2, ?3, ?4)");
    query_int(q, 1, batch);
    query_text(q, 2, effect->bin);
    query_int(q, 3, effect->status);
    if (qty != 0)
        query_int(q, 4, qty);
    return query_run(q);
}

static int apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = stock_effects(e, effects);
    if (n == 0)
        return 0;
    int32_t day = stock_received_day(e);
    struct batch_row b;
    int err = find_row(db, e, &b);
    if (err == 0)
        err = insert_row(db, e, day, &b);
    if (err >= 0 && stock_brings(e))
        err = add_facts(db, e, day, &b, reterr);
    for (size_t i = 0; err >= 0 && i < n; i++)
        err = add_units(db, b.id, &effects[i], reterr);
    return err < 0 ? err : 0;
}

const struct fold fold_stock = {
    .name = "stock",
    .version = 1,
    .schema = schema,
    .drop = "DROP TABLE IF EXISTS main.lot; DROP TABLE IF EXISTS main.batch;",
    .copy = "INSERT INTO main.batch SELECT * FROM base.batch; "
            "INSERT INTO main.lot SELECT * FROM base.lot;",
    .rows = {"SELECT * FROM batch ORDER BY id", "SELECT * FROM lot ORDER BY batch, bin, status"},
    .apply = apply,
};

/* Questions. */

#define BATCH_COLUMNS                                                                              \
    "b.id, b.sku, b.number, b.expiry_day, b.mrp_paise, b.expiry_kind, b.made_day,"                 \
    " b.received_day, b.valued_units, b.valued_paise"
#define BATCH_COLUMNS_COUNT 10
#define LOT_SELECT "SELECT " BATCH_COLUMNS ", l.bin, l.status, l.qty FROM lot l"
/* -2147483648 is CIVIL_NONE: an unknown expiry comes last. */
#define FEFO "b.expiry_day = -2147483648, b.expiry_day, b.received_day, b.number, b.mrp_paise"

static int read_batch(struct query *q, struct journal_batch *ret)
{
    struct journal_batch b = {.id = query_get_int(q, 0),
                              .key.expiry_day = (int32_t)query_get_int(q, 3),
                              .key.mrp_paise = query_get_int(q, 4),
                              .expiry_kind = (int32_t)query_get_int(q, 5),
                              .made_day = (int32_t)query_get_int(q, 6),
                              .received_day = (int32_t)query_get_int(q, 7)};
    query_copy_text(q, 1, b.sku, sizeof(b.sku));
    query_copy_text(q, 2, b.key.number, sizeof(b.key.number));
    int64_t units = query_get_int(q, 8);
    if (units > 0 && decimal_muldiv(query_get_int(q, 9), 1000, units, &b.cost_paise_per_1000) < 0)
        b.cost_paise_per_1000 = INT64_MAX;
    int err = query_get_failed(q);
    if (err < 0)
        return err;
    *ret = b;
    return 0;
}

static int walk_lots(struct query *q, journal_lot_fn on_lot, void *context)
{
    int got = 0;
    while ((got = query_step(q)) > 0) {
        struct journal_lot lot = {.status =
                                      (enum stock_status)query_get_int(q, BATCH_COLUMNS_COUNT + 1),
                                  .qty = query_get_int(q, BATCH_COLUMNS_COUNT + 2)};
        query_copy_text(q, BATCH_COLUMNS_COUNT, lot.bin, sizeof(lot.bin));
        int err = read_batch(q, &lot.batch);
        if (err < 0)
            return err;
        int stop = on_lot(&lot, context);
        if (stop != 0)
            return stop;
    }
    return got;
}

int journal_lots(struct journal *j, const char *sku, journal_lot_fn on_lot, void *context)
{
    assert(j && on_lot);
    AUTO(query)
    q = query_of(j->db, sku ? "SELECT " BATCH_COLUMNS ", l.bin, l.status, l.qty FROM batch b"
                              " CROSS JOIN lot l ON l.batch = b.id WHERE b.sku = ?1"
                              " ORDER BY " FEFO ", l.bin, l.status"
                            : LOT_SELECT " JOIN batch b ON b.id = l.batch"
                                         " ORDER BY b.sku, " FEFO ", l.bin, l.status");
    if (sku)
        query_text(q, 1, sku);
    return walk_lots(q, on_lot, context);
}

int journal_lots_in_bin(struct journal *j, const char *bin, journal_lot_fn on_lot, void *context)
{
    assert(j && bin && on_lot);
    AUTO(query)
    q = query_of(j->db, LOT_SELECT " JOIN batch b ON b.id = l.batch WHERE l.bin = ?1"
                                   " ORDER BY b.sku, " FEFO ", l.bin, l.status");
    query_text(q, 1, bin);
    return walk_lots(q, on_lot, context);
}

int journal_lots_negative(struct journal *j, journal_lot_fn on_lot, void *context)
{
    assert(j && on_lot);
    AUTO(query)
    q = query_of(j->db, LOT_SELECT " JOIN batch b ON b.id = l.batch WHERE l.qty < 0"
                                   " ORDER BY b.sku, " FEFO ", l.bin, l.status");
    return walk_lots(q, on_lot, context);
}

static void bind_key(struct query *q, const char *sku, const struct batch_key *key)
{
    query_text(q, 1, sku);
    query_text(q, 2, key->number);
    query_int(q, 3, key->expiry_day);
    query_int(q, 4, key->mrp_paise);
}

int journal_qty(struct journal *j, const char *sku, const struct batch_key *key, const char *bin,
                enum stock_status status, int64_t *ret_qty)
{
    assert(j && sku && key && bin && ret_qty);
    AUTO(query)
    q = query_of(j->db, "SELECT l.qty FROM batch b JOIN lot l ON l.batch = b.id"
                        " WHERE b.sku = ?1 AND b.number = ?2 AND b.expiry_day = ?3"
                        " AND b.mrp_paise = ?4 AND l.bin = ?5 AND l.status = ?6");
    bind_key(q, sku, key);
    query_text(q, 5, bin);
    query_int(q, 6, status);
    int got = query_step(q);
    if (got < 0)
        return got;
    *ret_qty = got > 0 ? query_get_int(q, 0) : 0;
    return 0;
}

int journal_batch_find(struct journal *j, const char *sku, const struct batch_key *key,
                       struct journal_batch *ret)
{
    assert(j && sku && key && ret);
    AUTO(query)
    q = query_of(j->db, "SELECT " BATCH_COLUMNS " FROM batch b WHERE b.sku = ?1"
                        " AND b.number = ?2 AND b.expiry_day = ?3 AND b.mrp_paise = ?4");
    bind_key(q, sku, key);
    int got = query_step(q);
    if (got <= 0)
        return got;
    int err = read_batch(q, ret);
    return err < 0 ? err : 1;
}

int journal_batches_recent(struct journal *j, const char *sku, struct journal_batch *ret,
                           size_t max)
{
    assert(j && sku && ret && max <= INT32_MAX);
    AUTO(query)
    q = query_of(j->db, "SELECT " BATCH_COLUMNS " FROM batch b WHERE b.sku = ?1"
                        " ORDER BY b.received_day DESC, b.id DESC LIMIT ?2");
    query_text(q, 1, sku);
    query_int(q, 2, (int64_t)max);
    int n = 0;
    int got = 0;
    while ((got = query_step(q)) > 0) {
        int err = read_batch(q, &ret[n]);
        if (err < 0)
            return err;
        n++;
    }
    return got < 0 ? got : n;
}
