/* SPDX-License-Identifier: Apache-2.0 */
/* contract/entry_json.h -- an entry as one line of JSON for people and tools: names instead of
 * column numbers, dates instead of days, absent fields left out. On the wire it stands only where a
 * link is debugged. */
#pragma once

#include <stddef.h>

#include "attr.h"
#include "diag.h"
#include "entry.h"

/* The line, without newline, in memory from malloc() that the caller frees. NULL: out of memory. */
NODISCARD char *entry_json(const struct entry *e);

/* Reads such a line of len bytes back.
 *   -EBADMSG  not such a line; *reterr says which member. A number beyond 2^53 is refused too: JSON
 *             readers hold doubles
 *   -EPROTO   a member that this release does not know */
NODISCARD int entry_json_read(const char *line, size_t len, struct entry *ret, struct diag *reterr);
