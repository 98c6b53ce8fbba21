/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pivots: an arc enters the tree, what blocks its cycle leaves, until no arc is worth it. */
#include <assert.h>

#include "netflow_state.h"

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
        netflow_detach(f, v);
        f->at[v].arc = in.arc;
        f->at[v].up = in.up;
        f->at[v].flow = in.flow;
        netflow_attach(f, v, parent);
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
        netflow_settle_tree(f);
    if (f->tree_stale || f->prices_stale)
        netflow_set_prices(f);
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
