/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/journal_row.h -- what the relay holds of one journal: the device it stands in, and its
 * watermark, read and written within a transaction. What follows for a message is link/intake.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "intake.h"
#include "sql.h"

/* What survives the loss of the relay's disk. */
enum ingest_safe {
    INGEST_SAFE_BACKUP,  /* what the last verified backup holds (relayctl store secured) */
    INGEST_SAFE_STANDBY, /* all, while PostgreSQL commits on a synchronous standby as well, which is
                            asked for in each transaction (sql_standby()) */
    INGEST_SAFE_COMMIT,  /* all, as its owner says: there is no second copy, and what appliances
                            delete is lost with this disk */
};

#define JOURNAL_ROWS_MAX 32 /* of one transaction */

struct journal_row {
    char device[ENTRY_DEVICE_SIZE];
    char site[ENTRY_DEVICE_SIZE];
    int64_t epoch;
    int64_t shard;
    int64_t device_epoch; /* the newest one given */
    bool claimed;         /* it has a certificate, and was not heard of yet */
    struct intake_row intake;
    int64_t fork_seq;
    int64_t entries_bytes;
    int64_t wire_bytes;
    int64_t batches;
    int64_t first_ms;
    int64_t last_ms;
    int64_t early;     /* entries of it that are kept ahead of their turn (early.h) */
    int64_t old_epoch; /* the newest epoch before this one that entries came of; 0: none */
};

/* secured: what is committed counts as safe. -ENOENT: no such device, or it was revoked. */
NODISCARD int journal_row_read(struct sql *s, const char *device, int64_t epoch, bool secured,
                               struct journal_row *ret);

/* Those of n rows that `changed` says, with one statement. */
NODISCARD int journal_rows_write(struct sql *s, const struct journal_row *rows, const bool *changed,
                                 size_t n);
