/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/known_journals.h -- what batches are foreseen from (contract/batch_context.h), of the
 * journals that were heard of last: a bounded number, each as its last batch left it. Of any other
 * the entries are read from the store again. It judges nothing. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "batch_context.h"
#include "chain.h"
#include "sql.h"

#define KNOWN_JOURNALS_MAX 32 /* twice batch_context_bytes() each, taken when they are heard of */

struct known_journals;

NODISCARD int known_journals_open(struct known_journals **ret); /* -ENOMEM */
void known_journals_free(struct known_journals *k);
DEFINE_AUTO(known_journals);

/* Which entries of a journal are to be known: `count` up to just before first_seq. */
struct known_wanted {
    const char *device;
    int64_t epoch;
    int64_t first_seq;
    int32_t count;
    int64_t stored; /* entries 1 to this one are in the store; later ones the caller gives */
    const struct chain_head *behind; /* the chain before first_seq; NULL: not known */
};

/* The canonical bytes of an entry that is not in the store yet; NULL: there is none. */
typedef const uint8_t *(*known_body_fn)(int64_t seq, size_t *ret_len, void *context);

/* 1 and the context that knows them, which the caller reads a batch with; 0 when the store does not
 * have them all; errors of the store, -ENOMEM. Without known_journals_taken() after it the journal
 * is read again the next time. */
NODISCARD int known_journals_find(struct known_journals *k, struct sql *s,
                                  const struct known_wanted *wanted, known_body_fn body,
                                  void *context, struct batch_context **ret);

/* The batch that was read was taken: it is those entries, and the chain behind it is that. */
void known_journals_taken(struct known_journals *k, const struct batch_context *known,
                          const struct entry *entries, size_t count,
                          const struct chain_head *behind);
