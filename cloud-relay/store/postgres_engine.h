/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/postgres_engine.h -- for sql_postgres.c and postgres_*.c only: a connection to PostgreSQL
 * as they share it. Only these files know libpq. */
#pragma once

#include <libpq-fe.h>

#include "sql_engine.h"

#define POSTGRES_STATEMENTS_MAX 512 /* kept prepared; more are parsed each time */
#define POSTGRES_WORDS_SIZE 256

struct postgres_statement;
struct postgres_query;

struct postgres {
    struct sql base; /* first: a struct sql * is a struct postgres * */
    char *conninfo;
    PGconn *conn;
    bool warned; /* by the server, since it was last set to false */
    char words[POSTGRES_WORDS_SIZE];
    struct postgres_query *idle;
    struct postgres_statement *statements[POSTGRES_STATEMENTS_MAX]; /* open addressing */
};

static inline struct postgres *postgres_of(struct sql *s)
{
    return (struct postgres *)s;
}

/* ---- the connection (postgres_connection.c) ---- */

/* Connects, anew when there is a connection, and makes the session the tenant's. */
NODISCARD int postgres_connect(struct postgres *p, const char *tenant);

/* The answer's meaning: 0 or an error, with its words kept. result may be NULL. */
NODISCARD int postgres_judge(struct postgres *p, const PGresult *result);
void postgres_note_words(struct postgres *p, const char *words);

/* Statements without values; several may stand in one text. */
NODISCARD int postgres_run_text(struct sql *s, const char *text);

/* ---- transactions (postgres_transaction.c): as struct sql_ops says ---- */

NODISCARD int postgres_begin(struct sql *s, enum sql_mode mode);
NODISCARD int postgres_commit(struct sql *s);
void postgres_rollback(struct sql *s);
NODISCARD int postgres_save(struct sql *s);
NODISCARD int postgres_save_keep(struct sql *s);
NODISCARD int postgres_save_undo(struct sql *s);
NODISCARD int postgres_lock(struct sql *s, const char *name);
NODISCARD int postgres_standby(struct sql *s);

/* ---- statements (postgres_statement.c) ---- */

/* None is prepared on a new connection; and the end of all. */
void postgres_statements_lost(struct postgres *p);
void postgres_statements_free(struct postgres *p);

/* As struct sql_ops says. */
struct sql_query *postgres_query(struct sql *s, const char *text);
void postgres_query_free(struct sql_query *q);
void postgres_bind_int(struct sql_query *q, int at, int64_t value);
void postgres_bind_text(struct sql_query *q, int at, const char *value);
void postgres_bind_bytes(struct sql_query *q, int at, const void *bytes, size_t len);
void postgres_bind_null(struct sql_query *q, int at, enum sql_type type);
NODISCARD int postgres_bind_texts(struct sql_query *q, int at, const char *const *texts, size_t n,
                                  void **ret_held);
NODISCARD int postgres_step(struct sql_query *q);
int64_t postgres_changes(struct sql_query *q);
int64_t postgres_int(struct sql_query *q, int column);
bool postgres_null(struct sql_query *q, int column);
const char *postgres_text(struct sql_query *q, int column);
const void *postgres_bytes(struct sql_query *q, int column, size_t *ret_len);
void postgres_insert_rows(FILE *out, const struct sql_column *columns, size_t n_columns);
NODISCARD int64_t postgres_insert(struct sql *s, const char *text, const struct sql_column *columns,
                                  size_t n_columns, size_t n_rows);
