/* SPDX-License-Identifier: Apache-2.0 */
/* inbox/inbox_state.h -- what the files of this folder share of an open inbox. Not for others. */
#pragma once

#include "db.h"
#include "inbox.h"

struct inbox {
    struct db *db;
    int64_t seen; /* data_version that a reader knows; -1: none */
};

/* Ends the transaction that db_begin() began: commits when err is 0, else undoes it. */
NODISCARD int inbox_settle(struct inbox *x, int err);
