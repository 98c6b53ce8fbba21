/* SPDX-License-Identifier: Apache-2.0 */
#include "forecast_metrics.h"

#include <math.h>
#include <stdlib.h>

double forecast_pinball(double actual, double quantile, double q)
{
    return actual >= quantile ? q * (actual - quantile) : (1 - q) * (quantile - actual);
}

static int by_falling_chance(const void *pa, const void *pb)
{
    const struct forecast_chance *a = pa;
    const struct forecast_chance *b = pb;
    return (a->p < b->p) - (a->p > b->p);
}

struct forecast_chance_score forecast_chance_score(struct forecast_chance *c, size_t n)
{
    qsort(c, n, sizeof(*c), by_falling_chance);
    struct forecast_chance_score s = {0};
    double hits = 0;
    double misses = 0;
    double pairs = 0; /* of a hit and a miss in the right order; a tie is half a pair */
    for (size_t i = 0, end; i < n; i = end) {
        double tied_hits = 0;
        double tied_misses = 0;
        for (end = i; end < n && !(c[end].p < c[i].p); end++)
            *(c[end].happened ? &tied_hits : &tied_misses) += 1;
        pairs += tied_misses * (hits + tied_hits / 2);
        hits += tied_hits;
        misses += tied_misses;
        s.average_precision += tied_hits * hits / (hits + misses);
    }
    s.auc = pairs / (hits * misses);
    s.average_precision /= hits;
    s.base = hits / (double)n;
    for (size_t i = 0; i < n; i++) {
        double e = c[i].p - (c[i].happened ? 1 : 0);
        s.brier += e * e / (double)n;
        double p = fmin(fmax(c[i].p, 1e-6), 1 - 1e-6);
        s.log_loss -= log(c[i].happened ? p : 1 - p) / (double)n;
    }
    return s;
}
