/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/entry_rows.h -- entries as rows of the table `entry`, gathered over the batches of one
 * transaction and written with one statement. It checks nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"

struct entry_rows;

NODISCARD int entry_rows_open(struct entry_rows **ret); /* -ENOMEM */
void entry_rows_free(struct entry_rows *r);
DEFINE_AUTO(entry_rows);

/* Copies what the row holds. -ENOMEM. */
NODISCARD int entry_rows_add(struct entry_rows *r, const struct entry *e, const uint8_t *raw,
                             size_t raw_len);

size_t entry_rows_count(const struct entry_rows *r);
int64_t entry_rows_seq(const struct entry_rows *r, size_t at);

/* The canonical bytes. Borrowed until entry_rows_forget(). */
const uint8_t *entry_rows_body(const struct entry_rows *r, size_t at, size_t *ret_len);

/* Rows from `first` on stand in this journal, and came at came_ms. */
NODISCARD int entry_rows_belong(struct entry_rows *r, size_t first, const char *device,
                                int64_t epoch, int64_t came_ms);

/* The canonical bytes of that entry of a journal, where it is among the rows; NULL. It looks at all
 * of them: for the few entries that point back. */
const uint8_t *entry_rows_find(const struct entry_rows *r, const char *device, int64_t epoch,
                               int64_t seq, size_t *ret_len);

/* Takes out n rows from `first` on. */
void entry_rows_drop(struct entry_rows *r, size_t first, size_t n);

/* Which of the rows, all of one journal and behind each other, are stored as they stand here, with
 * every column: into ret_same[], one a row. Errors of the store. */
NODISCARD int entry_rows_compare(const struct entry_rows *r, struct sql *s, bool *ret_same);

/* Writes all. -EEXIST: one of them is stored, and none was written. They stay until
 * entry_rows_forget(). */
NODISCARD int entry_rows_write(struct entry_rows *r, struct sql *s);
void entry_rows_forget(struct entry_rows *r);
