/* SPDX-License-Identifier: Apache-2.0 */
/* journal/journal_context.h -- a journal's entries for what foresees the next ones from them
 * (contract/batch_context.h). */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "batch_context.h"
#include "journal.h"

/* Gives `known` the entries from where it stands up to just before `until`, or as far as the
 * journal has them in order: batch_context_next() says. Errors as of journal_read(). */
NODISCARD int journal_give_context(struct journal *j, int64_t until, struct batch_context *known);
