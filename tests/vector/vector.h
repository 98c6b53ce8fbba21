/* SPDX-License-Identifier: Apache-2.0 */
/* tests/vector/vector.h -- runs files of test vectors through the product. A kind of vector is a
 * check of one row; the runner reads the file, calls it row by row, and counts. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "csv_table.h"

struct vector_run;

/* Judges one row. It calls vector_expect...() for everything that the row asserts: the row passes
 * when all agree. It returns 0, or a negative errno with *reterr when the row cannot be read. */
typedef int (*vector_check_fn)(const struct csv_row *row, struct vector_run *run,
                               struct diag *reterr);

struct vector_kind {
    const char *name;            /* as given on the command line */
    const char *const *required; /* columns, ended by NULL */
    vector_check_fn check;
    const char *id; /* the column that names a row in messages; NULL: its line does */
};

/* Each file of this folder offers its kinds; vector.c lists them. Ended by a NULL name. */
extern const struct vector_kind vector_barcode_kinds[];
extern const struct vector_kind vector_hid_kinds[];
extern const struct vector_kind vector_scale_kinds[];
extern const struct vector_kind vector_gst_kinds[];
extern const struct vector_kind vector_gst_tax_kinds[];
extern const struct vector_kind vector_eway_kinds[];

/* The file being run: a kind that needs a neighbour of it (invoice lines) starts from its path. */
const char *vector_run_path(const struct vector_run *run);

/* Each prints "KIND ROW: what: got ..., want ..." when they differ, and fails the row. */
void vector_expect_text(struct vector_run *run, const char *what, const char *got,
                        const char *want);
void vector_expect_int(struct vector_run *run, const char *what, int64_t got, int64_t want);

/* Turns the \xNN of a field into the bytes they stand for; all else is taken as it is. Writes the
 * bytes and a NUL behind them, which *ret_len does not count. -EINVAL with *reterr for a \ that two
 * hexadecimal digits do not follow, -ENAMETOOLONG when it does not fit; buf then holds nothing of
 * use. */
NODISCARD int vector_unescape(const char *field, char *buf, size_t size, size_t *ret_len,
                              struct diag *reterr);
