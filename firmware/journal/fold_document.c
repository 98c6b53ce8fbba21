/* SPDX-License-Identifier: Apache-2.0 */
/* How many units have been done of a document's line, by kind of entry. */
#include <assert.h>
#include <errno.h>

#include "fold.h"
#include "journal_state.h"
#include "journal_stock.h"

static const char schema[] =
    "CREATE TABLE line_done(document TEXT NOT NULL, line INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " qty INTEGER NOT NULL, PRIMARY KEY(document, line, kind)) WITHOUT ROWID;";

static int read_done(struct db *db, const char *document, int32_t line, int32_t kind,
                     int64_t *ret_qty)
{
    AUTO(query)
    q = query_of(db, "SELECT qty FROM line_done WHERE document = ?1 AND line = ?2 AND kind = ?3");
    query_text(q, 1, document);
    query_int(q, 2, line);
    query_int(q, 3, kind);
    int got = query_step(q);
    if (got >= 0)
        *ret_qty = got > 0 ? query_get_int(q, 0) : 0;
    return got;
}

static int add_done(struct db *db, const struct entry *e, int64_t units, struct diag *reterr)
{
    if (e->document[0] == '\0' || units == 0)
        return 0;
    int64_t qty = 0;
    int known = read_done(db, e->document, e->line, e->kind, &qty);
    if (known < 0)
        return known;
    int err = fold_add(&qty, units, "units of the line", reterr);
    if (err < 0)
        return err;
    AUTO(query)
    q = query_of(
        db, known ? "UPDATE line_done SET qty = ?4 WHERE document = ?1 AND line = ?2 AND kind = ?3"
                  : "INSERT INTO line_done(document, line, kind, qty) VALUES(?1, ?2, ?3, ?4)");
    query_text(q, 1, e->document);
    query_int(q, 2, e->line);
    query_int(q, 3, e->kind);
    query_int(q, 4, qty);
    return query_run(q);
}

static int apply(struct db *db, const struct entry *e, struct diag *reterr)
{
    int err = add_done(db, e, e->qty, reterr);
    if (err < 0)
        return err;
    struct entry movement;
    int64_t units = 0;
    int undone = fold_undone(db, e, &movement, &units);
    return undone > 0 ? add_done(db, &movement, -units, reterr) : undone;
}

const struct fold fold_document = {
    .name = "document",
    .version = 1,
    .schema = schema,
    .drop = "DROP TABLE IF EXISTS main.line_done;",
    .copy = "INSERT INTO main.line_done SELECT * FROM base.line_done;",
    .rows = {"SELECT * FROM line_done ORDER BY document, line, kind"},
    .apply = apply,
};

int journal_line_done(struct journal *j, const char *document, int32_t line, enum entry_kind kind,
                      int64_t *ret_qty)
{
    assert(j && document && ret_qty);
    int got = read_done(j->db, document, line, (int32_t)kind, ret_qty);
    return got < 0 ? got : 0;
}
