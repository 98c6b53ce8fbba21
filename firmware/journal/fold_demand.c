/* SPDX-License-Identifier: Apache-2.0 */
/* Units sold by SKU and Indian civil day, and the spans of days on which there was sellable stock.
 * A day is in stock when there was some at any time of it: a span runs from the day on which stock
 * rose above zero to the day on which it fell to zero, and spans that touch are one. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static const char schema[] =
    "CREATE TABLE sku(sku TEXT PRIMARY KEY, first_received_day INTEGER NOT NULL,"
    " first_sold_day INTEGER NOT NULL, last_sold_day INTEGER NOT NULL,"
    " sellable INTEGER NOT NULL, on_hand INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE demand(sku TEXT NOT NULL, day INTEGER NOT NULL, units INTEGER NOT NULL,"
    " PRIMARY KEY(sku, day)) WITHOUT ROWID;"
    "CREATE TABLE in_stock(sku TEXT NOT NULL, from_day INTEGER NOT NULL,"
    " to_day INTEGER NOT NULL, PRIMARY KEY(sku, from_day)) WITHOUT ROWID;";

#define STILL INT32_MAX /* to_day of a span that has not ended */

static int read_life(struct db *db, const char *sku, struct journal_sku_life *ret)
{
    AUTO(query)
    q = query_of(db, "SELECT first_received_day, first_sold_day, last_sold_day,"
                     " sellable, on_hand FROM sku WHERE sku = ?1");
    query_text(q, 1, sku);
    int got = query_step(q);
    if (got > 0)
        *ret = (struct journal_sku_life){.first_received_day = (int32_t)query_get_int(q, 0),
                                         .first_sold_day = (int32_t)query_get_int(q, 1),
                                         .last_sold_day = (int32_t)query_get_int(q, 2),
                                         .sellable = query_get_int(q, 3),
                                         .on_hand = query_get_int(q, 4)};
    else if (got == 0)
        *ret = (struct journal_sku_life){CIVIL_NONE, CIVIL_NONE, CIVIL_NONE, 0, 0};
    return got;
}

static int write_life(struct db *db, const char *sku, bool known,
                      const struct journal_sku_life *life)
{
    AUTO(query)
    q = query_of(db, known
                         ? "UPDATE sku SET first_received_day = ?2, first_sold_day = ?3,"
                           " last_sold_day = ?4, sellable = ?5, on_hand = ?6 WHERE sku = ?1"
                         : "INSERT INTO sku(sku, first_received_day, first_sold_day, last_sold_day,"
                           " sellable, on_hand) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    query_text(q, 1, sku);
    query_int(q, 2, life->first_received_day);
    query_int(q, 3, life->first_sold_day);
    query_int(q, 4, life->last_sold_day);
    query_int(q, 5, life->sellable);
    query_int(q, 6, life->on_hand);
    return query_run(q);
}

static int begin_span(struct db *db, const char *sku, int32_t day)
{
    int64_t from = 0;
    bool touches = false;
    {
        AUTO(query)
        q = query_of(db, "SELECT from_day, to_day FROM in_stock WHERE sku = ?1"
                         " ORDER BY from_day DESC LIMIT 1");
        query_text(q, 1, sku);
        int got = query_step(q);
        if (got < 0)
            return got;
        from = got > 0 ? query_get_int(q, 0) : 0;
        touches = got > 0 && query_get_int(q, 1) + 1 >= day;
    }
    AUTO(query)
    q = query_of(db, touches ? "UPDATE in_stock SET to_day = ?3 WHERE sku = ?1 AND from_day = ?2"
                             : "INSERT INTO in_stock(sku, from_day, to_day) VALUES(?1, ?2, ?3)");
    query_text(q, 1, sku);
    query_int(q, 2, touches ? from : day);
    query_int(q, 3, STILL);
    return query_run(q);
}

static int end_span(struct db *db, const char *sku, int32_t day)
{
    AUTO(query) q = query_of(db, "UPDATE in_stock SET to_day = ?2 WHERE sku = ?1 AND to_day = ?3");
    query_text(q, 1, sku);
    query_int(q, 2, day);
    query_int(q, 3, STILL);
    return query_run(q);
}

/* Stock of a SKU after an entry. */
static int add_stock(struct db *db, const struct entry *e, int32_t day, struct diag *reterr)
{
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = stock_effects(e, effects);
    if (n == 0)
        return 0;
    struct journal_sku_life life;
    int known = read_life(db, e->sku, &life);
    if (known < 0)
        return known;
    struct journal_sku_life old = life;
    for (size_t i = 0; i < n; i++) {
        int err = fold_add(&life.on_hand, effects[i].delta, "stock of the SKU", reterr);
        if (err == 0 && effects[i].status == STOCK_SELLABLE)
            err = fold_add(&life.sellable, effects[i].delta, "stock of the SKU", reterr);
        if (err < 0)
            return err;
    }
    enum stock_account account = stock_account(e);
    bool came =
        account == ACCOUNT_RECEIVED || account == ACCOUNT_ARRIVED || account == ACCOUNT_OPENING;
    if (came && life.first_received_day == CIVIL_NONE)
        life.first_received_day = day;
    if (account == ACCOUNT_SOLD) {
        if (life.first_sold_day == CIVIL_NONE)
            life.first_sold_day = day;
        life.last_sold_day = day;
    }
    bool same = known && life.on_hand == old.on_hand && life.sellable == old.sellable;
    int err = same ? 0 : write_life(db, e->sku, known > 0, &life);
    if (err == 0 && old.sellable <= 0 && life.sellable > 0)
        err = begin_span(db, e->sku, day);
    if (err == 0 && old.sellable > 0 && life.sellable <= 0)
        err = end_span(db, e->sku, day);
    return err;
}

static int add_demand(struct db *db, const char *sku, int32_t day, int64_t units,
                      struct diag *reterr)
{
    int64_t sum = 0;
    int known = 0;
    {
        AUTO(query) q = query_of(db, "SELECT units FROM demand WHERE sku = ?1 AND day = ?2");
        query_text(q, 1, sku);
        query_int(q, 2, day);
        known = query_step(q);
        if (known < 0)
            return known;
        sum = known > 0 ? query_get_int(q, 0) : 0;
    }
    int err = fold_add(&sum, units, "demand of the day", reterr);
    if (err < 0)
        return err;
    AUTO(query)
    q = query_of(db, known ? "UPDATE demand SET units = ?3 WHERE sku = ?1 AND day = ?2"
                           : "INSERT INTO demand(sku, day, units) VALUES(?1, ?2, ?3)");
    query_text(q, 1, sku);
    query_int(q, 2, day);
    query_int(q, 3, sum);
    return query_run(q);
}

static int apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    int32_t day = civil_ist_day(e->wall_ms);
    int err = add_stock(db, e, day, reterr);
    if (err == 0 && stock_account(e) == ACCOUNT_SOLD)
        err = add_demand(db, e->sku, day, e->qty, reterr);
    if (err < 0)
        return err;
    struct entry movement;
    int64_t units = 0;
    int undone = fold_undone(db, e, &movement, &units);
    if (undone <= 0 || stock_account(&movement) != ACCOUNT_SOLD)
        return undone < 0 ? undone : 0;
    return add_demand(db, movement.sku, civil_ist_day(movement.wall_ms), -units, reterr);
}

const struct fold fold_demand = {
    .name = "demand",
    .version = 1,
    .schema = schema,
    .drop = "DROP TABLE IF EXISTS main.sku; DROP TABLE IF EXISTS main.demand; DROP TABLE IF EXISTS "
            "main.in_stock;",
    .copy = "INSERT INTO main.sku SELECT * FROM base.sku; "
            "INSERT INTO main.demand SELECT * FROM base.demand; "
            "INSERT INTO main.in_stock SELECT * FROM base.in_stock;",
    .rows = {"SELECT * FROM sku ORDER BY sku", "SELECT * FROM demand ORDER BY sku, day",
             "SELECT * FROM in_stock ORDER BY sku, from_day"},
    .apply = apply,
};

/* Questions. */

int journal_demand(struct journal *j, const char *sku, int32_t from_day, int32_t to_day,
                   int64_t *ret_units, uint8_t *ret_in_stock)
{
    assert(j && sku && from_day <= to_day && ret_units && ret_in_stock);
    size_t days = (size_t)((int64_t)to_day - from_day) + 1;
    memset(ret_units, 0, days * sizeof(*ret_units));
    memset(ret_in_stock, 0, days);
    {
        AUTO(query)
        q = query_of(j->db, "SELECT day, units FROM demand"
                            " WHERE sku = ?1 AND day BETWEEN ?2 AND ?3");
        query_text(q, 1, sku);
        query_int(q, 2, from_day);
        query_int(q, 3, to_day);
        int got = 0;
        while ((got = query_step(q)) > 0)
            ret_units[query_get_int(q, 0) - from_day] = query_get_int(q, 1);
        if (got < 0)
            return got;
    }
    AUTO(query)
    q = query_of(j->db, "SELECT from_day, to_day FROM in_stock"
                        " WHERE sku = ?1 AND from_day <= ?3 AND to_day >= ?2");
    query_text(q, 1, sku);
    query_int(q, 2, from_day);
    query_int(q, 3, to_day);
    int got = 0;
    while ((got = query_step(q)) > 0) {
        int64_t first = query_get_int(q, 0);
        int64_t last = query_get_int(q, 1);
        first = first < from_day ? from_day : first;
        last = last > to_day ? to_day : last;
        memset(ret_in_stock + (first - from_day), 1, (size_t)(last - first) + 1);
    }
    return got;
}

int journal_sku_life(struct journal *j, const char *sku, struct journal_sku_life *ret)
{
    assert(j && sku && ret);
    struct journal_sku_life life;
    int got = read_life(j->db, sku, &life);
    if (got < 0)
        return got;
    *ret = life;
    return 0;
}

int journal_skus(struct journal *j, journal_sku_fn on_sku, void *context)
{
    assert(j && on_sku);
    AUTO(query) q = query_of(j->db, "SELECT sku FROM sku ORDER BY sku");
    int got = 0;
    while ((got = query_step(q)) > 0) {
        char sku[ENTRY_SKU_SIZE];
        query_copy_text(q, 0, sku, sizeof(sku));
        int err = query_get_failed(q);
        if (err < 0)
            return err;
        int stop = on_sku(sku, context);
        if (stop != 0)
            return stop;
    }
    return got;
}
