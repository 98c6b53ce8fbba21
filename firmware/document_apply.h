/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/document_apply.h -- one document takes effect, whatever carrier brought it: a newer
 * version than the one in force, whole, with its `applied` entry, in one commit; or it does not,
 * and then the journal says why, so that whoever made it hears of it. */
#pragma once

#include "master.h"

/* Nothing may be pending in the journal.
 *   0        in force, and durable
 *   -EEXIST  it is in force already
 *   -EINVAL -EPROTO  refused: *reterr names line and column, or the version that is in force
 *   else     as journal_commit(): not now, and nothing happened */
NODISCARD int document_apply(struct journal *j, const struct journal_time *time,
                             enum document_type type, int32_t version, const char *text, size_t len,
                             struct diag *reterr);

/* Journals that a document was refused: name as "orders", reason DOCUMENT_REFUSED, the note in
 * words. Errors as journal_commit(): nothing happened. */
#define DOCUMENT_REFUSED "document"
NODISCARD int document_refused(struct journal *j, const struct journal_time *time, const char *name,
                               int64_t version, const struct diag *why);
