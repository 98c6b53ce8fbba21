/* SPDX-License-Identifier: Apache-2.0 */
/* station/undo.h -- takes the last booking of a post back, by entries that compensate it. Nothing
 * is edited. */
#pragma once

#include "step.h"

/* Adds what compensates post->last_seq and its unit, and says so; or says why it cannot be: it was
 * none, it is not of a kind that can be taken back, or the goods have moved on since. */
NODISCARD int undo_last(struct step *s);
