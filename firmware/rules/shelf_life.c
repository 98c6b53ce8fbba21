/* SPDX-License-Identifier: Apache-2.0 */
#include "shelf_life.h"

#include <assert.h>
#include <errno.h>

#include "civil.h"

#define MONTHS_PER_YEAR 12
#define PERMILLE 1000

#define CONSUMER_DAYS 45
#define CONSUMER_PERCENT 30
#define CONSUMER_LONG_LIFE_DAYS 90

bool shelf_life_expired(int32_t expiry_day, int32_t day)
{
    return expiry_day != CIVIL_NONE && day > expiry_day;
}

static int32_t clamp(int64_t v)
{
    if (v >= SHELF_LIFE_FOR_EVER)
        return SHELF_LIFE_FOR_EVER - 1;
    return v < INT32_MIN ? INT32_MIN : (int32_t)v;
}

int32_t shelf_life_left_days(int32_t expiry_day, int32_t day)
{
    return expiry_day == CIVIL_NONE ? SHELF_LIFE_FOR_EVER : clamp((int64_t)expiry_day - day);
}

/* Whether the day is one that base/civil.h writes and reads. */
static bool is_date(int32_t day)
{
    struct civil_date d = civil_date(day);
    return d.year >= CIVIL_YEAR_MIN && d.year <= CIVIL_YEAR_MAX;
}

int shelf_life_expiry_by_days(int32_t made_day, int32_t days, int32_t *ret_day)
{
    assert(ret_day);
    if (days < 1 || days > SHELF_LIFE_DAYS_MAX || !is_date(made_day) || !is_date(made_day + days))
        return -ERANGE;
    *ret_day = made_day + days;
    return 0;
}

int shelf_life_expiry_by_months(int32_t made_day, int32_t months, int32_t *ret_day)
{
    assert(ret_day);
    if (months < 1 || months > SHELF_LIFE_MONTHS_MAX || !is_date(made_day))
        return -ERANGE;
    struct civil_date d = civil_date(made_day);
    int32_t month = d.month - 1 + months;
    d.year += month / MONTHS_PER_YEAR;
    d.month = month % MONTHS_PER_YEAR + 1;
    int32_t last = civil_days_in_month(d.year, d.month);
    if (d.day > last)
        d.day = last;
    return civil_day(d, ret_day) < 0 ? -ERANGE : 0;
}

/* The whole life in days; 0 when nobody knows it. */
static int64_t whole_life(const struct shelf_life_goods *goods)
{
    if (goods->made_day != CIVIL_NONE && goods->expiry_day != CIVIL_NONE &&
        goods->expiry_day > goods->made_day)
        return (int64_t)goods->expiry_day - goods->made_day;
    return goods->life_days > 0 ? goods->life_days : 0;
}

static int64_t share_up(int64_t whole, int64_t part, int64_t per)
{
    return (whole * part + per - 1) / per;
}

static int32_t needed_days(const struct shelf_life_min *min, int64_t life)
{
    int64_t share = share_up(life, min->permille, PERMILLE);
    return clamp(share > min->days ? share : min->days);
}

static struct shelf_life judge_without_date(const struct shelf_life_goods *goods,
                                            const struct shelf_life_min *min)
{
    bool asked = min->days > 0 || min->permille > 0;
    bool missing = asked && goods->life_days > 0;
    return (struct shelf_life){.reason = missing ? SHELF_LIFE_EXPIRY_MISSING : SHELF_LIFE_OK,
                               .left_days = SHELF_LIFE_FOR_EVER,
                               .left_permille = SHELF_LIFE_UNKNOWN,
                               .needed_days = SHELF_LIFE_UNKNOWN};
}

struct shelf_life shelf_life_judge(const struct shelf_life_goods *goods,
                                   const struct shelf_life_min *min, int32_t day)
{
    assert(goods && min && min->days >= 0 && min->permille >= 0 && min->permille <= PERMILLE);
    if (goods->expiry_day == CIVIL_NONE)
        return judge_without_date(goods, min);

    int64_t life = whole_life(goods);
    struct shelf_life s = {.left_days = shelf_life_left_days(goods->expiry_day, day),
                           .left_permille = SHELF_LIFE_UNKNOWN,
                           .needed_days = SHELF_LIFE_UNKNOWN};
    if (life > 0)
        s.left_permille = s.left_days > 0 ? clamp((int64_t)s.left_days * PERMILLE / life) : 0;
    if (life > 0 || min->permille == 0)
        s.needed_days = needed_days(min, life);

    if (s.left_days < 0)
        s.reason = SHELF_LIFE_EXPIRED;
    else if (s.left_days < min->days || s.left_days < s.needed_days)
        s.reason = SHELF_LIFE_TOO_SHORT;
    else if (s.needed_days == SHELF_LIFE_UNKNOWN)
        s.reason = SHELF_LIFE_LIFE_UNKNOWN;
    return s;
}

/* What is wrong with the facts themselves, before their life is judged. */
static enum shelf_life_reason facts(const struct shelf_life_policy *policy, bool has_batch,
                                    const struct shelf_life_goods *goods, int32_t receipt_day)
{
    if (policy->batch_mandatory && !has_batch)
        return SHELF_LIFE_BATCH_MISSING;
    if (goods->made_day != CIVIL_NONE && goods->made_day > receipt_day)
        return SHELF_LIFE_MADE_IN_FUTURE;
    if (goods->expiry_day == CIVIL_NONE)
        return policy->expiry_mandatory ? SHELF_LIFE_EXPIRY_MISSING : SHELF_LIFE_OK;
    if (policy->expiry_needs_batch && !has_batch)
        return SHELF_LIFE_EXPIRY_WITHOUT_BATCH;
    if (goods->made_day != CIVIL_NONE && goods->expiry_day < goods->made_day)
        return SHELF_LIFE_EXPIRY_BEFORE_MADE;
    int64_t ahead = (int64_t)goods->expiry_day - receipt_day;
    if (ahead < -(int64_t)policy->past_days_max || ahead > policy->future_days_max)
        return SHELF_LIFE_DATE_IMPLAUSIBLE;
    return SHELF_LIFE_OK;
}

static enum shelf_life_verdict verdict(enum shelf_life_reason reason, bool short_rejects)
{
    switch (reason) {
    case SHELF_LIFE_OK:
        return SHELF_LIFE_ACCEPT;
    case SHELF_LIFE_BATCH_MISSING:
    case SHELF_LIFE_EXPIRY_MISSING:
    case SHELF_LIFE_EXPIRY_WITHOUT_BATCH:
    case SHELF_LIFE_DATE_IMPLAUSIBLE:
    case SHELF_LIFE_MADE_IN_FUTURE:
    case SHELF_LIFE_EXPIRY_BEFORE_MADE:
        return SHELF_LIFE_ASK;
    case SHELF_LIFE_LIFE_UNKNOWN:
        return SHELF_LIFE_HOLD;
    case SHELF_LIFE_TOO_SHORT:
        return short_rejects ? SHELF_LIFE_REJECT : SHELF_LIFE_HOLD;
    case SHELF_LIFE_EXPIRED:
        return SHELF_LIFE_REJECT;
    }
    return SHELF_LIFE_HOLD;
}

struct shelf_life_receipt shelf_life_receive(const struct shelf_life_policy *policy, bool has_batch,
                                             const struct shelf_life_goods *goods,
                                             int32_t receipt_day)
{
    assert(policy && goods);
    struct shelf_life_goods g = *goods;
    int32_t computed = CIVIL_NONE;
    bool can_compute = g.expiry_day == CIVIL_NONE && g.made_day != CIVIL_NONE &&
                       shelf_life_expiry_by_days(g.made_day, g.life_days, &computed) == 0;
    if (can_compute)
        g.expiry_day = computed;

    struct shelf_life_receipt r = {.life = shelf_life_judge(&g, &policy->min, receipt_day),
                                   .expiry_day = g.expiry_day,
                                   .expiry_computed = can_compute};
    /* Goods that may come without a date are not asked for the life that only a date can tell. */
    if (r.life.reason == SHELF_LIFE_EXPIRY_MISSING && !policy->expiry_mandatory)
        r.life.reason = SHELF_LIFE_OK;
    enum shelf_life_reason wrong = facts(policy, has_batch, &g, receipt_day);
    if (wrong != SHELF_LIFE_OK)
        r.life.reason = wrong;
    r.verdict = verdict(r.life.reason, policy->short_rejects);
    return r;
}

size_t shelf_life_band(int32_t left_days, const int32_t *thresholds_days, size_t count)
{
    assert(thresholds_days || count == 0);
    if (left_days < 0)
        return 0;
    size_t band = 1;
    while (band <= count && left_days > thresholds_days[band - 1])
        band++;
    return band;
}

int32_t shelf_life_consumer_min_days(int32_t life_days, bool lenient)
{
    if (life_days <= 0)
        return 0;
    int32_t share = (int32_t)share_up(life_days, CONSUMER_PERCENT, 100);
    if (lenient)
        return share < CONSUMER_DAYS ? share : CONSUMER_DAYS;
    return life_days > CONSUMER_LONG_LIFE_DAYS ? CONSUMER_DAYS : share;
}

const char *shelf_life_reason_name(enum shelf_life_reason reason)
{
    static const char *const names[] = {
        [SHELF_LIFE_OK] = "ok",
        [SHELF_LIFE_BATCH_MISSING] = "batch_missing",
        [SHELF_LIFE_EXPIRY_MISSING] = "expiry_missing",
        [SHELF_LIFE_EXPIRY_WITHOUT_BATCH] = "expiry_without_batch",
        [SHELF_LIFE_DATE_IMPLAUSIBLE] = "date_implausible",
        [SHELF_LIFE_MADE_IN_FUTURE] = "made_in_future",
        [SHELF_LIFE_EXPIRY_BEFORE_MADE] = "expiry_before_made",
        [SHELF_LIFE_EXPIRED] = "expired",
        [SHELF_LIFE_TOO_SHORT] = "life_too_short",
        [SHELF_LIFE_LIFE_UNKNOWN] = "life_unknown",
    };
    assert((size_t)reason < ARRAY_LEN(names));
    return names[reason];
}

const char *shelf_life_verdict_name(enum shelf_life_verdict v)
{
    static const char *const names[] = {[SHELF_LIFE_ACCEPT] = "accept",
                                        [SHELF_LIFE_ASK] = "ask",
                                        [SHELF_LIFE_HOLD] = "hold",
                                        [SHELF_LIFE_REJECT] = "reject"};
    assert((size_t)v < ARRAY_LEN(names));
    return names[v];
}
