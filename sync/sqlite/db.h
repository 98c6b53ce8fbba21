/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite/db.h -- one SQLite database file as our own stores use it: statements that are prepared
 * once and kept, transactions and savepoints, SQLite's codes as errno. It knows no table. One
 * owner: not thread-safe. Only db_sqlite.c includes sqlite3.h.
 *
 *   SQLITE_FULL -> -ENOSPC   READONLY, CANTOPEN for want of rights -> -EROFS   IOERR -> -EIO
 *   CORRUPT, NOTADB -> -EBADMSG   BUSY, LOCKED -> -EBUSY   NOMEM -> -ENOMEM
 *   CONSTRAINT: a key -> -EEXIST, a CHECK -> -EPERM, NOT NULL and others -> -EINVAL
 *   ABORT (a rollback went over a walk) -> -ECANCELED   else -EIO */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct db;
struct query;

#define DB_QUERIES_MAX 128    /* statements kept; more are prepared anew each time */
#define DB_CACHE_KIB 2048     /* page cache */
#define DB_BUSY_MS 2000       /* how long another process's lock is waited for */
#define DB_WAL_PAGES_IDLE 256 /* from here on db_checkpoint() is worth its syncs */
#define DB_WAL_PAGES_MAX 4096 /* from here on a commit checkpoints by itself: 16 MiB */

enum db_mode {
    DB_OWN,   /* opens or creates, in WAL mode with synchronous=FULL; others may read beside it */
    DB_ALONE, /* the same, while no other process has it open: -EBUSY otherwise */
    DB_READ,  /* reads what is there beside its owner; writing is -EROFS, transactions are reads */
};

/* vfs NULL: the system's. */
NODISCARD int db_open(const char *path, const char *vfs, enum db_mode mode, struct db **ret);
void db_busy_wait(struct db *db, int ms); /* instead of DB_BUSY_MS */
void db_free(struct db *db);              /* rolls back what is open; NULL is fine */
DEFINE_AUTO(db);

/* Runs statements that return nothing and take nothing. */
NODISCARD int db_exec(struct db *db, const char *sql);

/* The first column of the first row as a number. -ENODATA when there is no row. */
NODISCARD int db_number(struct db *db, const char *sql, int64_t *ret);

NODISCARD int db_begin(struct db *db);      /* takes the write lock at once */
NODISCARD int db_begin_read(struct db *db); /* sees one state from its first reading to its end */
NODISCARD int db_commit(struct db *db);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db); /* SQLite ends one by itself after some errors */

/* Ends all walks where they stand, so that none holds what it reads beyond its transaction. */
void db_end_walks(struct db *db);

/* A savepoint inside the transaction. They do not nest. */
NODISCARD int db_save(struct db *db);
NODISCARD int db_save_keep(struct db *db);
NODISCARD int db_save_undo(struct db *db);

/* Moves the WAL into the file when DB_WAL_PAGES_IDLE are waiting. Blocks for the disk. */
NODISCARD int db_checkpoint(struct db *db);

int64_t db_size_bytes(struct db *db); /* file and WAL; 0 when it cannot be told */

/* SQLite's own words for the last error: for a diag, not for decisions. Borrowed. */
const char *db_words(struct db *db);

/* A statement ready for values. `sql` must be a string that lives as long as the database: its
 * address is the key under which the statement is kept. Never NULL: what went wrong, here or in a
 * bind, is the answer of query_step(). */
struct query *query_of(struct db *db, const char *sql);
void query_free(struct query *q); /* gives it back; NULL is fine */
DEFINE_AUTO(query);

/* Whether it changes the database; and where its placeholder $number stands, 0: nowhere. */
bool query_writes(const struct query *q);
int query_place(const struct query *q, int number);

/* Values by position from 1. Texts and bytes are borrowed until query_free(). */
void query_int(struct query *q, int at, int64_t value);
void query_text(struct query *q, int at, const char *text);
void query_blob(struct query *q, int at, const void *bytes, size_t len);
void query_null(struct query *q, int at);

NODISCARD int query_step(struct query *q); /* 1: a row, 0: no more */
NODISCARD int query_run(struct query *q);  /* steps over all rows: 0 */
void query_again(struct query *q);         /* from its beginning, with the values as they are */

/* Rows that the statement inserted, updated or deleted, once it was stepped to its end. */
int64_t query_changes(const struct query *q);

/* The present row. Borrowed until the next step. */
int query_columns(const struct query *q);
int64_t query_get_int(struct query *q, int column); /* columns from 0 */
bool query_get_null(struct query *q, int column);
bool query_get_is_int(struct query *q, int column);

/* A text; "" for NULL. ret_len may be NULL. */
const char *query_get_text(struct query *q, int column, size_t *ret_len);
const void *query_get_blob(struct query *q, int column, size_t *ret_len);

/* Copies a text column into a fixed field. A longer one is damage: query_get_failed() then. */
void query_copy_text(struct query *q, int column, char *dst, size_t size);

/* 0, or what went wrong in reading columns of the present row (-ENOMEM, -EBADMSG). */
NODISCARD int query_get_failed(const struct query *q);
