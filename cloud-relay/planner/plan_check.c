/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a problem must be, and what a plan must be to be one for it. Shares no code with the search
 * on purpose: it is the independent recomputation. */
#include "plan.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

size_t plan_arcs(const struct plan_problem *p)
{
    assert(p);
    size_t most = 0;
    for (uint32_t k = 0; k < p->skus; k++) {
        size_t end = p->sku[k].arc_at + p->sku[k].arcs;
        most = end > most ? end : most;
    }
    return most;
}

/* --- the problem */

static int check_lane(const struct plan_problem *p, uint32_t l, struct diag *reterr)
{
    const struct plan_lane *lane = &p->lane[l];
    const char *wrong =
        lane->from >= p->sites || lane->to >= p->sites                ? "a site is unknown"
        : lane->from == lane->to                                      ? "it leads nowhere"
        : lane->truck_mg < 1 || lane->truck_mg > PLAN_MG_MAX          ? "truck weight out of range"
        : lane->least_mg < 0 || lane->least_mg > lane->truck_mg       ? "least load out of range"
        : lane->truck_paise < 0 || lane->truck_paise > PLAN_PAISE_MAX ? "truck cost out of range"
        : lane->trucks_max < 0 || lane->trucks_max > PLAN_TRUCKS_MAX  ? "trucks out of range"
                                                                      : NULL;
    if (!wrong)
        return 0;
    diag_set(reterr, 0, "lane %" PRIu32 ": %s", lane->id, wrong);
    return -EINVAL;
}

static const char *arc_fault(const struct plan_problem *p, const struct plan_sku *sku, size_t a)
{
    const struct netflow_arc *arc = &p->arc[a];
    int32_t lane = p->arc_lane[a];
    return arc->tail >= sku->nodes || arc->head >= sku->nodes       ? "an arc's node is unknown"
           : arc->capacity < 0 || arc->capacity > NETFLOW_UNITS_MAX ? "a capacity is out of range"
           : arc->cost < -NETFLOW_COST_MAX || arc->cost > NETFLOW_COST_MAX
               ? "a cost is out of range"
           : lane < PLAN_LOCAL || (lane >= 0 && (uint32_t)lane >= p->lanes) ? "a lane is unknown"
                                                                            : NULL;
}

static int check_sku(const struct plan_problem *p, uint32_t k, struct diag *reterr)
{
    const struct plan_sku *sku = &p->sku[k];
    const char *wrong = sku->case_mg < 1 || sku->case_mg > PLAN_MG_MAX ? "case weight out of range"
                        : sku->nodes < 1 || sku->nodes > NETFLOW_NODES_MAX ? "nodes out of range"
                        : sku->arcs > NETFLOW_ARCS_MAX                     ? "too many arcs"
                                                                           : NULL;
    for (size_t a = sku->arc_at; !wrong && a < sku->arc_at + sku->arcs; a++)
        wrong = arc_fault(p, sku, a);
    int64_t sum = 0;
    for (size_t v = sku->node_at; !wrong && v < sku->node_at + sku->nodes; v++) {
        if (p->supply[v] < -NETFLOW_UNITS_MAX || p->supply[v] > NETFLOW_UNITS_MAX)
            wrong = "a supply is out of range";
        sum += p->supply[v];
    }
    if (!wrong && sum != 0)
        wrong = "supplies do not sum to zero";
    if (!wrong)
        return 0;
    diag_set(reterr, 0, "SKU %" PRIu32 ": %s", sku->id, wrong);
    return -EINVAL;
}

int plan_check(const struct plan_problem *p, struct diag *reterr)
{
    assert(p);
    if (p->sites < 1 || p->sites > PLAN_SITES_MAX || p->lanes > PLAN_LANES_MAX ||
        p->skus > PLAN_SKUS_MAX) {
        diag_set(reterr, 0, "sites, lanes or SKUs out of range");
        return -EINVAL;
    }
    for (uint32_t j = 0; j < p->sites; j++) {
        if (p->room_mg[j] < 0 || p->room_mg[j] > PLAN_MG_MAX) {
            diag_set(reterr, 0, "site %" PRIu32 ": room out of range", j);
            return -EINVAL;
        }
    }
    for (uint32_t l = 0; l < p->lanes; l++) {
        int err = check_lane(p, l, reterr);
        if (err < 0)
            return err;
    }
    for (uint32_t k = 0; k < p->skus; k++) {
        int err = check_sku(p, k, reterr);
        if (err < 0)
            return err;
    }
    return 0;
}

/* --- the plan */

struct loads {
    int64_t *lane_mg;
    int64_t *site_mg;
    int64_t *need; /* a node of one SKU */
    int64_t cost_paise;
    struct diag *reterr;
};

static int refuse_sku(struct loads *all, const struct plan_sku *sku, const char *why)
{
    diag_set(all->reterr, 0, "SKU %" PRIu32 ": %s", sku->id, why);
    return -EINVAL;
}

static bool add_product(int64_t *sum, int64_t a, int64_t b)
{
    int64_t part;
    return !__builtin_mul_overflow(a, b, &part) && !__builtin_add_overflow(*sum, part, sum);
}

/* Whether some SKU's transfers lead both ways between two sites. Few lanes carry one SKU. */
static bool goes_both_ways(const struct plan_problem *p, const struct plan_sku *sku,
                           const int64_t *cases)
{
    for (size_t a = sku->arc_at; a < sku->arc_at + sku->arcs; a++) {
        if (p->arc_lane[a] < 0 || cases[a] == 0)
            continue;
        const struct plan_lane *there = &p->lane[p->arc_lane[a]];
        for (size_t b = a + 1; b < sku->arc_at + sku->arcs; b++) {
            if (p->arc_lane[b] < 0 || cases[b] == 0)
                continue;
            const struct plan_lane *back = &p->lane[p->arc_lane[b]];
            if (there->from == back->to && there->to == back->from)
                return true;
        }
    }
    return false;
}

static int verify_sku(const struct plan_problem *p, const struct plan *plan, uint32_t k,
                      struct loads *all)
{
    const struct plan_sku *sku = &p->sku[k];
    for (uint32_t v = 0; v < sku->nodes; v++)
        all->need[v] = p->supply[sku->node_at + v];
    for (size_t a = sku->arc_at; a < sku->arc_at + sku->arcs; a++) {
        const struct netflow_arc *arc = &p->arc[a];
        int64_t cases = plan->cases[a];
        if (cases < 0 || cases > arc->capacity)
            return refuse_sku(all, sku, "cases beyond an arc's capacity");
        all->need[arc->tail] -= cases;
        all->need[arc->head] += cases;
        if (!add_product(&all->cost_paise, arc->cost, cases))
            return refuse_sku(all, sku, "money beyond 64 bits");
        int32_t l = p->arc_lane[a];
        if (l >= 0 && cases > 0 && sku->case_mg > p->lane[l].truck_mg)
            return refuse_sku(all, sku, "a case heavier than the truck");
        if (l >= 0 && (!add_product(&all->lane_mg[l], sku->case_mg, cases) ||
                       !add_product(&all->site_mg[p->lane[l].to], sku->case_mg, cases)))
            return refuse_sku(all, sku, "weight beyond 64 bits");
    }
    for (uint32_t v = 0; v < sku->nodes; v++) {
        if (all->need[v] != 0)
            return refuse_sku(all, sku, "cases appear or vanish at a node");
    }
    return goes_both_ways(p, sku, plan->cases)
               ? refuse_sku(all, sku, "goes both ways between two sites")
               : 0;
}

static int verify_lanes(const struct plan_problem *p, const struct plan *plan, struct loads *all)
{
    for (uint32_t l = 0; l < p->lanes; l++) {
        const struct plan_lane *lane = &p->lane[l];
        int64_t trucks = plan->trucks[l];
        int64_t load = all->lane_mg[l];
        const char *wrong =
            trucks < 0 || trucks > lane->trucks_max                     ? "too many trucks"
            : load > 0 && trucks < (load - 1) / lane->truck_mg + 1      ? "trucks overloaded"
            : lane->least_mg > 0 && trucks > load / lane->least_mg      ? "trucks too empty"
            : !add_product(&all->cost_paise, lane->truck_paise, trucks) ? "money beyond 64 bits"
                                                                        : NULL;
        if (wrong) {
            diag_set(all->reterr, 0, "lane %" PRIu32 ": %s", lane->id, wrong);
            return -EINVAL;
        }
    }
    for (uint32_t j = 0; j < p->sites; j++) {
        if (all->site_mg[j] > p->room_mg[j]) {
            diag_set(all->reterr, 0, "site %" PRIu32 ": more arrives than it has room for", j);
            return -EINVAL;
        }
    }
    return 0;
}

static int verify_all(const struct plan_problem *p, const struct plan *plan, struct loads *all)
{
    for (uint32_t k = 0; k < p->skus; k++) {
        int err = verify_sku(p, plan, k, all);
        if (err < 0)
            return err;
    }
    int err = verify_lanes(p, plan, all);
    if (err < 0)
        return err;
    const char *wrong = plan->value_paise != -all->cost_paise   ? "its value is another"
                        : plan->value_paise < plan->alone_paise ? "it is worse than no transfer"
                        : plan->value_paise > plan->bound_paise ? "it is better than its bound"
                                                                : NULL;
    if (!wrong)
        return 0;
    diag_set(all->reterr, 0, "the plan: %s", wrong);
    return -EINVAL;
}

int plan_verify(const struct plan_problem *p, const struct plan *plan, struct diag *reterr)
{
    assert(p && plan);
    if (plan->arcs != plan_arcs(p) || plan->lanes != p->lanes) {
        diag_set(reterr, 0, "the plan is of another problem");
        return -EINVAL;
    }
    uint32_t nodes = 1;
    for (uint32_t k = 0; k < p->skus; k++)
        nodes = p->sku[k].nodes > nodes ? p->sku[k].nodes : nodes;
    struct loads all = {.lane_mg = calloc((size_t)p->lanes + 1, sizeof(int64_t)),
                        .site_mg = calloc(p->sites, sizeof(int64_t)),
                        .need = calloc(nodes, sizeof(int64_t)),
                        .reterr = reterr};
    int err = -ENOMEM;
    if (all.lane_mg && all.site_mg && all.need)
        err = verify_all(p, plan, &all);
    free(all.lane_mg);
    free(all.site_mg);
    free(all.need);
    return err;
}

int64_t plan_gap_ppm(const struct plan *plan)
{
    assert(plan && plan->bound_paise >= plan->value_paise);
    __extension__ typedef unsigned __int128 uint128;
    uint128 gap = (uint128)plan->bound_paise - (uint128)plan->value_paise;
    uint128 whole =
        plan->bound_paise < 0 ? -(uint128)plan->bound_paise : (uint128)plan->bound_paise;
    if (gap == 0)
        return 0;
    if (whole == 0)
        whole = 1;
    uint128 ppm = (gap * 1000000 + whole - 1) / whole;
    return ppm > INT64_MAX ? INT64_MAX : (int64_t)ppm;
}
