/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_part.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LANES_MAX 720 /* beyond, branch and cut has no time to get anywhere */
#define ARCS_MAX 40000
#define WHOLE_NODES 1500
#define AROUND_SKUS_MIN 3 /* of a neighbourhood */
#define AROUND_SKUS_MAX 12
#define AROUND_TRIES 200
#define AROUND_NODES 150
#define AROUND_ARCS_MAX 6000

/* Lanes that belong together: a forest by parent (union and find). */
struct parts {
    struct plan_state *s;
    uint32_t *parent; /* a lane */
    uint32_t *sku;
    uint32_t *lane;
    uint32_t *site;
    int64_t *site_most; /* a site: what could come at most */
    int64_t *cases;     /* a move */
    int64_t *trucks;    /* a lane of a part */
    int64_t *whole_trucks;
    int64_t bound_cost;
};

static uint32_t root_of(struct parts *w, uint32_t lane)
{
    while (w->parent[lane] != lane) {
        w->parent[lane] = w->parent[w->parent[lane]];
        lane = w->parent[lane];
    }
    return lane;
}

static void join(struct parts *w, uint32_t a, uint32_t b)
{
    uint32_t ra = root_of(w, a);
    uint32_t rb = root_of(w, b);
    if (ra < rb)
        w->parent[rb] = ra;
    else
        w->parent[ra] = rb;
}

static bool room_can_run_out(const struct parts *w, uint32_t site)
{
    return w->site_most[site] > w->s->p->room_mg[site];
}

static void join_lanes(struct parts *w)
{
    struct plan_state *s = w->s;
    for (uint32_t l = 0; l < s->p->lanes; l++)
        w->parent[l] = l;
    for (size_t i = 0; i < s->moves; i++) {
        const struct plan_move *m = &s->move[i];
        int64_t mg = 0;
        if (__builtin_mul_overflow(m->most, m->case_mg, &mg) ||
            __builtin_add_overflow(w->site_most[m->site], mg, &w->site_most[m->site]))
            w->site_most[m->site] = INT64_MAX;
        join(w, m->lane, s->move[s->sku_first[m->sku]].lane);
    }
    for (uint32_t l = 0; l < s->p->lanes; l++)
        w->site[s->p->lane[l].to] = UINT32_MAX; /* the first lane there, for now */
    for (uint32_t l = 0; l < s->p->lanes; l++) {
        uint32_t to = s->p->lane[l].to;
        if (s->lane_first[l] == s->lane_first[l + 1] || !room_can_run_out(w, to))
            continue;
        if (w->site[to] != UINT32_MAX)
            join(w, l, w->site[to]);
        w->site[to] = l;
    }
}

static struct plan_part collect(struct parts *w, uint32_t root)
{
    struct plan_state *s = w->s;
    struct plan_part part = {
        .sku = w->sku, .lane = w->lane, .site = w->site, .nodes = s->limits->nodes};
    for (uint32_t l = 0; l < s->p->lanes; l++) {
        if (root_of(w, l) == root && s->lane_first[l] < s->lane_first[l + 1])
            w->lane[part.lanes++] = l;
    }
    for (uint32_t k = 0; k < s->p->skus; k++) {
        if (s->sku_first[k] < s->sku_first[k + 1] &&
            root_of(w, s->move[s->sku_first[k]].lane) == root)
            w->sku[part.skus++] = k;
    }
    for (uint32_t j = 0; j < s->p->sites; j++) {
        bool here = false;
        for (size_t i = 0; i < part.lanes && !here; i++)
            here = s->p->lane[w->lane[i]].to == j;
        if (here && room_can_run_out(w, j))
            w->site[part.sites++] = j;
    }
    return part;
}

/* What the plan at hand costs within the part, and how many arcs it has. */
static int64_t cost_of(const struct plan_state *s, const struct plan_part *part, size_t *ret_arcs)
{
    int64_t cost = 0;
    *ret_arcs = 0;
    for (size_t i = 0; i < part->skus; i++) {
        cost += s->cost[part->sku[i]];
        *ret_arcs += s->p->sku[part->sku[i]].arcs;
    }
    for (size_t i = 0; i < part->lanes; i++) {
        const struct plan_lane *lane = &s->p->lane[part->lane[i]];
        cost += plan_trucks(lane, s->lane_mg[part->lane[i]]) * lane->truck_paise;
    }
    return cost;
}

/* Takes a plan over, mended to whole cases, if it is better. */
static void adopt(struct plan_state *s, const struct plan_part *part, const int64_t *cases)
{
    struct plan_mark mark = plan_mark(s);
    for (size_t i = 0; i < part->lanes; i++)
        plan_allow(s, part->lane[i], 0, 0);
    for (size_t i = 0; i < part->skus; i++)
        (void)plan_impose(s, mark, part->sku[i], cases); /* mended below */
    for (size_t i = 0; i < part->lanes; i++) {
        uint32_t l = part->lane[i];
        plan_allow(s, l, plan_trucks(&s->p->lane[l], s->lane_mg[l]), 0);
    }
    plan_mend_full(s, mark);
    plan_mend_thin(s, mark);
    if (s->total >= mark.total || s->err < 0 || !plan_fits(s))
        plan_undo_to(s, mark);
    plan_keep(s);
}

/* With the trucks that were found, the best plan of whole cases. */
static int make_whole(struct parts *w, const struct plan_part *part)
{
    struct plan_part fixed = *part;
    fixed.whole = true;
    fixed.trucks = w->trucks;
    fixed.nodes = WHOLE_NODES;
    struct plan_exact exact = {
        .bound_cost = INT64_MIN, .cases = w->cases, .trucks = w->whole_trucks};
    int err = plan_glpk(w->s, &fixed, &exact);
    if (exact.found && err == 0)
        adopt(w->s, part, exact.cases);
    return err == -ENOTSUP ? 0 : err;
}

static int solve_part(struct parts *w, uint32_t root)
{
    struct plan_state *s = w->s;
    struct plan_part part = collect(w, root);
    size_t arcs = 0;
    (void)cost_of(s, &part, &arcs);
    if (part.lanes == 0)
        return 0;
    if (part.lanes > LANES_MAX || arcs > ARCS_MAX || plan_stopped(s)) {
        w->bound_cost = INT64_MIN;
        return 0;
    }
    struct plan_exact exact = {.bound_cost = INT64_MIN, .cases = w->cases, .trucks = w->trucks};
    int err = plan_glpk(s, &part, &exact);
    if (err < 0 && err != -ENOTSUP)
        return err;
    if (exact.found) {
        adopt(s, &part, exact.cases);
        err = make_whole(w, &part);
        if (err < 0)
            return err;
    }
    if (exact.bound_cost == INT64_MIN || w->bound_cost == INT64_MIN)
        w->bound_cost = INT64_MIN;
    else
        w->bound_cost += exact.bound_cost;
    return s->err;
}

static void parts_free(struct parts *w)
{
    if (!w)
        return;
    free(w->parent);
    free(w->sku);
    free(w->lane);
    free(w->site);
    free(w->site_most);
    free(w->cases);
    free(w->trucks);
    free(w->whole_trucks);
    free(w);
}
DEFINE_AUTO(parts);

static int parts_open(struct plan_state *s, struct parts **ret)
{
    AUTO(parts) w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    size_t lanes = (size_t)s->p->lanes + 1;
    *w = (struct parts){.s = s,
                        .parent = calloc(lanes, sizeof(*w->parent)),
                        .sku = calloc((size_t)s->p->skus + 1, sizeof(*w->sku)),
                        .lane = calloc(lanes, sizeof(*w->lane)),
                        .site = calloc((size_t)s->p->sites + 1, sizeof(*w->site)),
                        .site_most = calloc(s->p->sites, sizeof(*w->site_most)),
                        .cases = calloc(s->moves, sizeof(*w->cases)),
                        .trucks = calloc(lanes, sizeof(*w->trucks)),
                        .whole_trucks = calloc(lanes, sizeof(*w->whole_trucks)),
                        .bound_cost = s->fixed_cost};
    if (!w->parent || !w->sku || !w->lane || !w->site || !w->site_most || !w->cases || !w->trucks ||
        !w->whole_trucks)
        return -ENOMEM;
    *ret = TAKE(w);
    return 0;
}

int plan_parts(struct plan_state *s)
{
    if (s->limits->nodes == 0 || s->moves == 0)
        return 0;
    AUTO(parts) w = NULL;
    int err = parts_open(s, &w);
    if (err < 0)
        return err;
    join_lanes(w);
    for (uint32_t l = 0; l < s->p->lanes; l++) {
        err = root_of(w, l) == l ? solve_part(w, l) : 0;
        if (err < 0)
            return err;
    }
    /* What contradicts a plan is wrong: the solver's doubles have gone astray. */
    if (w->bound_cost > s->bound_cost && w->bound_cost <= s->total)
        s->bound_cost = w->bound_cost;
    return 0;
}

/* --- neighbourhoods */

static void add_unique(uint32_t *list, size_t *count, size_t max, uint32_t item)
{
    for (size_t i = 0; i < *count; i++) {
        if (list[i] == item)
            return;
    }
    if (*count < max)
        list[(*count)++] = item;
}

/* SKUs that meet on lanes, from a random move on: those of its lane, then those that travel with
 * one of them. */
static struct plan_part collect_around(struct parts *w)
{
    struct plan_state *s = w->s;
    struct plan_part part = {
        .sku = w->sku, .lane = w->lane, .site = w->site, .whole = true, .nodes = AROUND_NODES};
    size_t wanted = AROUND_SKUS_MIN + rng_below(&s->rng, AROUND_SKUS_MAX - AROUND_SKUS_MIN + 1);
    uint32_t lane = s->move[rng_below(&s->rng, s->moves)].lane;
    for (int tries = 0; part.skus < wanted && tries < AROUND_TRIES; tries++) {
        for (size_t n = s->lane_first[lane]; n < s->lane_first[lane + 1]; n++)
            add_unique(w->sku, &part.skus, wanted, s->move[s->lane_move[n]].sku);
        uint32_t k = w->sku[rng_below(&s->rng, part.skus)];
        size_t moves = s->sku_first[k + 1] - s->sku_first[k];
        size_t next = s->sku_first[k] + rng_below(&s->rng, moves);
        /* mostly along lanes in use */
        if (s->lane_mg[s->move[next].lane] > 0 || tries % 4 == 3)
            lane = s->move[next].lane;
    }
    for (size_t i = 0; i < part.skus; i++) {
        for (size_t n = s->sku_first[w->sku[i]]; n < s->sku_first[w->sku[i] + 1]; n++) {
            add_unique(w->lane, &part.lanes, s->p->lanes, s->move[n].lane);
            add_unique(w->site, &part.sites, s->p->sites, s->move[n].site);
        }
    }
    return part;
}

int plan_parts_around(struct plan_state *s, uint64_t rounds)
{
    if (s->limits->nodes == 0 || s->moves == 0)
        return 0;
    AUTO(parts) w = NULL;
    int err = parts_open(s, &w);
    for (uint64_t n = 0; n < rounds && err == 0 && !plan_stopped(s); n++) {
        struct plan_part part = collect_around(w);
        size_t arcs = 0;
        (void)cost_of(s, &part, &arcs);
        if (arcs > AROUND_ARCS_MAX)
            continue;
        struct plan_exact exact = {.bound_cost = INT64_MIN, .cases = w->cases, .trucks = w->trucks};
        err = plan_glpk(s, &part, &exact);
        err = err == -ENOTSUP ? 0 : err;
        if (exact.found && err == 0)
            adopt(s, &part, exact.cases);
        err = err < 0 ? err : s->err;
    }
    return err;
}
