/* SPDX-License-Identifier: Apache-2.0 */
/* journal/entry_table.h -- the entries themselves as rows: written once, read by sequence. */
#pragma once

#include "chain.h"
#include "db.h"
#include "entry.h"
#include "entry_codec.h"
#include "journal.h"

NODISCARD int entry_table_put(struct db *db, const struct entry *e, const uint8_t *raw,
                              size_t raw_len, const struct chain_head *hash);

/* 1 and *ret, or 0 when there is none. -EBADMSG: it is damaged. */
NODISCARD int entry_table_get(struct db *db, int64_t seq, struct entry *ret);

/* 1 and *ret: the chain's value after entry seq; 0 when there is none. */
NODISCARD int entry_table_hash(struct db *db, int64_t seq, struct chain_head *ret);

/* Seq of the last entry, 0 when there is none. */
NODISCARD int entry_table_last(struct db *db, int64_t *ret_seq);

/* As journal_read(). */
NODISCARD int entry_table_walk(struct db *db, int64_t from_seq, journal_entry_fn on_entry,
                               void *context);

/* The place behind which the entries stand: 0 and the genesis, or the last one that was deleted. */
struct entry_floor {
    int64_t seq;
    struct chain_head hash;
};

/* As journal_verify(), with the head known: -EBADMSG does not come, damage is in *ret_next. */
NODISCARD int64_t entry_table_verify(struct db *db, const struct entry_floor *floor,
                                     int64_t from_seq, int64_t count, int64_t *ret_next);

/* Deletes the entries up to that one. */
NODISCARD int entry_table_delete(struct db *db, int64_t up_to);
