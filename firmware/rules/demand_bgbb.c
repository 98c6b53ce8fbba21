/* SPDX-License-Identifier: Apache-2.0 */
#include "demand_bgbb.h"

#include <assert.h>

#include "detmath.h"
#include "nelder_mead.h"

#define LOG_PARAMETER_MAX 9.0
#define FIT_EVALUATIONS_MAX 300

int demand_bgbb_history(const double *y, uint32_t n, struct demand_bgbb_history *ret)
{
    uint32_t first = 0;
    while (first < n && !(y[first] > 0))
        first++;
    if (first == n)
        return 0;
    struct demand_bgbb_history h = {.periods = n - first - 1};
    for (uint32_t t = first + 1; t < n; t++) {
        if (y[t] > 0) {
            h.sales++;
            h.last = t - first;
        }
    }
    *ret = h;
    return 1;
}

/* The likelihood is that of an item alive to the end plus those of one dead since each period after
 * its last sale. Both parts over B(a, b) B(g, d), in logarithms. */
struct parts {
    double log_alive;
    double log_dead; /* -1e300 when it sold in the last period */
};

static struct parts likelihood_parts(const struct demand_bgbb *m,
                                     const struct demand_bgbb_history *h)
{
    double x = h->sales;
    double t = h->last;
    double n = h->periods;
    double base = detmath_lbeta(m->a, m->b) + detmath_lbeta(m->g, m->d);
    struct parts p = {.log_alive = detmath_lbeta(m->a + x, m->b + n - x) +
                                   detmath_lbeta(m->g, m->d + n) - base,
                      .log_dead = -1e300};
    if (h->periods == h->last)
        return p;

    double first = detmath_lbeta(m->a + x, m->b + t - x) + detmath_lbeta(m->g + 1, m->d + t) - base;
    double term = 1; /* over the first term; each is a rational multiple of the one before */
    double sum = 0;
    for (uint32_t i = 0; i < h->periods - h->last; i++) {
        sum += term;
        term *= (m->b + t - x + i) * (m->d + t + i) /
                ((m->a + m->b + t + i) * (m->g + 1 + m->d + t + i));
    }
    p.log_dead = first + detmath_log(sum);
    return p;
}

static double log_sum(struct parts p)
{
    double high = p.log_alive > p.log_dead ? p.log_alive : p.log_dead;
    double low = p.log_alive > p.log_dead ? p.log_dead : p.log_alive;
    return high + detmath_log(1 + detmath_exp(low - high));
}

double demand_bgbb_log_likelihood(const struct demand_bgbb *m, const struct demand_bgbb_history *h)
{
    return log_sum(likelihood_parts(m, h));
}

static int compare(const struct demand_bgbb_history *a, const struct demand_bgbb_history *b)
{
    if (a->sales != b->sales)
        return a->sales < b->sales ? -1 : 1;
    if (a->last != b->last)
        return a->last < b->last ? -1 : 1;
    return (a->periods > b->periods) - (a->periods < b->periods);
}

static void sift(struct demand_bgbb_history *h, uint32_t root, uint32_t n)
{
    struct demand_bgbb_history v = h[root];
    for (uint32_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && compare(&h[child], &h[child + 1]) < 0)
            child++;
        if (compare(&v, &h[child]) >= 0)
            break;
        h[root] = h[child];
    }
    h[root] = v;
}

static void sort(struct demand_bgbb_history *h, uint32_t n) /* heap: libc's qsort may allocate */
{
    for (uint32_t i = n / 2; i-- > 0;)
        sift(h, i, n);
    for (uint32_t end = n; end-- > 1;) {
        struct demand_bgbb_history top = h[0];
        h[0] = h[end];
        h[end] = top;
        sift(h, 0, end);
    }
}

struct sorted {
    const struct demand_bgbb_history *h;
    uint32_t n;
};

static struct demand_bgbb of_logs(const double *x)
{
    return (struct demand_bgbb){detmath_exp(x[0]), detmath_exp(x[1]), detmath_exp(x[2]),
                                detmath_exp(x[3])};
}

static double loss(const double *x, void *context)
{
    const struct sorted *s = context;
    for (int i = 0; i < 4; i++) {
        if (x[i] > LOG_PARAMETER_MAX || x[i] < -LOG_PARAMETER_MAX)
            return 1e300;
    }
    struct demand_bgbb m = of_logs(x);
    double sum = 0;
    for (uint32_t i = 0, next; i < s->n; i = next) {
        next = i + 1;
        while (next < s->n && compare(&s->h[i], &s->h[next]) == 0)
            next++;
        sum -= (next - i) * demand_bgbb_log_likelihood(&m, &s->h[i]);
    }
    return sum;
}

struct demand_bgbb demand_bgbb_fit(struct demand_bgbb_history *h, uint32_t n)
{
    assert(h && n >= 1);
    sort(h, n);
    struct sorted s = {h, n};
    double x[4] = {0, 0.5, -0.5, 2.5};
    nelder_mead(loss, &s, 4, 0.5, FIT_EVALUATIONS_MAX, 1e-7, x);
    return of_logs(x);
}

static double chance(double v)
{
    return v < 0 ? 0 : v > 1 ? 1 : v;
}

double demand_bgbb_no_sale(const struct demand_bgbb *m, const struct demand_bgbb_history *h,
                           uint32_t horizon)
{
    struct demand_bgbb_history later = *h;
    later.periods += horizon;
    double log_ratio = demand_bgbb_log_likelihood(m, &later) - demand_bgbb_log_likelihood(m, h);
    return chance(detmath_exp(log_ratio < 0 ? log_ratio : 0));
}

double demand_bgbb_alive(const struct demand_bgbb *m, const struct demand_bgbb_history *h)
{
    struct parts p = likelihood_parts(m, h);
    return chance(detmath_exp(p.log_alive - log_sum(p)));
}

double demand_bgbb_expected_sales(const struct demand_bgbb *m, const struct demand_bgbb_history *h,
                                  uint32_t horizon)
{
    /* P(sale in the k-th next period): alive till then, and selling with the chance expected of an
     * item with this history. The chances of staying alive are rational recurrences. */
    double n = h->periods;
    double sells = (m->a + h->sales) / (m->a + m->b + n);
    double survives = 1;
    double sum = 0;
    for (uint32_t k = 0; k < horizon; k++) {
        survives *= (m->d + n + k) / (m->g + m->d + n + k);
        sum += survives;
    }
    return demand_bgbb_alive(m, h) * sells * sum;
}
