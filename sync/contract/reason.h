/* SPDX-License-Identifier: Apache-2.0 */
/* contract/reason.h -- the reason codes that entries carry, in which kinds each may stand, and what
 * it means for the books. A code never changes its meaning; a tenant may hide codes, not redefine
 * them. */
#pragma once

#include <stdbool.h>

#include "entry.h"

struct reason {
    const char *code;
    enum entry_kind kind;
    /* CGST Act section 17(5)(h): goods lost, stolen, destroyed, written off or given away: the
     * credit on them is reversed. */
    bool reverses_credit;
    bool needs_note; /* the code alone does not explain it */
};

/* NULL when the kind does not know the code. Kinds without any row take every code. */
const struct reason *reason_find(enum entry_kind kind, const char *code);

/* The rows of one kind, in the order in which a screen offers them. NULL and 0: none. */
const struct reason *reason_list(enum entry_kind kind, size_t *ret_count);
