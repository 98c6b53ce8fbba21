/* SPDX-License-Identifier: Apache-2.0 */
/* journal/journal_state.h -- what the files of this folder share of an open journal. Not for
 * others. */
#pragma once

#include "base.h"
#include "db.h"
#include "entry_table.h"
#include "journal.h"

/* Where a journal ends. */
struct journal_tip {
    int64_t seq;
    struct chain_head hash;
    int64_t wall_ms;
    int64_t boot;
};

struct journal {
    struct db *db;
    struct chain_head genesis;
    struct entry_floor floor; /* what was deleted, durably */
    char *base_path;
    const char *vfs;   /* borrowed */
    struct base *base; /* while entries are being deleted; NULL: not opened */
    char *folder;      /* in which the file lies: its file system is asked for room */
    int64_t disk_reserve_bytes;
    struct journal_tip tip;       /* what was appended counts */
    struct journal_tip committed; /* what a rollback goes back to */
    int pending;
    bool open; /* a transaction of ours */
};

/* Begins the transaction if none is open. As journal_append(). */
NODISCARD int journal_begin(struct journal *j, struct diag *reterr);

/* A unit: begun, filled with rows of other tables and with checked entries, ended with the first
 * error or 0. Ending passes the error on and undoes the unit, or, when SQLite has ended the
 * transaction or cannot undo, all of the transaction. */
NODISCARD int journal_unit_begin(struct journal *j, struct journal_tip *ret_before,
                                 struct diag *reterr);
NODISCARD int journal_unit_add(struct journal *j, const struct journal_time *time,
                               struct entry *entries, size_t n, struct diag *reterr);
NODISCARD int journal_unit_end(struct journal *j, int err, const struct journal_tip *before,
                               struct diag *reterr);

struct base_place journal_base_place(const struct journal *j); /* borrowed from j */

/* Bytes free for new work before the reserve is touched, pages that deleted entries left in the
 * file among them; negative: below it. *ret_free_bytes: of the file system. */
NODISCARD int journal_room(struct journal *j, int64_t *ret_bytes, int64_t *ret_free_bytes);

/* Words for an error of the disk. Returns err. */
int journal_failed(struct diag *reterr, int err, const char *doing);
