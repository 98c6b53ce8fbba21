/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/journal_check.h -- whether the stored entries of each journal are the chain that its
 * watermark names, and what of a backup may count as safe. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "chain.h"
#include "entry.h"
#include "sql.h"

struct journal_verdict {
    char device[ENTRY_DEVICE_SIZE];
    int64_t epoch;
    int64_t wm;
    int64_t broken_seq;     /* the first entry that is missing or not the chain's; 0: all hold */
    struct chain_head head; /* recomputed, of the last that holds */
};

/* Recomputes every chain, in the caller's transaction. on_journal returns non-zero to stop. Errors
 * of the store. */
typedef int (*journal_verdict_fn)(const struct journal_verdict *v, void *context);
NODISCARD int journals_check(struct sql *s, journal_verdict_fn on_journal, void *context);

/* The head of a journal's chain at that entry: from the head of the last archived batch before it,
 * so that no more than a batch is recomputed; where the archive does not reach, from the beginning.
 * In the caller's transaction. -ENOENT: there is no such entry, or one before it is missing. */
NODISCARD int journal_chain_at(struct sql *s, const char *device, int64_t epoch, int64_t seq,
                               struct chain_head *ret);

/* A backup was found to hold that journal up to v->wm: so much is safe, where the store has the
 * same chain there. In the caller's write transaction. *ret_safe is what is safe now: it never
 * falls. -ENOENT: the store does not know the journal; -EBADMSG: it holds another chain. */
NODISCARD int journal_secure(struct sql *s, const struct journal_verdict *v, int64_t *ret_safe);
