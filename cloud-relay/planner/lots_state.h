/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/lots_state.h -- what lots.c builds and lots_outcomes.c reads back. Private to both. */
#pragma once

#include "lots.h"

/* What an arc stands for: the lots' own kinds, and the two of demand. */
#define LOTS_ARC_SALE 16  /* a segment of a bucket */
#define LOTS_ARC_CHAIN 17 /* from a bucket to the one before */

struct lots_arc {
    uint8_t kind;    /* enum lots_kind, or one of the above */
    uint32_t lot;    /* index into in->lot */
    uint32_t detail; /* lane index or tier */
};

struct lots {
    struct plan_problem problem;
    int64_t *room_mg;
    struct plan_lane *lane;
    struct plan_sku *sku;
    int64_t *supply;
    struct netflow_arc *arc;
    int32_t *arc_lane;
    struct lots_arc *meaning;
    size_t nodes, nodes_max;
    size_t arcs, arcs_max;
};
