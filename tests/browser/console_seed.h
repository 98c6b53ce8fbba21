/* SPDX-License-Identifier: Apache-2.0 */
/* console_seed.h -- a distributor for tests of the console: master data and rows from a folder,
 * users, appliances whose journals hold, and a trail. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "sql.h"

#define CONSOLE_PASSWORD "correct horse battery"

/* In a tenant that has nothing yet, in one transaction. *ret_rows: to be freed after the
 * connection, which keeps statements by their address. -errno with *reterr: what failed. */
NODISCARD int console_seed(struct sql *s, const char *folder, int64_t now_ms, char **ret_rows,
                           struct diag *reterr);
