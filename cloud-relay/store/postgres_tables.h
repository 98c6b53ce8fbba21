/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/postgres_tables.h -- what PostgreSQL's tables get besides their columns: row-level security
 * by relay.tenant, partitions, the register of tenants, the store's version. For sql_postgres.c
 * only, which gives it a connection. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sql.h"

/* Members of struct sql_ops (sql_engine.h). */
int postgres_tables_store_made(struct sql *s);
int postgres_tables_version(struct sql *s, int64_t *ret);
int postgres_tables_set_version(struct sql *s, int64_t version);
int postgres_tables_made(struct sql *s, const char *table, bool spread);
int postgres_tables_admit(struct sql *s, bool create);

/* By sql_postgres.c. The first column of the first row of a question with at most one value, as
 * text in `dst`. -ENODATA: no row, or NULL. */
int sql_postgres_ask(struct sql *s, const char *text, const char *value, char *dst, size_t size);

/* By sql_postgres.c: what sql_words() says from now on. */
void sql_postgres_say(struct sql *s, const char *words);
