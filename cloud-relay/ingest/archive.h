/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/archive.h -- the batches as they came, read back: each journal's entries out of the
 * archive alone, held against the rows of `entry`, and put in their place where those are damaged.
 * What follows from the rows is made anew by projection_rebuild(). */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"

struct archive_verdict {
    char device[ENTRY_DEVICE_SIZE];
    int64_t epoch;
    int64_t wm;
    int64_t archived;  /* entries 1..archived are there, and are the chain that each batch names */
    int64_t differing; /* of these: rows of `entry` that are missing or say anything else */
    int64_t first_seq; /* the first of them; 0: none */
};

/* Non-zero stops; that is passed on. */
typedef int (*archive_verdict_fn)(const struct archive_verdict *v, void *context);

/* Compares every journal's rows, column by column, with what its batches say. In the caller's
 * transaction. Errors of the store; -ENOMEM. */
NODISCARD int archive_check(struct sql *s, archive_verdict_fn on_journal, void *context);

/* The same, and writes the rows that differ as the batches have them; rows that the archive does
 * not reach are left. In the caller's write transaction, in which nobody takes batches in. */
NODISCARD int archive_restore(struct sql *s, archive_verdict_fn on_journal, void *context);
