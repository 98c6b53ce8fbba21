/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/projection.h -- what follows from the appliances' entries at the relay: the tables of
 * schema/002_folds.sql. Entries are gathered in memory by key and written with one statement a
 * table. It stores no entries and knows no message.
 *
 * The order of entries counts within a journal only: journals may come in any interleaving, also
 * the two ends of a transfer, and the rows are the same. Rows that were made entry by entry, batch
 * by batch or in a rebuild are the same to the bit (projection_digest). What an entry does to stock
 * is contract/stock_effect.h, as on the appliance.
 *
 * Limits, beyond entry_check(): an entry moves at most PROJECTION_UNITS_MAX units of at most
 * PROJECTION_PAISE_MAX paise, so that a sum leaves 64 bits only after nine thousand million entries
 * of the largest size, ninety million for money. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "entry.h"
#include "entry_rows.h"
#include "sha256.h"
#include "sql.h"
#include "tally.h"

#define PROJECTION_UNITS_MAX INT64_C(1000000000)   /* a thousand tonnes in grams */
#define PROJECTION_PAISE_MAX INT64_C(100000000000) /* a hundred crore rupees */

struct projection;

NODISCARD int projection_open(struct projection **ret); /* -ENOMEM */
void projection_free(struct projection *f);
DEFINE_AUTO(projection);

/* Where an entry stands: its journal, and the site whose goods that journal moves. */
struct projection_source {
    const char *device;
    const char *site;
    int64_t epoch;
    const struct entry_rows *unwritten; /* its entries that the store does not have yet, or NULL */
};

/* Takes in one entry, which is stored or among the unwritten. Looks there for what an undo takes
 * back.
 *   0        taken in
 *   -EINVAL  *reterr: it cannot be applied; nothing of it was taken in: set it aside, go on
 *   -EPROTO  *reterr: of a newer release: the same
 *   else     memory or the store: roll back, projection_forget() */
NODISCARD int projection_entry(struct projection *f, struct sql *s,
                               const struct projection_source *from, const struct entry *e,
                               struct diag *reterr);

/* Before the first entry of a new epoch: what the older epochs of the device hold is booked out,
 * because the new one begins with an opening of its own. day: of that entry. Writes what was
 * gathered. */
NODISCARD int projection_new_epoch(struct projection *f, struct sql *s,
                                   const struct projection_source *from, int32_t day);

/* Writes what was gathered, in the caller's write transaction, and forgets it. After an error: roll
 * back, projection_forget(). */
NODISCARD int projection_write(struct projection *f, struct sql *s);
void projection_forget(struct projection *f);

/* Makes all folds anew from the entries, in a write transaction of the caller or of its own. */
NODISCARD int projection_rebuild(struct sql *s);

/* The same where a fold is missing or of another release's rules: 1 when it was done, else 0. */
NODISCARD int projection_ensure(struct sql *s);

/* One number for all rows of all folds. In a transaction of the caller or of its own. */
NODISCARD int projection_digest(struct sql *s, uint8_t ret[SHA256_SIZE]);

/* The rows as they were: from the entries up to an instant of the appliances' clocks, and of one
 * journal up to an entry. Changes nothing; memory grows with the number of rows. */
struct projection_until {
    int64_t wall_ms;    /* entries up to this instant; INT64_MAX: all */
    const char *device; /* of this journal only up to seq; NULL: of all, all */
    int64_t epoch;
    int64_t seq;
};
/* Non-zero stops; that is passed on. */
typedef int (*projection_row_fn)(const struct tally_table *table, const struct tally_row *row,
                                 void *context);
NODISCARD int projection_replay(struct sql *s, const struct projection_until *until,
                                projection_row_fn on_row, void *context);
