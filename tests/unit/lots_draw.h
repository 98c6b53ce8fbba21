/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/lots_draw.h -- small random distributors for the planner's tests: few sites and SKUs,
 * short ladders, lanes that are dear or cheap, rooms that bind or not, one segment a case. */
#pragma once

#include "lots.h"
#include "rng.h"

#define DRAW_SITES_MAX 5
#define DRAW_SKUS_MAX 3
#define DRAW_LOTS_MAX 6
#define DRAW_DEMANDS_MAX (DRAW_SITES_MAX * DRAW_SKUS_MAX)
#define DRAW_LANES_MAX 8

struct draw_lots {
    struct lots_input in;
    int64_t room_mg[DRAW_SITES_MAX];
    struct lots_sku sku[DRAW_SKUS_MAX];
    struct lots_lot lot[DRAW_LOTS_MAX + 1]; /* room to split one */
    struct lots_demand demand[DRAW_DEMANDS_MAX];
    struct lots_lane lane[DRAW_LANES_MAX + 1];
};

void draw_lots(struct rng *rng, struct draw_lots *ret);

/* Cases of a third to a little more than a whole truck, which rarely divide it: they straddle. */
void draw_make_heavy(struct rng *rng, struct draw_lots *d);

/* Trucks cost nothing, need no least load, and room is everywhere: single flows. */
void draw_make_free(struct draw_lots *d);
