/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_context.h -- where one end stands in a journal's entries: it was given those from
 * `first` on, up to just before `next`, and foresees the next from them. What it holds follows from
 * those entries alone, not from how they came or were cut into batches, so that what one end writes
 * from here the other can read that was given the same. Pure.
 *
 *   device  entries of its journal     relay  entries of its store
 *           batch_context_begin(first)         batch_context_begin(first)   the batch says `first`
 *           batch_context_add() ...            batch_context_add() ...
 *           batch_encode()             ->      batch_decode_known()
 *           both stand behind the batch: the next one needs nothing more */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"

/* A context begins at a multiple of BATCH_CONTEXT_STEP, one or two of them before the batch: so it
 * seldom has to begin anew, and never has more than BATCH_CONTEXT_MAX entries before a batch. */
#define BATCH_CONTEXT_STEP 512
#define BATCH_CONTEXT_MAX (2 * BATCH_CONTEXT_STEP - 1)

struct batch_context;

NODISCARD int batch_context_new(struct batch_context **ret); /* stands nowhere; -ENOMEM */
void batch_context_free(struct batch_context *k);            /* NULL is fine */
DEFINE_AUTO(batch_context);

/* With which entry the context of a batch should begin, of those from floor on. */
int64_t batch_context_start(int64_t first_seq, int64_t floor);

/* Forgets all, and stands before entry `first`, 1 or more. */
void batch_context_begin(struct batch_context *k, int64_t first);

/* Takes the entry `next`. */
void batch_context_add(struct batch_context *k, const struct entry *e);

int64_t batch_context_first(const struct batch_context *k); /* 0: it stands nowhere, */
int64_t batch_context_next(const struct batch_context *k);  /* and so after a broken batch */

size_t batch_context_bytes(void);
