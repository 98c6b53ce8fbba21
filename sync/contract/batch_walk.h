/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_walk.h -- one entry after the other as bits, each field foreseen from the entries
 * before it; the same walk writes and reads, so that both ends learn alike. For batch_context.c.
 * Pure.
 *
 *   shape    as one of those known, by number; or new: kind, and which columns it has
 *   columns  in the order of a table, each tried against what rows with the same goods, paper or
 *            kind had in it, one bit a try; where none is right,
 *     number   its difference to the first try
 *     text     a word that is known, by number; or new: its length and bytes, foreseen from a text
 *              that it may be alike
 *
 * The table, the contexts and the order of all steps are the format: whoever changes one of them
 * makes a new one (wire.h). */
#pragma once

#include "batch_memory.h"
#include "bit_coder.h"
#include "bit_guess.h"
#include "entry.h"

/* Writes e, or, with a coder that reads, fills it in; its seq is given. Then m and g have learnt
 * it. -EBADMSG: what was read is no entry; nothing more can be read. */
NODISCARD int batch_walk(struct batch_memory *m, struct bit_guess *g, struct bit_coder *c,
                         struct entry *e);
