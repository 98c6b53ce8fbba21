/* SPDX-License-Identifier: Apache-2.0 */
/* journal/fold.h -- what a fold is: tables of its own that follow from the entries alone, in order.
 * Folds do not read each other. Whatever they hold can be thrown away and made again. */
#pragma once

#include "base.h"
#include "db.h"
#include "diag.h"
#include "entry.h"

#define FOLD_TABLES_MAX 4

struct fold {
    const char *name;
    int32_t version; /* of schema and rules: another one makes all folds anew at opening */
    const char *schema;
    const char *drop; /* also right where nothing of it exists; says "main.", or an attached base's
                         tables would go in their stead */
    const char *copy; /* all rows of the attached base (base.h) into empty tables of this file */
    /* All rows in an order that does not depend on how they came: for the digest. */
    const char *rows[FOLD_TABLES_MAX];
    /* Takes in one entry that passed entry_check(), and is stored already. 0; -EINVAL with *reterr
     * when a sum would leave its range; else the database's error. */
    int (*apply)(struct db *db, const struct entry *e, struct diag *reterr);
};

extern const struct fold fold_stock;
extern const struct fold fold_demand;
extern const struct fold fold_document;
extern const struct fold fold_capture;
extern const struct fold fold_alert;
extern const struct fold fold_flag;
extern const struct fold fold_reason;

/* Applies one entry to every fold. */
NODISCARD int folds_apply(struct db *db, const struct entry *e, struct diag *reterr);

/* 1 when every fold's tables are there in the version of this release, and no others; else 0. */
NODISCARD int folds_in_place(struct db *db);

NODISCARD int folds_attached_in_place(struct db *db); /* the same, of an attached base */

/* Makes all tables anew, without rows. The table "fold" must be there. */
NODISCARD int folds_make(struct db *db);

/* Makes tables that are missing or of another version, from all entries, those that were deleted by
 * what they left in the base. 1 when it did so, 0 when all were in place. `force`: in any case. In
 * one transaction. Besides errors of the database those of base_attach(). */
NODISCARD int folds_ensure(struct db *db, const struct base_place *place, bool force,
                           struct diag *reterr);

/* *sum + delta without overflow; -EINVAL with *reterr naming `what`. */
NODISCARD int fold_add(int64_t *sum, int64_t delta, const char *what, struct diag *reterr);

/* The entry in a column. 0, or -EBADMSG. */
NODISCARD int fold_read_entry(struct query *q, int column, struct entry *ret);

/* stock_undone() of contract, by what is kept of the movement (referred.h). */
NODISCARD int fold_undone(struct db *db, const struct entry *e, struct entry *ret_movement,
                          int64_t *ret_units);
