/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/ingest_judge.h -- for ingest_*.c only: what each message of a group means, held against
 * what is stored. All of it inside the transaction, into the group; nothing is written here but
 * entries ahead of their turn, and nothing is sent.
 *
 *   ingest_admit.c     whether the device may speak, and its journal's row
 *   ingest_verdict.c   what a verdict of the link's machine brings: the answer, and a hold
 *   ingest_hello.c     HELLO, GET
 *   ingest_batch.c     batches; ingest_overlap.c: those against what is there already
 *   ingest_notice.c    notices */
#pragma once

#include "ingest_group.h"

/* The message counts as nothing; why: the alarm. Always 0: it is no error of ours. */
int judge_drop(struct judge *j, struct outcome *o, const char *why);

/* Whether the topic and the payload name one device, known and not revoked, in its shard and of an
 * epoch that was given. 1 and the journal's place in the group; 0 when the message is dropped; or
 * an error of the store. */
NODISCARD int judge_admit(struct judge *j, struct outcome *o, const struct origin *origin,
                          size_t *ret_journal);

/* The answer that a verdict brings, but for what follows a batch that is taken. */
void judge_answer(struct judge *j, struct outcome *o, const struct intake_answer *a);

/* A fork or a roll-back: set aside once, then the journal is held. Any other verdict: at most the
 * alarm that it raises. m: borrowed until the group is written. */
void judge_hold(struct judge *j, struct outcome *o, size_t journal, const struct intake_answer *a,
                const struct ingest_message *m);

/* The entries that are the rows from `first` on, of batch b, whose verdict *a was to take it or to
 * have it already: what is stored must be the same, what is new must continue the chain. Else *a is
 * a fork. 0, or an error of the store. */
NODISCARD int judge_overlap(struct judge *j, size_t journal, size_t first,
                            const struct link_batch *b, struct intake_answer *a);

/* The canonical bytes of an entry that an earlier message of this group brought; NULL: none did. */
const uint8_t *judge_gathered_body(const struct judge *j, size_t journal, int64_t seq,
                                   size_t *ret_len);

/* A message of one topic, of the tenant that j->s is of. 0, -ENOMEM, or an error of the store. */
NODISCARD int judge_control(struct judge *j, struct outcome *o, const struct ingest_message *m);
NODISCARD int judge_batch(struct judge *j, struct outcome *o, const struct ingest_message *m);
NODISCARD int judge_notice(struct judge *j, struct outcome *o, const struct ingest_message *m);
