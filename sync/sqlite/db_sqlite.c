/* SPDX-License-Identifier: Apache-2.0 */
#include "db.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char BEGIN[] = "BEGIN IMMEDIATE";
static const char BEGIN_READ[] = "BEGIN";
static const char COMMIT[] = "COMMIT";
static const char ROLLBACK[] = "ROLLBACK";
static const char SAVE[] = "SAVEPOINT unit";
static const char KEEP[] = "RELEASE unit";
static const char UNDO[] = "ROLLBACK TO unit";

struct query {
    struct db *db;
    const char *sql;
    sqlite3_stmt *stmt;
    bool kept;
    bool used;
    int err; /* the first thing that went wrong; negative errno */
    int64_t changes;
};

struct db {
    sqlite3 *handle;
    bool reads; /* DB_READ */
    int wal_pages;
    struct query queries[DB_QUERIES_MAX]; /* open addressing by the address of the SQL text */
    struct query broken; /* stands for a statement that could not even be allocated */
};

/* Of a constraint the extended code says which. */
static int constraint_err(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID:
        return -EEXIST;
    case SQLITE_CONSTRAINT_CHECK:
        return -EPERM;
    default:
        return -EINVAL;
    }
}

/* SQLite's primary codes; the extended part only says where. */
static int err_of(int code)
{
    static const struct {
        int code;
        int err;
    } map[] = {
        {SQLITE_OK, 0},          {SQLITE_ROW, 0},           {SQLITE_DONE, 0},
        {SQLITE_FULL, -ENOSPC},  {SQLITE_READONLY, -EROFS}, {SQLITE_IOERR, -EIO},
        {SQLITE_BUSY, -EBUSY},   {SQLITE_LOCKED, -EBUSY},   {SQLITE_CORRUPT, -EBADMSG},
        {SQLITE_NOMEM, -ENOMEM}, {SQLITE_NOTADB, -EBADMSG}, {SQLITE_ABORT, -ECANCELED},
        {SQLITE_PERM, -EACCES},  {SQLITE_AUTH, -EACCES},    {SQLITE_TOOBIG, -EMSGSIZE},
        {SQLITE_CANTOPEN, -EIO}, {SQLITE_PROTOCOL, -EBUSY}, {SQLITE_INTERRUPT, -EINTR},
    };
    if ((code & 0xFF) == SQLITE_CONSTRAINT)
        return constraint_err(code);
    for (size_t i = 0; i < ARRAY_LEN(map); i++)
        if (map[i].code == (code & 0xFF))
            return map[i].err;
    return -EIO;
}

static int on_wal(void *context, sqlite3 *handle, const char *schema, int pages)
{
    struct db *db = context;
    db->wal_pages = pages;
    if (pages < DB_WAL_PAGES_MAX)
        return SQLITE_OK;
    /* The commit is durable already. A checkpoint that fails is tried again by the next one. */
    int in_wal = pages;
    int moved = 0;
    if (sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &moved) ==
            SQLITE_OK &&
        moved == in_wal)
        db->wal_pages = 0;
    return SQLITE_OK;
}

int db_checkpoint(struct db *db)
{
    assert(db);
    if (db->wal_pages < DB_WAL_PAGES_IDLE)
        return 0;
    int in_wal = 0;
    int moved = 0;
    int code =
        sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &moved);
    if (code == SQLITE_OK && moved == in_wal)
        db->wal_pages = 0;
    return err_of(code);
}

static int keep_ready(struct db *db, const char *sql)
{
    AUTO(query) q = query_of(db, sql);
    return q->err;
}

/* SQLite does not tell a folder without rights from a broken file: its first read fails alike. */
static int configure_read(struct db *db)
{
    char sql[96];
    snprintf(sql, sizeof(sql), "PRAGMA cache_size=-%d; PRAGMA trusted_schema=OFF", DB_CACHE_KIB);
    int err = db_exec(db, sql);
    static const char *const ready[] = {BEGIN_READ, ROLLBACK};
    for (size_t i = 0; err >= 0 && i < ARRAY_LEN(ready); i++)
        err = keep_ready(db, ready[i]);
    return err < 0 ? err : 0;
}

static int configure_write(struct db *db, enum db_mode mode)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
             "PRAGMA cache_size=-%d; PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0;"
             "%sPRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=%d",
             DB_CACHE_KIB, mode == DB_ALONE ? "PRAGMA locking_mode=EXCLUSIVE;" : "",
             DB_WAL_PAGES_MAX * 4096);
    int err = db_exec(db, sql);
    if (err < 0)
        return err;
    AUTO(query) now = query_of(db, "PRAGMA journal_mode");
    err = query_step(now);
    if (err == 1 && strcmp(query_get_text(now, 0, NULL), "wal") != 0)
        return -EROFS; /* what SQLite leaves in the old mode cannot be written */
    sqlite3_wal_hook(db->handle, on_wal, db);
    static const char *const ready[] = {BEGIN, COMMIT, ROLLBACK, SAVE, KEEP, UNDO};
    for (size_t i = 0; err >= 0 && i < ARRAY_LEN(ready); i++)
        err = keep_ready(db, ready[i]);
    if (err >= 0 && mode == DB_ALONE) { /* SQLite takes its exclusive lock with the first write */
        err = db_begin(db);
        db_rollback(db);
    }
    return err < 0 ? err : 0;
}

int db_open(const char *path, const char *vfs, enum db_mode mode, struct db **ret)
{
    assert(path && ret);
    AUTO(db) db = calloc(1, sizeof(*db));
    if (!db)
        return -ENOMEM;
    db->broken = (struct query){.db = db, .used = true};
    db->reads = mode == DB_READ;
    int flags = db->reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (code == SQLITE_CANTOPEN) {
        int os = sqlite3_system_errno(db->handle);
        return os > 0 ? -os : -EIO;
    }
    if (code != SQLITE_OK)
        return err_of(code);
    if (!db->reads && sqlite3_db_readonly(db->handle, "main") == 1)
        return -EROFS; /* SQLite falls back to reading by itself */
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
    int err = db->reads ? configure_read(db) : configure_write(db, mode);
    if (err < 0)
        return err;
    *ret = TAKE(db);
    return 0;
}

void db_busy_wait(struct db *db, int ms)
{
    assert(db);
    sqlite3_busy_timeout(db->handle, ms);
}

void db_free(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < DB_QUERIES_MAX; i++)
        sqlite3_finalize(db->queries[i].stmt);
    if (db->handle) {
        /* A passive checkpoint of the last connection would wait for nobody; a failing one leaves
         * the WAL, from which the next opening recovers. */
        int code = sqlite3_close(db->handle);
        assert(code != SQLITE_BUSY); /* the caller freed the database under a walk */
    }
    free(db);
}

int db_exec(struct db *db, const char *sql)
{
    assert(db && sql);
    return err_of(sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

int db_number(struct db *db, const char *sql, int64_t *ret)
{
    AUTO(query) q = query_of(db, sql);
    int got = query_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENODATA;
    *ret = query_get_int(q, 0);
    return 0;
}

static int run(struct db *db, const char *sql)
{
    AUTO(query) q = query_of(db, sql);
    return query_run(q);
}

int db_begin(struct db *db)
{
    db_rollback(db);
    return run(db, db->reads ? BEGIN_READ : BEGIN);
}

int db_begin_read(struct db *db)
{
    db_rollback(db);
    return run(db, BEGIN_READ);
}

int db_commit(struct db *db)
{
    return run(db, COMMIT);
}

void db_rollback(struct db *db)
{
    /* Prepared at opening, so that want of memory cannot stop it. Should it fail all the same, the
     * next db_begin() tries again. */
    if (db_in_transaction(db) && run(db, ROLLBACK) < 0)
        sqlite3_exec(db->handle, ROLLBACK, NULL, NULL, NULL);
}

bool db_in_transaction(const struct db *db)
{
    assert(db);
    return sqlite3_get_autocommit(db->handle) == 0;
}

void db_end_walks(struct db *db)
{
    assert(db);
    for (sqlite3_stmt *at = sqlite3_next_stmt(db->handle, NULL); at;
         at = sqlite3_next_stmt(db->handle, at))
        if (sqlite3_stmt_busy(at))
            sqlite3_reset(at);
}

int db_save(struct db *db)
{
    return run(db, SAVE);
}

int db_save_keep(struct db *db)
{
    return run(db, KEEP);
}

int db_save_undo(struct db *db)
{
    int err = run(db, UNDO);
    return err < 0 ? err : run(db, KEEP);
}

int64_t db_size_bytes(struct db *db)
{
    int64_t pages = 0;
    int64_t page_bytes = 0;
    if (db_number(db, "PRAGMA page_count", &pages) < 0 ||
        db_number(db, "PRAGMA page_size", &page_bytes) < 0)
        return 0;
    return (pages + db->wal_pages) * page_bytes;
}

const char *db_words(struct db *db)
{
    assert(db);
    return sqlite3_errmsg(db->handle);
}

/* The slot of that text: its own, or a free one, or NULL when all are taken by others. */
static struct query *slot(struct db *db, const char *sql)
{
    size_t at = ((uintptr_t)sql >> 3) % DB_QUERIES_MAX;
    for (size_t i = 0; i < DB_QUERIES_MAX; i++) {
        struct query *q = &db->queries[(at + i) % DB_QUERIES_MAX];
        if (!q->sql || q->sql == sql)
            return q;
    }
    return NULL;
}

static struct query *broken(struct db *db, int err)
{
    db->broken.err = err;
    return &db->broken;
}

struct query *query_of(struct db *db, const char *sql)
{
    assert(db && sql);
    struct query *q = slot(db, sql);
    if (q && q->stmt && !q->used) {
        q->used = true;
        q->err = 0;
        q->changes = 0;
        return q;
    }
    bool keep = q && !q->stmt; /* a walk inside a walk over the same text gets one of its own */
    if (!keep) {
        q = calloc(1, sizeof(*q));
        if (!q)
            return broken(db, -ENOMEM);
    }
    sqlite3_stmt *stmt = NULL;
    int code =
        sqlite3_prepare_v3(db->handle, sql, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0, &stmt, NULL);
    if (code != SQLITE_OK) {
        if (!keep)
            free(q);
        return broken(db, err_of(code));
    }
    *q = (struct query){.db = db, .sql = sql, .stmt = stmt, .kept = keep, .used = true};
    return q;
}

void query_free(struct query *q)
{
    if (!q || q == &q->db->broken)
        return;
    if (!q->kept) {
        sqlite3_finalize(q->stmt);
        free(q);
        return;
    }
    sqlite3_reset(q->stmt);
    sqlite3_clear_bindings(q->stmt); /* what was bound is the caller's */
    q->used = false;
}

static void note(struct query *q, int code)
{
    if (q->err == 0)
        q->err = err_of(code);
}

bool query_writes(const struct query *q)
{
    return q->stmt && sqlite3_stmt_readonly(q->stmt) == 0;
}

int query_place(const struct query *q, int number)
{
    char name[16];
    snprintf(name, sizeof(name), "$%d", number);
    return q->stmt ? sqlite3_bind_parameter_index(q->stmt, name) : 0;
}

void query_int(struct query *q, int at, int64_t value)
{
    if (q->stmt)
        note(q, sqlite3_bind_int64(q->stmt, at, value));
}

void query_text(struct query *q, int at, const char *text)
{
    if (q->stmt)
        note(q, sqlite3_bind_text(q->stmt, at, text, -1, SQLITE_STATIC));
}

void query_blob(struct query *q, int at, const void *bytes, size_t len)
{
    assert(len <= INT32_MAX);
    if (q->stmt && len == 0)
        note(q, sqlite3_bind_zeroblob(q->stmt, at, 0));
    else if (q->stmt)
        note(q, sqlite3_bind_blob(q->stmt, at, bytes, (int)len, SQLITE_STATIC));
}

void query_null(struct query *q, int at)
{
    if (q->stmt)
        note(q, sqlite3_bind_null(q->stmt, at));
}

int query_step(struct query *q)
{
    assert(q);
    if (q->err < 0)
        return q->err;
    int code = sqlite3_step(q->stmt);
    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE && query_writes(q))
        q->changes = sqlite3_changes64(q->db->handle);
    note(q, code);
    return q->err;
}

int64_t query_changes(const struct query *q)
{
    return q->changes;
}

int query_run(struct query *q)
{
    int got = query_step(q);
    while (got > 0)
        got = query_step(q);
    return got;
}

void query_again(struct query *q)
{
    if (q->stmt)
        sqlite3_reset(q->stmt); /* what went wrong is in q->err already */
}

int query_columns(const struct query *q)
{
    return sqlite3_column_count(q->stmt);
}

int64_t query_get_int(struct query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

bool query_get_null(struct query *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

bool query_get_is_int(struct query *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_INTEGER;
}

const char *query_get_text(struct query *q, int column, size_t *ret_len)
{
    bool null = query_get_null(q, column);
    const char *text = (const char *)sqlite3_column_text(q->stmt, column);
    if (!text && !null)
        note(q, SQLITE_NOMEM);
    if (ret_len)
        *ret_len = text ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0;
    return text ? text : "";
}

const void *query_get_blob(struct query *q, int column, size_t *ret_len)
{
    assert(ret_len);
    const void *bytes = sqlite3_column_blob(q->stmt, column);
    if (!bytes && sqlite3_column_bytes(q->stmt, column) > 0)
        note(q, SQLITE_NOMEM);
    *ret_len = bytes ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0;
    return bytes ? bytes : "";
}

void query_copy_text(struct query *q, int column, char *dst, size_t size)
{
    size_t len = 0;
    const char *text = query_get_text(q, column, &len);
    if (text_copy_n(dst, size, text, len) < 0)
        note(q, SQLITE_CORRUPT);
}

int query_get_failed(const struct query *q)
{
    return q->err;
}
