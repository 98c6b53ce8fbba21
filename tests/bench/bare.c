/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "sha256.h"

struct bare {
    sqlite3 *db;
    sqlite3_stmt *insert;
};

static void need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bare: %s failed\n", what);
    exit(1);
}

struct bare *bare_open(const char *path)
{
    struct bare *b = calloc(1, sizeof(*b));
    need(b != NULL, "memory");
    need(sqlite3_open(path, &b->db) == SQLITE_OK, "opening the bare file");
    need(sqlite3_exec(b->db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE entry(seq INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL,"
                      " kind INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL)",
                      NULL, NULL, NULL) == SQLITE_OK,
         "making the bare table");
    need(sqlite3_prepare_v2(b->db, "INSERT INTO entry VALUES(?, ?, ?, ?, ?)", -1, &b->insert,
                            NULL) == SQLITE_OK,
         "preparing");
    return b;
}

void bare_begin(struct bare *b)
{
    need(sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK, "begin");
}

void bare_insert(struct bare *b, int64_t seq, int64_t wall_ms, int32_t kind, const uint8_t *body,
                 size_t len)
{
    static const uint8_t hash[SHA256_SIZE] = {1};
    sqlite3_bind_int64(b->insert, 1, seq);
    sqlite3_bind_int64(b->insert, 2, wall_ms);
    sqlite3_bind_int(b->insert, 3, kind);
    sqlite3_bind_blob(b->insert, 4, body, (int)len, SQLITE_TRANSIENT);
    sqlite3_bind_blob(b->insert, 5, hash, sizeof(hash), SQLITE_TRANSIENT);
    need(sqlite3_step(b->insert) == SQLITE_DONE, "the bare insert");
    sqlite3_reset(b->insert);
}

void bare_commit(struct bare *b)
{
    need(sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "the bare commit");
}

void bare_close(struct bare *b)
{
    sqlite3_finalize(b->insert);
    sqlite3_close(b->db);
    free(b);
}
