/* SPDX-License-Identifier: Apache-2.0 */
/* station/proposal.h -- which line of a document comes next on the round, and which lot of its
 * product should leave first. */
#pragma once

#include "post.h"
#include "step.h"

/* The lot that should leave for that line: first expired, first out, among sellable lots on racks
 * and dock that are good until the receiver needs them; ties in the order of journal_lots(). Of a
 * line that names its batch, that batch only. 1: *t has its lot; 0: there is none. */
NODISCARD int proposal_lot(struct step *s, const struct catalogue_order_line *line,
                           struct target *t);

/* The open line of work.document whose lot lies next on the round, behind what was skipped (from
 * the start again when nothing is). 1: work.target; 0: no line is open. */
NODISCARD int proposal_next(struct step *s, enum order_kind kind, bool receiver_wants_life);
