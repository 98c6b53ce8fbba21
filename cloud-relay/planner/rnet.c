/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rnet.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "rnet_fields.h"

struct rnet {
    struct plan_problem problem;
    int64_t *room_mg;
    struct plan_lane *lane;
    struct plan_sku *sku;
    int64_t *supply;
    struct netflow_arc *arc;
    int32_t *arc_lane;
    int32_t *lane_of_id; /* index + 1 */
    size_t lane_ids;
    size_t nodes, nodes_max;
    size_t arcs, arcs_max;
};

struct reader {
    struct rnet *r;
    struct rnet_fields f;        /* of the present line */
    uint32_t sites, lanes, skus; /* records seen */
    uint32_t sku_arcs;           /* of the present network */
    bool started;
};

#define LANE_ID_MAX (PLAN_LANES_MAX * 4) /* they are looked up in an array */

/* --- records */

static int read_p(struct reader *in)
{
    static const struct rnet_want want[] = {
        {0, 1, PLAN_SITES_MAX}, {0, 0, PLAN_LANES_MAX}, {0, 0, PLAN_SKUS_MAX}};
    int64_t n[3];
    if (in->started)
        return rnet_refuse(&in->f, "comes once");
    if (in->f.count < 2 || strcmp(in->f.field[1], "rnet") != 0)
        return rnet_refuse(&in->f, "must say rnet");
    int err = rnet_numbers(&in->f, 2, want, 3, n);
    if (err < 0)
        return err;
    struct rnet *r = in->r;
    r->room_mg = calloc((size_t)n[0], sizeof(*r->room_mg));
    r->lane = calloc((size_t)n[1] + 1, sizeof(*r->lane));
    r->sku = calloc((size_t)n[2] + 1, sizeof(*r->sku));
    if (!r->room_mg || !r->lane || !r->sku)
        return -ENOMEM;
    for (int64_t j = 0; j < n[0]; j++)
        r->room_mg[j] = -1;
    r->problem.sites = (uint32_t)n[0];
    r->problem.lanes = (uint32_t)n[1];
    r->problem.skus = (uint32_t)n[2];
    in->started = true;
    return 0;
}

static int read_d(struct reader *in)
{
    const struct rnet_want want[] = {{0, 0, (int64_t)in->r->problem.sites - 1},
                                     {RNET_KG_PLACES, 0, PLAN_MG_MAX}};
    int64_t n[2];
    int err = rnet_numbers(&in->f, 1, want, 2, n);
    if (err < 0)
        return err;
    if (in->r->room_mg[n[0]] >= 0)
        return rnet_refuse(&in->f, "the site has one already");
    in->r->room_mg[n[0]] = n[1];
    in->sites++;
    return 0;
}

static int keep_lane_id(struct rnet *r, size_t id)
{
    if (id >= r->lane_ids) {
        size_t room = id * 2 + 64;
        int32_t *grown = realloc(r->lane_of_id, room * sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        memset(grown + r->lane_ids, 0, (room - r->lane_ids) * sizeof(*grown));
        r->lane_of_id = grown;
        r->lane_ids = room;
    }
    return 0;
}

static int read_l(struct reader *in)
{
    const int64_t last = (int64_t)in->r->problem.sites - 1;
    const struct rnet_want want[] = {{0, 0, LANE_ID_MAX},
                                     {0, 0, last},
                                     {0, 0, last},
                                     {0, 0, PLAN_TRUCKS_MAX},
                                     {RNET_KG_PLACES, 1, PLAN_MG_MAX},
                                     {0, 0, PLAN_PAISE_MAX},
                                     {RNET_KG_PLACES, 0, PLAN_MG_MAX}};
    int64_t n[7];
    int err = rnet_numbers(&in->f, 1, want, 7, n);
    if (err < 0)
        return err;
    if (in->lanes == in->r->problem.lanes)
        return rnet_refuse(&in->f, "more lanes than the p record said");
    err = keep_lane_id(in->r, (size_t)n[0]);
    if (err < 0)
        return err;
    if (in->r->lane_of_id[n[0]] > 0)
        return rnet_refuse(&in->f, "the lane is there already");
    in->r->lane[in->lanes++] = (struct plan_lane){.id = (uint32_t)n[0],
                                                  .from = (uint32_t)n[1],
                                                  .to = (uint32_t)n[2],
                                                  .trucks_max = n[3],
                                                  .truck_mg = n[4],
                                                  .truck_paise = n[5],
                                                  .least_mg = n[6]};
    in->r->lane_of_id[n[0]] = (int32_t)in->lanes;
    return 0;
}

static struct plan_sku *present_sku(struct reader *in)
{
    return in->skus > 0 ? &in->r->sku[in->skus - 1] : NULL;
}

static bool sku_is_whole(struct reader *in)
{
    return in->skus == 0 || in->sku_arcs == in->r->sku[in->skus - 1].arcs;
}

/* Makes room for `more` behind `used` of *items; grows to twice, so that a text which promises more
 * than it holds takes no more than it is worth. */
static int grow(void **items, size_t size, size_t used, size_t more, size_t *max)
{
    if (used + more <= *max)
        return 0;
    size_t wanted = (used + more) * 2;
    void *grown = realloc(*items, wanted * size);
    if (!grown)
        return -ENOMEM;
    *items = grown;
    *max = wanted;
    return 0;
}

static int read_s(struct reader *in)
{
    static const struct rnet_want want[] = {{0, 0, UINT32_MAX},
                                            {RNET_KG_PLACES, 1, PLAN_MG_MAX},
                                            {0, 1, NETFLOW_NODES_MAX},
                                            {0, 0, NETFLOW_ARCS_MAX}};
    int64_t n[4];
    int err = rnet_numbers(&in->f, 1, want, 4, n);
    if (err < 0)
        return err;
    struct rnet *r = in->r;
    if (in->skus == r->problem.skus)
        return rnet_refuse(&in->f, "more networks than the p record said");
    if (!sku_is_whole(in))
        return rnet_refuse(&in->f, "the network before lacks arcs");
    if ((size_t)n[2] > 2 * (size_t)n[3] + 2)
        return rnet_refuse(&in->f, "more nodes than its arcs can join");
    void *supply = r->supply;
    err = grow(&supply, sizeof(*r->supply), r->nodes, (size_t)n[2], &r->nodes_max);
    r->supply = supply;
    if (err < 0)
        return err;
    memset(r->supply + r->nodes, 0, (size_t)n[2] * sizeof(*r->supply));
    r->sku[in->skus++] = (struct plan_sku){.id = (uint32_t)n[0],
                                           .case_mg = n[1],
                                           .nodes = (uint32_t)n[2],
                                           .arcs = (uint32_t)n[3],
                                           .node_at = r->nodes,
                                           .arc_at = r->arcs};
    r->nodes += (size_t)n[2];
    in->sku_arcs = 0;
    return 0;
}

static int read_n(struct reader *in)
{
    struct plan_sku *sku = present_sku(in);
    if (!sku)
        return rnet_refuse(&in->f, "stands before any s record");
    const struct rnet_want want[] = {{0, 0, (int64_t)sku->nodes - 1},
                                     {0, -NETFLOW_UNITS_MAX, NETFLOW_UNITS_MAX}};
    int64_t n[2];
    int err = rnet_numbers(&in->f, 1, want, 2, n);
    if (err == 0)
        in->r->supply[sku->node_at + (size_t)n[0]] = n[1];
    return err;
}

static int read_a(struct reader *in)
{
    struct rnet *r = in->r;
    struct plan_sku *sku = present_sku(in);
    if (!sku)
        return rnet_refuse(&in->f, "stands before any s record");
    const struct rnet_want want[] = {{0, 0, (int64_t)sku->nodes - 1},
                                     {0, 0, (int64_t)sku->nodes - 1},
                                     {0, 0, NETFLOW_UNITS_MAX},
                                     {0, -NETFLOW_COST_MAX, NETFLOW_COST_MAX},
                                     {0, PLAN_LOCAL, LANE_ID_MAX}};
    int64_t n[5];
    int err = rnet_numbers(&in->f, 1, want, 5, n);
    if (err < 0)
        return err;
    if (in->sku_arcs == sku->arcs)
        return rnet_refuse(&in->f, "more arcs than the s record said");
    int32_t lane = PLAN_LOCAL;
    if (n[4] >= 0) {
        lane = (size_t)n[4] < r->lane_ids ? r->lane_of_id[n[4]] - 1 : -1;
        if (lane < 0)
            return rnet_refuse(&in->f, "no such lane");
    }
    size_t arcs_max = r->arcs_max;
    void *arc = r->arc;
    void *arc_lane = r->arc_lane;
    err = grow(&arc, sizeof(*r->arc), r->arcs, 1, &arcs_max);
    r->arc = arc;
    if (err == 0)
        err = grow(&arc_lane, sizeof(*r->arc_lane), r->arcs, 1, &r->arcs_max);
    r->arc_lane = arc_lane;
    if (err < 0)
        return err;
    r->arc[r->arcs] = (struct netflow_arc){
        .tail = (uint32_t)n[0], .head = (uint32_t)n[1], .capacity = n[2], .cost = n[3]};
    r->arc_lane[r->arcs++] = lane;
    in->sku_arcs++;
    return 0;
}

static const struct {
    const char *name;
    int (*read)(struct reader *in);
} records[] = {{"p", read_p}, {"d", read_d}, {"l", read_l},
               {"s", read_s}, {"n", read_n}, {"a", read_a}};

/* --- lines */

static int read_line(struct reader *in, const char *line, size_t len)
{
    int err = rnet_split(&in->f, line, len);
    if (err < 0 || in->f.count == 0)
        return err;
    for (size_t i = 0; i < ARRAY_LEN(records); i++) {
        if (strcmp(in->f.field[0], records[i].name) != 0)
            continue;
        if (!in->started && i > 0)
            return rnet_refuse(&in->f, "stands before the p record");
        return records[i].read(in);
    }
    diag_set(in->f.reterr, in->f.line, "a record is one of p, d, l, s, n, a");
    return -EINVAL;
}

static int check_whole(struct reader *in)
{
    const struct plan_problem *p = &in->r->problem;
    const char *lacks = !in->started           ? "a p record"
                        : in->sites < p->sites ? "the room of a site"
                        : in->lanes < p->lanes ? "a lane"
                        : in->skus < p->skus   ? "a network"
                        : !sku_is_whole(in)    ? "an arc of the last network"
                                               : NULL;
    if (!lacks)
        return 0;
    diag_set(in->f.reterr, in->f.line, "the text ends and lacks %s", lacks);
    return -EINVAL;
}

int rnet_read(const char *text, size_t len, struct rnet **ret, struct diag *reterr)
{
    assert(text && ret);
    AUTO(rnet) r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    struct reader in = {.r = r, .f = {.reterr = reterr}};
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t n = end ? (size_t)(end - text) - at : len - at;
        in.f.line++;
        int err = read_line(&in, text + at, n);
        if (err < 0)
            return err;
        at += n + 1;
    }
    int err = check_whole(&in);
    if (err < 0)
        return err;
    r->problem.room_mg = r->room_mg;
    r->problem.lane = r->lane;
    r->problem.sku = r->sku;
    r->problem.supply = r->supply;
    r->problem.arc = r->arc;
    r->problem.arc_lane = r->arc_lane;
    *ret = TAKE(r);
    return 0;
}

const struct plan_problem *rnet_problem(const struct rnet *r)
{
    assert(r);
    return &r->problem;
}

void rnet_free(struct rnet *r)
{
    if (!r)
        return;
    free(r->room_mg);
    free(r->lane);
    free(r->sku);
    free(r->supply);
    free(r->arc);
    free(r->arc_lane);
    free(r->lane_of_id);
    free(r);
}
