/* SPDX-License-Identifier: Apache-2.0 */
/* Codes that were captured and wait for their SKU, each with its entry, and what codes were bound
 * to. A capture is no stock: its units enter by the ENTRY_RECEIVED that comes with the binding,
 * once. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "entry_codec.h"
#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"
#include "referred.h"

static const char schema[] =
    "CREATE TABLE capture(seq INTEGER PRIMARY KEY, body BLOB NOT NULL);"
    "CREATE TABLE bound(scan BLOB PRIMARY KEY, sku TEXT NOT NULL, units INTEGER NOT NULL)"
    " WITHOUT ROWID;";

static int on_captured(struct db *db, const struct entry *e)
{
    uint8_t raw[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(e, raw);
    AUTO(query) q = query_of(db, "INSERT INTO capture(seq, body) VALUES(?1, ?2)");
    query_int(q, 1, e->seq);
    query_blob(q, 2, raw, len);
    return query_run(q);
}

/* The last binding of a code holds. It names the code itself, or that of the capture. */
static int on_bound(struct db *db, const struct entry *e)
{
    {
        AUTO(query) q = query_of(db, "DELETE FROM capture WHERE seq = ?1");
        query_int(q, 1, e->corrects);
        int err = query_run(q);
        if (err < 0)
            return err;
    }
    struct entry captured;
    const struct entry *named = e;
    if (e->scan_len == 0) {
        int got = referred_get(db, e, &captured);
        if (got <= 0)
            return got;
        named = &captured;
    }
    if (named->scan_len == 0)
        return 0;
    AUTO(query)
    q = query_of(db, "INSERT INTO bound(scan, sku, units) VALUES(?1, ?2, ?3)"
                     " ON CONFLICT(scan) DO UPDATE SET sku = ?2, units = ?3");
    query_blob(q, 1, named->scan, named->scan_len);
    query_text(q, 2, e->sku);
    query_int(q, 3, e->line);
    return query_run(q);
}

static int apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    (void)reterr;
    if (e->kind == ENTRY_CAPTURED)
        return on_captured(db, e);
    return e->kind == ENTRY_BOUND ? on_bound(db, e) : 0;
}

const struct fold fold_capture = {
    .name = "capture",
    .version = 2,
    .schema = schema,
    .drop = "DROP TABLE IF EXISTS main.capture; DROP TABLE IF EXISTS main.bound;",
    .copy = "INSERT INTO main.capture SELECT * FROM base.capture; "
            "INSERT INTO main.bound SELECT * FROM base.bound;",
    .rows = {"SELECT * FROM capture ORDER BY seq", "SELECT * FROM bound ORDER BY scan"},
    .apply = apply,
};

int journal_captures(struct journal *j, journal_capture_fn on_capture, void *context)
{
    assert(j && on_capture);
    AUTO(query) q = query_of(j->db, "SELECT body FROM capture ORDER BY seq");
    int got = 0;
    while ((got = query_step(q)) > 0) {
        struct entry e;
        int err = fold_read_entry(q, 0, &e);
        if (err < 0)
            return err;
        struct journal_capture c = {
            .seq = e.seq, .wall_ms = e.wall_ms, .scan_len = e.scan_len, .qty = e.qty};
        memcpy(c.scan, e.scan, e.scan_len);
        memcpy(c.bin, e.bin, sizeof(c.bin));
        memcpy(c.worker, e.worker, sizeof(c.worker));
        int stop = on_capture(&c, context);
        if (stop != 0)
            return stop;
    }
    return got;
}

int journal_bound(struct journal *j, const uint8_t *scan, size_t len, char ret_sku[ENTRY_SKU_SIZE],
                  int64_t *ret_units)
{
    assert(j && scan && ret_sku && ret_units);
    AUTO(query) q = query_of(j->db, "SELECT sku, units FROM bound WHERE scan = ?1");
    query_blob(q, 1, scan, len);
    int got = query_step(q);
    if (got <= 0)
        return got;
    char sku[ENTRY_SKU_SIZE];
    query_copy_text(q, 0, sku, sizeof(sku));
    int err = query_get_failed(q);
    if (err < 0)
        return err;
    memcpy(ret_sku, sku, sizeof(sku));
    *ret_units = query_get_int(q, 1);
    return 1;
}
