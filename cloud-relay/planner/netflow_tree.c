/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree that a network simplex stands on: how it is planted, and what flows and prices it means
 * when capacities, supplies or costs have changed. */
#include <string.h>

#include "netflow_state.h"

/* Cheapest direct arcs to the largest sink make a first tree; what does not fit hangs from the root
 * by its artificial arc, as netflow_settle_tree() decides. */
void netflow_plant_tree(struct netflow *f)
{
    uint32_t sink = 0;
    for (uint32_t v = 0; v <= f->nodes; v++) {
        f->at[v] = (struct netflow_place){.parent = NETFLOW_NONE,
                                          .arc = NETFLOW_NONE,
                                          .child = NETFLOW_NONE,
                                          .next = NETFLOW_NONE,
                                          .prev = NETFLOW_NONE};
        if (v < f->nodes && f->supply[v] < f->supply[sink])
            sink = v;
    }
    for (uint32_t a = 0; a < f->arcs; a++) {
        uint32_t v = f->tail[a];
        f->state[a] = AT_LOWER;
        if (f->head[a] != sink || v == sink || f->supply[v] < 0 || f->capacity[a] <= f->supply[v])
            continue;
        if (f->at[v].arc == NETFLOW_NONE || f->cost[a] < f->cost[f->at[v].arc])
            f->at[v].arc = a;
    }
    for (uint32_t v = f->nodes; v-- > 0;) {
        bool direct = f->at[v].arc != NETFLOW_NONE;
        netflow_attach(f, v, direct ? sink : f->root);
        f->at[v].up = direct;
        if (direct)
            f->state[f->at[v].arc] = IN_TREE;
    }
}

static uint32_t list_parents_first(struct netflow *f)
{
    uint32_t count = 0;
    uint32_t v = f->root;
    f->at[v].depth = 0;
    for (;;) {
        f->order[count++] = v;
        uint32_t next = f->at[v].child;
        if (next != NETFLOW_NONE) {
            f->at[next].depth = f->at[v].depth + 1;
        } else {
            while (v != f->root && f->at[v].next == NETFLOW_NONE)
                v = f->at[v].parent;
            if (v == f->root)
                return count;
            next = f->at[v].next;
            f->at[next].depth = f->at[v].depth;
        }
        v = next;
    }
}

/* Flows of tree arcs from supplies and from arcs at their capacity, leaves first. An arc that would
 * leave its bounds, or stand at one in the direction that a strongly feasible tree does not allow,
 * stays at that bound; its node hangs from the root, and the artificial arc takes the rest. */
void netflow_settle_tree(struct netflow *f)
{
    uint32_t count = list_parents_first(f);
    memcpy(f->need, f->supply, f->nodes * sizeof(*f->need));
    f->need[f->root] = 0;
    for (uint32_t a = 0; a < f->arcs; a++) {
        if (f->state[a] != AT_UPPER)
            continue;
        f->need[f->tail[a]] -= f->capacity[a];
        f->need[f->head[a]] += f->capacity[a];
    }
    for (uint32_t i = count; i-- > 1;) {
        uint32_t v = f->order[i];
        struct netflow_place *p = &f->at[v];
        int64_t rest = f->need[v];
        if (p->arc != NETFLOW_NONE) {
            int64_t wanted = p->up ? rest : -rest;
            int64_t most = netflow_limit(f, p->arc);
            bool holds = p->up ? wanted >= 0 && wanted < most : wanted > 0 && wanted <= most;
            int64_t carried = wanted < 0 ? 0 : wanted > most ? most : wanted;
            f->need[p->parent] += p->up ? carried : -carried;
            if (holds) {
                p->flow = carried;
                continue;
            }
            f->state[p->arc] = carried == 0 ? AT_LOWER : AT_UPPER;
            rest -= p->up ? carried : -carried;
            netflow_detach(f, v);
            netflow_attach(f, v, f->root);
            p->arc = NETFLOW_NONE;
        }
        p->up = rest >= 0;
        p->flow = rest >= 0 ? rest : -rest;
    }
}

static int64_t arc_cost(const struct netflow *f, const struct netflow_place *p)
{
    return p->arc == NETFLOW_NONE ? (f->cost_max + 1) * ((int64_t)f->nodes + 1) : f->cost[p->arc];
}

void netflow_set_prices(struct netflow *f)
{
    uint32_t count = list_parents_first(f);
    f->price[f->root] = 0;
    for (uint32_t i = 1; i < count; i++) {
        const struct netflow_place *p = &f->at[f->order[i]];
        int64_t cost = arc_cost(f, p);
        f->price[f->order[i]] = f->price[p->parent] + (p->up ? -cost : cost);
    }
}
