/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "returns.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "decision.h"
#include "situation.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

/* ---- quotas ---- */

struct place {
    const struct returns_move *move;
    size_t at;
    bool by_units; /* what is scarce of its terms */
};

static int128 scarce(const struct place *p)
{
    return (int128)p->move->cases * (p->by_units ? p->move->case_units : p->move->landed_paise);
}

/* By terms, then of more gain for the unit, or the rupee, of their quota. */
static int by_gain(const void *x, const void *y)
{
    const struct place *a = x;
    const struct place *b = y;
    if (a->move->terms != b->move->terms)
        return a->move->terms < b->move->terms ? -1 : 1;
    int128 first = a->move->gain_paise * scarce(b);
    int128 other = b->move->gain_paise * scarce(a);
    if (first != other)
        return first > other ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static int64_t fitting(const struct returns_move *m, const struct supplier_quota *left)
{
    int64_t cases = m->cases;
    if (left->units / m->case_units < cases)
        cases = left->units / m->case_units;
    if (left->paise / m->landed_paise < cases)
        cases = left->paise / m->landed_paise;
    return cases;
}

static void use(int64_t *left, int64_t used)
{
    if (*left != SUPPLIER_NO_LIMIT)
        *left -= used;
}

static int fill_quotas(const struct returns_terms *terms, struct returns_move *moves, size_t count)
{
    struct place *order = calloc(count + 1, sizeof(*order));
    if (!order)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        order[i] =
            (struct place){&moves[i], i, terms[moves[i].terms].left.units != SUPPLIER_NO_LIMIT};
    qsort(order, count, sizeof(*order), by_gain);
    struct supplier_quota left = {0, 0};
    for (size_t i = 0; i < count; i++) {
        struct returns_move *m = &moves[order[i].at];
        if (i == 0 || m->terms != order[i - 1].move->terms)
            left = terms[m->terms].left;
        m->kept = fitting(m, &left);
        use(&left.units, m->kept * m->case_units);
        use(&left.paise, m->kept * m->landed_paise);
    }
    free(order);
    return 0;
}

/* ---- claims ---- */

struct claim {
    const char *supplier;
    uint32_t site;
    int64_t credit_paise, gain_paise;
};

static size_t claim_of(struct claim *claims, size_t *count, const struct claim *of)
{
    for (size_t i = 0; i < *count; i++)
        if (claims[i].site == of->site && strcmp(claims[i].supplier, of->supplier) == 0)
            return i;
    claims[*count] = *of;
    return (*count)++;
}

static void add_up(const struct returns_move *moves, const size_t *claim_at, size_t count,
                   struct claim *claims)
{
    for (size_t i = 0; i < count; i++)
        claims[claim_at[i]].credit_paise = claims[claim_at[i]].gain_paise = 0;
    for (size_t i = 0; i < count; i++) {
        struct claim *c = &claims[claim_at[i]];
        c->credit_paise += moves[i].kept * moves[i].credit_paise;
        c->gain_paise += (int64_t)((int128)moves[i].gain_paise * moves[i].kept / moves[i].cases);
    }
}

/* Each drop may bring down the claim of others, whose supplier asks for more: until none falls. */
static void drop_small(const struct returns_terms *terms, struct returns_move *moves,
                       const size_t *claim_at, size_t count, struct claim *claims,
                       int64_t least_gain_paise)
{
    for (bool fell = true; fell;) {
        fell = false;
        add_up(moves, claim_at, count, claims);
        for (size_t i = 0; i < count; i++) {
            const struct claim *c = &claims[claim_at[i]];
            const struct supplier_terms *t = &terms[moves[i].terms].terms;
            bool stands = c->credit_paise + moves[i].claimed_paise >= t->least_claim_paise &&
                          c->gain_paise >= least_gain_paise;
            fell = fell || (!stands && moves[i].kept > 0);
            moves[i].kept = stands ? moves[i].kept : 0;
        }
    }
}

static int keep_claims(const struct returns_terms *terms, struct returns_move *moves, size_t count,
                       int64_t least_gain_paise)
{
    struct claim *claims = calloc(count + 1, sizeof(*claims));
    size_t *claim_at = calloc(count + 1, sizeof(*claim_at));
    size_t n = 0;
    int err = claims && claim_at ? 0 : -ENOMEM;
    for (size_t i = 0; err == 0 && i < count; i++)
        claim_at[i] = claim_of(claims, &n,
                               &(struct claim){.supplier = terms[moves[i].terms].terms.supplier,
                                               .site = moves[i].site});
    if (err == 0)
        drop_small(terms, moves, claim_at, count, claims, least_gain_paise);
    free(claims);
    free(claim_at);
    return err;
}

int returns_choose(const struct returns_terms *terms, struct returns_move *moves, size_t count,
                   int64_t least_gain_paise)
{
    assert(count == 0 || (terms && moves));
    int err = fill_quotas(terms, moves, count);
    if (err == 0)
        err = keep_claims(terms, moves, count, least_gain_paise);
    int cut = 0;
    for (size_t i = 0; i < count; i++)
        cut += moves[i].kept < moves[i].cases;
    return err < 0 ? err : cut;
}

/* ---- of a situation ---- */

static int add_terms(struct agent_step *step, struct situation *t,
                     const struct supplier_terms *terms, size_t *ret)
{
    for (size_t i = 0; i < t->terms_count; i++)
        if (strcmp(t->terms[i].terms.supplier, terms->supplier) == 0 &&
            strcmp(t->terms[i].terms.brand, terms->brand) == 0) {
            *ret = i;
            return 0;
        }
    struct supplier_flow seen;
    int err = supplier_flow_read(step->s, step->catalogue, terms, t->today, "", &seen);
    if (err < 0)
        return err;
    struct returns_terms *grown = realloc(t->terms, (t->terms_count + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    t->terms = grown;
    grown[t->terms_count] = (struct returns_terms){*terms, supplier_quota_left(terms, &seen)};
    *ret = t->terms_count++;
    return 0;
}

/* 1 with *ret: its supplier is known, and he has terms for it. */
static int find_terms(struct agent_step *step, const struct situation_lot *lot,
                      const struct catalogue_sku *facts, struct supplier_terms *ret)
{
    char supplier[ENTRY_PARTY_SIZE];
    int got = supplier_of_lot(step->s, facts, &lot->c.batch, supplier);
    return got > 0 ? supplier_terms_find(step->s, supplier, facts->brand, ret) : got;
}

/* Today, and as long as the task may take. */
static bool is_open(struct agent_step *step, const struct situation *t,
                    const struct situation_lot *lot, const struct supplier_terms *terms)
{
    struct setting_for whom = {.category = t->skus[lot->sku].facts->category,
                               .territory = t->sites[lot->site].territory};
    int64_t days = setting_value(step->settings, SETTING_DISPATCH_DAYS, &whom);
    int32_t expiry = lot->c.batch.expiry_day;
    return supplier_window_open(terms, expiry, t->today) &&
           supplier_window_open(terms, expiry, t->today + (int32_t)days);
}

static int read_lot(struct agent_step *step, struct situation *t, size_t i)
{
    struct situation_lot *lot = &t->lots[i];
    const struct situation_sku *k = &t->skus[lot->sku];
    struct lots_lot *in = (struct lots_lot *)&t->input.lot[i];
    struct supplier_terms terms;
    lot->terms = SITUATION_NO_TERMS;
    int got = find_terms(step, lot, k->facts, &terms);
    if (got <= 0 || !is_open(step, t, lot, &terms) || lot->c.units <= 0 ||
        decimal_muldiv(lot->c.landed_paise, k->case_units, lot->c.units, &lot->case_paise) < 0 ||
        lot->case_paise <= 0)
        return got < 0 ? got : 0;
    int err = add_terms(step, t, &terms, &lot->terms);
    if (err == 0)
        err = supplier_claim_read(step->s, terms.supplier, lot->c.site, step->now_ms,
                                  &lot->claimed_paise);
    if (err < 0)
        return err;
    struct returns_move all = {
        .cases = in->cases, .case_units = k->case_units, .landed_paise = lot->case_paise};
    lot->credit_paise = supplier_credit_paise(&terms, lot->case_paise);
    lot->back_freight_paise = supplier_freight_paise(&terms, t->input.sku[lot->sku].case_mg / 1000);
    in->return_cases = fitting(&all, &t->terms[lot->terms].left);
    in->return_paise = lot->credit_paise - lot->back_freight_paise;
    return 0;
}

int returns_read(struct agent_step *step, struct situation *t)
{
    assert(step && t);
    int err = 0;
    for (size_t i = 0; err == 0 && i < t->lots_count; i++)
        err = read_lot(step, t, i);
    return err;
}

/* ---- of a plan ---- */

static struct returns_move move_of(const struct situation *t, const struct decision *d)
{
    const struct situation_lot *lot = &t->lots[d->lot];
    int64_t in_case = t->skus[lot->sku].case_units;
    return (struct returns_move){.terms = lot->terms,
                                 .site = lot->site,
                                 .cases = d->units / in_case,
                                 .case_units = in_case,
                                 .landed_paise = lot->case_paise,
                                 .credit_paise = lot->credit_paise,
                                 .gain_paise = d->gain_paise,
                                 .claimed_paise = lot->claimed_paise};
}

static void leave(struct decision *d, const struct returns_move *m)
{
    int64_t *const parts[] = {&d->units, &d->cost_paise, &d->revenue_paise, &d->gain_paise};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        *parts[i] = (int64_t)((int128)*parts[i] * m->kept / m->cases);
}

/* What is not kept is bounded for the next round, or taken off this one. */
static void bound(struct situation *t, struct decisions *d, const struct returns_move *moves,
                  bool last)
{
    size_t kept = 0, at = 0;
    for (size_t i = 0; i < d->count; i++) {
        struct decision *r = &d->rows[i];
        if (r->kind == DECISION_RETURN) {
            const struct returns_move *m = &moves[at++];
            struct lots_lot *in = (struct lots_lot *)&t->input.lot[r->lot];
            if (m->kept < m->cases)
                in->return_cases = m->kept;
            if (last)
                leave(r, m);
        }
        if (r->units > 0)
            d->rows[kept++] = *r;
    }
    d->count = kept;
}

int returns_keep(struct situation *t, struct decisions *d, int64_t least_gain_paise, bool last)
{
    assert(t && d);
    struct returns_move *moves = calloc(d->count + 1, sizeof(*moves));
    if (!moves)
        return -ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < d->count; i++)
        if (d->rows[i].kind == DECISION_RETURN)
            moves[n++] = move_of(t, &d->rows[i]);
    int cut = returns_choose(t->terms, moves, n, least_gain_paise);
    if (cut > 0)
        bound(t, d, moves, last);
    free(moves);
    return cut;
}
