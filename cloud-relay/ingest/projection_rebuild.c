/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All folds made anew, and which versions of their rules the store's rows follow. */
#include "projection_part.h"

#include <assert.h>
#include <string.h>

static int run(struct sql *s, const char *text)
{
    AUTO(sql_query) q = sql_query(s, text);
    return sql_run(q);
}

static const char *const emptying[PROJECTION_TABLE_COUNT] = {
    [PROJECTION_STOCK] = "DELETE FROM stock",
    [PROJECTION_LOT] = "DELETE FROM lot",
    [PROJECTION_ACCOUNT] = "DELETE FROM account",
    [PROJECTION_DEMAND] = "DELETE FROM demand",
    [PROJECTION_STOCKED] = "DELETE FROM stocked",
    [PROJECTION_OUTLET_SALE] = "DELETE FROM outlet_sale",
    [PROJECTION_TRANSIT] = "DELETE FROM transit",
    [PROJECTION_LINE_DONE] = "DELETE FROM line_done",
    [PROJECTION_SUPPLY] = "DELETE FROM supply",
};

static int note_versions(struct sql *s)
{
    const char *names[PROJECTION_PART_COUNT];
    int64_t versions[PROJECTION_PART_COUNT];
    for (size_t i = 0; i < PROJECTION_PART_COUNT; i++) {
        names[i] = projection_parts[i]->name;
        versions[i] = projection_parts[i]->version;
    }
    const struct sql_column columns[] = {{.name = "name", .type = SQL_TEXT, .texts = names},
                                         {.name = "version", .type = SQL_INT, .ints = versions}};
    int err = run(s, "DELETE FROM fold");
    int64_t done = err < 0 ? err : sql_insert(s, "fold", columns, 2, PROJECTION_PART_COUNT, "");
    return done < 0 ? (int)done : 0;
}

int projection_rebuild(struct sql *s)
{
    assert(s);
    AUTO(projection) f = NULL;
    bool own = !sql_in_transaction(s);
    int err = projection_open(&f);
    if (err == 0 && own)
        err = sql_begin(s, SQL_WRITE);
    if (err == 0)
        err = sql_lock(s, "ingest");
    for (size_t i = 0; err == 0 && i < ARRAY_LEN(emptying); i++)
        err = run(s, emptying[i]);
    if (err == 0)
        err = projection_walk(f, s, NULL);
    if (err == 0)
        err = note_versions(s);
    if (err == 0 && own)
        return sql_commit(s);
    if (own)
        sql_rollback(s);
    return err;
}

/* 1 when the store has every fold in this release's version, and no others; else 0. */
static int in_place(struct sql *s)
{
    size_t known = 0;
    size_t all = 0;
    AUTO(sql_query) q = sql_query(s, "SELECT name, version FROM fold");
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        all++;
        for (size_t i = 0; i < PROJECTION_PART_COUNT; i++)
            known += strcmp(sql_text(q, 0), projection_parts[i]->name) == 0 &&
                     sql_int(q, 1) == projection_parts[i]->version;
    }
    return got < 0 ? got : known == PROJECTION_PART_COUNT && all == known;
}

int projection_ensure(struct sql *s)
{
    assert(s);
    int err = sql_begin(s, SQL_READ);
    if (err < 0)
        return err;
    int there = in_place(s);
    sql_rollback(s);
    if (there != 0)
        return there < 0 ? there : 0;
    err = projection_rebuild(s);
    return err < 0 ? err : 1;
}
