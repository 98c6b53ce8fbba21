/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decision.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "decimal.h"
#include "learning.h"
#include "market.h"
#include "plan.h"

#define ROUNDS_MAX 4 /* of barring moves that gain too little */

void decisions_clear(struct decisions *d)
{
    free(d->rows);
    standing_free(d->standing);
    *d = (struct decisions){0};
}

static const struct market_trade *trade_of(const struct market *m, size_t arc)
{
    for (size_t i = 0; i < m->trades; i++)
        if (m->trade[i].arc == arc)
            return &m->trade[i];
    return NULL;
}

static int64_t a_unit_milli(int64_t paise_a_case, int64_t case_units)
{
    return paise_a_case * 1000 / case_units;
}

static struct rank_score rank_of(const struct situation *t, const struct decision *d,
                                 const struct rank_weights *w)
{
    const struct situation_lot *lot = &t->lots[d->lot];
    int32_t life = t->skus[lot->sku].facts->shelf_life_days;
    struct rank_facts f = {.lot_id = d->lot,
                           .units = d->units,
                           .days_left = lot->days_left,
                           .life_days = life > 0 ? life : lot->days_left + 1};
    uint32_t site = lot->site;
    if (d->kind == DECISION_TRANSFER) {
        f.km = t->lanes[d->lane].terms.km;
        site = t->lanes[d->lane].to;
    }
    f.window_milli = situation_window_milli(t, lot->sku, site, lot->days_left);
    if (f.life_days <= 0)
        f.life_days = 1;
    return rank_score(&f, w);
}

static void price(const struct situation *t, const struct market *m, const struct lots_outcome *o,
                  struct decision *d)
{
    const struct market_trade *trade = trade_of(m, o->arc);
    int64_t in_case = t->skus[t->lots[d->lot].sku].case_units;
    if (!trade)
        return;
    d->cost_paise += trade->truck_paise;
    d->freight_paise += trade->truck_paise > 0 ? trade->truck_paise : 0;
    d->gain_paise = trade->gain_paise - trade->truck_paise;
    d->ask_milli_paise = a_unit_milli(trade->ask_paise, in_case);
    d->bid_milli_paise = a_unit_milli(trade->bid_paise, in_case);
    d->room_milli_paise = a_unit_milli(trade->rent_paise, in_case);
}

static bool kind_of(const struct lots_outcome *o, const struct situation_lot *lot,
                    enum decision_kind *ret)
{
    switch (o->kind) {
    case LOTS_TRANSFER:
        *ret = DECISION_TRANSFER;
        return true;
    case LOTS_LIQUIDATE:
        *ret = DECISION_CAMPAIGN;
        return true;
    case LOTS_WRITE_OFF:
        *ret = DECISION_WRITE_OFF;
        return lot->days_left < 0; /* before its last day it may still sell by itself */
    case LOTS_RETURN:
        *ret = DECISION_RETURN;
        return true;
    case LOTS_HOLD:
        return false;
    }
    return false;
}

/* Freight and handling of the cases themselves: the lane's price a tonne. */
static int64_t freight_of(const struct situation *t, const struct lots_outcome *o)
{
    const struct lots_lane *lane = &t->input.lane[o->lane];
    int64_t grams = t->input.sku[t->lots[o->lot].sku].case_mg / 1000, paise = 0;
    if (decimal_muldiv(grams, lane->tonne_paise, 1000000, &paise) < 0)
        return 0;
    return (paise + lane->case_paise) * o->cases;
}

/* The price of a return is its credit less the way back: here they are told apart. */
static void tell_return(const struct situation *t, const struct standing *standing,
                        const struct lots_outcome *o, struct decision *d)
{
    d->freight_paise = d->cost_paise = t->lots[o->lot].back_freight_paise * o->cases;
    d->revenue_paise += d->cost_paise;
    d->gain_paise = standing->return_paise[o->lot];
}

/* Outcomes come by lot, then kind, lane and tier: tiers of one lot make one campaign. */
static int collect(const struct situation *t, const struct market *m,
                   const struct standing *standing, const struct lots_outcome *outcomes, size_t n,
                   const struct decision_terms *terms, struct decisions *ret)
{
    ret->rows = calloc(n + 1, sizeof(*ret->rows));
    if (!ret->rows)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct lots_outcome *o = &outcomes[i];
        const struct situation_lot *lot = &t->lots[o->lot];
        struct decision d = {.lot = o->lot, .lane = o->lane};
        if (!kind_of(o, lot, &d.kind))
            continue;
        d.units = o->cases * t->skus[lot->sku].case_units;
        d.cost_paise = o->cost_paise;
        d.revenue_paise = o->revenue_paise;
        if (d.kind == DECISION_TRANSFER) {
            d.freight_paise = freight_of(t, o);
            price(t, m, o, &d);
        }
        if (d.kind == DECISION_RETURN)
            tell_return(t, standing, o, &d);
        if (d.kind == DECISION_CAMPAIGN)
            d.discount_permille = o->tier == 0 ? lot->discount_permille : lot->deepest_permille;
        struct decision *last = ret->count > 0 ? &ret->rows[ret->count - 1] : NULL;
        if (last && last->kind == DECISION_CAMPAIGN && d.kind == DECISION_CAMPAIGN &&
            last->lot == d.lot) {
            last->units += d.units;
            last->cost_paise += d.cost_paise;
            last->revenue_paise += d.revenue_paise;
            last->discount_permille = d.discount_permille;
            continue;
        }
        ret->rows[ret->count++] = d;
    }
    for (size_t i = 0; i < ret->count; i++)
        ret->rows[i].rank = rank_of(t, &ret->rows[i], &terms->weights);
    return 0;
}

static int best_first(const void *x, const void *y)
{
    const struct decision *a = x;
    const struct decision *b = y;
    int order = rank_compare(&a->rank, a->lot, &b->rank, b->lot);
    if (order != 0)
        return order;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->lane > b->lane) - (a->lane < b->lane);
}

/* Bars each move that gains too little. Returns how many, or -ENOMEM. */
static int bar_small(struct situation *t, const struct decision_terms *terms,
                     const struct decisions *d)
{
    int barred = 0;
    for (size_t i = 0; i < d->count; i++) {
        const struct decision *r = &d->rows[i];
        if (r->kind != DECISION_TRANSFER)
            continue;
        const struct situation_lot *lot = &t->lots[r->lot];
        int64_t cost = lot->c.units > 0 ? lot->c.landed_paise / lot->c.units * r->units : 0;
        int64_t least = cost / 1000 * terms->least_gain_permille;
        if (least < terms->least_gain_paise)
            least = terms->least_gain_paise;
        least = least * LEARNING_AS_PREDICTED /
                learning_agreement(t->learning, t->sites[t->lanes[r->lane].to].site);
        if (r->gain_paise >= least)
            continue;
        int err = situation_bar(t, lot->sku, (uint32_t)r->lane);
        if (err < 0)
            return err;
        barred++;
    }
    return barred;
}

/* ---- the budget ---- */

/* All lots of a SKU on a lane are one move: they are barred together. */
struct sku_lane {
    uint32_t sku;
    size_t lane;
};

struct moves {
    struct sku_lane *of;
    struct budget_move *move;
    size_t count;
};

static size_t move_of(const struct moves *m, const struct sku_lane *of)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->of[i].sku == of->sku && m->of[i].lane == of->lane)
            return i;
    return m->count;
}

static int64_t landed_of(const struct situation_lot *lot, int64_t units)
{
    return lot->c.units > 0 ? lot->c.landed_paise / lot->c.units * units : 0;
}

static int gather_moves(const struct situation *t, const struct decisions *d, struct moves *m)
{
    m->of = calloc(d->count + 1, sizeof(*m->of));
    m->move = calloc(d->count + 1, sizeof(*m->move));
    if (!m->of || !m->move)
        return -ENOMEM;
    for (size_t i = 0; i < d->count; i++) {
        const struct decision *r = &d->rows[i];
        if (r->kind != DECISION_TRANSFER)
            continue;
        struct sku_lane of = {t->lots[r->lot].sku, r->lane};
        size_t at = move_of(m, &of);
        if (at == m->count)
            m->of[m->count++] = of;
        m->move[at].gain_paise += r->gain_paise;
        m->move[at].freight_paise += r->cost_paise;
        m->move[at].goods_paise += landed_of(&t->lots[r->lot], r->units);
    }
    return 0;
}

static bool waits(const struct situation *t, const struct moves *m, const struct decision *r)
{
    if (r->kind != DECISION_TRANSFER)
        return false;
    size_t at = move_of(m, &(struct sku_lane){t->lots[r->lot].sku, r->lane});
    return at < m->count && !m->move[at].kept;
}

static void leave_out(const struct situation *t, const struct moves *m, struct decisions *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->count; i++)
        if (!waits(t, m, &d->rows[i]))
            d->rows[kept++] = d->rows[i];
    d->count = kept;
}

/* Bars the moves that gain least for their part of the budget until the others are within it; in
 * the last round they are left out. Returns how many, or -ENOMEM. */
static int keep_within(struct situation *t, struct decisions *d, bool last)
{
    struct moves m = {0};
    int err = gather_moves(t, d, &m);
    size_t beyond = err == 0 ? budget_choose(&t->budget, m.move, m.count) : 0;
    for (size_t i = 0; err == 0 && i < m.count && !last; i++)
        if (!m.move[i].kept)
            err = situation_bar(t, m.of[i].sku, (uint32_t)m.of[i].lane);
    if (err == 0 && last)
        leave_out(t, &m, d);
    free(m.of);
    free(m.move);
    return err < 0 ? err : (int)beyond;
}

static int solve(struct situation *t, const struct decision_terms *terms, struct decisions *ret,
                 struct diag *reterr)
{
    AUTO(lots) l = NULL;
    AUTO(plan) plan = NULL;
    AUTO(market) market = NULL;
    AUTO(standing) standing = NULL;
    struct lots_outcome *outcomes = NULL;
    size_t n = 0;
    struct plan_limits limits = plan_limits_default();
    int err = lots_build(&t->input, &l, reterr);
    if (err == 0)
        err = plan_solve(lots_problem(l), &limits, &plan, reterr);
    if (err == 0)
        err = market_clear(lots_problem(l), plan, &market);
    if (err == 0)
        err = lots_outcomes(l, plan->cases, &outcomes, &n);
    if (err == 0)
        err = standing_find(l, plan, t->lots_count, &standing);
    if (err == 0)
        err = collect(t, market, standing, outcomes, n, terms, ret);
    free(outcomes);
    if (err < 0)
        return err;
    if (!ret->standing)
        ret->standing = TAKE(standing);
    ret->value_paise = plan->value_paise;
    ret->alone_paise = plan->alone_paise;
    ret->bound_paise = plan->bound_paise;
    ret->gap_ppm = plan_gap_ppm(plan);
    return 0;
}

/* The prices of the first round stay: those before thresholds and budgets barred anything. */
static void begin_anew(struct decisions *d)
{
    struct standing *first = d->standing;
    d->standing = NULL;
    decisions_clear(d);
    d->standing = first;
}

int decisions_make(struct situation *t, const struct decision_terms *terms, struct decisions *ret,
                   struct diag *reterr)
{
    assert(t && terms && ret);
    *ret = (struct decisions){0};
    size_t beyond = 0;
    for (int round = 1;; round++) {
        bool last = round == ROUNDS_MAX;
        int err = solve(t, terms, ret, reterr);
        int barred = err == 0 && !last ? bar_small(t, terms, ret) : err;
        if (barred == 0) {
            barred = keep_within(t, ret, last);
            beyond += barred > 0 ? (size_t)barred : 0;
        }
        int cut = barred >= 0 ? returns_keep(t, ret, terms->least_gain_paise, last) : barred;
        barred = cut < 0 ? cut : barred + cut;
        if (barred < 0) {
            decisions_clear(ret);
            return barred;
        }
        if (barred == 0 || last)
            break;
        begin_anew(ret);
    }
    ret->beyond_budget = beyond;
    qsort(ret->rows, ret->count, sizeof(*ret->rows), best_first);
    return 0;
}
