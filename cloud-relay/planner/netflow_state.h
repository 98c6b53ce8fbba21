/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/netflow_state.h -- the tree and the arrays of a network simplex, for the files of
 * netflow.h.
 */
#pragma once

#include <stdbool.h>

#include "netflow.h"

enum netflow_arc_state { AT_UPPER = -1, IN_TREE = 0, AT_LOWER = 1 };

#define NETFLOW_NONE UINT32_MAX

/* A node's place in the tree, and the arc between it and its parent. */
struct netflow_place {
    int64_t flow; /* on that arc */
    uint32_t parent;
    uint32_t arc; /* NETFLOW_NONE: the artificial arc between the node and the root */
    uint32_t child;
    uint32_t next, prev; /* siblings */
    uint32_t depth;
    bool up; /* the arc goes from the node to its parent */
};

/* One block of memory: the arrays follow the struct. Nonbasic arcs carry 0 or their capacity, so
 * only tree arcs have a flow of their own, with the node below them. */
struct netflow {
    size_t bytes;
    uint32_t nodes;
    uint32_t arcs;
    uint32_t root; /* == nodes: joined to any node by its artificial arc */
    uint32_t next_arc;
    uint32_t block;
    bool tree_stale;   /* capacities or supplies have changed */
    bool prices_stale; /* costs have changed */
    uint64_t pivots;
    int64_t cost_max;
    int64_t *price;
    int64_t *cost;
    int64_t *capacity;
    int64_t *supply;
    int64_t *need; /* scratch of settle_tree */
    struct netflow_place *at;
    uint32_t *tail;
    uint32_t *head;
    uint32_t *order; /* scratch: nodes, parents first */
    int8_t *state;
};

static inline int64_t netflow_limit(const struct netflow *f, uint32_t arc)
{
    return f->capacity[arc] >= NETFLOW_UNITS_MAX ? INT64_MAX : f->capacity[arc];
}

/* Hangs v under parent; here, because every pivot does it and its opposite. */
static inline void netflow_attach(struct netflow *f, uint32_t v, uint32_t parent)
{
    struct netflow_place *p = &f->at[v];
    p->parent = parent;
    p->prev = NETFLOW_NONE;
    p->next = f->at[parent].child;
    if (p->next != NETFLOW_NONE)
        f->at[p->next].prev = v;
    f->at[parent].child = v;
}

static inline void netflow_detach(struct netflow *f, uint32_t v)
{
    struct netflow_place *p = &f->at[v];
    if (p->prev != NETFLOW_NONE)
        f->at[p->prev].next = p->next;
    else
        f->at[p->parent].child = p->next;
    if (p->next != NETFLOW_NONE)
        f->at[p->next].prev = p->prev;
}

/* --- netflow_tree.c */

void netflow_plant_tree(struct netflow *f);
void netflow_settle_tree(struct netflow *f); /* capacities or supplies have changed */
void netflow_set_prices(struct netflow *f);  /* costs have changed, or the tree was settled */
