/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/plan_part.h -- a part of a problem: some SKUs with all their lanes. What other SKUs bring
 * on those stays as it is in the plan at hand. Between plan_part.c and the adapter of the solver.
 */
#pragma once

#include "plan_state.h"

struct plan_part {
    const uint32_t *sku;
    size_t skus;
    const uint32_t *lane;
    size_t lanes;
    const uint32_t *site; /* whose room can run out */
    size_t sites;
    bool whole;            /* cases are whole in the model too, not trucks alone */
    const int64_t *trucks; /* a lane of the part: exactly so many; NULL: to be found */
    uint64_t nodes;        /* of the tree, at most */
};

struct plan_exact {
    int64_t bound_cost; /* no plan of the part costs less: its SKUs' arcs and its lanes' trucks */
    bool found;         /* cases[] come from a plan, of real cases rounded up unless whole */
    int64_t *cases;     /* a move of the problem; those of the part are written */
    int64_t *trucks;    /* a lane of the part */
};

/* Branch and cut over the part's trucks, from the plan at hand. Nodes and memory are
 * limited, and the limits' stop is asked; what holds at the end is the answer.
 *   -ENOTSUP  the solver failed: nothing is known
 *   -ENOMEM */
NODISCARD int plan_glpk(struct plan_state *s, const struct plan_part *part,
                        struct plan_exact *exact);
