/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts: which stand open, with their entries, until when they are silent, and which crossings
 * were ever told. */
#include <assert.h>
#include <errno.h>

#include "civil.h"
#include "entry_codec.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static const char schema[] =
    "CREATE TABLE alert(seq INTEGER PRIMARY KEY, snoozed_until INTEGER NOT NULL, body BLOB NOT "
    "NULL);"
    "CREATE TABLE alerted(reason TEXT NOT NULL, sku TEXT NOT NULL, number TEXT NOT NULL,"
    " expiry_day INTEGER NOT NULL, mrp_paise INTEGER NOT NULL, line INTEGER NOT NULL,"
    " PRIMARY KEY(reason, sku, number, expiry_day, mrp_paise, line)) WITHOUT ROWID;";

static void bind_crossing(struct query *q, const char *reason, const char *sku,
                          const struct batch_key *key, int32_t line)
{
    query_text(q, 1, reason);
    query_text(q, 2, sku);
    query_text(q, 3, key->number);
    query_int(q, 4, key->expiry_day);
    query_int(q, 5, key->mrp_paise);
    query_int(q, 6, line);
}

static int on_alerted(struct db *db, const struct entry *e)
{
    {
        uint8_t raw[ENTRY_ENCODED_MAX];
        size_t len = entry_encode(e, raw);
        AUTO(query)
        q = query_of(db, "INSERT INTO alert(seq, snoozed_until, body) VALUES(?1, ?2, ?3)");
        query_int(q, 1, e->seq);
        query_int(q, 2, CIVIL_NONE);
        query_blob(q, 3, raw, len);
        int err = query_run(q);
        if (err < 0)
            return err;
    }
    AUTO(query)
    q = query_of(db, "INSERT INTO alerted(reason, sku, number, expiry_day, mrp_paise,"
                     " line) VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING");
    bind_crossing(q, e->reason, e->sku, &e->batch, e->line);
    return query_run(q);
}

static int on_answered(struct db *db, const struct entry *e)
{
    bool snoozed = e->kind == ENTRY_SNOOZED;
    AUTO(query)
    q = query_of(db, snoozed ? "UPDATE alert SET snoozed_until = ?2 WHERE seq = ?1"
                             : "DELETE FROM alert WHERE seq = ?1");
    query_int(q, 1, e->corrects);
    if (snoozed)
        query_int(q, 2, e->due_day);
    return query_run(q);
}

static int apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    (void)reterr;
    if (e->kind == ENTRY_ALERTED)
        return on_alerted(db, e);
    return e->kind == ENTRY_ACKNOWLEDGED || e->kind == ENTRY_SNOOZED ? on_answered(db, e) : 0;
}

const struct fold fold_alert = {
    .name = "alert",
    .version = 2,
    .schema = schema,
    .drop = "DROP TABLE IF EXISTS main.alert; DROP TABLE IF EXISTS main.alerted;",
    .copy = "INSERT INTO main.alert SELECT * FROM base.alert; "
            "INSERT INTO main.alerted SELECT * FROM base.alerted;",
    .rows = {"SELECT * FROM alert ORDER BY seq",
             "SELECT * FROM alerted ORDER BY reason, sku, number, expiry_day, mrp_paise, line"},
    .apply = apply,
};

int journal_alerts(struct journal *j, journal_alert_fn on_alert, void *context)
{
    assert(j && on_alert);
    AUTO(query) q = query_of(j->db, "SELECT body, snoozed_until FROM alert ORDER BY seq DESC");
    int got = 0;
    while ((got = query_step(q)) > 0) {
        struct journal_alert a = {.snoozed_until = (int32_t)query_get_int(q, 1)};
        int err = fold_read_entry(q, 0, &a.alert);
        if (err < 0)
            return err;
        int stop = on_alert(&a, context);
        if (stop != 0)
            return stop;
    }
    return got;
}

int journal_alerted(struct journal *j, const char *reason, const char *sku,
                    const struct batch_key *key_or_null, int32_t line)
{
    assert(j && reason && sku);
    static const struct batch_key none = {.expiry_day = CIVIL_NONE};
    AUTO(query)
    q = query_of(j->db, "SELECT 1 FROM alerted WHERE reason = ?1 AND sku = ?2 AND number = ?3"
                        " AND expiry_day = ?4 AND mrp_paise = ?5 AND line = ?6");
    bind_crossing(q, reason, sku, key_or_null ? key_or_null : &none, line);
    return query_step(q);
}
