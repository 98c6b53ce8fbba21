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
 *   -EPROTO the schema is of a newer release */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

struct sql;
struct sql_query;

/* Where the data is: "sqlite:FOLDER" (FOLDER/<tenant>.db) or "postgres:CONNINFO" (libpq's words).
 * The tenant's name must have passed origin_check(). Creates what is missing and migrates: two that
 * open at once wait for each other.
 *   -EINVAL  *reterr: what is wrong with the address
 *   else     *reterr says what was tried */
NODISCARD int sql_open(const char *address, const char *tenant, struct diag *reterr,
                       struct sql **ret);
void sql_free(struct sql *s); /* rolls back what is open; NULL is fine */
DEFINE_AUTO(sql);

const char *sql_tenant(const struct sql *s);
const char *sql_words(struct sql *s); /* the engine's words for the last error; borrowed */

/* The tenants that the store holds, ascending. on_tenant returns non-zero to stop; passed on. */
typedef int (*sql_tenant_fn)(const char *tenant, void *context);
NODISCARD int sql_tenants(const char *address, sql_tenant_fn on_tenant, void *context,
                          struct diag *reterr);

enum sql_mode {
    SQL_READ,  /* sees one state of the data from its first statement to its end */
    SQL_WRITE, /* on SQLite one at a time; on PostgreSQL rows that two write make one of them wait,
                  and -EBUSY when they wait for each other */
};
NODISCARD int sql_begin(struct sql *s, enum sql_mode mode);
NODISCARD int sql_commit(struct sql *s); /* durable when it returns 0; nothing happened otherwise */
void sql_rollback(struct sql *s);        /* without a transaction: nothing */
bool sql_in_transaction(const struct sql *s);

/* A part of a write transaction that may fail by itself. They do not nest. */
NODISCARD int sql_save(struct sql *s);
NODISCARD int sql_save_keep(struct sql *s);
NODISCARD int sql_save_undo(struct sql *s);

/* In a write transaction: holds off every other holder of that name until its end. On SQLite the
 * transaction itself does so. Blocks. */
NODISCARD int sql_lock(struct sql *s, const char *name);

/* A statement ready for values. `text` must live as long as the connection: its address is the key
 * under which the prepared statement is kept. Never NULL: what went wrong is the answer of
 * sql_step(). Walks may stand inside each other. */
struct sql_query *sql_query(struct sql *s, const char *text);
void sql_query_free(struct sql_query *q); /* NULL is fine */
DEFINE_AUTO(sql_query);

/* Values by number: `at` 1 is $1. Borrowed until sql_query_free(). */
void sql_bind_int(struct sql_query *q, int at, int64_t value);
void sql_bind_text(struct sql_query *q, int at, const char *value);
void sql_bind_bytes(struct sql_query *q, int at, const void *bytes, size_t len);
void sql_bind_null_int(struct sql_query *q, int at);
void sql_bind_null_text(struct sql_query *q, int at);

NODISCARD int sql_step(struct sql_query *q); /* 1: a row, 0: no more */
NODISCARD int sql_run(struct sql_query *q);  /* all of it: 0 */
int64_t sql_changes(struct sql_query *q);    /* rows that it inserted, updated or deleted */

/* The present row; columns from 0. Borrowed until the next step. */
int64_t sql_int(struct sql_query *q, int column); /* 0 for NULL */
bool sql_null(struct sql_query *q, int column);
const char *sql_text(struct sql_query *q, int column); /* "" for NULL */
const void *sql_bytes(struct sql_query *q, int column, size_t *ret_len);
/* Copies a text into a field. One that does not fit is cut by nothing: sql_step() then answers
 * -EBADMSG at its next call. */
void sql_copy(struct sql_query *q, int column, char *dst, size_t size);

/* Many rows into one table: on PostgreSQL one INSERT ... SELECT unnest() of binary arrays, on
 * SQLite one prepared statement stepped over the rows. */
enum sql_type { SQL_INT, SQL_TEXT, SQL_BYTES };

struct sql_column {
    const char *name;
    enum sql_type type;
    const int64_t *ints; /* SQL_INT: one a row */
    const char *const *texts;
    const void *const *bytes; /* SQL_BYTES, with lens */
    const size_t *lens;
};

/* conflict: "" (a doubled key is -EEXIST, and nothing of it is inserted) or what follows the rows,
 * as "ON CONFLICT (tenant, device, epoch, seq) DO NOTHING". Both strings live as long as the
 * connection. Returns how many rows were inserted or changed. */
NODISCARD int64_t sql_insert(struct sql *s, const char *table, const struct sql_column *columns,
                             size_t n_columns, size_t n_rows, const char *conflict);
