/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "netflow_state.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN 24

struct layout {
    size_t price, cost, capacity, supply, need, at, tail, head, order, state, bytes;
};

static size_t lay(size_t *used, size_t bytes)
{
    size_t at = *used;
    *used += (bytes + 15) / 16 * 16;
    return at;
}

static struct layout layout_of(size_t nodes, size_t arcs)
{
    size_t used = 0;
    (void)lay(&used, sizeof(struct netflow));
    struct layout l;
    l.price = lay(&used, (nodes + 1) * sizeof(int64_t));
    l.at = lay(&used, (nodes + 1) * sizeof(struct netflow_place));
    l.cost = lay(&used, arcs * sizeof(int64_t));
    l.tail = lay(&used, arcs * sizeof(uint32_t));
    l.head = lay(&used, arcs * sizeof(uint32_t));
    l.state = lay(&used, arcs * sizeof(int8_t));
    l.capacity = lay(&used, arcs * sizeof(int64_t));
    l.supply = lay(&used, nodes * sizeof(int64_t));
    l.need = lay(&used, (nodes + 1) * sizeof(int64_t));
    l.order = lay(&used, (nodes + 1) * sizeof(uint32_t));
    l.bytes = used;
    return l;
}

static void set_arrays(struct netflow *f, const struct layout *l)
{
    char *base = (char *)f;
    f->price = (int64_t *)(void *)(base + l->price);
    f->at = (struct netflow_place *)(void *)(base + l->at);
    f->cost = (int64_t *)(void *)(base + l->cost);
    f->tail = (uint32_t *)(void *)(base + l->tail);
    f->head = (uint32_t *)(void *)(base + l->head);
    f->state = (int8_t *)(void *)(base + l->state);
    f->capacity = (int64_t *)(void *)(base + l->capacity);
    f->supply = (int64_t *)(void *)(base + l->supply);
    f->need = (int64_t *)(void *)(base + l->need);
    f->order = (uint32_t *)(void *)(base + l->order);
}

size_t netflow_bytes(uint32_t nodes, uint32_t arcs)
{
    return layout_of(nodes, arcs).bytes;
}

/* --- the tree */

static void attach(struct netflow *f, uint32_t v, uint32_t parent)
{
    struct netflow_place *p = &f->at[v];
    p->parent = parent;
    p->prev = NETFLOW_NONE;
    p->next = f->at[parent].child;
    if (p->next != NETFLOW_NONE)
        f->at[p->next].prev = v;
    f->at[parent].child = v;
}

static void detach(struct netflow *f, uint32_t v)
{
    struct netflow_place *p = &f->at[v];
    if (p->prev != NETFLOW_NONE)
        f->at[p->prev].next = p->next;
    else
        f->at[p->parent].child = p->next;
    if (p->next != NETFLOW_NONE)
        f->at[p->next].prev = p->prev;
}

/* Cheapest direct arcs to the largest sink make a first tree; what does not fit hangs from the root
 * by its artificial arc, as settle_tree() decides. */
static void plant_tree(struct netflow *f)
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
        attach(f, v, direct ? sink : f->root);
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
static void settle_tree(struct netflow *f)
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
            detach(f, v);
            attach(f, v, f->root);
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

static void set_prices(struct netflow *f)
{
    uint32_t count = list_parents_first(f);
    f->price[f->root] = 0;
    for (uint32_t i = 1; i < count; i++) {
        const struct netflow_place *p = &f->at[f->order[i]];
        int64_t cost = arc_cost(f, p);
        f->price[f->order[i]] = f->price[p->parent] + (p->up ? -cost : cost);
    }
}

/* --- pivots */

/* The arc of the most negative reduced cost in the first block that has one; NETFLOW_NONE: optimal.
 */
static uint32_t price_arcs(struct netflow *f)
{
    uint32_t best = NETFLOW_NONE;
    int64_t least = 0;
    uint32_t left = f->block;
    uint32_t a = f->next_arc;
    for (uint32_t seen = 0; seen < f->arcs; seen++) {
        int64_t reduced = f->state[a] * (f->cost[a] + f->price[f->tail[a]] - f->price[f->head[a]]);
        if (reduced < least) {
            least = reduced;
            best = a;
        }
        if (++a == f->arcs)
            a = 0;
        if (--left == 0) {
            if (best != NETFLOW_NONE)
                break;
            left = f->block;
        }
    }
    f->next_arc = a;
    return best;
}

static uint32_t join_of(const struct netflow *f, uint32_t u, uint32_t v)
{
    while (u != v) {
        if (f->at[u].depth < f->at[v].depth)
            v = f->at[v].parent;
        else
            u = f->at[u].parent;
    }
    return u;
}

static int64_t capacity_left(const struct netflow *f, const struct netflow_place *p)
{
    int64_t limit = p->arc == NETFLOW_NONE ? INT64_MAX : netflow_limit(f, p->arc);
    return limit == INT64_MAX ? limit : limit - p->flow;
}

/* A cycle: the entering arc from `from` to `to`, then over the tree back to `from`. */
struct cycle {
    uint32_t from, to, join;
    int64_t units;  /* that go round */
    uint32_t below; /* the node under the leaving arc; NETFLOW_NONE: the entering arc itself */
    bool on_from;   /* which lies between `from` and the join */
};

/* Of the arcs that block the cycle the last one seen from the join in its direction leaves: the
 * tree stays strongly feasible, so that no sequence of pivots returns. */
static struct cycle find_cycle(const struct netflow *f, uint32_t entering)
{
    bool forward = f->state[entering] == AT_LOWER;
    struct cycle c = {.from = forward ? f->tail[entering] : f->head[entering],
                      .to = forward ? f->head[entering] : f->tail[entering],
                      .below = NETFLOW_NONE};
    c.join = join_of(f, c.from, c.to);
    c.units = netflow_limit(f, entering);
    for (uint32_t v = c.from; v != c.join; v = f->at[v].parent) {
        int64_t left = f->at[v].up ? f->at[v].flow : capacity_left(f, &f->at[v]);
        if (left < c.units) {
            c.units = left;
            c.below = v;
            c.on_from = true;
        }
    }
    for (uint32_t v = c.to; v != c.join; v = f->at[v].parent) {
        int64_t left = f->at[v].up ? capacity_left(f, &f->at[v]) : f->at[v].flow;
        if (left <= c.units && left < INT64_MAX) {
            c.units = left;
            c.below = v;
            c.on_from = false;
        }
    }
    return c;
}

static void send_round(struct netflow *f, const struct cycle *c)
{
    for (uint32_t v = c->from; v != c->join; v = f->at[v].parent)
        f->at[v].flow += f->at[v].up ? -c->units : c->units;
    for (uint32_t v = c->to; v != c->join; v = f->at[v].parent)
        f->at[v].flow += f->at[v].up ? c->units : -c->units;
}

/* Adds to the prices under v, and counts depths anew. */
static void shift_subtree(struct netflow *f, uint32_t top, int64_t by)
{
    uint32_t v = top;
    f->at[v].depth = f->at[f->at[v].parent].depth + 1;
    for (;;) {
        f->price[v] += by;
        uint32_t next = f->at[v].child;
        if (next != NETFLOW_NONE) {
            f->at[next].depth = f->at[v].depth + 1;
        } else {
            while (v != top && f->at[v].next == NETFLOW_NONE)
                v = f->at[v].parent;
            if (v == top)
                return;
            next = f->at[v].next;
            f->at[next].depth = f->at[v].depth;
        }
        v = next;
    }
}

/* Takes the leaving arc out; what hung under it hangs from the entering arc. */
static void exchange(struct netflow *f, const struct cycle *c, uint32_t entering)
{
    uint32_t top = c->on_from ? c->from : c->to;
    uint32_t parent = c->on_from ? c->to : c->from;
    struct netflow_place in = {
        .arc = entering,
        .up = f->tail[entering] == top,
        .flow = f->state[entering] == AT_LOWER ? c->units : f->capacity[entering] - c->units};
    f->state[entering] = IN_TREE;
    for (uint32_t v = top;;) {
        struct netflow_place out = f->at[v];
        detach(f, v);
        f->at[v].arc = in.arc;
        f->at[v].up = in.up;
        f->at[v].flow = in.flow;
        attach(f, v, parent);
        if (v == c->below) {
            if (out.arc != NETFLOW_NONE)
                f->state[out.arc] = out.flow == 0 ? AT_LOWER : AT_UPPER;
            break;
        }
        in = out;
        in.up = !out.up;
        parent = v;
        v = out.parent;
    }
    int64_t cost = f->at[top].up ? -f->cost[entering] : f->cost[entering];
    shift_subtree(f, top, f->price[f->at[top].parent] + cost - f->price[top]);
}

enum netflow_answer netflow_solve(struct netflow *f)
{
    assert(f);
    if (f->tree_stale)
        settle_tree(f);
    if (f->tree_stale || f->prices_stale)
        set_prices(f);
    f->tree_stale = f->prices_stale = false;
    for (uint32_t a = price_arcs(f); a != NETFLOW_NONE; a = price_arcs(f)) {
        struct cycle c = find_cycle(f, a);
        if (c.units == INT64_MAX)
            return NETFLOW_UNBOUNDED;
        f->pivots++;
        if (c.units > 0)
            send_round(f, &c);
        if (c.below == NETFLOW_NONE)
            f->state[a] = (int8_t)-f->state[a];
        else
            exchange(f, &c, a);
    }
    for (uint32_t v = 0; v < f->nodes; v++) {
        if (f->at[v].arc == NETFLOW_NONE && f->at[v].flow != 0)
            return NETFLOW_INFEASIBLE;
    }
    return NETFLOW_OPTIMAL;
}

/* --- in and out */

static bool is_sound(const struct netflow_network *n)
{
    if (n->nodes < 1 || n->nodes > NETFLOW_NODES_MAX || n->arcs > NETFLOW_ARCS_MAX)
        return false;
    for (uint32_t v = 0; v < n->nodes; v++) {
        if (n->supply[v] < -NETFLOW_UNITS_MAX || n->supply[v] > NETFLOW_UNITS_MAX)
            return false;
    }
    for (uint32_t a = 0; a < n->arcs; a++) {
        const struct netflow_arc *arc = &n->arc[a];
        if (arc->tail >= n->nodes || arc->head >= n->nodes || arc->capacity < 0 ||
            arc->capacity > NETFLOW_UNITS_MAX || arc->cost < -NETFLOW_COST_MAX ||
            arc->cost > NETFLOW_COST_MAX)
            return false;
    }
    return true;
}

int netflow_open(const struct netflow_network *network, struct netflow **ret)
{
    assert(network && network->supply && (network->arc || network->arcs == 0) && ret);
    if (!is_sound(network))
        return -EINVAL;
    struct layout l = layout_of(network->nodes, network->arcs);
    struct netflow *f = malloc(l.bytes);
    if (!f)
        return -ENOMEM;
    *f = (struct netflow){.bytes = l.bytes,
                          .nodes = network->nodes,
                          .arcs = network->arcs,
                          .root = network->nodes,
                          .tree_stale = true};
    set_arrays(f, &l);
    uint32_t block = (uint32_t)sqrt((double)f->arcs);
    f->block = block > BLOCK_MIN ? block : BLOCK_MIN;
    memcpy(f->supply, network->supply, f->nodes * sizeof(*f->supply));
    for (uint32_t a = 0; a < f->arcs; a++) {
        const struct netflow_arc *arc = &network->arc[a];
        f->tail[a] = arc->tail;
        f->head[a] = arc->head;
        f->capacity[a] = arc->capacity;
        f->cost[a] = 0;
        f->state[a] = AT_LOWER;
        netflow_set_cost(f, a, arc->cost);
    }
    plant_tree(f);
    *ret = f;
    return 0;
}

void netflow_free(struct netflow *f)
{
    free(f);
}

void netflow_set_cost(struct netflow *f, uint32_t arc, int64_t cost)
{
    assert(f && arc < f->arcs && cost >= -NETFLOW_COST_MAX && cost <= NETFLOW_COST_MAX);
    int64_t size = cost < 0 ? -cost : cost;
    if (size > f->cost_max) {
        f->cost_max = size; /* the artificial arcs cost more now */
        f->prices_stale = true;
    }
    if (f->cost[arc] != cost && f->state[arc] == IN_TREE)
        f->prices_stale = true;
    f->cost[arc] = cost;
}

void netflow_set_capacity(struct netflow *f, uint32_t arc, int64_t capacity)
{
    assert(f && arc < f->arcs && capacity >= 0 && capacity <= NETFLOW_UNITS_MAX);
    int64_t before = f->capacity[arc];
    f->capacity[arc] = capacity;
    if (f->state[arc] == AT_UPPER && before == 0)
        f->state[arc] = AT_LOWER;
    if (f->state[arc] != AT_LOWER && before != capacity)
        f->tree_stale = true; /* else the arc carries nothing, and the tree holds */
}

void netflow_set_supply(struct netflow *f, uint32_t node, int64_t supply)
{
    assert(f && node < f->nodes && supply >= -NETFLOW_UNITS_MAX && supply <= NETFLOW_UNITS_MAX);
    f->supply[node] = supply;
    f->tree_stale = true;
}

int64_t netflow_cost(const struct netflow *f, uint32_t arc)
{
    assert(f && arc < f->arcs);
    return f->cost[arc];
}

int64_t netflow_capacity(const struct netflow *f, uint32_t arc)
{
    assert(f && arc < f->arcs);
    return f->capacity[arc];
}

int64_t netflow_units(const struct netflow *f, uint32_t arc)
{
    assert(f && arc < f->arcs);
    if (f->state[arc] == AT_LOWER)
        return 0;
    if (f->state[arc] == AT_UPPER)
        return f->capacity[arc];
    uint32_t tail = f->tail[arc];
    return f->at[tail].arc == arc ? f->at[tail].flow : f->at[f->head[arc]].flow;
}

int64_t netflow_value(const struct netflow *f)
{
    assert(f);
    int64_t sum = 0;
    for (uint32_t a = 0; a < f->arcs; a++) {
        int64_t part = 0;
        int64_t units = netflow_units(f, a);
        if (__builtin_mul_overflow(f->cost[a], units, &part) ||
            __builtin_add_overflow(sum, part, &sum))
            return f->cost[a] < 0 ? INT64_MIN : INT64_MAX;
    }
    return sum;
}

int64_t netflow_price(const struct netflow *f, uint32_t node)
{
    assert(f && node < f->nodes);
    return f->price[node];
}

uint64_t netflow_pivots(const struct netflow *f)
{
    assert(f);
    return f->pivots;
}

void netflow_copy(struct netflow *dst, const struct netflow *src)
{
    assert(dst && src && dst->bytes == src->bytes && dst->nodes == src->nodes);
    struct layout l = layout_of(src->nodes, src->arcs);
    memcpy((void *)dst, src, src->bytes);
    set_arrays(dst, &l);
}
