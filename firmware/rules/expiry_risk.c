/* SPDX-License-Identifier: Apache-2.0 */
#include "expiry_risk.h"

#include <assert.h>
#include <errno.h>

#include "decimal.h"

#define DAYS_A_YEAR 365
#define MILLI 1000
#define SCORE_MAX 100

struct expiry_terms expiry_terms_default(void)
{
    return (struct expiry_terms){
        .horizon_days = 90,
        .weight = {50, 30, 20},
        .carrying_permille = 200,
        .score_thresholds = 3,
        .score_threshold = {25, 50, 75},
        .day_thresholds = 4,
        .day_threshold = {90, 60, 30, 0},
    };
}

int expiry_terms_check(const struct expiry_terms *t)
{
    assert(t);
    unsigned sum = 0;
    for (unsigned f = 0; f < EXPIRY_FACTORS; f++)
        sum += t->weight[f];
    if (sum != SCORE_MAX || t->horizon_days == 0 || t->carrying_permille > MILLI ||
        t->score_thresholds > EXPIRY_THRESHOLDS_MAX || t->day_thresholds > EXPIRY_THRESHOLDS_MAX)
        return -EINVAL;
    for (unsigned i = 1; i < t->score_thresholds; i++) {
        if (t->score_threshold[i] <= t->score_threshold[i - 1])
            return -EINVAL;
    }
    for (unsigned i = 1; i < t->day_thresholds; i++) {
        if (t->day_threshold[i] >= t->day_threshold[i - 1])
            return -EINVAL;
    }
    return 0;
}

const char *expiry_state_name(enum expiry_state state)
{
    switch (state) {
    case EXPIRY_SELLS:
        return "sells";
    case EXPIRY_REFUSED:
        return "refused";
    case EXPIRY_EXPIRED:
        return "expired";
    }
    return "unknown";
}

static int64_t within(int64_t v, int64_t max)
{
    return v < 0 ? 0 : v > max ? max : v;
}

/* Days on which the batch can still be sold to a shop: the last is the one on which it has just
 * refuse_days left. */
static int64_t sellable_days(const struct expiry_batch *b)
{
    int64_t refuse_days = b->refuse_days > 0 ? b->refuse_days : 0;
    int64_t days = (int64_t)b->days_to_expiry - refuse_days + 1;
    return days > 0 ? days : 0;
}

/* a * b / c of values kept small enough to fit. */
static int64_t share_of(int64_t a, int64_t b, int64_t c)
{
    int64_t v = 0;
    int err = decimal_muldiv(a, b, c, &v);
    assert(err == 0);
    return v;
}

static void fill_units(const struct demand *d, double periods, int64_t units, int64_t ahead,
                       struct expiry_risk *r)
{
    struct demand_nb sold = demand_over(d, periods);
    struct demand_nb_short all = demand_nb_short(sold, (uint64_t)(ahead + units));
    double of_ahead = ahead > 0 ? demand_nb_short(sold, (uint64_t)ahead).unsold : 0;

    double unsold = (all.unsold - of_ahead) * MILLI + 0.5;
    r->unsold_milli = unsold > 0 ? within((int64_t)unsold, units * MILLI) : 0;
    r->not_sold_out_permille = (uint16_t)(all.below * MILLI + 0.5);

    double at_rate = demand_nb_mean(sold);
    int64_t sells = at_rate < (double)(ahead + units) ? (int64_t)at_rate - ahead : units;
    r->at_risk_units = units - within(sells, units);
}

static void fill_money(const struct expiry_terms *t, const struct expiry_batch *b, int64_t units,
                       int64_t days, struct expiry_risk *r)
{
    int64_t all = units * MILLI;
    r->landed_paise = share_of(within(b->landed_paise, EXPIRY_PAISE_MAX), r->unsold_milli, all);
    r->disposal_paise = share_of(within(b->disposal_paise, EXPIRY_PAISE_MAX), r->unsold_milli, all);
    r->credit_paise = share_of(within(b->credit_paise, EXPIRY_PAISE_MAX), r->unsold_milli, all);
    /* Nobody carries a batch longer than a decade; it also keeps the product in range. */
    r->carrying_paise =
        share_of(r->landed_paise, within(days, 10 * DAYS_A_YEAR) * (int64_t)t->carrying_permille,
                 DAYS_A_YEAR * MILLI);
    r->total_paise = r->landed_paise + r->carrying_paise + r->disposal_paise + r->credit_paise;
}

/* Each factor rises, or stays, as days fall; so does their sum, rounding included. */
static void fill_score(const struct expiry_terms *t, int64_t units, int64_t days,
                       struct expiry_risk *r)
{
    int64_t near = (int64_t)t->horizon_days - within(days, t->horizon_days);
    r->factor[EXPIRY_CHANCE] =
        (uint8_t)share_of(t->weight[EXPIRY_CHANCE], r->not_sold_out_permille, MILLI);
    r->factor[EXPIRY_SHARE] =
        (uint8_t)share_of(t->weight[EXPIRY_SHARE], r->unsold_milli, units * MILLI);
    r->factor[EXPIRY_NEARNESS] =
        (uint8_t)share_of(t->weight[EXPIRY_NEARNESS], near, t->horizon_days);
    for (unsigned f = 0; f < EXPIRY_FACTORS; f++)
        r->score = (uint8_t)(r->score + r->factor[f]);
}

static void fill_buckets(const struct expiry_terms *t, const struct expiry_batch *b,
                         struct expiry_risk *r)
{
    while (r->score_bucket < t->score_thresholds && r->score >= t->score_threshold[r->score_bucket])
        r->score_bucket++;
    while (r->day_bucket < t->day_thresholds &&
           b->days_to_expiry <= t->day_threshold[r->day_bucket])
        r->day_bucket++;
}

struct expiry_risk expiry_risk_batch(const struct demand *d, uint32_t period_days,
                                     const struct expiry_terms *terms,
                                     const struct expiry_batch *batch, int64_t ahead_units)
{
    assert(d && period_days > 0 && terms && batch);
    int64_t units = within(batch->units, EXPIRY_UNITS_MAX);
    int64_t ahead = within(ahead_units, EXPIRY_UNITS_MAX);
    int64_t days = sellable_days(batch);
    struct expiry_risk r = {.state = batch->days_to_expiry < 0 ? EXPIRY_EXPIRED
                                     : days == 0               ? EXPIRY_REFUSED
                                                               : EXPIRY_SELLS};
    if (units == 0) /* nothing there, nothing at risk */
        return r;

    if (days > 0) {
        fill_units(d, (double)days / period_days, units, ahead, &r);
    } else {
        r.at_risk_units = units;
        r.unsold_milli = units * MILLI;
        r.not_sold_out_permille = MILLI;
    }
    fill_money(terms, batch, units, days, &r);
    fill_score(terms, units, days, &r);
    fill_buckets(terms, batch, &r);
    return r;
}

void expiry_risk_batches(const struct demand *d, uint32_t period_days,
                         const struct expiry_terms *terms, const struct expiry_batch *batches,
                         uint32_t n, struct expiry_risk *ret)
{
    assert(n == 0 || (batches && ret));
    int64_t ahead = 0;
    for (uint32_t i = 0; i < n; i++) {
        ret[i] = expiry_risk_batch(d, period_days, terms, &batches[i], ahead);
        int64_t units = within(batches[i].units, EXPIRY_UNITS_MAX);
        ahead = within(ahead + units - (ret[i].unsold_milli + MILLI / 2) / MILLI, EXPIRY_UNITS_MAX);
    }
}
