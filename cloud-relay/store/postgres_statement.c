/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements on PostgreSQL: prepared once a connection, values and answers in binary. */
#include "postgres_engine.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sql_binary.h"

/* A statement of the server's side, by the address of its text. */
struct postgres_statement {
    const char *text;
    bool ready; /* on the present connection */
    int n;
    Oid types[]; /* n of them: what it was first given */
};

struct postgres_query {
    struct sql_query base; /* first */
    const char *text;
    int n; /* the highest place with a value */
    Oid types[SQL_PLACES_MAX];
    const char *values[SQL_PLACES_MAX];
    int lens[SQL_PLACES_MAX];
    unsigned char numbers[SQL_PLACES_MAX][8];
    PGresult *result;
    int row;
    struct postgres_query *next; /* of those that wait for use */
};

static struct postgres_query *query_in(struct sql_query *q)
{
    return (struct postgres_query *)q;
}

void postgres_statements_lost(struct postgres *p)
{
    for (size_t i = 0; i < POSTGRES_STATEMENTS_MAX; i++)
        if (p->statements[i])
            p->statements[i]->ready = false;
}

void postgres_statements_free(struct postgres *p)
{
    while (p->idle) {
        struct postgres_query *q = p->idle;
        p->idle = q->next;
        free(q);
    }
    for (size_t i = 0; i < POSTGRES_STATEMENTS_MAX; i++)
        free(p->statements[i]);
}

struct sql_query *postgres_query(struct sql *s, const char *text)
{
    struct postgres *p = postgres_of(s);
    struct postgres_query *q = p->idle;
    if (q)
        p->idle = q->next;
    else
        q = malloc(sizeof(*q));
    if (!q)
        return NULL;
    q->base = (struct sql_query){.sql = s};
    q->text = text;
    q->n = 0;
    q->result = NULL;
    q->row = -1;
    return &q->base;
}

void postgres_query_free(struct sql_query *base)
{
    struct postgres_query *q = query_in(base);
    struct postgres *p = postgres_of(base->sql);
    PQclear(q->result);
    q->next = p->idle;
    p->idle = q;
}

static void bind(struct sql_query *base, int at, Oid type, const void *bytes, size_t len)
{
    struct postgres_query *q = query_in(base);
    for (; q->n < at; q->n++) { /* places without a value so far: NULL of any type */
        q->types[q->n] = 0;
        q->values[q->n] = NULL;
        q->lens[q->n] = 0;
    }
    q->types[at - 1] = type;
    q->values[at - 1] = bytes;
    q->lens[at - 1] = (int)len;
}

void postgres_bind_int(struct sql_query *q, int at, int64_t value)
{
    unsigned char *number = query_in(q)->numbers[at - 1];
    sql_binary_put_int(value, number);
    bind(q, at, SQL_OID_INT8, number, 8);
}

void postgres_bind_text(struct sql_query *q, int at, const char *value)
{
    bind(q, at, SQL_OID_TEXT, value, strlen(value));
}

void postgres_bind_bytes(struct sql_query *q, int at, const void *bytes, size_t len)
{
    bind(q, at, SQL_OID_BYTEA, bytes, len);
}

void postgres_bind_null(struct sql_query *q, int at, enum sql_type type)
{
    bind(q, at, sql_binary_oid(type), NULL, 0);
}

int postgres_bind_texts(struct sql_query *q, int at, const char *const *texts, size_t n,
                        void **ret_held)
{
    const struct sql_column column = {.type = SQL_TEXT, .texts = texts};
    size_t len = sql_binary_array_size(&column, n);
    if (len > INT32_MAX)
        return -EMSGSIZE;
    unsigned char *array = malloc(len);
    if (!array)
        return -ENOMEM;
    sql_binary_put_array(&column, n, array);
    bind(q, at, sql_binary_array_oid(SQL_TEXT), array, len);
    *ret_held = array;
    return 0;
}

/* The place of the statement kept under that text, or a free one, or NULL when all are taken. */
static struct postgres_statement **slot(struct postgres *p, const char *text)
{
    size_t at = ((uintptr_t)text >> 3) % POSTGRES_STATEMENTS_MAX;
    for (size_t i = 0; i < POSTGRES_STATEMENTS_MAX; i++) {
        struct postgres_statement **found = &p->statements[(at + i) % POSTGRES_STATEMENTS_MAX];
        if (!*found || (*found)->text == text)
            return found;
    }
    return NULL;
}

/* The statement for values of these types. NULL when it is sent as text each time: one text too
 * many, values of other types than at first, no memory. */
static struct postgres_statement *statement_of(struct postgres *p, const char *text,
                                               const Oid *types, int n, char name[32])
{
    struct postgres_statement **place = slot(p, text);
    if (!place)
        return NULL;
    struct postgres_statement *st = *place;
    size_t size = (size_t)n * sizeof(*types);
    if (!st) {
        st = malloc(sizeof(*st) + size);
        if (!st)
            return NULL;
        *st = (struct postgres_statement){.text = text, .n = n};
        memcpy(st->types, types, size);
        *place = st;
    }
    snprintf(name, 32, "s%td", place - p->statements);
    return st->n == n && memcmp(st->types, types, size) == 0 ? st : NULL;
}

static int prepare(struct postgres *p, struct postgres_statement *st, const char *name)
{
    PGresult *result = PQprepare(p->conn, name, st->text, st->n, st->types);
    int err = postgres_judge(p, result);
    PQclear(result);
    st->ready = err == 0;
    return err;
}

/* Values and answer are binary. */
static int execute(struct postgres *p, const char *text, const Oid *types,
                   const char *const *values, const int *lens, int n, PGresult **ret)
{
    int binary[SQL_PLACES_MAX];
    for (int i = 0; i < n; i++)
        binary[i] = 1;
    char name[32];
    struct postgres_statement *st = statement_of(p, text, types, n, name);
    int err = st && !st->ready ? prepare(p, st, name) : 0;
    if (err < 0)
        return err;
    PGresult *result = st ? PQexecPrepared(p->conn, name, n, values, lens, binary, 1)
                          : PQexecParams(p->conn, text, n, types, values, lens, binary, 1);
    err = postgres_judge(p, result);
    if (err < 0) {
        PQclear(result);
        return err;
    }
    *ret = result;
    return 0;
}

int postgres_step(struct sql_query *base)
{
    struct postgres_query *q = query_in(base);
    if (!q->result) {
        int err = execute(postgres_of(base->sql), q->text, q->types, q->values, q->lens, q->n,
                          &q->result);
        if (err < 0)
            return err;
    }
    q->row++;
    return q->row < PQntuples(q->result);
}

static int64_t changes_of(PGresult *result)
{
    /* "" for what changes nothing; SELECT counts its rows. */
    bool selects = strncmp(PQcmdStatus(result), "SELECT", 6) == 0;
    return selects ? 0 : strtoll(PQcmdTuples(result), NULL, 10);
}

int64_t postgres_changes(struct sql_query *base)
{
    PGresult *result = query_in(base)->result;
    return result ? changes_of(result) : 0;
}

static void note(struct sql_query *q, int err)
{
    if (q->err == 0)
        q->err = err;
}

bool postgres_null(struct sql_query *base, int column)
{
    const struct postgres_query *q = query_in(base);
    return PQgetisnull(q->result, q->row, column) == 1;
}

int64_t postgres_int(struct sql_query *base, int column)
{
    const struct postgres_query *q = query_in(base);
    int64_t value = 0;
    if (!postgres_null(base, column))
        note(base,
             sql_binary_get_int(PQftype(q->result, column), PQgetvalue(q->result, q->row, column),
                                (size_t)PQgetlength(q->result, q->row, column), &value));
    return value;
}

const char *postgres_text(struct sql_query *base, int column)
{
    const struct postgres_query *q = query_in(base);
    Oid type = PQftype(q->result, column);
    if (type != SQL_OID_TEXT && type != SQL_OID_VARCHAR && type != SQL_OID_NAME) {
        note(base, -EBADMSG);
        return "";
    }
    return PQgetvalue(q->result, q->row, column); /* with a NUL behind it; "" for NULL */
}

const void *postgres_bytes(struct sql_query *base, int column, size_t *ret_len)
{
    const struct postgres_query *q = query_in(base);
    *ret_len = 0;
    if (PQftype(q->result, column) != SQL_OID_BYTEA) {
        note(base, -EBADMSG);
        return "";
    }
    *ret_len = (size_t)PQgetlength(q->result, q->row, column);
    return PQgetvalue(q->result, q->row, column);
}

/* ---- many rows ---- */

void postgres_insert_rows(FILE *out, const struct sql_column *columns, size_t n_columns)
{
    static const char *const types[] = {
        [SQL_INT] = "bigint", [SQL_TEXT] = "text", [SQL_BYTES] = "bytea"};
    fputs("SELECT * FROM unnest(", out);
    for (size_t c = 0; c < n_columns; c++)
        fprintf(out, "%s$%zu::%s[]", c == 0 ? "" : ",", c + 1, types[columns[c].type]);
    fputs(")", out);
}

int64_t postgres_insert(struct sql *s, const char *text, const struct sql_column *columns,
                        size_t n_columns, size_t n_rows)
{
    Oid types[SQL_PLACES_MAX];
    const char *values[SQL_PLACES_MAX];
    int lens[SQL_PLACES_MAX];
    size_t total = 0;
    for (size_t c = 0; c < n_columns; c++) {
        size_t len = sql_binary_array_size(&columns[c], n_rows);
        total += len;
        if (total > INT32_MAX)
            return -EMSGSIZE;
        types[c] = sql_binary_array_oid(columns[c].type);
        lens[c] = (int)len;
    }
    unsigned char *all = malloc(total);
    if (!all)
        return -ENOMEM;
    unsigned char *at = all;
    for (size_t c = 0; c < n_columns; at += lens[c], c++) {
        sql_binary_put_array(&columns[c], n_rows, at);
        values[c] = (const char *)at;
    }
    PGresult *result = NULL;
    int err = execute(postgres_of(s), text, types, values, lens, (int)n_columns, &result);
    free(all);
    int64_t changed = err < 0 ? err : changes_of(result);
    PQclear(result);
    return changed;
}
