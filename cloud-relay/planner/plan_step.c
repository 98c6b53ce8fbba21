/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "plan_state.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

#define MG_PER_TONNE INT64_C(1000000000)
#define PUSH_MAX (INT64_C(1) << 36) /* 700 million rupees a tonne: nothing is worth that */
#define CASE_PUSH_MAX (NETFLOW_COST_MAX / 4)
#define FILL_TRIES_MAX 64
#define FILL_ROUNDS_MAX 3

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* --- settling one SKU */

/* What the others leave on a lane. One that is pushed takes no more than its least load, so that no
 * more is moved at a loss than must be. */
static int64_t lane_room(const struct plan_state *s, const struct plan_move *m)
{
    const struct plan_lane *lane = &s->p->lane[m->lane];
    int64_t most = s->trucks[m->lane] * lane->truck_mg;
    if (s->push[m->lane] > 0)
        most = least(most, lane->least_mg + m->case_mg - 1);
    return most - s->lane_mg[m->lane];
}

static int64_t site_room(const struct plan_state *s, const struct plan_move *m)
{
    return s->p->room_mg[m->site] - s->site_mg[m->site];
}

/* The same in cases of one move. */
static int64_t room_for(const struct plan_state *s, const struct plan_move *m)
{
    int64_t mg = least(lane_room(s, m), site_room(s, m));
    return mg > 0 ? least(m->most, mg / m->case_mg) : 0;
}

static int64_t push_of(const struct plan_state *s, const struct plan_move *m)
{
    int128 paise = (int128)s->push[m->lane] * m->case_mg / MG_PER_TONNE;
    return paise < CASE_PUSH_MAX ? (int64_t)paise : CASE_PUSH_MAX;
}

/* Shares of one lane or site that several moves of the SKU use together: the first come first. */
static void ration(struct plan_state *s, uint32_t sku, bool by_lane, uint32_t which, int64_t mg)
{
    struct netflow *f = s->flow[sku];
    int64_t left = mg > 0 ? mg / s->p->sku[sku].case_mg : 0;
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++) {
        const struct plan_move *m = &s->move[i];
        if ((by_lane ? m->lane : m->site) != which)
            continue;
        int64_t cases = least(netflow_units(f, m->arc), left);
        netflow_set_capacity(f, m->arc, cases);
        left -= cases;
    }
}

/* True when some lane or site would hold more than it can; then it is rationed. */
static bool overfills(struct plan_state *s, uint32_t sku)
{
    struct netflow *f = s->flow[sku];
    size_t first = s->sku_first[sku];
    size_t end = s->sku_first[sku + 1];
    for (size_t i = first; i < end; i++) {
        const struct plan_move *m = &s->move[i];
        int64_t mg = netflow_units(f, m->arc) * m->case_mg;
        s->lane_sum[m->lane] += mg;
        s->site_sum[m->site] += mg;
    }
    bool over = false;
    for (size_t i = first; i < end && !over; i++) {
        const struct plan_move *m = &s->move[i];
        int64_t lane_mg = lane_room(s, m);
        int64_t site_mg = site_room(s, m);
        if (s->lane_sum[m->lane] > lane_mg && s->lane_sum[m->lane] > 0) {
            ration(s, sku, true, m->lane, lane_mg);
            over = true;
        } else if (s->site_sum[m->site] > site_mg && s->site_sum[m->site] > 0) {
            ration(s, sku, false, m->site, site_mg);
            over = true;
        }
    }
    for (size_t i = first; i < end; i++) {
        s->lane_sum[s->move[i].lane] = 0;
        s->site_sum[s->move[i].site] = 0;
    }
    return over;
}

/* The smaller of two flows by which the SKU would go both ways between two sites; moves: none. */
static size_t find_both_ways(const struct plan_state *s, uint32_t sku)
{
    const struct netflow *f = s->flow[sku];
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++) {
        int64_t there = netflow_units(f, s->move[i].arc);
        if (there == 0)
            continue;
        const struct plan_lane *out = &s->p->lane[s->move[i].lane];
        for (size_t n = i + 1; n < s->sku_first[sku + 1]; n++) {
            const struct plan_lane *in = &s->p->lane[s->move[n].lane];
            int64_t back = netflow_units(f, s->move[n].arc);
            if (back > 0 && out->from == in->to && out->to == in->from)
                return there < back ? i : n;
        }
    }
    return s->moves;
}

static bool goes_both_ways(struct plan_state *s, uint32_t sku)
{
    size_t i = find_both_ways(s, sku);
    if (i == s->moves)
        return false;
    netflow_set_capacity(s->flow[sku], s->move[i].arc, 0);
    return true;
}

/* The flow's cost without what the push takes off. */
static int64_t true_cost(const struct plan_state *s, uint32_t sku)
{
    const struct netflow_arc *arc = s->p->arc + s->p->sku[sku].arc_at;
    int64_t cost = netflow_value(s->flow[sku]);
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++) {
        uint32_t a = s->move[i].arc;
        cost += (arc[a].cost - netflow_cost(s->flow[sku], a)) * netflow_units(s->flow[sku], a);
    }
    return cost;
}

void plan_settle(struct plan_state *s, struct plan_mark mark, uint32_t sku)
{
    if (s->err == 0)
        s->err = plan_save(s, mark, sku);
    if (s->err < 0)
        return;
    plan_take_off(s, sku);
    struct netflow *f = s->flow[sku];
    const struct netflow_arc *arc = s->p->arc + s->p->sku[sku].arc_at;
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++) {
        const struct plan_move *m = &s->move[i];
        netflow_set_capacity(f, m->arc, room_for(s, m));
        int64_t cost = arc[m->arc].cost - push_of(s, m);
        netflow_set_cost(f, m->arc, cost < -NETFLOW_COST_MAX ? -NETFLOW_COST_MAX : cost);
    }
    enum netflow_answer answer;
    do /* each time round a lane, a site or a pair is settled for good */
        answer = netflow_solve(f);
    while (answer == NETFLOW_OPTIMAL && (overfills(s, sku) || goes_both_ways(s, sku)));
    assert(answer == NETFLOW_OPTIMAL);
    plan_put_on(s, sku, true_cost(s, sku));
}

bool plan_impose(struct plan_state *s, struct plan_mark mark, uint32_t sku, const int64_t *cases)
{
    if (s->err == 0)
        s->err = plan_save(s, mark, sku);
    if (s->err < 0)
        return false;
    plan_take_off(s, sku);
    struct netflow *f = s->flow[sku];
    const struct netflow_arc *arc = s->p->arc + s->p->sku[sku].arc_at;
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++) {
        const struct plan_move *m = &s->move[i];
        int64_t cost = arc[m->arc].cost - CASE_PUSH_MAX; /* all that may go goes */
        netflow_set_capacity(f, m->arc, least(cases[i], m->most));
        netflow_set_cost(f, m->arc, cost < -NETFLOW_COST_MAX ? -NETFLOW_COST_MAX : cost);
    }
    enum netflow_answer answer = netflow_solve(f);
    assert(answer == NETFLOW_OPTIMAL);
    plan_put_on(s, sku, true_cost(s, sku));
    bool exact = true;
    for (size_t i = s->sku_first[sku]; i < s->sku_first[sku + 1]; i++)
        exact = exact && s->cases[i] == cases[i];
    return exact;
}

static bool too_full(const struct plan_state *s, const struct plan_move *m)
{
    const struct plan_lane *lane = &s->p->lane[m->lane];
    return s->site_mg[m->site] > s->p->room_mg[m->site] ||
           s->lane_mg[m->lane] > lane->trucks_max * lane->truck_mg;
}

void plan_mend_full(struct plan_state *s, struct plan_mark mark)
{
    for (size_t i = 0; i < s->moves && s->err == 0; i++) {
        const struct plan_move *m = &s->move[i];
        if (s->cases[i] == 0 || !too_full(s, m))
            continue;
        plan_allow(s, m->lane, least(s->trucks[m->lane], s->p->lane[m->lane].trucks_max), 0);
        plan_settle(s, mark, m->sku);
    }
}

bool plan_fits(struct plan_state *s)
{
    for (uint32_t l = 0; l < s->p->lanes; l++) {
        int64_t trucks = plan_trucks(&s->p->lane[l], s->lane_mg[l]);
        if (trucks > s->p->lane[l].trucks_max ||
            (trucks > 0 && s->lane_mg[l] / trucks < s->p->lane[l].least_mg))
            return false;
    }
    for (uint32_t j = 0; j < s->p->sites; j++) {
        if (s->site_mg[j] > s->p->room_mg[j])
            return false;
    }
    for (uint32_t k = 0; k < s->p->skus; k++) {
        if (find_both_ways(s, k) < s->moves)
            return false;
    }
    return true;
}

/* --- least loads */

/* What a case of a move costs more than it brings, by the flow's duals; the push is in its cost. */
static int64_t loss_of(const struct plan_state *s, const struct plan_move *m)
{
    const struct netflow *f = s->flow[m->sku];
    const struct netflow_arc *arc = &s->p->arc[s->p->sku[m->sku].arc_at + m->arc];
    return netflow_cost(f, m->arc) + netflow_price(f, arc->tail) - netflow_price(f, arc->head);
}

/* The least further push that makes some case worth its way. 0: nothing more can come. */
static int64_t next_push(const struct plan_state *s, uint32_t lane)
{
    int64_t next = 0;
    for (size_t n = s->lane_first[lane]; n < s->lane_first[lane + 1]; n++) {
        const struct plan_move *m = &s->move[s->lane_move[n]];
        if (s->cases[s->lane_move[n]] >= m->most || site_room(s, m) < m->case_mg)
            continue;
        int64_t loss = loss_of(s, m);
        int128 push = ((int128)(loss < 0 ? 0 : loss) + 1) * MG_PER_TONNE / m->case_mg + 1;
        if (push < PUSH_MAX && (next == 0 || push < next))
            next = (int64_t)push;
    }
    return next;
}

/* Pushes goods onto the one truck of a lane until it carries its least load. */
static bool fill(struct plan_state *s, struct plan_mark mark, uint32_t lane)
{
    int64_t step = 0;
    int64_t load_mg = -1;
    for (int tries = 0; tries < FILL_TRIES_MAX && s->err == 0; tries++) {
        if (s->lane_mg[lane] >= s->p->lane[lane].least_mg)
            return true;
        /* Where the duals just slide along with the push, larger steps find where they break. */
        step = s->lane_mg[lane] == load_mg ? step * 2 : 0;
        load_mg = s->lane_mg[lane];
        int64_t more = next_push(s, lane);
        if (more == 0)
            return false;
        step = more = more > step ? more : step;
        if (s->push[lane] + more > PUSH_MAX)
            return false;
        plan_allow(s, lane, 1, s->push[lane] + more);
        for (size_t n = s->lane_first[lane]; n < s->lane_first[lane + 1]; n++) {
            size_t i = s->lane_move[n];
            const struct plan_move *m = &s->move[i];
            int64_t push = (int64_t)((int128)more * m->case_mg / MG_PER_TONNE);
            if (s->cases[i] > 0 || loss_of(s, m) < push)
                plan_settle(s, mark, m->sku);
        }
    }
    return false;
}

static bool runs_thin(const struct plan_state *s, uint32_t lane)
{
    int64_t trucks = plan_trucks(&s->p->lane[lane], s->lane_mg[lane]);
    return trucks > 0 && s->lane_mg[lane] / trucks < s->p->lane[lane].least_mg;
}

static void shut(struct plan_state *s, struct plan_mark mark, uint32_t lane)
{
    plan_allow(s, lane, plan_trucks(&s->p->lane[lane], s->lane_mg[lane]) - 1, 0);
    for (size_t i = s->lane_first[lane]; i < s->lane_first[lane + 1]; i++) {
        if (s->cases[s->lane_move[i]] > 0)
            plan_settle(s, mark, s->move[s->lane_move[i]].sku);
    }
}

static void fill_or_shut(struct plan_state *s, struct plan_mark mark, uint32_t lane, bool may_fill)
{
    int64_t filled = INT64_MAX;
    if (may_fill && plan_trucks(&s->p->lane[lane], s->lane_mg[lane]) == 1) {
        struct plan_mark here = plan_mark(s);
        if (fill(s, here, lane))
            filled = s->total;
        plan_undo_to(s, here);
    }
    struct plan_mark here = plan_mark(s);
    shut(s, here, lane);
    if (s->total <= filled)
        return;
    plan_undo_to(s, here);
    (void)fill(s, mark, lane);
}

/* Filling one lane can drain another and so on for ever: after some rounds lanes are only shut, and
 * shutting ends, since no lane is ever allowed more trucks here. */
void plan_mend_thin(struct plan_state *s, struct plan_mark mark)
{
    bool again = true;
    for (int round = 0; again && s->err == 0; round++) {
        again = false;
        for (size_t n = mark.undos; n < s->undos; n++) {
            uint32_t k = s->undo[n].sku;
            for (size_t i = s->sku_first[k]; i < s->sku_first[k + 1] && s->err == 0; i++) {
                if (!runs_thin(s, s->move[i].lane))
                    continue;
                fill_or_shut(s, mark, s->move[i].lane, round < FILL_ROUNDS_MAX);
                again = true;
            }
        }
    }
}
