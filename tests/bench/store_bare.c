/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_bare.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "sql_binary.h"

#define TEXT_MAX 4096

struct store_bare {
    enum store_bare_way way;
    sqlite3 *db;
    sqlite3_stmt *insert;
    PGconn *conn;
};

static void need(int ok, const char *what, const char *words)
{
    if (ok)
        return;
    fprintf(stderr, "store_bare: %s: %s\n", what, words);
    exit(1);
}

static void lite(struct store_bare *b, const char *text)
{
    need(sqlite3_exec(b->db, text, NULL, NULL, NULL) == SQLITE_OK, text, sqlite3_errmsg(b->db));
}

static void finish(struct store_bare *b, PGresult *result, const char *what)
{
    need(PQresultStatus(result) == PGRES_COMMAND_OK, what, PQerrorMessage(b->conn));
    PQclear(result);
}

static const char *const tables[] = {
    [BARE_SQLITE] = "bare",
    [BARE_POSTGRES_ROWS] = "bare_rows",
    [BARE_POSTGRES_ARRAYS] = "bare_arrays",
};

/* "CREATE TABLE bare(device TEXT, ..., PRIMARY KEY(device, epoch, seq))" in the engine's types. */
static void write_table(char *text, enum store_bare_way way, const char *const types[3],
                        const struct sql_column *columns, size_t n)
{
    int len = snprintf(text, TEXT_MAX, "CREATE TABLE %s(", tables[way]);
    for (size_t c = 0; c < n; c++)
        len += snprintf(text + len, (size_t)(TEXT_MAX - len), "%s %s NOT NULL,", columns[c].name,
                        types[columns[c].type]);
    snprintf(text + len, (size_t)(TEXT_MAX - len), "PRIMARY KEY(device, epoch, seq))");
}

/* "INSERT INTO bare " and for each column `form` with its number and its type, in between commas.
 */
static void write_insert(char *text, enum store_bare_way way, const char *open,
                         const char *const forms[3], size_t n, const struct sql_column *columns)
{
    int len = snprintf(text, TEXT_MAX, "INSERT INTO %s %s", tables[way], open);
    for (size_t c = 0; c < n; c++)
        len += snprintf(text + len, (size_t)(TEXT_MAX - len), "%s$%zu%s", c == 0 ? "" : ",", c + 1,
                        forms[columns[c].type]);
    snprintf(text + len, (size_t)(TEXT_MAX - len), ")");
}

static void open_sqlite(struct store_bare *b, const char *place, const struct sql_column *columns,
                        size_t n)
{
    static const char *const types[] = {"BIGINT", "TEXT", "BLOB"};
    static const char *const forms[] = {"", "", ""};
    char text[TEXT_MAX];
    need(sqlite3_open(place, &b->db) == SQLITE_OK, "opening", place);
    lite(b, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    write_table(text, b->way, types, columns, n);
    lite(b, text);
    write_insert(text, b->way, "VALUES(", forms, n, columns);
    need(sqlite3_prepare_v2(b->db, text, -1, &b->insert, NULL) == SQLITE_OK, text,
         sqlite3_errmsg(b->db));
}

static void open_postgres(struct store_bare *b, const char *place, const struct sql_column *columns,
                          size_t n)
{
    static const char *const types[] = {"BIGINT", "TEXT COLLATE \"C\"", "BYTEA"};
    static const char *const rows[] = {"::bigint", "::text", "::bytea"};
    static const char *const arrays[] = {"::bigint[]", "::text[]", "::bytea[]"};
    char text[TEXT_MAX];
    bool by_row = b->way == BARE_POSTGRES_ROWS;
    b->conn = PQconnectdb(place);
    need(PQstatus(b->conn) == CONNECTION_OK, "connecting", PQerrorMessage(b->conn));
    finish(b, PQexec(b->conn, "SET client_min_messages = warning"), "setting");
    snprintf(text, sizeof(text), "DROP TABLE IF EXISTS %s", tables[b->way]);
    finish(b, PQexec(b->conn, text), text);
    write_table(text, b->way, types, columns, n);
    finish(b, PQexec(b->conn, text), text);
    write_insert(text, b->way, by_row ? "VALUES(" : "SELECT * FROM unnest(", by_row ? rows : arrays,
                 n, columns);
    finish(b, PQprepare(b->conn, "bare", text, 0, NULL), text);
}

struct store_bare *store_bare_open(enum store_bare_way way, const char *place,
                                   const struct sql_column *columns, size_t n_columns)
{
    struct store_bare *b = calloc(1, sizeof(*b));
    need(b != NULL, "memory", "");
    b->way = way;
    if (way == BARE_SQLITE)
        open_sqlite(b, place, columns, n_columns);
    else
        open_postgres(b, place, columns, n_columns);
    return b;
}

static void write_sqlite(struct store_bare *b, const struct sql_column *columns, size_t n,
                         size_t n_rows)
{
    lite(b, "BEGIN IMMEDIATE");
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t c = 0; c < n; c++) {
            int at = (int)c + 1;
            if (columns[c].type == SQL_INT)
                sqlite3_bind_int64(b->insert, at, columns[c].ints[row]);
            else if (columns[c].type == SQL_TEXT)
                sqlite3_bind_text(b->insert, at, columns[c].texts[row], -1, SQLITE_STATIC);
            else
                sqlite3_bind_blob(b->insert, at, columns[c].bytes[row], (int)columns[c].lens[row],
                                  SQLITE_STATIC);
        }
        need(sqlite3_step(b->insert) == SQLITE_DONE, "insert", sqlite3_errmsg(b->db));
        sqlite3_reset(b->insert);
    }
    lite(b, "COMMIT");
}

static void write_row(struct store_bare *b, const struct sql_column *columns, size_t n, size_t row)
{
    const char *values[SQL_PLACES_MAX];
    int lens[SQL_PLACES_MAX];
    int binary[SQL_PLACES_MAX];
    unsigned char numbers[SQL_PLACES_MAX][8];
    for (size_t c = 0; c < n; c++) {
        binary[c] = columns[c].type != SQL_TEXT;
        lens[c] = 8;
        if (columns[c].type == SQL_INT) {
            sql_binary_put_int(columns[c].ints[row], numbers[c]);
            values[c] = (const char *)numbers[c];
        } else if (columns[c].type == SQL_TEXT) {
            values[c] = columns[c].texts[row];
        } else {
            values[c] = columns[c].bytes[row];
            lens[c] = (int)columns[c].lens[row];
        }
    }
    finish(b, PQexecPrepared(b->conn, "bare", (int)n, values, lens, binary, 0), "insert");
}

static void write_arrays(struct store_bare *b, const struct sql_column *columns, size_t n,
                         size_t n_rows)
{
    unsigned char *arrays[SQL_PLACES_MAX] = {NULL};
    int lens[SQL_PLACES_MAX] = {0};
    int binary[SQL_PLACES_MAX] = {0};
    for (size_t c = 0; c < n; c++) {
        lens[c] = (int)sql_binary_array_size(&columns[c], n_rows);
        arrays[c] = malloc((size_t)lens[c]);
        need(arrays[c] != NULL, "memory", "");
        sql_binary_put_array(&columns[c], n_rows, arrays[c]);
        binary[c] = 1;
    }
    finish(b, PQexecPrepared(b->conn, "bare", (int)n, (const char *const *)arrays, lens, binary, 0),
           "insert");
    for (size_t c = 0; c < n; c++)
        free(arrays[c]);
}

void store_bare_write(struct store_bare *b, const struct sql_column *columns, size_t n_columns,
                      size_t n_rows)
{
    if (b->way == BARE_SQLITE) {
        write_sqlite(b, columns, n_columns, n_rows);
        return;
    }
    finish(b, PQexec(b->conn, "BEGIN"), "begin");
    if (b->way == BARE_POSTGRES_ARRAYS)
        write_arrays(b, columns, n_columns, n_rows);
    else
        for (size_t row = 0; row < n_rows; row++)
            write_row(b, columns, n_columns, row);
    finish(b, PQexec(b->conn, "COMMIT"), "commit");
}

void store_bare_close(struct store_bare *b)
{
    sqlite3_finalize(b->insert);
    sqlite3_close(b->db);
    PQfinish(b->conn);
    free(b);
}
