/* SPDX-License-Identifier: Apache-2.0 */
#include "eway.h"

#include <assert.h>
#include <errno.h>

#include "civil.h"
#include "states.h"

#define PAISE_PER_RUPEE 100
#define MS_PER_HOUR INT64_C(3600000)
#define LAST_MINUTE_MS (CIVIL_MS_PER_DAY - 60000) /* 23:59 in its day */

#define CANCEL_MS (24 * MS_PER_HOUR)
#define REJECT_MS (72 * MS_PER_HOUR)
#define EXTEND_MS (8 * MS_PER_HOUR)
#define DOCUMENT_AGE_DAYS_MAX 180
#define EXTEND_TOTAL_DAYS_MAX 360

static const struct eway_limits lawful = {.inter_state_paise = EWAY_INTER_STATE_LIMIT_PAISE};

static const int32_t km_per_day[] = {
    [EWAY_REGULAR] = 200, [EWAY_OVER_DIMENSIONAL] = 20, [EWAY_SHIP] = 20};

/* -EINVAL when nothing moves inside such a state. */
static int state_limit(const struct eway_limits *limits, const struct states_row *state,
                       int32_t day, int64_t *ret_paise)
{
    for (size_t i = 0; i < limits->count; i++) {
        const struct eway_limit *l = &limits->rows[i];
        if (l->state == state->code && l->from_day <= day &&
            (l->to_day == CIVIL_NONE || day <= l->to_day)) {
            *ret_paise = l->limit_paise;
            return 0;
        }
    }
    if (state->intra_limit_rupees == STATES_NO_LIMIT)
        return -EINVAL;
    *ret_paise = state->intra_limit_rupees * PAISE_PER_RUPEE;
    return 0;
}

static struct eway_need judge(const struct eway_need_input *in, int64_t inter_paise,
                              int64_t intra_paise, int64_t value_paise)
{
    bool inter = in->from_state != in->to_state;
    int64_t limit = inter ? inter_paise : intra_paise;
    enum eway_reason reason = EWAY_UNDER_LIMIT;
    if (!in->motor_vehicle)
        reason = EWAY_NON_MOTORISED;
    else if (inter && in->job_work)
        reason = EWAY_INTER_STATE_JOB_WORK;
    else if (!inter && limit == 0)
        reason = EWAY_STATE_EXEMPT;
    else if (value_paise > limit)
        reason = EWAY_OVER_LIMIT;
    return (struct eway_need){.required =
                                  reason == EWAY_INTER_STATE_JOB_WORK || reason == EWAY_OVER_LIMIT,
                              .reason = reason,
                              .consignment_paise = value_paise};
}

int eway_need(const struct eway_need_input *in, const struct eway_limits *limits,
              struct eway_need *ret)
{
    assert(in && ret);
    if (!limits)
        limits = &lawful;
    const struct states_row *from = states_find(in->from_state);
    if (!from || !states_find(in->to_state) || in->taxable_paise < 0 || in->tax_paise < 0)
        return -EINVAL;
    int64_t value = 0;
    if (__builtin_add_overflow(in->taxable_paise, in->tax_paise, &value))
        return -ERANGE;

    int64_t intra = 0;
    if (in->from_state == in->to_state) {
        int err = state_limit(limits, from, in->day, &intra);
        if (err < 0)
            return err;
    }
    *ret = judge(in, limits->inter_state_paise, intra, value);
    return 0;
}

const char *eway_reason_name(enum eway_reason reason)
{
    switch (reason) {
    case EWAY_NON_MOTORISED:
        return "NON_MOTORISED";
    case EWAY_INTER_STATE_JOB_WORK:
        return "INTER_STATE_JOB_WORK";
    case EWAY_STATE_EXEMPT:
        return "STATE_EXEMPT";
    case EWAY_UNDER_LIMIT:
        return "UNDER_LIMIT";
    case EWAY_OVER_LIMIT:
        return "OVER_LIMIT";
    }
    return "unknown";
}

bool eway_part_b_may_wait(uint8_t from_state, uint8_t to_state, int32_t leg_km)
{
    return from_state == to_state && leg_km <= EWAY_PART_B_FREE_KM_MAX;
}

bool eway_km_ok(int32_t km, bool same_pin)
{
    return km >= 1 && km <= (same_pin ? EWAY_SAME_PIN_KM_MAX : EWAY_KM_MAX);
}

int eway_days(int32_t km, enum eway_cargo cargo, int32_t *ret_days)
{
    assert((size_t)cargo < ARRAY_LEN(km_per_day) && ret_days);
    if (!eway_km_ok(km, false))
        return -ERANGE;
    *ret_days = (km + km_per_day[cargo] - 1) / km_per_day[cargo];
    return 0;
}

static int64_t end_of(int32_t day)
{
    return civil_ist_start_ms(day) + LAST_MINUTE_MS;
}

/* A "day" ends at the midnight after the day of generation: it is never the same day. */
int eway_valid_until_ms(int64_t part_b_ms, int32_t km, enum eway_cargo cargo, int64_t *ret_ms)
{
    assert(ret_ms);
    int32_t days = 0;
    int err = eway_days(km, cargo, &days);
    if (err < 0)
        return err;
    *ret_ms = end_of(civil_ist_day(part_b_ms) + days);
    return 0;
}

static bool within(int64_t elapsed, int64_t max)
{
    return elapsed >= 0 && elapsed <= max;
}

bool eway_may_cancel(int64_t generated_ms, int64_t at_ms)
{
    return within(at_ms - generated_ms, CANCEL_MS);
}

bool eway_may_reject(int64_t generated_ms, int64_t at_ms)
{
    return within(at_ms - generated_ms, REJECT_MS);
}

bool eway_may_extend(int64_t valid_until_ms, int64_t at_ms)
{
    return within(at_ms - (valid_until_ms - EXTEND_MS), 2 * EXTEND_MS);
}

bool eway_document_age_ok(int32_t document_day, int32_t at_day)
{
    return within((int64_t)at_day - document_day, DOCUMENT_AGE_DAYS_MAX);
}

bool eway_may_still_extend(int32_t generated_day, int32_t at_day)
{
    return within((int64_t)at_day - generated_day, EXTEND_TOTAL_DAYS_MAX);
}

int eway_extend(const struct eway_extension *in, int64_t *ret_valid_until_ms)
{
    assert(in && ret_valid_until_ms);
    int32_t generated_day = civil_ist_day(in->generated_ms);
    if (!eway_may_extend(in->valid_until_ms, in->at_ms) ||
        !eway_may_still_extend(generated_day, civil_ist_day(in->at_ms)))
        return -ETIME;
    if (!eway_km_ok(in->original_km, false) || in->remaining_km > in->original_km)
        return -ERANGE;

    int64_t until = 0;
    int err = eway_valid_until_ms(in->at_ms, in->remaining_km, in->cargo, &until);
    if (err < 0)
        return err;
    int64_t cap = end_of(generated_day + EXTEND_TOTAL_DAYS_MAX);
    *ret_valid_until_ms = until < cap ? until : cap;
    return 0;
}
