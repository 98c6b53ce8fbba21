/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever network and changes there are: an optimum carries its proof (flows meet supplies and
 * capacities, reduced costs have the right sign, primal and dual agree), and starting again from
 * the last tree answers as starting anew does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "network_draw.h"

#define HEAD_BYTES 2
#define ARC_BYTES 4
#define CHANGE_BYTES 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void check(struct netflow *f, const struct draw_network *n)
{
    struct netflow *anew = NULL;
    require(netflow_open(&n->network, &anew) == 0);
    enum netflow_answer answer = netflow_solve(f);
    enum netflow_answer fresh = netflow_solve(anew);
    require((answer == NETFLOW_OPTIMAL) == (fresh == NETFLOW_OPTIMAL));
    if (answer == NETFLOW_OPTIMAL)
        require(draw_is_optimal(f, n) && netflow_value(f) == netflow_value(anew));
    netflow_free(anew);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD_BYTES)
        return 0;
    struct draw_network n = {.network = {.nodes = 1 + data[0] % DRAW_NODES_MAX}};
    uint32_t nodes = n.network.nodes;
    uint32_t arcs_wanted = data[1] % DRAW_ARCS_MAX;
    size_t at = HEAD_BYTES;
    for (uint32_t v = 0; v < nodes && at < size; v++, at++) {
        n.supply[v] += (int8_t)data[at] / 8;
        n.supply[nodes - 1] -= (int8_t)data[at] / 8;
    }
    for (; n.network.arcs < arcs_wanted && at + ARC_BYTES <= size; at += ARC_BYTES)
        n.arc[n.network.arcs++] = (struct netflow_arc){
            .tail = data[at] % nodes,
            .head = data[at + 1] % nodes,
            .capacity = data[at + 2] == 255 ? NETFLOW_UNITS_MAX : data[at + 2] % 32,
            .cost = (int8_t)data[at + 3]};
    n.network.supply = n.supply;
    n.network.arc = n.arc;
    struct netflow *f = NULL;
    require(netflow_open(&n.network, &f) == 0);
    check(f, &n);
    for (; n.network.arcs > 0 && at + CHANGE_BYTES <= size; at += CHANGE_BYTES) {
        uint32_t a = data[at + 1] % n.network.arcs;
        if (data[at] & 1) {
            n.arc[a].cost = (int8_t)data[at + 2];
            netflow_set_cost(f, a, n.arc[a].cost);
        } else {
            n.arc[a].capacity = data[at + 2] % 32;
            netflow_set_capacity(f, a, n.arc[a].capacity);
        }
        if (data[at] & 2)
            check(f, &n);
    }
    check(f, &n);
    netflow_free(f);
    return 0;
}
