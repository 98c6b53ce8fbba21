/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bound: lanes and rooms become prices, and what is left are single flows.
 *
 * A truck's cost is shared out over the moves of its lane, a share s paise a case, so that no load
 * of one truck pays more than the truck costs: K(s) = max { s x : w x <= U, 0 <= x <= u } <= F,
 * u being what at most falls to one truck (plan_on_truck_mg()).
 * Then trucks never cost less than the shares that their load pays, and with a rent for each site's
 * room the flows, solved with shares and rents as costs, bound every plan from below:
 *
 *     sum of flows + sum of N min(0, F - K(s)) - sum of rent * room.
 *
 * Per-lane knapsacks make this at least as strong as the linear relaxation with x <= u y. Shares
 * move by exponentiated gradient (Kivinen and Warmuth, Information and Computation 132, 1997):
 * towards the moves that the flows use in spite of them. Prices are doubles while they are sought;
 * what a round claims is recomputed in integers, rounded against us. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan_state.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

#define MG_PER_TONNE INT64_C(1000000000)
#define STEP_FIRST 1.5
#define STEP_LEAST 0.004
#define PATIENCE 4      /* rounds without a better bound, then the step halves */
#define RENT_LEAST 1000 /* paise a tonne at which a rent starts */
#define CHARGE_MAX ((double)(NETFLOW_COST_MAX / 4))

struct pricing {
    struct plan_state *s;
    int64_t *charge;   /* a move: its share in whole paise */
    int64_t *best;     /* a move: cases of the best round */
    double *best_rent; /* a site */
    double *best_share;
    uint32_t *order; /* moves of one lane by paise a milligram */
    double step;
};

static void pricing_free(struct pricing *w)
{
    if (!w)
        return;
    free(w->charge);
    free(w->best);
    free(w->best_rent);
    free(w->best_share);
    free(w->order);
    free(w);
}
DEFINE_AUTO(pricing);

/* What a move's weight pays by its charge, rounded up. */
static int128 pays(const struct pricing *w, uint32_t move, int64_t mg)
{
    int64_t case_mg = w->s->move[move].case_mg;
    return ((int128)w->charge[move] * mg + case_mg - 1) / case_mg;
}

/* Largest paise a milligram first; few moves stand on one lane. */
static void sort_by_density(struct pricing *w, uint32_t *order, size_t count)
{
    const struct plan_move *move = w->s->move;
    for (size_t i = 1; i < count; i++) {
        uint32_t m = order[i];
        size_t at = i;
        while (at > 0 && (int128)w->charge[order[at - 1]] * move[m].case_mg <
                             (int128)w->charge[m] * move[order[at - 1]].case_mg) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = m;
    }
}

static int64_t bounded(int128 paise)
{
    return paise > INT64_MAX / 2 ? INT64_MAX / 2 : (int64_t)paise;
}

/* K of the whole charges, rounded up. */
static int64_t most_on_truck(struct pricing *w, uint32_t lane)
{
    struct plan_state *s = w->s;
    const uint32_t *of_lane = s->lane_move + s->lane_first[lane];
    size_t count = s->lane_first[lane + 1] - s->lane_first[lane];
    for (size_t i = 0; i < count; i++)
        w->order[i] = of_lane[i];
    int64_t left_mg = s->p->lane[lane].truck_mg;
    int128 all = 0;
    int128 all_mg = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t mg = s->move[of_lane[i]].useful_on_truck_mg;
        all += pays(w, of_lane[i], mg);
        all_mg += mg;
    }
    if (all_mg <= left_mg)
        return bounded(all);
    sort_by_density(w, w->order, count);
    int128 sum = 0;
    for (size_t i = 0; i < count && left_mg > 0; i++) {
        int64_t mg = s->move[w->order[i]].useful_on_truck_mg;
        mg = mg < left_mg ? mg : left_mg;
        sum += pays(w, w->order[i], mg);
        left_mg -= mg;
    }
    return bounded(sum);
}

/* Scales a lane's shares so that the dearest load of a truck pays just the truck. */
static void scale_lane(struct pricing *w, uint32_t lane)
{
    struct plan_state *s = w->s;
    const uint32_t *of_lane = s->lane_move + s->lane_first[lane];
    size_t count = s->lane_first[lane + 1] - s->lane_first[lane];
    double cost = (double)s->p->lane[lane].truck_paise;
    double top = 0;
    for (size_t i = 0; i < count; i++)
        top = s->share[of_lane[i]] > top ? s->share[of_lane[i]] : top;
    /* Whole numbers large enough to keep the proportions. */
    double unit = top > 0 ? 1e9 / top : 0;
    for (size_t i = 0; i < count; i++)
        w->charge[of_lane[i]] = (int64_t)(s->share[of_lane[i]] * unit);
    int64_t most = count > 0 && top > 0 ? most_on_truck(w, lane) : 0;
    double scale = most > 0 ? cost * unit / (double)most : 0;
    for (size_t i = 0; i < count; i++) {
        double share = s->share[of_lane[i]] * scale;
        s->share[of_lane[i]] = share;
        w->charge[of_lane[i]] = (int64_t)(share < CHARGE_MAX ? share : CHARGE_MAX);
    }
}

static int64_t rent_of(const struct plan_state *s, const struct plan_move *m)
{
    int128 paise = (int128)(int64_t)s->rent[m->site] * m->case_mg / MG_PER_TONNE;
    return paise > NETFLOW_COST_MAX / 4 ? NETFLOW_COST_MAX / 4 : (int64_t)paise;
}

/* Solves every flow under the prices. Returns what they cost together. */
static int128 solve_priced(struct pricing *w)
{
    struct plan_state *s = w->s;
    int128 sum = s->fixed_cost;
    for (uint32_t k = 0; k < s->p->skus; k++) {
        if (s->sku_first[k] == s->sku_first[k + 1])
            continue;
        const struct netflow_arc *arc = s->p->arc + s->p->sku[k].arc_at;
        for (size_t i = s->sku_first[k]; i < s->sku_first[k + 1]; i++) {
            const struct plan_move *m = &s->move[i];
            int64_t cost = arc[m->arc].cost + w->charge[i] + rent_of(s, m);
            cost = cost > NETFLOW_COST_MAX ? NETFLOW_COST_MAX : cost;
            netflow_set_cost(s->flow[k], m->arc, cost);
        }
        enum netflow_answer answer = netflow_solve(s->flow[k]);
        assert(answer == NETFLOW_OPTIMAL); /* it is so without transfers, and these are bounded */
        sum += netflow_value(s->flow[k]);
        for (size_t i = s->sku_first[k]; i < s->sku_first[k + 1]; i++)
            s->relaxed[i] = netflow_units(s->flow[k], s->move[i].arc);
    }
    return sum;
}

/* What the prices certify: rounded down. */
static int64_t certify(struct pricing *w, int128 flows)
{
    struct plan_state *s = w->s;
    int128 sum = flows;
    for (uint32_t l = 0; l < s->p->lanes; l++) {
        if (s->lane_first[l] == s->lane_first[l + 1])
            continue;
        int64_t short_of = s->p->lane[l].truck_paise - most_on_truck(w, l);
        if (short_of < 0)
            sum += (int128)short_of * s->p->lane[l].trucks_max;
    }
    for (uint32_t j = 0; j < s->p->sites; j++)
        sum -= ((int128)(int64_t)s->rent[j] * s->p->room_mg[j] + MG_PER_TONNE - 1) / MG_PER_TONNE;
    return sum < INT64_MIN / 2 ? INT64_MIN / 2 : (int64_t)sum;
}

static void move_shares(struct pricing *w)
{
    struct plan_state *s = w->s;
    for (size_t i = 0; i < s->moves; i++) {
        double most_mg = (double)s->move[i].useful_on_truck_mg;
        double used =
            most_mg > 0 ? (double)s->relaxed[i] * (double)s->move[i].case_mg / most_mg : 0;
        s->share[i] *= 1 + w->step * (used < 1 ? used : 1); /* first order of exp() */
    }
    for (uint32_t l = 0; l < s->p->lanes; l++)
        scale_lane(w, l);
}

static void move_rents(struct pricing *w)
{
    struct plan_state *s = w->s;
    memset(s->site_sum, 0, s->p->sites * sizeof(*s->site_sum));
    for (size_t i = 0; i < s->moves; i++)
        s->site_sum[s->move[i].site] += s->relaxed[i] * s->move[i].case_mg;
    for (uint32_t j = 0; j < s->p->sites; j++) {
        double room = (double)s->p->room_mg[j] + 1;
        double over = (double)s->site_sum[j] / room - 1;
        over = over > 1 ? 1 : over;
        if (over > 0 && s->rent[j] < RENT_LEAST)
            s->rent[j] = RENT_LEAST;
        /* Rents start far below what they come to: up in larger steps than down. */
        double step = over > 0 ? w->step * 2 : w->step / 2;
        s->rent[j] *= 1 + step * over;
        if (s->rent[j] < RENT_LEAST / 2.0 || s->rent[j] > 1e15)
            s->rent[j] = s->rent[j] > 1 ? 1e15 * (s->rent[j] > 1e15) : 0;
    }
    memset(s->site_sum, 0, s->p->sites * sizeof(*s->site_sum));
}

static void keep_best(struct pricing *w, int64_t bound)
{
    struct plan_state *s = w->s;
    s->bound_cost = bound;
    memcpy(w->best, s->relaxed, s->moves * sizeof(*w->best));
    memcpy(w->best_share, s->share, s->moves * sizeof(*w->best_share));
    memcpy(w->best_rent, s->rent, s->p->sites * sizeof(*w->best_rent));
}

static int pricing_open(struct plan_state *s, struct pricing **ret)
{
    AUTO(pricing) w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    size_t moves = s->moves + 1;
    *w = (struct pricing){.s = s,
                          .charge = calloc(moves, sizeof(*w->charge)),
                          .best = calloc(moves, sizeof(*w->best)),
                          .best_rent = calloc(s->p->sites, sizeof(*w->best_rent)),
                          .best_share = calloc(moves, sizeof(*w->best_share)),
                          .order = calloc(moves, sizeof(*w->order)),
                          .step = STEP_FIRST};
    if (!w->charge || !w->best || !w->best_rent || !w->best_share || !w->order)
        return -ENOMEM;
    *ret = TAKE(w);
    return 0;
}

int plan_bound(struct plan_state *s)
{
    AUTO(pricing) w = NULL;
    int err = pricing_open(s, &w);
    if (err < 0)
        return err;
    for (size_t i = 0; i < s->moves; i++) {
        netflow_set_capacity(s->flow[s->move[i].sku], s->move[i].arc, s->move[i].useful);
        s->share[i] = (double)s->move[i].case_mg / (double)MG_PER_TONNE;
    }
    for (uint32_t l = 0; l < s->p->lanes; l++)
        scale_lane(w, l);
    unsigned idle = 0;
    for (uint64_t round = 0;; round++) {
        int64_t bound = certify(w, solve_priced(w));
        idle++;
        if (bound > s->bound_cost) {
            keep_best(w, bound);
            idle = 0;
        }
        if (round >= s->limits->bound_rounds || w->step < STEP_LEAST || plan_stopped(s))
            break;
        if (idle > PATIENCE) {
            w->step /= 2;
            idle = 0;
        }
        move_shares(w);
        move_rents(w);
    }
    memcpy(s->relaxed, w->best, s->moves * sizeof(*w->best));
    memcpy(s->share, w->best_share, s->moves * sizeof(*w->best_share));
    memcpy(s->rent, w->best_rent, s->p->sites * sizeof(*w->best_rent));
    return 0;
}
