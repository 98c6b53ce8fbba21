/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/sql_engine.h -- for the two engines behind sql.h only: what each has to do, and how its SQL
 * differs. An engine embeds struct sql and struct sql_query first. */
#pragma once

#include <stdio.h>

#include "origin.h"
#include "sql.h"

struct sql_ops {
    /* Transactions. begin reconnects when the connection is gone; commit ends it in any case.
     * All may block: for the disk, the network, and SQL_BUSY_MS for others. */
    int (*begin)(struct sql *s, enum sql_mode mode);
    int (*commit)(struct sql *s);
    void (*rollback)(struct sql *s); /* without a transaction: nothing */
    int (*save)(struct sql *s);
    int (*save_keep)(struct sql *s);
    int (*save_undo)(struct sql *s);
    int (*lock)(struct sql *s, const char *name); /* among all that use the store */
    int (*standby)(struct sql *s);                /* NULL: never */

    /* A statement; its errors wait for step. NULL: no memory. Its first step runs it. */
    struct sql_query *(*query)(struct sql *s, const char *text);
    void (*query_free)(struct sql_query *q);
    void (*bind_int)(struct sql_query *q, int at, int64_t value);
    void (*bind_text)(struct sql_query *q, int at, const char *value);
    void (*bind_bytes)(struct sql_query *q, int at, const void *bytes, size_t len);
    void (*bind_null)(struct sql_query *q, int at, enum sql_type type);
    /* *ret_held, from malloc(), lives as long as q: what the value is kept in. -ENOMEM */
    int (*bind_texts)(struct sql_query *q, int at, const char *const *texts, size_t n,
                      void **ret_held);
    int (*step)(struct sql_query *q); /* 1: a row, 0: no more */
    int64_t (*changes)(struct sql_query *q);

    /* The present row. What cannot be read is noted in q->err. */
    int64_t (*get_int)(struct sql_query *q, int column);
    bool (*get_null)(struct sql_query *q, int column);
    const char *(*get_text)(struct sql_query *q, int column);
    const void *(*get_bytes)(struct sql_query *q, int column, size_t *ret_len);

    /* text: the same string for the same table, columns and conflict (insert_text). */
    int64_t (*insert)(struct sql *s, const char *text, const struct sql_column *columns,
                      size_t n_columns, size_t n_rows);
    /* Writes what stands between "INSERT INTO t(columns) " and the conflict. */
    void (*insert_rows)(FILE *out, const struct sql_column *columns, size_t n_columns);

    /* Migration, inside a write transaction. NULL: nothing to do. */
    int (*run_text)(struct sql *s, const char *text); /* a statement without values */
    int (*version)(struct sql *s, int64_t *ret);      /* 0: an empty store */
    int (*store_made)(struct sql *s);                 /* before the first table of a store */
    int (*set_version)(struct sql *s, int64_t version);
    int (*table_made)(struct sql *s, const char *table, bool spread);

    /* Behind the migration, in a write transaction if it creates: whether the store has the
     * connection's tenant. -ENOENT. NULL: opening has told. */
    int (*admit)(struct sql *s, bool create);

    const char *(*words)(struct sql *s);
    void (*free)(struct sql *s);
};

/* How the schema's words are written for the engine. */
struct sql_dialect {
    char tenant[160];
    const char *bytes;
    const char *text;
    const char *spread;
    const char *list_open; /* a list's table is written with its placeholder between the two */
    const char *list_close;
    /* Queries do not name the tenant. Where the engine does not add it to them by itself, as row
     * security does, keys must not begin with it: no index could be searched. */
    bool tenant_last;
};

struct sql_query {
    struct sql *sql;
    uint64_t transaction;
    int err;   /* the first thing that went wrong; negative errno */
    bool done; /* stepped to its end: another step does not run it again */
    void *lists[SQL_LISTS_MAX];
    size_t lists_count;
};

#define SQL_INSERTS_MAX 64      /* different tables and columns that a connection inserts into */
#define SQL_LIST_QUERIES_MAX 16 /* different texts with lists */

struct sql_list_query {
    const char *text; /* the caller's: its address is the key */
    char *ready;
};

struct sql {
    const struct sql_ops *ops;
    struct sql_dialect dialect;
    char tenant[ORIGIN_TENANT_SIZE];
    bool open; /* between sql_begin() and its end, as the caller sees it */
    bool saved;
    bool failed;
    uint64_t transaction; /* the present one's number: a walk ends with its own */
    enum sql_mode mode;
    char *inserts[SQL_INSERTS_MAX]; /* texts of sql_insert(), so that their addresses stay */
    struct sql_list_query list_queries[SQL_LIST_QUERIES_MAX];
    struct sql_query broken; /* stands for a statement that there is no memory for */
};

/* -EINVAL: no tenant can have that name. */
NODISCARD int sql_check_tenant(const char *tenant, struct diag *reterr);

/* The engines. `place` is the address behind its "sqlite:" or "postgres:". create: makes the store
 * and the tenant where they are missing. Not migrated yet. */
NODISCARD int sql_sqlite_open(const char *place, const char *tenant, bool create,
                              struct diag *reterr, struct sql **ret);
NODISCARD int sql_sqlite_tenants(const char *place, sql_tenant_fn on_tenant, void *context,
                                 struct diag *reterr);
NODISCARD int sql_postgres_open(const char *place, const char *tenant, bool create,
                                struct diag *reterr, struct sql **ret);
NODISCARD int sql_postgres_tenants(const char *place, sql_tenant_fn on_tenant, void *context,
                                   struct diag *reterr);
