/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

/* Step n brings version n to n + 1. A step never changes once it has been released. */
static const char *const steps[SCHEMA_VERSION] = {
    "CREATE TABLE origin(tenant TEXT NOT NULL, device TEXT NOT NULL, epoch INTEGER NOT NULL);"
    "CREATE TABLE entry(seq INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);"
    "CREATE TABLE fold(name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;",

    /* The head in a row of its own, so that entries cut off at the end are missed; and the
     * documents in force. */
    "CREATE TABLE head(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL,"
    " hash BLOB NOT NULL);"
    "INSERT INTO head SELECT 1, seq, hash FROM entry ORDER BY seq DESC LIMIT 1;"
    "CREATE TABLE document(type INTEGER PRIMARY KEY, version INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL, header TEXT NOT NULL);"
    "CREATE TABLE master(type INTEGER NOT NULL, key TEXT NOT NULL, line INTEGER NOT NULL,"
    " due_day INTEGER NOT NULL, record TEXT NOT NULL, find TEXT NOT NULL,"
    " PRIMARY KEY(type, key, line)) WITHOUT ROWID;"
    "CREATE TABLE master_code(space INTEGER NOT NULL, code TEXT NOT NULL, sku TEXT NOT NULL,"
    " PRIMARY KEY(space, code)) WITHOUT ROWID;"
    "CREATE TABLE history(sku TEXT NOT NULL, day INTEGER NOT NULL, units INTEGER NOT NULL,"
    " PRIMARY KEY(sku, day)) WITHOUT ROWID;",

    /* Where the journal begins once entries were deleted: the last one that is gone, and the
     * chain's value there. And what an entry says it corrects, which may be gone before it. */
    "CREATE TABLE floor(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL,"
    " hash BLOB NOT NULL, trimmed_ms INTEGER NOT NULL);"
    "CREATE TABLE referred(seq INTEGER PRIMARY KEY, body BLOB NOT NULL);",
};

static int run_step(struct db *db, int32_t version)
{
    char stamp[96];
    snprintf(stamp, sizeof(stamp), "PRAGMA user_version=%" PRId32 "; PRAGMA application_id=%d",
             version + 1, SCHEMA_APPLICATION_ID);
    int err = db_begin(db);
    if (err == 0)
        err = db_exec(db, steps[version]);
    if (err == 0)
        err = db_exec(db, stamp);
    if (err == 0)
        err = db_commit(db);
    if (err < 0)
        db_rollback(db);
    return err;
}

/* The version that is there; 0: an empty file. */
static int read_version(struct db *db, int32_t *ret, struct diag *reterr)
{
    int64_t version = 0;
    int64_t tables = 0;
    int err = db_number(db, "PRAGMA user_version", &version);
    if (err == 0)
        err = db_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (err < 0) {
        diag_set(reterr, 0, "reading the schema: %s", db_words(db));
        return err;
    }
    if (version < 0 || (version == 0 && tables > 0)) {
        diag_set(reterr, 0, "the file is a database, but no journal");
        return -EBADMSG;
    }
    if (version > SCHEMA_VERSION) {
        diag_set(reterr, 0, "schema version %" PRId64 ": this release knows up to %d", version,
                 SCHEMA_VERSION);
        return -EPROTO;
    }
    *ret = (int32_t)version;
    return 0;
}

int schema_check(struct db *db, struct diag *reterr)
{
    assert(db);
    int32_t version = 0;
    int err = read_version(db, &version, reterr);
    if (err < 0)
        return err;
    if (version == SCHEMA_VERSION)
        return 0;
    diag_set(reterr, 0,
             version == 0 ? "the file is empty: no journal"
                          : "of an older release: open it with stationd once");
    return version == 0 ? -EBADMSG : -EPROTO;
}

int schema_upgrade(struct db *db, int32_t *ret_from, struct diag *reterr)
{
    assert(db && ret_from);
    int32_t version = 0;
    int err = read_version(db, &version, reterr);
    if (err < 0)
        return err;
    for (int32_t v = version; v < SCHEMA_VERSION; v++) {
        err = run_step(db, v);
        if (err < 0) {
            diag_set(reterr, 0, "schema step %" PRId32 ": %s", v + 1, db_words(db));
            return err;
        }
    }
    *ret_from = version;
    return 0;
}
