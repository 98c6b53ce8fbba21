/* SPDX-License-Identifier: Apache-2.0 */
#include "return_pattern.h"

#include <assert.h>
#include <math.h>

#include "detmath.h"

#define USUAL_SHARE 0.016
#define USUAL_WORTH 60.0 /* sold units that the pool counts as where little is known */
#define WORTH_MIN 20.0
#define WORTH_MAX 2000.0
#define UNITS_MAX 1000000000 /* an item's counts: beyond it a share is exact enough */

static struct return_counts tame(const struct return_counts *c)
{
    struct return_counts t = *c;
    t.sold_units = t.sold_units < 0 ? 0 : t.sold_units > UNITS_MAX ? UNITS_MAX : t.sold_units;
    t.returned_units = t.returned_units < 0              ? 0
                       : t.returned_units > t.sold_units ? t.sold_units
                                                         : t.returned_units;
    return t;
}

struct return_pool return_pool_fit(const struct return_counts *items, uint32_t n)
{
    assert(n == 0 || items);
    double used = 0;
    double sum = 0;
    double squares = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct return_counts c = tame(&items[i]);
        if (c.sold_units == 0)
            continue;
        double share = (double)c.returned_units / (double)c.sold_units;
        used++;
        sum += share;
        squares += share * share;
    }
    double mean = used >= 2 ? sum / used : USUAL_SHARE;
    mean = fmin(fmax(mean, 0.0005), 0.5);
    double variance = used >= 2 ? squares / used - mean * mean : 0;
    double worth = variance > 0 ? mean * (1 - mean) / variance - 1 : USUAL_WORTH;
    worth = fmin(fmax(worth, WORTH_MIN), WORTH_MAX);
    return (struct return_pool){mean * worth, (1 - mean) * worth};
}

/* The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8), by Lentz's
 * method; good for x < (a + 1) / (a + b + 2). */
static double fraction(double x, double a, double b)
{
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m <= 300; m++) {
        for (int odd = 0; odd < 2; odd++) {
            double term = odd ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                              : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 + term * d;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = 1 + term / c;
            c = fabs(c) < tiny ? tiny : c;
            h *= c * d;
        }
        if (fabs(c * d - 1) < 1e-12)
            break;
    }
    return h;
}

/* P(share <= x) under Beta(a, b). */
static double below(double x, double a, double b)
{
    if (x >= 1)
        return 1;
    double front = detmath_exp(a * detmath_log(x) + b * detmath_log(1 - x) - detmath_lbeta(a, b));
    if (x < (a + 1) / (a + b + 2))
        return front * fraction(x, a, b) / a;
    return 1 - front * fraction(1 - x, b, a) / b;
}

struct return_pattern return_pattern_of(const struct return_counts *item,
                                        const struct return_pool *pool)
{
    assert(item && pool && pool->a > 0 && pool->b > 0);
    struct return_counts c = tame(item);
    double a = pool->a + (double)c.returned_units;
    double b = pool->b + (double)(c.sold_units - c.returned_units);
    double twice = 2 * pool->a / (pool->a + pool->b);
    double chance = 1 - below(twice, a, b);
    struct return_pattern p = {
        .share_permille = (uint16_t)(a / (a + b) * 1000 + 0.5),
        .suspect_permille = (uint16_t)(fmin(fmax(chance, 0), 1) * 1000 + 0.5),
    };
    p.suspect = p.suspect_permille > RETURN_SUSPECT_PERMILLE;
    return p;
}

int64_t return_units_expected(const struct return_pattern *p, int64_t sold_units)
{
    assert(p);
    if (sold_units <= 0)
        return 0;
    return sold_units / 1000 * p->share_permille + sold_units % 1000 * p->share_permille / 1000;
}
