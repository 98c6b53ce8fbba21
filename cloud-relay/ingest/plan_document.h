/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/plan_document.h -- the plan of each appliance, composed from the open lines of order_line
 * for its site: transfers, offers, office orders. It decides no line. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "sql.h"

/* Composes the plan of every device that is not revoked and publishes those that have changed; one
 * without lines gets none before its first. In a write transaction of its own. Returns how many are
 * new. Errors of the store; -EFBIG: more lines than a document holds; -EINVAL: *reterr names a line
 * that no site could read. */
NODISCARD int plan_documents(struct sql *s, int64_t now_ms, struct diag *reterr);
