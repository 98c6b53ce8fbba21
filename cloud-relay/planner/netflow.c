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
    netflow_plant_tree(f);
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
