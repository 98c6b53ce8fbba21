// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_lemon.h"

#include <cstdlib>
#include <vector>

#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

// A static graph, LEMON's fastest; it wants arcs sorted by their tails.
extern "C" int64_t flow_lemon(const struct netflow_network *n)
{
    std::vector<std::vector<uint32_t>> by_tail(n->nodes);
    for (uint32_t a = 0; a < n->arcs; a++)
        by_tail[n->arc[a].tail].push_back(a);
    std::vector<std::pair<int, int>> ends;
    std::vector<uint32_t> original;
    for (uint32_t v = 0; v < n->nodes; v++) {
        for (uint32_t a : by_tail[v]) {
            ends.emplace_back(int(v), int(n->arc[a].head));
            original.push_back(a);
        }
    }
    lemon::StaticDigraph graph;
    graph.build(int(n->nodes), ends.begin(), ends.end());
    lemon::StaticDigraph::ArcMap<int64_t> capacity(graph), cost(graph);
    lemon::StaticDigraph::NodeMap<int64_t> supply(graph);
    for (size_t i = 0; i < original.size(); i++) {
        capacity[graph.arc(int(i))] = n->arc[original[i]].capacity;
        cost[graph.arc(int(i))] = n->arc[original[i]].cost;
    }
    for (uint32_t v = 0; v < n->nodes; v++)
        supply[graph.node(int(v))] = n->supply[v];
    lemon::NetworkSimplex<lemon::StaticDigraph, int64_t, int64_t> simplex(graph);
    simplex.upperMap(capacity).costMap(cost).supplyMap(supply);
    if (simplex.run() != simplex.OPTIMAL)
        std::abort();
    return simplex.totalCost<int64_t>();
}
