/* SPDX-License-Identifier: Apache-2.0 */
#include "inbox.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "inbox_state.h"

#define APPLICATION_ID 0x56594931 /* "VYI1": what file(1) sees */
#define SCHEMA_VERSION 3

/* Since version 2. */
#define COMMAND_TABLE                                                                              \
    "CREATE TABLE command(id INTEGER PRIMARY KEY, expires_ms INTEGER NOT NULL,"                    \
    " what TEXT NOT NULL);"
/* Since version 3. */
#define SECURED_TABLE                                                                              \
    "CREATE TABLE secured(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL,"           \
    " hash BLOB NOT NULL);"

static const char SCHEMA[] =
    "CREATE TABLE life(one INTEGER PRIMARY KEY CHECK(one = 1), number INTEGER NOT NULL);"
    "INSERT INTO life VALUES(1, 0);"
    "CREATE TABLE document(type TEXT PRIMARY KEY, version INTEGER NOT NULL, sha256 BLOB NOT NULL,"
    " body BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE part(type TEXT PRIMARY KEY, version INTEGER NOT NULL, base INTEGER NOT NULL,"
    " total INTEGER NOT NULL, got INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE piece(type TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " PRIMARY KEY(type, at)) WITHOUT ROWID;"
    "CREATE TABLE enrolment(one INTEGER PRIMARY KEY CHECK(one = 1), granted TEXT NOT NULL);"
    "CREATE TABLE anchor(one INTEGER PRIMARY KEY CHECK(one = 1), number INTEGER NOT NULL,"
    " boot_id TEXT NOT NULL, mono_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL,"
    " error_ms INTEGER NOT NULL);"
    "CREATE TABLE link(one INTEGER PRIMARY KEY CHECK(one = 1), state TEXT NOT NULL,"
    " acked INTEGER NOT NULL, safe INTEGER NOT NULL, connected_ms INTEGER NOT NULL,"
    " acked_ms INTEGER NOT NULL, left_ms INTEGER NOT NULL, trouble_ms INTEGER NOT NULL,"
    " trouble TEXT NOT NULL);" COMMAND_TABLE SECURED_TABLE;

/* What an inbox of an older version lacks. */
static const char *const LACKS[SCHEMA_VERSION] = {
    [1] = COMMAND_TABLE SECURED_TABLE,
    [2] = SECURED_TABLE,
};

static int failed(struct diag *reterr, int err, const char *doing)
{
    diag_set(reterr, 0, "inbox.db: %s: %s", doing, strerror(-err));
    return err;
}

/* Makes tables, all or none, and says that the file is of this release then. */
static int make(struct db *db, const char *tables)
{
    int err = db_begin(db);
    if (err == 0)
        err = db_exec(db, tables);
    char sql[96];
    snprintf(sql, sizeof(sql), "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID,
             SCHEMA_VERSION);
    if (err == 0)
        err = db_exec(db, sql);
    if (err == 0)
        err = db_commit(db);
    if (err < 0)
        db_rollback(db);
    return err;
}

/* 1: ours, 0: an empty file. *ret_version is the tables' version. */
static int look(struct db *db, struct diag *reterr, int64_t *ret_version)
{
    int64_t id = 0;
    int64_t version = 0;
    int64_t tables = 0;
    int err = db_number(db, "PRAGMA application_id", &id);
    if (err == 0)
        err = db_number(db, "PRAGMA user_version", &version);
    if (err == 0)
        err = db_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (err < 0)
        return failed(reterr, err, "reading");
    if (tables == 0)
        return 0;
    if (id != APPLICATION_ID) {
        diag_set(reterr, 0, "inbox.db: this is no inbox");
        return -EBADMSG;
    }
    *ret_version = version;
    if (version < 1 || version > SCHEMA_VERSION) {
        diag_set(reterr, 0, "inbox.db: of another release: schema %" PRId64, version);
        return -EPROTO;
    }
    return 1;
}

static int open_file(const char *path, const char *vfs, enum db_mode mode, struct diag *reterr,
                     struct inbox **ret)
{
    assert(path && ret);
    AUTO(inbox) x = calloc(1, sizeof(*x));
    if (!x)
        return -ENOMEM;
    x->seen = -1;
    int err = db_open(path, vfs, mode, &x->db);
    if (err < 0)
        return failed(reterr, err, "opening");
    int64_t version = 0;
    int there = look(x->db, reterr, &version);
    if (there < 0)
        return there;
    if (mode == DB_READ && (there == 0 || version < SCHEMA_VERSION))
        return -ENOENT; /* its owner is about to make it */
    if (there == 0 || version < SCHEMA_VERSION)
        err = make(x->db, there == 0 ? SCHEMA : LACKS[version]);
    if (err < 0)
        return failed(reterr, err, "making its tables");
    *ret = TAKE(x);
    return 0;
}

int inbox_open(const char *path, const char *vfs, struct diag *reterr, struct inbox **ret)
{
    return open_file(path, vfs, DB_OWN, reterr, ret);
}

int inbox_open_readonly(const char *path, const char *vfs, struct diag *reterr, struct inbox **ret)
{
    return open_file(path, vfs, DB_READ, reterr, ret);
}

void inbox_free(struct inbox *x)
{
    if (!x)
        return;
    db_free(x->db);
    free(x);
}

int inbox_changed(struct inbox *x)
{
    assert(x);
    int64_t now = 0;
    int err = db_number(x->db, "PRAGMA data_version", &now);
    if (err < 0)
        return err;
    bool changed = now != x->seen;
    x->seen = now;
    return changed;
}

int inbox_settle(struct inbox *x, int err)
{
    if (err == 0)
        err = db_commit(x->db);
    if (err < 0)
        db_rollback(x->db);
    return err < 0 ? err : 0;
}

int inbox_begin_life(struct inbox *x, int64_t *ret_life)
{
    assert(x && ret_life);
    int64_t life = 0;
    int err = db_begin(x->db);
    if (err == 0)
        err = db_exec(x->db, "UPDATE life SET number = number + 1");
    if (err == 0)
        err = db_number(x->db, "SELECT number FROM life", &life);
    err = inbox_settle(x, err);
    if (err == 0)
        *ret_life = life;
    return err;
}

int inbox_enrol(struct inbox *x, const struct enrolment_grant *grant)
{
    assert(x && grant);
    char *text = enrolment_grant_write(grant);
    if (!text)
        return -ENOMEM;
    AUTO(query)
    q = query_of(x->db, "INSERT INTO enrolment(one, granted) VALUES(1, ?1)"
                        " ON CONFLICT DO UPDATE SET granted = ?1");
    query_text(q, 1, text);
    int err = query_run(q);
    free(text);
    return err;
}

int inbox_enrolment(struct inbox *x, struct enrolment_grant *ret)
{
    assert(x && ret);
    AUTO(query) q = query_of(x->db, "SELECT granted FROM enrolment");
    int got = query_step(q);
    if (got <= 0)
        return got;
    size_t len = 0;
    const char *text = query_get_text(q, 0, &len);
    int err = query_get_failed(q);
    if (err == 0)
        err = enrolment_grant_read(text, len, NULL, ret);
    return err == 0 ? 1 : err == -ENOMEM ? err : -EBADMSG;
}

int inbox_anchor_put(struct inbox *x, const struct inbox_anchor *anchor)
{
    assert(x && anchor);
    AUTO(query)
    q = query_of(x->db, "INSERT INTO anchor(one, number, boot_id, mono_ms, wall_ms, error_ms)"
                        " VALUES(1, 1, ?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET"
                        " number = number + 1, boot_id = ?1, mono_ms = ?2, wall_ms = ?3,"
                        " error_ms = ?4");
    query_text(q, 1, anchor->boot_id);
    query_int(q, 2, anchor->mono_ms);
    query_int(q, 3, anchor->wall_ms);
    query_int(q, 4, anchor->error_ms);
    return query_run(q);
}

int inbox_anchor(struct inbox *x, struct inbox_anchor *ret)
{
    assert(x && ret);
    AUTO(query)
    q = query_of(x->db, "SELECT number, boot_id, mono_ms, wall_ms, error_ms FROM anchor");
    int got = query_step(q);
    if (got <= 0)
        return got;
    struct inbox_anchor a = {.number = query_get_int(q, 0),
                             .mono_ms = query_get_int(q, 2),
                             .wall_ms = query_get_int(q, 3),
                             .error_ms = query_get_int(q, 4)};
    query_copy_text(q, 1, a.boot_id, sizeof(a.boot_id));
    int err = query_get_failed(q);
    if (err < 0)
        return err;
    *ret = a;
    return 1;
}

int inbox_command_put(struct inbox *x, const struct inbox_command *command)
{
    assert(x && command);
    int err = db_begin(x->db);
    if (err == 0) {
        AUTO(query)
        q = query_of(x->db, "INSERT INTO command(id, expires_ms, what) VALUES(?1, ?2, ?3)"
                            " ON CONFLICT DO NOTHING");
        query_int(q, 1, command->id);
        query_int(q, 2, command->expires_ms);
        query_text(q, 3, command->what);
        err = query_run(q);
    }
    if (err == 0) {
        AUTO(query)
        q = query_of(x->db, "DELETE FROM command WHERE id NOT IN"
                            " (SELECT id FROM command ORDER BY id DESC LIMIT ?1)");
        query_int(q, 1, INBOX_COMMANDS_MAX);
        err = query_run(q);
    }
    return inbox_settle(x, err);
}

int inbox_commands(struct inbox *x, struct inbox_command ret[INBOX_COMMANDS_MAX])
{
    assert(x && ret);
    AUTO(query) q = query_of(x->db, "SELECT id, expires_ms, what FROM command ORDER BY id");
    int n = 0;
    int got = 0;
    while (n < INBOX_COMMANDS_MAX && (got = query_step(q)) > 0) {
        struct inbox_command c = {.id = query_get_int(q, 0), .expires_ms = query_get_int(q, 1)};
        query_copy_text(q, 2, c.what, sizeof(c.what));
        int err = query_get_failed(q);
        if (err < 0)
            return err;
        ret[n++] = c;
    }
    return got < 0 ? got : n;
}

int inbox_link_put(struct inbox *x, const struct inbox_link *link)
{
    assert(x && link);
    AUTO(query)
    q = query_of(x->db, "INSERT OR REPLACE INTO link(one, state, acked, safe, connected_ms,"
                        " acked_ms, left_ms, trouble_ms, trouble)"
                        " VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_text(q, 1, link->state);
    query_int(q, 2, link->acked);
    query_int(q, 3, link->safe);
    query_int(q, 4, link->connected_ms);
    query_int(q, 5, link->acked_ms);
    query_int(q, 6, link->left_ms);
    query_int(q, 7, link->trouble_ms);
    query_text(q, 8, link->trouble);
    return query_run(q);
}

int inbox_link(struct inbox *x, struct inbox_link *ret)
{
    assert(x && ret);
    AUTO(query)
    q = query_of(x->db, "SELECT state, acked, safe, connected_ms, acked_ms, left_ms, trouble_ms,"
                        " trouble FROM link");
    int got = query_step(q);
    if (got <= 0)
        return got;
    struct inbox_link l = {.acked = query_get_int(q, 1),
                           .safe = query_get_int(q, 2),
                           .connected_ms = query_get_int(q, 3),
                           .acked_ms = query_get_int(q, 4),
                           .left_ms = query_get_int(q, 5),
                           .trouble_ms = query_get_int(q, 6)};
    query_copy_text(q, 0, l.state, sizeof(l.state));
    query_copy_text(q, 7, l.trouble, sizeof(l.trouble));
    int err = query_get_failed(q);
    if (err < 0)
        return err;
    *ret = l;
    return 1;
}

int inbox_secured_put(struct inbox *x, const struct inbox_secured *secured)
{
    assert(x && secured);
    AUTO(query)
    q = query_of(x->db, "INSERT OR REPLACE INTO secured(one, seq, hash) VALUES(1, ?1, ?2)");
    query_int(q, 1, secured->seq);
    query_blob(q, 2, secured->hash, sizeof(secured->hash));
    return query_run(q);
}

int inbox_secured(struct inbox *x, struct inbox_secured *ret)
{
    assert(x && ret);
    AUTO(query) q = query_of(x->db, "SELECT seq, hash FROM secured");
    int got = query_step(q);
    if (got <= 0)
        return got;
    struct inbox_secured s = {.seq = query_get_int(q, 0)};
    size_t len = 0;
    const void *hash = query_get_blob(q, 1, &len);
    if (query_get_failed(q) < 0)
        return query_get_failed(q);
    if (len != sizeof(s.hash))
        return -EBADMSG;
    memcpy(s.hash, hash, len);
    *ret = s;
    return 1;
}
