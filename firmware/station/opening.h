/* SPDX-License-Identifier: Apache-2.0 */
/* station/opening.h -- takes over the stock that lay in the warehouse before its journal began,
 * from a CSV table that a person wrote. Once in the life of a journal; later differences are for
 * counts. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "journal.h"

/* Columns: bin, sku, batch, made, expiry, mrp, qty (base units); made, expiry and mrp may be empty
 * where the SKU's policy permits it. The rows become ENTRY_OPENING entries and are committed
 * together, all or none.
 *   -EINVAL  a row that is not right: *reterr names line, column and what is allowed
 *   -EEXIST  the journal holds stock already
 *   else as journal_append() and journal_commit()
 * Something of another caller may not be pending (-EBUSY). Returns the number of rows. */
NODISCARD int opening_import(struct journal *j, const struct journal_time *time, const char *body,
                             size_t len, struct diag *reterr);
