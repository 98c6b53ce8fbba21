/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_head.h -- what stands before the entries of a batch, as a CBOR map:
 *
 *   {1: wire, 2: tenant, 3: device, 4: epoch, 5: session, 6: first_seq, 7: count, 8: head_hash,
 *    9: context, 10: prev}
 *
 * 9 and 10 from wire 2 on, where they are not 0 or unknown; a reader passes over other keys. For
 * batch*.c. Pure. */
#pragma once

#include "batch.h"
#include "wire_item.h"

void batch_head_write(const struct batch_head *h, struct wire_writer *w);

/* Errors as batch_decode(). *ret is written also with -EPROTO. */
NODISCARD int batch_head_read(struct wire_reader *r, struct batch_head *ret, struct diag *reterr);

/* Whether its values are such as a head can have. The same errors. */
NODISCARD int batch_head_check(const struct batch_head *head, struct diag *reterr);
