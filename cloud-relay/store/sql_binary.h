/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/sql_binary.h -- values as PostgreSQL writes them in its binary formats: big-endian numbers,
 * numeric, arrays. Pure; no connection. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "sql.h"

/* PostgreSQL's numbers of its types (pg_type.dat), which are the same on every server. */
enum sql_oid {
    SQL_OID_BOOL = 16,
    SQL_OID_BYTEA = 17,
    SQL_OID_NAME = 19,
    SQL_OID_INT8 = 20,
    SQL_OID_INT2 = 21,
    SQL_OID_INT4 = 23,
    SQL_OID_TEXT = 25,
    SQL_OID_BYTEA_ARRAY = 1001,
    SQL_OID_TEXT_ARRAY = 1009,
    SQL_OID_INT8_ARRAY = 1016,
    SQL_OID_VARCHAR = 1043,
    SQL_OID_NUMERIC = 1700, /* what sum() of BIGINT gives */
};

/* A type of ours as one value, and as the array of many. */
unsigned int sql_binary_oid(enum sql_type type);
unsigned int sql_binary_array_oid(enum sql_type type);

void sql_binary_put_int(int64_t value, unsigned char out[8]);

/* A value of the type with that oid as a number. -ERANGE: a numeric beyond 64 bits; -EBADMSG: not a
 * whole number, or not a number at all. */
NODISCARD int sql_binary_get_int(unsigned int oid, const void *bytes, size_t len, int64_t *ret);

/* A column's rows as an array of one dimension, or of none where there is no row: how many bytes,
 * and the bytes. */
size_t sql_binary_array_size(const struct sql_column *column, size_t n_rows);
void sql_binary_put_array(const struct sql_column *column, size_t n_rows, unsigned char *out);
