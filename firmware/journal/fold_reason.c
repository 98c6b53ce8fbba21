/* SPDX-License-Identifier: Apache-2.0 */
/* How often and how much by kind, day, reason and worker: what the reports on adjustments and on
 * picks against FEFO are made of. */
#include <assert.h>
#include <errno.h>

#include "civil.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static const char schema[] =
    "CREATE TABLE reason_day(kind INTEGER NOT NULL, day INTEGER NOT NULL, reason TEXT NOT NULL,"
    " worker TEXT NOT NULL, entries INTEGER NOT NULL, qty INTEGER NOT NULL,"
    " value_paise INTEGER NOT NULL, PRIMARY KEY(kind, day, reason, worker)) WITHOUT ROWID;";

/* Whether an entry stands in the reports, and with how many units. */
static bool reported(const struct entry *e, int64_t *ret_qty)
{
    *ret_qty = e->qty;
    if (e->kind == ENTRY_PICKED || e->kind == ENTRY_DISPATCHED)
        return e->proposed[0] != '\0'; /* FEFO was not followed */
    if (e->kind == ENTRY_COUNTED) {
        *ret_qty = e->observed - e->expected;
        return *ret_qty != 0;
    }
    return e->reason[0] != '\0';
}

static int apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    struct journal_reason_row row = {0};
    int64_t qty = 0;
    if (!reported(e, &qty))
        return 0;
    int32_t day = civil_ist_day(e->wall_ms);
    {
        AUTO(query)
        q = query_of(db, "SELECT entries, qty, value_paise FROM reason_day"
                         " WHERE kind = ?1 AND day = ?2 AND reason = ?3"
                         " AND worker = ?4");
        query_int(q, 1, e->kind);
        query_int(q, 2, day);
        query_text(q, 3, e->reason);
        query_text(q, 4, e->worker);
        int got = query_step(q);
        if (got < 0)
            return got;
        if (got > 0) {
            row.entries = query_get_int(q, 0);
            row.qty = query_get_int(q, 1);
            row.value_paise = query_get_int(q, 2);
        }
    }
    int err = fold_add(&row.qty, qty, "units by reason", reterr);
    if (err == 0)
        err = fold_add(&row.value_paise, e->value_paise, "value by reason", reterr);
    if (err < 0)
        return err;
    AUTO(query)
    q = query_of(db, "INSERT INTO reason_day(kind, day, reason, worker, entries, qty,"
                     " value_paise) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                     " ON CONFLICT DO UPDATE SET entries = ?5, qty = ?6,"
                     " value_paise = ?7");
    query_int(q, 1, e->kind);
    query_int(q, 2, day);
    query_text(q, 3, e->reason);
    query_text(q, 4, e->worker);
    query_int(q, 5, row.entries + 1);
    query_int(q, 6, row.qty);
    query_int(q, 7, row.value_paise);
    return query_run(q);
}

const struct fold fold_reason = {
    .name = "reason",
    .version = 1,
    .schema = schema,
    .drop = "DROP TABLE IF EXISTS main.reason_day;",
    .copy = "INSERT INTO main.reason_day SELECT * FROM base.reason_day;",
    .rows = {"SELECT * FROM reason_day ORDER BY kind, day, reason, worker"},
    .apply = apply,
};

int journal_reasons(struct journal *j, enum entry_kind kind, int32_t from_day, int32_t to_day,
                    journal_reason_fn on_row, void *context)
{
    assert(j && on_row);
    AUTO(query)
    q = query_of(j->db,
                 "SELECT reason, worker, sum(entries), sum(qty), sum(value_paise) FROM reason_day"
                 " WHERE kind = ?1 AND day BETWEEN ?2 AND ?3"
                 " GROUP BY reason, worker ORDER BY reason, worker");
    query_int(q, 1, kind);
    query_int(q, 2, from_day);
    query_int(q, 3, to_day);
    int got = 0;
    while ((got = query_step(q)) > 0) {
        struct journal_reason_row row = {.entries = query_get_int(q, 2),
                                         .qty = query_get_int(q, 3),
                                         .value_paise = query_get_int(q, 4)};
        query_copy_text(q, 0, row.reason, sizeof(row.reason));
        query_copy_text(q, 1, row.worker, sizeof(row.worker));
        int err = query_get_failed(q);
        if (err < 0)
            return err;
        int stop = on_row(&row, context);
        if (stop != 0)
            return stop;
    }
    return got;
}
