/* SPDX-License-Identifier: Apache-2.0 */
/* journal/balance_row.h -- sums of units by SKU, batch and account in a table "balance": what the
 * conservation equation is made of (balance.c), and what is left of deleted entries (base.c). */
#pragma once

#include "attr.h"
#include "db.h"
#include "entry.h"

NODISCARD int balance_row_make(struct db *db);      /* an empty table of the file's own */
NODISCARD int balance_row_make_temp(struct db *db); /* an empty one that only this opening sees */

/* Adds what the entry moves, to whichever of the two is there. */
NODISCARD int balance_row_add(struct db *db, const struct entry *e);

/* Adds every sum of one to the other. */
NODISCARD int balance_row_copy(struct db *from, struct db *to);
