/* SPDX-License-Identifier: Apache-2.0 */
/* journal/base.h -- the folds as they stood behind an entry that is at or after the last deleted
 * one, in a file of their own beside the journal: what folds are made anew from when the entries
 * before are gone. It deletes nothing.
 *
 *   base_advance()    the base takes the next entries in, durably    base.seq >= floor, always,
 *   journal_trim()    only then are they deleted                     wherever the power is cut
 *
 * It is of the same tables as the folds in the journal, and of the same versions: what cannot be
 * made from entries any more must be brought along by a step of the release that changes a fold. */
#pragma once

#include "db.h"
#include "diag.h"
#include "entry_table.h"

/* Where it lies, and what it must reach at least. */
struct base_place {
    const char *path;
    const char *vfs;
    struct entry_floor floor;
};

struct base {
    struct db *db;
    struct entry_floor at; /* entries up to at.seq are in it; the chain there */
};

/* Opens the base of that journal to be advanced. While nothing was deleted one that is missing or
 * another journal's is begun anew.
 *   -ENODATA  entries were deleted, and what they left is missing or not of this journal
 *   -EPROTO   of another release's folds
 *   -EBADMSG -EIO -ENOSPC ...  as db.h; *reterr says what was tried */
NODISCARD int base_open(const struct base_place *place, struct db *journal, struct diag *reterr,
                        struct base **ret);
void base_free(struct base *b); /* NULL is fine */
DEFINE_AUTO(base);

/* Takes in the entries up to that one, all or none. Blocks for the disk. */
NODISCARD int base_advance(struct base *b, struct db *journal, int64_t to, struct diag *reterr);

/* Makes its tables readable beside the journal's as base.NAME, outside of transactions and while no
 * struct base is open; *ret_seq is where it stands. Errors as base_open(). */
NODISCARD int base_attach(const struct base_place *place, struct db *journal, struct diag *reterr,
                          int64_t *ret_seq);
void base_detach(struct db *journal);

/* Adds its sums of units to temp.balance of that journal (balance.c), read beside whoever advances
 * it; *ret_seq is the entry up to which they count. */
NODISCARD int base_balances(const struct base_place *place, struct db *journal, int64_t *ret_seq);
