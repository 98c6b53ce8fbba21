/* SPDX-License-Identifier: Apache-2.0 */
/* journal/fold.h -- what a fold is: tables of its own that follow from the entries alone, in order.
 * Folds do not read each other. Whatever they hold can be thrown away and made again. */
#pragma once

#include "db.h"
#include "diag.h"
#include "entry.h"

#define FOLD_TABLES_MAX 4

struct fold {
    const char *name;
    int32_t version; /* of schema and rules: another one makes all folds anew at opening */
    const char *schema;
    const char *drop; /* also right where nothing of it exists */
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

/* Makes tables that are missing or of another version, from all entries. 1 when it did so, 0 when
 * all were in place. `force`: in any case. In one transaction. */
NODISCARD int folds_ensure(struct db *db, bool force, struct diag *reterr);

/* *sum + delta without overflow; -EINVAL with *reterr naming `what`. */
NODISCARD int fold_add(int64_t *sum, int64_t delta, const char *what, struct diag *reterr);

/* stock_undone() of contract, in this journal. */
NODISCARD int fold_undone(struct db *db, const struct entry *e, struct entry *ret_movement,
                          int64_t *ret_units);
