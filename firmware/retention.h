/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/retention.h -- when the oldest entries of the journal go: past the days that they are
 * kept here, or sooner when the disk is nearly full; and never one that the relay does not have
 * safe, whatever the disk says. Deletes a few at a time, and warns of a disk that fills. */
#pragma once

#include "chain.h"
#include "journal.h"

/* Of what the journal can take of the disk: from where on an alert tells it, below which it may be
 * told again, and from where on the days that entries are kept do not count. */
#define RETENTION_WARN_PERMILLE 800
#define RETENTION_CALM_PERMILLE 750
#define RETENTION_PRESS_PERMILLE 950
/* Entries that always stay: those that batches under way are foreseen from (BATCH_CONTEXT_MAX and
 * LINK_ENTRIES_MAX, together), and some for the floor to look back on. */
#define RETENTION_KEPT_MIN 2048
#define RETENTION_ALERT "disk" /* reason of the entry; line: the percentage that was reached */

/* Begin with zeros and days. */
struct retention {
    int64_t days; /* 0: entries stay as long as there is room */
    bool warned;
    bool refused; /* it was logged why nothing can be deleted */
};

/* What the relay has safe: entries up to seq of the journal that has this hash there. seq 0: none.
 */
struct retention_secured {
    int64_t seq;
    struct chain_head hash;
};

/* Warns when it is time to, and deletes at most JOURNAL_TRIM_STEP entries. To be called when nobody
 * waits and nothing is pending: every few seconds, and again soon after it deleted. Returns how
 * many went; what goes wrong is logged, once, and tried again. */
int retention_step(struct retention *r, struct journal *j, const struct retention_secured *secured,
                   const struct journal_time *time);

/* The parts of a step: up to which entry they may go now, the floor when none may; and an alert at
 * the screens, which goes up like all entries, once a filling and also over restarts. Errors of the
 * journal. */
NODISCARD int retention_limit(const struct retention *r, struct journal *j,
                              const struct retention_secured *secured,
                              const struct journal_time *time, const struct journal_disk *disk,
                              int64_t *ret_seq);
NODISCARD int retention_warn(struct retention *r, struct journal *j,
                             const struct journal_time *time, const struct journal_disk *disk);
