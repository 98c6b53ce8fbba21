/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "network_draw.h"

#include <string.h>

static int64_t between(struct rng *rng, int64_t low, int64_t high)
{
    return low + (int64_t)rng_below(rng, (uint64_t)(high - low + 1));
}

void draw_network(struct rng *rng, struct draw_network *ret)
{
    uint32_t nodes = (uint32_t)between(rng, 1, DRAW_NODES_MAX);
    uint32_t arcs = (uint32_t)between(rng, 0, DRAW_ARCS_MAX);
    int64_t span = between(rng, 0, 3) == 0 ? 2 : 50; /* a small one makes ties */
    memset(ret, 0, sizeof(*ret));
    for (uint32_t i = 0; i + 1 < nodes; i++) {
        int64_t units = between(rng, -6, 9);
        ret->supply[i] += units;
        ret->supply[between(rng, 0, (int64_t)nodes - 1)] -= units;
    }
    for (uint32_t a = 0; a < arcs; a++)
        ret->arc[a] = (struct netflow_arc){
            .tail = (uint32_t)between(rng, 0, (int64_t)nodes - 1),
            .head = (uint32_t)between(rng, 0, (int64_t)nodes - 1),
            .capacity = between(rng, 0, 9) == 0 ? NETFLOW_UNITS_MAX : between(rng, 0, 14),
            .cost = between(rng, -span / 4, span)};
    ret->network = (struct netflow_network){
        .nodes = nodes, .arcs = arcs, .supply = ret->supply, .arc = ret->arc};
}

bool draw_is_optimal(const struct netflow *f, const struct draw_network *n)
{
    int64_t need[DRAW_NODES_MAX];
    memcpy(need, n->supply, sizeof(need));
    int64_t primal = 0;
    int64_t dual = 0;
    for (uint32_t a = 0; a < n->network.arcs; a++) {
        const struct netflow_arc *arc = &n->arc[a];
        int64_t units = netflow_units(f, a);
        int64_t reduced = arc->cost + netflow_price(f, arc->tail) - netflow_price(f, arc->head);
        if (units < 0 || units > arc->capacity || (units > 0 && reduced > 0) ||
            (units < arc->capacity && reduced < 0))
            return false;
        need[arc->tail] -= units;
        need[arc->head] += units;
        primal += arc->cost * units;
        dual += reduced < 0 ? reduced * arc->capacity : 0;
    }
    for (uint32_t v = 0; v < n->network.nodes; v++) {
        if (need[v] != 0)
            return false;
        dual -= netflow_price(f, v) * n->supply[v];
    }
    return primal == dual && primal == netflow_value(f);
}

/* --- the oracle: residual arcs in one list; a pair of each arc and its reverse */

struct residual {
    uint32_t from[2 * (DRAW_ARCS_MAX + DRAW_NODES_MAX)];
    uint32_t to[2 * (DRAW_ARCS_MAX + DRAW_NODES_MAX)];
    int64_t left[2 * (DRAW_ARCS_MAX + DRAW_NODES_MAX)];
    int64_t cost[2 * (DRAW_ARCS_MAX + DRAW_NODES_MAX)];
    uint32_t arcs;
    uint32_t nodes;
};

static void add(struct residual *r, uint32_t from, uint32_t to, int64_t capacity, int64_t cost)
{
    for (int reverse = 0; reverse < 2; reverse++) {
        r->from[r->arcs] = reverse ? to : from;
        r->to[r->arcs] = reverse ? from : to;
        r->left[r->arcs] = reverse ? 0 : capacity;
        r->cost[r->arcs++] = reverse ? -cost : cost;
    }
}

/* Sends what fits round one negative cycle. 1: did; 0: there is none; -1: without end. */
static int cancel(struct residual *r)
{
    int64_t far[DRAW_NODES_MAX + 2] = {0};
    uint32_t by[DRAW_NODES_MAX + 2];
    uint32_t last = UINT32_MAX;
    memset(by, 0xff, sizeof(by));
    for (uint32_t round = 0; round <= r->nodes; round++) {
        last = UINT32_MAX;
        for (uint32_t a = 0; a < r->arcs; a++) {
            if (r->left[a] > 0 && far[r->from[a]] + r->cost[a] < far[r->to[a]]) {
                far[r->to[a]] = far[r->from[a]] + r->cost[a];
                by[r->to[a]] = a;
                last = r->to[a];
            }
        }
        if (last == UINT32_MAX)
            return 0;
    }
    for (uint32_t i = 0; i < r->nodes; i++)
        last = r->from[by[last]];
    int64_t most = INT64_MAX;
    uint32_t v = last;
    do {
        most = r->left[by[v]] < most ? r->left[by[v]] : most;
        v = r->from[by[v]];
    } while (v != last);
    if (most >= NETFLOW_UNITS_MAX / 2)
        return -1;
    do {
        uint32_t a = by[v];
        r->left[a] -= most;
        r->left[a ^ 1] += most;
        v = r->from[a];
    } while (v != last);
    return 1;
}

/* Supplies hang on two more nodes by arcs that are worth more than any path. */
bool draw_least_cost(const struct draw_network *n, int64_t *ret)
{
    struct residual r = {.nodes = n->network.nodes + 1};
    uint32_t hub = n->network.nodes;
    const int64_t worth = 1000000;
    for (uint32_t a = 0; a < n->network.arcs; a++)
        add(&r, n->arc[a].tail, n->arc[a].head, n->arc[a].capacity, n->arc[a].cost);
    uint32_t first = r.arcs;
    int64_t wanted = 0;
    for (uint32_t v = 0; v < n->network.nodes; v++) {
        int64_t units = n->supply[v] < 0 ? -n->supply[v] : n->supply[v];
        add(&r, n->supply[v] < 0 ? v : hub, n->supply[v] < 0 ? hub : v, units, -worth);
        wanted += units;
    }
    int more = 1;
    while (more > 0)
        more = cancel(&r);
    int64_t met = 0;
    for (uint32_t a = first; a < r.arcs; a += 2)
        met += r.left[a + 1];
    if (more < 0 || met != wanted)
        return false;
    *ret = 0;
    for (uint32_t a = 0; a < first; a += 2)
        *ret += r.cost[a] * r.left[a + 1];
    return true;
}
