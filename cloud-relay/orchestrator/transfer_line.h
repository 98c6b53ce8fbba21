/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/transfer_line.h -- the lines of a transfer at both sites, and what scans have booked
 * on them: for transfer_saga.c. A transfer's document has one line, of number 1. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"

struct transfer_line {
    const char *document, *site, *kind, *party, *sku, *cause;
    const struct batch_key *batch;
    int64_t qty;
    int32_t due_day;
    int32_t received_day;
    int64_t now_ms;
};
NODISCARD int transfer_line_write(struct sql *s, const struct transfer_line *line);

/* state: open, done, cancelled. Only what differs is written. */
NODISCARD int transfer_line_set(struct sql *s, const char *document, const char *site,
                                const char *state, int64_t qty);

/* Units booked on the document at that site by entries of that kind. */
NODISCARD int transfer_line_done(struct sql *s, const char *document, const char *site,
                                 int32_t kind, int64_t *ret_units);
/* Of a transfer's line: what the source has said it will not send. */
NODISCARD int transfer_line_not_sent(struct sql *s, const char *document, int64_t *ret_units);
NODISCARD int transfer_line_damaged(struct sql *s, const char *document, int64_t *ret_units);

/* When the lot's goods first came to the distributor; CIVIL_NONE: not known. */
NODISCARD int transfer_line_received(struct sql *s, const char *site, const char *sku,
                                     const struct batch_key *batch, int32_t *ret_day);
