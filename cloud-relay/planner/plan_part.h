/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/plan_part.h -- one connected part of a problem: SKUs that share no lane and no scarce
 * room with any other. Between plan_part.c and the adapter of the solver. */
#pragma once

#include "plan_state.h"

struct plan_part {
    const uint32_t *sku;
    size_t skus;
    const uint32_t *lane;
    size_t lanes;
    const uint32_t *site; /* whose room can run out */
    size_t sites;
};

struct plan_exact {
    int64_t bound_cost; /* no plan of the part costs less: its SKUs' arcs and its lanes' trucks */
    bool found;         /* cases[] come from a plan of real cases, rounded up */
    int64_t *cases;     /* a move of the problem; those of the part are written */
};

/* Branch and cut over the part's trucks, cases real, from the plan at hand. Nodes and memory are
 * limited, and the limits' stop is asked; what holds at the end is the answer.
 *   -ENOTSUP  the solver failed: nothing is known
 *   -ENOMEM */
NODISCARD int plan_glpk(struct plan_state *s, const struct plan_part *part,
                        struct plan_exact *exact);
