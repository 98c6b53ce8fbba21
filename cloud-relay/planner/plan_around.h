/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/plan_around.h -- a list of lanes, each once: around what a step of the search has
 * touched. Private to plan*.c. */
#pragma once

#include "plan_state.h"

struct plan_around {
    struct plan_state *s;
    uint32_t *lane;
    size_t lanes;
    bool *listed; /* a lane */
};

NODISCARD int plan_around_open(struct plan_state *s, struct plan_around *c); /* -ENOMEM */
void plan_around_close(struct plan_around *c); /* also after -ENOMEM */

void plan_around_clear(struct plan_around *c);
void plan_around_add(struct plan_around *c, uint32_t lane);

/* The lanes of all SKUs that were settled since the mark. */
void plan_around_touched(struct plan_around *c, struct plan_mark mark);
