/* SPDX-License-Identifier: Apache-2.0 */
/* journal/journal_state.h -- what the files of this folder share of an open journal. Not for
 * others. */
#pragma once

#include "db.h"
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
    char *folder; /* in which the file lies: its file system is asked for room */
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

/* Bytes free for new work before the reserve is touched; negative: below it. */
NODISCARD int journal_room(const struct journal *j, int64_t *ret_bytes, int64_t *ret_free_bytes);

/* Words for an error of the disk. Returns err. */
int journal_failed(struct diag *reterr, int err, const char *doing);
