/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/store_bare.h -- what the relay's store is measured against: the rows of `entry` in a
 * table of the same columns and key without a tenant, written by SQLite's and PostgreSQL's own
 * libraries. Ends the program when they refuse. */
#pragma once

#include <stddef.h>

#include "sql.h"

struct store_bare;

/* One INSERT a row in one transaction (sqlite, rows), or one INSERT ... SELECT unnest (arrays). */
enum store_bare_way { BARE_SQLITE, BARE_POSTGRES_ROWS, BARE_POSTGRES_ARRAYS };

/* place: a file, or libpq's words. */
struct store_bare *store_bare_open(enum store_bare_way way, const char *place,
                                   const struct sql_column *columns, size_t n_columns);
void store_bare_write(struct store_bare *b, const struct sql_column *columns, size_t n_columns,
                      size_t n_rows); /* durable when it returns */
void store_bare_close(struct store_bare *b);
