/* SPDX-License-Identifier: Apache-2.0 */
/* journal/floor.h -- the row that says where a journal begins: the last entry that was deleted, and
 * the chain's value there, written in the transaction that deletes. Not for others. */
#pragma once

#include "attr.h"
#include "db.h"
#include "entry_table.h"

/* 0 and the genesis when nothing was deleted. */
NODISCARD int floor_read(struct db *db, const struct chain_head *genesis, struct entry_floor *ret);

NODISCARD int floor_write(struct db *db, const struct entry_floor *floor, int64_t now_ms);
