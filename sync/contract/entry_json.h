/* SPDX-License-Identifier: Apache-2.0 */
/* contract/entry_json.h -- an entry as one line of JSON for people and tools: names instead of
 * column numbers, dates instead of days, absent fields left out. Not a wire format: nothing reads
 * it back. */
#pragma once

#include "attr.h"
#include "entry.h"

/* The line, without newline, in memory from malloc() that the caller frees. NULL: out of memory. */
NODISCARD char *entry_json(const struct entry *e);
