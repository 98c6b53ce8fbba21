/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_predicted.h -- the entries of a batch as what could not be foreseen of them from
 * the entries before (batch_walk.h). For batch.c. Pure. */
#pragma once

#include "batch_context.h"

/* Writes count entries from where k stands, which then stands behind them. -ENOSPC: they take more
 * than room, and k stands nowhere. */
NODISCARD int batch_predicted_write(struct batch_context *k, const struct entry *entries,
                                    int32_t count, uint8_t *at, size_t room, size_t *ret_len);

/* Reads them. -EBADMSG: broken, and k stands nowhere. */
NODISCARD int batch_predicted_read(struct batch_context *k, const uint8_t *bytes, size_t len,
                                   struct entry *entries, int32_t count);
