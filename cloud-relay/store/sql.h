/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/sql.h -- one SQL on two engines: a connection to one tenant's data, in SQLite (a file a
 * tenant) or PostgreSQL (row-level security). It knows no table of the relay. One owner: not
 * thread-safe; a thread opens its own.
 *
 * What holds for both, so that every statement is written once:
 *   - placeholders are $1, $2, ...; the same one may stand twice
 *   - integers are int64 (BIGINT), texts are UTF-8 without NUL, bytes are bytes; no floats
 *   - every table has a column `tenant`, filled by its default. Queries never name it, but in
 *     ON CONFLICT targets, which are (tenant, ...) as the primary keys are
 *   - INSERT ... ON CONFLICT DO NOTHING | DO UPDATE, RETURNING, LIMIT $n, coalesce(), CASE; not:
 *     now(), random(), max() of two values, LIKE without lower() on both sides
 *   - order is by stated columns; texts compare by bytes (COLLATE "C" on PostgreSQL)
 *
 * Errors of both engines as errno:
 *   -EEXIST a key is there already      -EBUSY another transaction holds it: try again
 *   -EIO the store cannot be reached or failed; the connection reopens by itself at the next
 *        sql_begin()                    -ENOSPC -EROFS -ENOMEM -EBADMSG as in sqlite/db.h
 *   -EINVAL a rule of the table is broken (NULL), or on PostgreSQL a value is outside its type
 *   -EPERM the row would be another tenant's
 *   -ECANCELED an earlier statement of this transaction failed. After an error a transaction is
 * good for sql_rollback() alone, or sql_save_undo(): so it is on PostgreSQL, and so it is kept here
 *
 * Statements stand inside a transaction; one outside is a bug of the caller (assert).
 *
 * Tenants are kept apart against conditions that are forgotten or wrong, not against somebody who
 * can run SQL of his own: values are never part of a statement's text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

struct sql;
struct sql_query;

/* Where the data is: "sqlite:FOLDER" (FOLDER/<tenant>.db) or "postgres:CONNINFO" (libpq's words;
 * postgres_roles.sql says what the database needs).
 * Connects to a tenant that is there, and migrates its store when that is of an older release: two
 * that open at once wait for each other.
 *   -EINVAL  the address, or the tenant's name (origin_check())
 *   -ENOENT  the store has no such tenant
 *   -EPROTO  the store is of a newer release
 *   -EPERM   on PostgreSQL: the role would see past row-level security, or may not migrate
 * *reterr says what was tried and why it failed. */
NODISCARD int sql_open(const char *address, const char *tenant, struct diag *reterr,
                       struct sql **ret);

/* Makes room for a new tenant, and the store itself if it is the first; 0 too when it is there
 * already. For the operator's command: no request leads here, because names that come from outside
 * only ever go to sql_open(), which makes nothing. Errors as sql_open(). */
NODISCARD int sql_tenant_create(const char *address, const char *tenant, struct diag *reterr);
void sql_free(struct sql *s); /* rolls back what is open; NULL is fine */
DEFINE_AUTO(sql);

const char *sql_tenant(const struct sql *s);
const char *sql_words(struct sql *s); /* the engine's words for the last error; borrowed */

/* The tenants that the store holds, ascending. on_tenant returns non-zero to stop; passed on. */
typedef int (*sql_tenant_fn)(const char *tenant, void *context);
NODISCARD int sql_tenants(const char *address, sql_tenant_fn on_tenant, void *context,
                          struct diag *reterr);

#define SQL_BUSY_MS 10000 /* how long another transaction is waited for before -EBUSY */
#define SQL_PLACES_MAX 64 /* $1 to $64 in a statement */

enum sql_mode {
    SQL_READ,  /* sees one state of the data from its first statement to its end; writing: -EROFS */
    SQL_WRITE, /* sees what others have committed. On SQLite one at a time; on PostgreSQL rows that
                  two write make one of them wait, and -EBUSY when they wait for each other */
};
NODISCARD int sql_begin(struct sql *s, enum sql_mode mode); /* rolls back what is open */

/* Durable when it returns 0; nothing happened otherwise, but: when PostgreSQL answers -EIO, the
 * connection broke and it may have happened. What a transaction does is therefore such that doing
 * it again is known by its keys. The transaction is over in any case. */
NODISCARD int sql_commit(struct sql *s);

/* In a write transaction: 1 when its commit returns only after another machine, a synchronous
 * standby, has it on its disk as well; 0 when it is on this store's disk alone, as always on
 * SQLite. A commit whose waiting for the standby was broken off answers -EIO. */
NODISCARD int sql_standby(struct sql *s);
void sql_rollback(struct sql *s); /* without a transaction: nothing */
bool sql_in_transaction(const struct sql *s);

/* A part of a write transaction that may fail by itself. They do not nest. Walks that stand when it
 * is undone are freed first. */
NODISCARD int sql_save(struct sql *s);
NODISCARD int sql_save_keep(struct sql *s);
NODISCARD int sql_save_undo(struct sql *s);

#define SQL_LOCK_NAME_MAX 96

/* In a write transaction: holds off every other holder of the tenant's lock of that name, which is
 * shorter than SQL_LOCK_NAME_MAX, until its end. On SQLite the transaction itself does so. Blocks
 * for SQL_BUSY_MS at most: -EBUSY. */
NODISCARD int sql_lock(struct sql *s, const char *name);

/* A statement ready for values. `text` must live as long as the connection: its address is the key
 * under which the prepared statement is kept. Never NULL: what went wrong is the answer of
 * sql_step(). Walks may stand inside each other, and end with their transaction: no row is read
 * behind it. On PostgreSQL the whole answer is in memory: LIMIT what may grow. */
struct sql_query *sql_query(struct sql *s, const char *text);
void sql_query_free(struct sql_query *q); /* NULL is fine */
DEFINE_AUTO(sql_query);

/* As sql_query(), for a text in which $N[] stands for a table of one column, `text`, with a row for
 * each text of sql_bind_texts(): "... FROM $2[] AS k WHERE sku = k.text". One question instead of
 * one a text. */
struct sql_query *sql_query_lists(struct sql *s, const char *text);

enum sql_type { SQL_INT, SQL_TEXT, SQL_BYTES };

/* Values by number: `at` 1 is $1. Borrowed until sql_query_free(). */
void sql_bind_int(struct sql_query *q, int at, int64_t value);
void sql_bind_text(struct sql_query *q, int at, const char *value);
void sql_bind_bytes(struct sql_query *q, int at, const void *bytes, size_t len);
void sql_bind_null_int(struct sql_query *q, int at);
void sql_bind_null_text(struct sql_query *q, int at);
void sql_bind_null_bytes(struct sql_query *q, int at);

#define SQL_LISTS_MAX 2 /* of one statement */

/* A list for $N[]: copied, unlike other values; n may be 0. */
void sql_bind_texts(struct sql_query *q, int at, const char *const *texts, size_t n);

NODISCARD int sql_step(struct sql_query *q); /* 1: a row, 0: no more */
NODISCARD int sql_run(struct sql_query *q);  /* all of it: 0 */
int64_t sql_changes(struct sql_query *q);    /* rows inserted, updated or deleted, at its end */

/* The present row; columns from 0, each read as what it is. Borrowed until the next step. */
int64_t sql_int(struct sql_query *q, int column); /* 0 for NULL */
bool sql_null(struct sql_query *q, int column);
const char *sql_text(struct sql_query *q, int column); /* "" for NULL */
const void *sql_bytes(struct sql_query *q, int column, size_t *ret_len);
/* Copies a text into a field. One that does not fit is cut by nothing: sql_step() then answers
 * -EBADMSG at its next call. */
void sql_copy(struct sql_query *q, int column, char *dst, size_t size);

/* Many rows into one table: on PostgreSQL one INSERT ... SELECT unnest() of binary arrays, on
 * SQLite one prepared statement stepped over the rows. */
struct sql_column {
    const char *name;
    enum sql_type type;
    const int64_t *ints;      /* SQL_INT: one a row */
    const char *const *texts; /* NULL stands for NULL, in texts and bytes */
    const void *const *bytes; /* SQL_BYTES, with lens */
    const size_t *lens;
};

/* conflict: "" (a doubled key is -EEXIST, and nothing of it is inserted) or what follows the rows,
 * as "ON CONFLICT (tenant, device, epoch, seq) DO NOTHING". Nothing of the strings is kept. With DO
 * UPDATE no key stands twice among the rows. Returns how many rows were inserted or changed. */
NODISCARD int64_t sql_insert(struct sql *s, const char *table, const struct sql_column *columns,
                             size_t n_columns, size_t n_rows, const char *conflict);
