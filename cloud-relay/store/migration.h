/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/migration.h -- brings a store's tables to this release: the files of schema/, which stand
 * in the binary, each a version. It never goes back.
 *
 * In a file a statement ends with ";" at the end of a line, lines that begin with "--" are
 * comments, and these words are written as the engine wants them: @tenant@ the tenant column with
 * its default,
 * @bytes@ the type for bytes, TEXT text that compares by bytes, @spread@ behind a table that
 * grows with the entries its hash partitions by tenant, and "(tenant, " where a key begins. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "sql.h"

struct migration {
    int64_t version; /* of the store when it is done; 1, 2, ... */
    const char *name;
    const char *text;
};

extern const struct migration store_migrations[];
extern const size_t store_migrations_count;

/* Runs what the store lacks, in one transaction; others that migrate wait. *reterr names the
 * statement that failed.
 *   -EPROTO  the store is of a newer release
 *   -ENOENT  the store is empty, and create does not say to fill it */
NODISCARD int migration_run(struct sql *s, const struct migration *steps, size_t n, bool create,
                            struct diag *reterr);
