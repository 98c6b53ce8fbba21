/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/budget.h -- what a distributor will spend on moving goods in a span of days:
 * freight, and capital that lies in goods on the road. Of moves that together cost more, those that
 * gain most for each rupee of the scarcer budget are chosen. Pure but for budget_read(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"

#define BUDGET_NONE (-1) /* no limit */

struct budget {
    int64_t freight_left_paise; /* 0: used up; BUDGET_NONE */
    int64_t goods_left_paise;   /* landed cost of goods; likewise */
    int64_t days;               /* of the span, which ends now */
};

/* By the settings transfer.freight_budget_paise, goods_budget_paise and budget_days, less what
 * transfers proposed in the span take that are open or were carried out. */
NODISCARD int budget_read(struct agent_step *step, struct budget *ret);

struct budget_move {
    int64_t gain_paise; /* > 0 */
    int64_t freight_paise;
    int64_t goods_paise;
    bool kept; /* the answer */
};

/* Marks what is kept, in order of gain a rupee, ties by place; a move that does not fit is passed
 * over for smaller ones. Returns how many are not kept. */
size_t budget_choose(const struct budget *budget, struct budget_move *moves, size_t count);
