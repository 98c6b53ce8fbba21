/* SPDX-License-Identifier: Apache-2.0 */
#include "demand_nb.h"

#include <assert.h>
#include <stdbool.h>

#include "detmath.h"

#define VARIANCE_MIN 1.05 /* times the mean */
#define WALK_UNITS_MAX 64
#define LOG_ZERO_MIN (-600.0) /* ln P(0) below which a walk from 0 would start at nothing */
#define FRACTION_TERMS_MAX 20000
#define FRACTION_EPSILON 1e-11
#define QUANTILE_MAX (UINT64_C(1) << 52)

struct demand_nb demand_nb_of(double mean, double variance)
{
    assert(mean >= 0);
    if (!(mean > 0))
        return (struct demand_nb){0, 1};
    if (variance < VARIANCE_MIN * mean)
        variance = VARIANCE_MIN * mean;
    double odds = variance / mean - 1;
    return (struct demand_nb){mean / odds, odds};
}

struct demand_nb demand_nb_of_forecast(double m, double history_mean, double history_variance)
{
    double gap = history_mean - m;
    return demand_nb_of(m, history_variance + gap * gap / 2);
}

double demand_nb_mean(struct demand_nb d)
{
    return d.shape * d.odds;
}

struct demand_nb demand_nb_sum(struct demand_nb d, double periods)
{
    assert(periods >= 0);
    return (struct demand_nb){d.shape * periods, d.odds};
}

/* Sums probabilities upwards from 0. E[(u - D)+] is the sum of P(D <= j) over j < u. */
static struct demand_nb_short walk(struct demand_nb d, double log_p, uint64_t units)
{
    double fail = d.odds / (1 + d.odds);
    double p = detmath_exp(d.shape * log_p);
    struct demand_nb_short s = {0};
    for (uint64_t j = 1; j <= units; j++) {
        s.below += p;
        s.unsold += s.below;
        p *= (d.shape + (double)(j - 1)) * fail / (double)j;
    }
    return s;
}

/* The continued fraction of the incomplete beta function, I_x(a, b) = front / a * fraction, by the
 * modified Lentz method (DLMF 8.17.22). Converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / d;
    double h = d;
    for (int m = 1; m <= FRACTION_TERMS_MAX; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        h *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        double step = d * c;
        h *= step;
        if (step - 1 < FRACTION_EPSILON && 1 - step < FRACTION_EPSILON)
            break;
    }
    return h;
}

static double unit_interval(double v)
{
    return v < 0 ? 0 : v > 1 ? 1 : v;
}

struct demand_nb_short demand_nb_short(struct demand_nb d, uint64_t units)
{
    if (units == 0)
        return (struct demand_nb_short){0, 0};
    if (!(d.shape > 0))
        return (struct demand_nb_short){1, (double)units};

    double k = (double)units;
    double log_p = -detmath_log(1 + d.odds);
    if (units <= WALK_UNITS_MAX && d.shape * log_p > LOG_ZERO_MIN) {
        struct demand_nb_short s = walk(d, log_p, units);
        s.below = unit_interval(s.below);
        return s;
    }

    /* P(D < k) = I_p(shape, k), and E[(k - D)+] = k F(k - 1; shape) - mean F(k - 2; shape + 1),
     * whose second distribution function is I_p(shape, k) less one term (DLMF 8.17.20). */
    double p = 1 / (1 + d.odds);
    double log_fail = detmath_log(d.odds) + log_p;
    double front = detmath_exp(d.shape * log_p + k * log_fail - detmath_lbeta(d.shape, k));
    bool direct = p < (d.shape + 1) / (d.shape + k + 2);
    double below = direct ? front * beta_fraction(d.shape, k, p) / d.shape
                          : 1 - front * beta_fraction(k, d.shape, 1 - p) / k;
    below = unit_interval(below);
    double shifted = unit_interval(below - front / ((1 - p) * d.shape));
    double unsold = k * below - demand_nb_mean(d) * shifted;
    double floor = k - demand_nb_mean(d); /* Jensen: not less than at the mean demand */
    if (unsold < floor)
        unsold = floor;
    if (unsold > k * below)
        unsold = k * below;
    return (struct demand_nb_short){below, unsold < 0 ? 0 : unsold};
}

uint64_t demand_nb_quantile(struct demand_nb d, double q)
{
    assert(q >= 0 && q < 1);
    if (!(d.shape > 0))
        return 0;

    /* Up from 0 as long as that is short; then double, and halve the interval. */
    double log_zero = -d.shape * detmath_log(1 + d.odds);
    uint64_t low = 0; /* P(D < low) < q or low is 0 */
    if (log_zero > LOG_ZERO_MIN) {
        double fail = d.odds / (1 + d.odds);
        double p = detmath_exp(log_zero);
        double sum = p;
        for (; low < 4 * WALK_UNITS_MAX; low++) {
            if (sum >= q)
                return low;
            p *= (d.shape + (double)low) * fail / (double)(low + 1);
            sum += p;
        }
    }
    uint64_t high = 2 * low + 2 * WALK_UNITS_MAX;
    while (high < QUANTILE_MAX && demand_nb_short(d, high + 1).below < q)
        high *= 2;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (demand_nb_short(d, middle + 1).below >= q)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
