/* SPDX-License-Identifier: GPL-3.0-or-later */
/* liquidation/audience_read.h -- what the store knows of every outlet, as audience_choose() wants
 * it. */
#pragma once

#include "agent.h"
#include "attr.h"
#include "audience.h"

struct audience {
    struct audience_outlet *outlets; /* ascending by party; names are the catalogue's */
    char (*languages)[8];            /* of its contact; "" */
    size_t count;
    int64_t seen_days; /* as audience_lot has it, of that site */
};

/* In a transaction. The caller frees it. */
NODISCARD int audience_read(struct agent_step *step, const char *site, const char *sku,
                            struct audience *ret);
void audience_free(struct audience *a);
