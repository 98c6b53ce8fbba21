/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forecast_weeks.h"

#include <assert.h>
#include <errno.h>
#include <math.h>

#include "decimal.h"

#define WEEK_DAYS 7
#define SIGMAS 1.2816 /* of a normal curve: a tenth lies beyond on each side */

/* Days from today to the end of each span: score_bucket_end of analysis. */
static const int64_t ends[FORECAST_SPANS] = {21, 45, 90};

/* What of an amount that is spread over a span falls on its days before `day`. */
static int64_t before(int64_t amount, int span, int64_t day)
{
    int64_t begin = span > 0 ? ends[span - 1] : 0;
    int64_t days = ends[span] - begin;
    int64_t passed = day <= begin ? 0 : day >= ends[span] ? days : day - begin;
    return amount / days * passed + amount % days * passed / days;
}

static int variance_of(const struct forecast_span *span, int64_t *ret)
{
    int64_t more = 0;
    int err = span->shape_milli > 0
                  ? decimal_muldiv(span->mean_milli, span->mean_milli, span->shape_milli, &more)
                  : 0;
    if (err == 0 && __builtin_add_overflow(span->mean_milli, more, ret))
        err = -ERANGE;
    return err;
}

int forecast_sum_add(struct forecast_sum *sum, const struct forecast_span spans[FORECAST_SPANS])
{
    assert(sum && spans);
    struct forecast_sum made = *sum;
    for (int s = 0; s < FORECAST_SPANS; s++) {
        int64_t variance = 0;
        int err = variance_of(&spans[s], &variance);
        if (err < 0)
            return -ERANGE;
        for (int w = 0; w < FORECAST_WEEKS; w++) {
            int64_t from = (int64_t)w * WEEK_DAYS;
            int64_t to = from + WEEK_DAYS;
            int64_t mean =
                before(spans[s].mean_milli, s, to) - before(spans[s].mean_milli, s, from);
            int64_t part = before(variance, s, to) - before(variance, s, from);
            if (__builtin_add_overflow(made.mean_milli[w], mean, &made.mean_milli[w]) ||
                __builtin_add_overflow(made.variance_milli[w], part, &made.variance_milli[w]))
                return -ERANGE;
        }
    }
    made.pairs++;
    *sum = made;
    return 0;
}

void forecast_interval(const struct forecast_sum *sum, int week, int64_t *ret_low,
                       int64_t *ret_high)
{
    assert(sum && week >= 0 && week < FORECAST_WEEKS && ret_low && ret_high);
    double mean = (double)sum->mean_milli[week] / 1000;
    double reach = SIGMAS * sqrt((double)sum->variance_milli[week] / 1000);
    double low = floor(mean - reach);
    *ret_low = low > 0 ? (int64_t)low : 0;
    *ret_high = (int64_t)ceil(mean + reach);
}
