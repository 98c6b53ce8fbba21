/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_json.h -- a batch as JSON lines, for debugging with a broker's own tools: the head
 * in the first line, then one entry a line as entry_json() writes it. For batch.c. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "batch.h"

/* Writes into room bytes. -ENOSPC: they are too few; -ENOMEM. */
NODISCARD int batch_json_write(const struct batch_head *head, const struct entry *entries,
                               uint8_t *at, size_t room, size_t *ret_len);

/* Reads it. entries has room for BATCH_ENTRIES_MAX. Errors as batch_decode(). */
NODISCARD int batch_json_read(const uint8_t *bytes, size_t len, struct batch_head *ret_head,
                              struct entry *entries, struct diag *reterr);
