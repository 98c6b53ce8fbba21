/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search: lanes are opened and closed, and each time just the SKUs on them are solved anew,
 * exactly, within what the others leave. First the lanes that the prices use and that pay for a
 * part of their trucks; then single lanes, as long as that brings anything; then parts are torn up
 * around a random site or lane and mended, and kept when they are no worse. */
#include <assert.h>
#include <stdlib.h>

#include "plan_around.h"

#define PAYS_PERMILLE 300 /* of a truck, from which a priced lane is opened at first */
#define TORN_MAX 6        /* lanes that are closed at once */
#define PASSES_MAX 8
#define FAILED_MAX 2 /* lanes opened in vain, after which the others promise too little */

/* At most what one more truck brings before its cost: by the duals of the flows as they are, whose
 * worth only falls with each case (a flow's cost is convex in its capacities). */
static int64_t promise(const struct plan_state *s, uint32_t lane)
{
    int64_t sum = 0;
    for (size_t n = s->lane_first[lane]; n < s->lane_first[lane + 1]; n++) {
        const struct plan_move *m = &s->move[s->lane_move[n]];
        const struct netflow *f = s->flow[m->sku];
        const struct netflow_arc *arc = &s->p->arc[s->p->sku[m->sku].arc_at + m->arc];
        int64_t gain = netflow_price(f, arc->head) - netflow_price(f, arc->tail) - arc->cost;
        if (gain <= 0)
            continue;
        int64_t cases = m->most - s->cases[s->lane_move[n]];
        int64_t room = (s->p->room_mg[m->site] - s->site_mg[m->site]) / m->case_mg;
        cases = cases < room ? cases : room;
        int64_t part = 0;
        if (__builtin_mul_overflow(gain, cases, &part) || __builtin_add_overflow(sum, part, &sum))
            return INT64_MAX;
    }
    return sum;
}

static void settle_lane(struct plan_state *s, struct plan_mark mark, uint32_t lane, bool used_only)
{
    for (size_t i = s->lane_first[lane]; i < s->lane_first[lane + 1]; i++) {
        size_t m = s->lane_move[i];
        if (!used_only || s->cases[m] > 0)
            plan_settle(s, mark, s->move[m].sku);
    }
}

/* One more truck, if that is better. */
static bool try_open(struct plan_state *s, uint32_t lane)
{
    int64_t trucks = plan_trucks_on(s, lane);
    if (trucks >= s->p->lane[lane].trucks_max)
        return false;
    struct plan_mark mark = plan_mark(s);
    plan_allow(s, lane, trucks + 1, 0);
    settle_lane(s, mark, lane, false);
    plan_mend_thin(s, mark);
    if (s->total < mark.total && s->err == 0)
        return true;
    plan_undo_to(s, mark);
    return false;
}

/* Opens lanes around as long as the most promising ones are better. */
static void open_around(struct plan_around *c)
{
    struct plan_state *s = c->s;
    for (int failed = 0; failed < FAILED_MAX && s->err == 0 && !plan_stopped(s);) {
        int64_t best = 0;
        uint32_t lane = 0;
        for (size_t i = 0; i < c->lanes; i++) {
            uint32_t l = c->lane[i];
            if (!c->listed[l] || plan_trucks_on(s, l) >= s->p->lane[l].trucks_max)
                continue;
            int64_t left = promise(s, l) - s->p->lane[l].truck_paise;
            if (left > best) {
                best = left;
                lane = l;
            }
        }
        if (best <= 0)
            break;
        if (!try_open(s, lane)) {
            c->listed[lane] = false; /* not again in this round */
            failed++;
        }
    }
    for (size_t i = 0; i < c->lanes; i++)
        c->listed[c->lane[i]] = true;
}

/* One truck less, and what then becomes worth opening. */
static bool try_close(struct plan_around *inner, uint32_t lane)
{
    struct plan_state *s = inner->s;
    int64_t trucks = plan_trucks_on(s, lane);
    if (trucks == 0)
        return false;
    struct plan_mark mark = plan_mark(s);
    plan_allow(s, lane, trucks - 1, 0);
    settle_lane(s, mark, lane, true);
    plan_mend_thin(s, mark);
    if (s->total >= mark.total && s->err == 0) {
        plan_around_clear(inner);
        plan_around_touched(inner, mark);
        open_around(inner);
    }
    if (s->total < mark.total && s->err == 0)
        return true;
    plan_undo_to(s, mark);
    return false;
}

/* A truck that was pushed to its least load, filled anew: others may have come nearer meanwhile. */
static bool try_refill(struct plan_state *s, uint32_t lane)
{
    if (s->push[lane] == 0 || plan_trucks_on(s, lane) == 0)
        return false;
    struct plan_mark mark = plan_mark(s);
    plan_allow(s, lane, 1, 0);
    settle_lane(s, mark, lane, false);
    plan_mend_thin(s, mark);
    if (s->total < mark.total && s->err == 0)
        return true;
    plan_undo_to(s, mark);
    return false;
}

static void close_around(struct plan_around *c, struct plan_around *inner)
{
    for (size_t i = 0; i < c->lanes && c->s->err == 0 && !plan_stopped(c->s); i++) {
        if (!try_close(inner, c->lane[i]))
            (void)try_refill(c->s, c->lane[i]);
    }
}

/* --- the first plan */

static void first_plan(struct plan_state *s)
{
    for (size_t i = 0; i < s->moves; i++) {
        const struct plan_move *m = &s->move[i];
        const struct netflow_arc *arc = &s->p->arc[s->p->sku[m->sku].arc_at + m->arc];
        netflow_set_cost(s->flow[m->sku], m->arc, arc->cost);
        netflow_set_capacity(s->flow[m->sku], m->arc, 0);
    }
    for (uint32_t l = 0; l < s->p->lanes; l++) {
        double paid = 0;
        int64_t mg = 0;
        for (size_t n = s->lane_first[l]; n < s->lane_first[l + 1]; n++) {
            size_t i = s->lane_move[n];
            paid += s->share[i] * (double)s->relaxed[i];
            mg += s->relaxed[i] * s->move[i].case_mg;
        }
        int64_t trucks = plan_trucks(&s->p->lane[l], mg);
        if (trucks > s->p->lane[l].trucks_max)
            trucks = s->p->lane[l].trucks_max;
        double cost = (double)trucks * (double)s->p->lane[l].truck_paise;
        s->trucks[l] = paid * 1000 >= cost * PAYS_PERMILLE ? trucks : 0;
    }
    struct plan_mark mark = plan_mark(s);
    for (uint32_t k = 0; k < s->p->skus; k++) {
        if (s->sku_first[k] < s->sku_first[k + 1])
            plan_settle(s, mark, k);
    }
    plan_mend_thin(s, mark);
    plan_keep(s);
}

/* --- better ones */

static void descend(struct plan_state *s, struct plan_around *inner)
{
    for (int pass = 0; pass < PASSES_MAX && s->err == 0; pass++) {
        int64_t before = s->total;
        for (uint32_t l = 0; l < s->p->lanes && s->err == 0; l++) {
            if (plan_stopped(s))
                return;
            if (try_close(inner, l) || try_refill(s, l))
                plan_keep(s);
            if (promise(s, l) > s->p->lane[l].truck_paise && try_open(s, l))
                plan_keep(s);
        }
        if (s->total == before)
            return;
    }
}

/* Closes some lanes at a site, in or out. */
static void tear_site(struct plan_around *c, struct plan_mark mark)
{
    struct plan_state *s = c->s;
    uint32_t site = (uint32_t)rng_below(&s->rng, s->p->sites);
    uint64_t wanted = 1 + rng_below(&s->rng, TORN_MAX);
    uint64_t seen = 0;
    uint32_t torn[TORN_MAX];
    for (uint32_t l = 0; l < s->p->lanes; l++) {
        if (s->p->lane[l].from != site && s->p->lane[l].to != site)
            continue;
        if (s->lane_first[l] == s->lane_first[l + 1])
            continue;
        plan_around_add(c, l);
        if (plan_trucks_on(s, l) == 0)
            continue;
        uint64_t at = seen < wanted ? seen : rng_below(&s->rng, seen + 1);
        if (at < wanted)
            torn[at] = l;
        seen++;
    }
    for (uint64_t i = 0; i < wanted && i < seen; i++) {
        plan_allow(s, torn[i], 0, 0);
        settle_lane(s, mark, torn[i], true);
    }
}

/* Opens one more lane, whatever it brings. */
static void force_lane(struct plan_around *c, struct plan_mark mark)
{
    struct plan_state *s = c->s;
    for (int tries = 0; tries < 30; tries++) {
        uint32_t l = s->move[rng_below(&s->rng, s->moves)].lane;
        int64_t trucks = plan_trucks_on(s, l);
        if (trucks >= s->p->lane[l].trucks_max || promise(s, l) < s->p->lane[l].truck_paise / 4)
            continue;
        plan_around_add(c, l);
        plan_allow(s, l, trucks + 1, 0);
        settle_lane(s, mark, l, false);
        return;
    }
}

static void tear_and_mend(struct plan_around *c, struct plan_around *inner)
{
    struct plan_state *s = c->s;
    struct plan_mark mark = plan_mark(s);
    plan_around_clear(c);
    if (rng_below(&s->rng, 3) == 0)
        force_lane(c, mark);
    else
        tear_site(c, mark);
    plan_mend_thin(s, mark);
    plan_around_touched(c, mark);
    open_around(c);
    plan_around_touched(c, mark);
    close_around(c, inner);
    if (s->total > mark.total || s->err < 0)
        plan_undo_to(s, mark);
    plan_keep(s);
}

/* Two lists of lanes: around what is torn, and around what is closed meanwhile. */
static int with_lists(struct plan_state *s,
                      void (*work)(struct plan_around *, struct plan_around *, uint64_t),
                      uint64_t rounds)
{
    struct plan_around outer = {0};
    struct plan_around inner = {0};
    int err = plan_around_open(s, &outer);
    if (err == 0)
        err = plan_around_open(s, &inner);
    if (err == 0)
        work(&outer, &inner, rounds);
    plan_around_close(&outer);
    plan_around_close(&inner);
    return err < 0 ? err : s->err;
}

static void start(struct plan_around *c, struct plan_around *inner, uint64_t rounds)
{
    (void)rounds;
    first_plan(c->s);
    descend(c->s, inner);
    if (c->s->total > c->s->alone_cost)
        plan_shut_all(c->s);
}

static void go_on(struct plan_around *c, struct plan_around *inner, uint64_t rounds)
{
    descend(c->s, inner);
    for (uint64_t n = 0; n < rounds && c->s->err == 0 && !plan_stopped(c->s); n++)
        tear_and_mend(c, inner);
}

int plan_search_first(struct plan_state *s)
{
    return with_lists(s, start, 0);
}

int plan_search_more(struct plan_state *s, uint64_t rounds)
{
    return s->moves > 0 ? with_lists(s, go_on, rounds) : 0;
}
