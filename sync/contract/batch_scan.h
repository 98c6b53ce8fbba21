/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_scan.h -- a scan with its own entry's facts taken out: where the bytes repeat the
 * batch number or the expiry date (as YYMMDD, GS1 General Specifications section 3.4), a mark
 * stands instead, so that all scans of one SKU become alike. For the columns of a batch. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"

#define BATCH_SCAN_MAX (ENTRY_SCAN_SIZE - 1)

/* The scan of e with marks. -ENOSPC: it would be longer than BATCH_SCAN_MAX, as its bytes look like
 * marks too often. */
NODISCARD int batch_scan_mark(const struct entry *e, uint8_t buf[BATCH_SCAN_MAX], size_t *ret_len);

/* Puts the facts of e back into its scan, which has marks. -EBADMSG: a mark is cut or means a fact
 * that e does not have, or the scan gets too long. */
NODISCARD int batch_scan_unmark(struct entry *e);
