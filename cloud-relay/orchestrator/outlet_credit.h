/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/outlet_credit.h -- what an outlet owes and may owe, as the distributor's books say
 * it on a day: versions that somebody entered, of which the newest holds. The relay books no
 * payment and works none out. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "sql.h"

struct outlet_credit {
    int64_t version; /* from 1 */
    int64_t outstanding_paise;
    int64_t limit_paise;  /* 0: none was agreed */
    int64_t overdue_days; /* of the oldest bill that is due; 0: none is */
    int32_t day;          /* of the books */
    int64_t made_ms;
};

NODISCARD int outlet_credit_find(struct sql *s, const char *party,
                                 struct outlet_credit *ret); /* -ENOENT */

/* Appends the next version, in the caller's write transaction; credit->version is not read. 1: the
 * newest says that already. */
NODISCARD int outlet_credit_put(struct sql *s, const char *party,
                                const struct outlet_credit *credit, const char *by);
