/* SPDX-License-Identifier: Apache-2.0 */
/* base/csv_table.h -- reads a CSV text with a header row and hands out its rows by column name
 * (RFC 4180 quoting; libcsv does the parsing). Streaming: one row is held at a time. */
#pragma once

#include <stddef.h>

#include "attr.h"
#include "diag.h"

#define CSV_TABLE_COLUMNS_MAX 128
#define CSV_TABLE_ROW_BYTES_MAX 16384
#define CSV_TABLE_FILE_MAX (64 << 20)

struct csv_row; /* borrowed for the length of the callback */

/* The field of that column as text, with its blanks; "" when the row is short. NULL when the table
 * has no such column. */
const char *csv_row_get(const struct csv_row *row, const char *column);

int csv_row_line(const struct csv_row *row); /* 1-based; the header is line 1 */

/* Called for each data row. A negative return stops the reading and is passed on; the callback then
 * fills reterr itself. */
typedef int (*csv_table_row_fn)(const struct csv_row *row, void *context, struct diag *reterr);

/* Reads text of len bytes. `required` names the columns that must be there, ended by NULL; others
 * are allowed. -EINVAL with *reterr for a malformed text, a missing or doubled column, a row that
 * is too long or has more fields than the header; else what the callback returned. Blank lines are
 * passed over. */
NODISCARD int csv_table_read(const char *text, size_t len, const char *const required[],
                             csv_table_row_fn on_row, void *context, struct diag *reterr);

/* The same for a file of at most CSV_TABLE_FILE_MAX bytes; the errors of file_text() besides. */
NODISCARD int csv_table_read_file(const char *path, const char *const required[],
                                  csv_table_row_fn on_row, void *context, struct diag *reterr);
