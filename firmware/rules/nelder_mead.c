/* SPDX-License-Identifier: Apache-2.0 */
#include "nelder_mead.h"

#include <assert.h>
#include <math.h>

struct vertex {
    double x[NELDER_MEAD_DIMENSION_MAX];
    double value;
};

struct search {
    nelder_mead_fn fn;
    void *context;
    unsigned n;
    unsigned evaluations;
    struct vertex simplex[NELDER_MEAD_DIMENSION_MAX + 1]; /* best first, worst at [n] */
};

static void evaluate(struct search *s, struct vertex *v)
{
    v->value = s->fn(v->x, s->context);
    s->evaluations++;
}

static void sort(struct search *s) /* by insertion: stable, and nearly sorted already */
{
    for (unsigned i = 1; i <= s->n; i++) {
        struct vertex v = s->simplex[i];
        unsigned k = i;
        for (; k > 0 && s->simplex[k - 1].value > v.value; k--)
            s->simplex[k] = s->simplex[k - 1];
        s->simplex[k] = v;
    }
}

/* centre + factor * (worst - centre), the centre being that of all but the worst. */
static struct vertex through_centre(struct search *s, double factor)
{
    struct vertex v = {0};
    for (unsigned d = 0; d < s->n; d++) {
        double centre = 0;
        for (unsigned i = 0; i < s->n; i++)
            centre += s->simplex[i].x[d];
        centre /= s->n;
        v.x[d] = centre + factor * (s->simplex[s->n].x[d] - centre);
    }
    evaluate(s, &v);
    return v;
}

static void shrink(struct search *s)
{
    for (unsigned i = 1; i <= s->n; i++) {
        for (unsigned d = 0; d < s->n; d++)
            s->simplex[i].x[d] = (s->simplex[i].x[d] + s->simplex[0].x[d]) / 2;
        evaluate(s, &s->simplex[i]);
    }
}

static void step_once(struct search *s)
{
    struct vertex *worst = &s->simplex[s->n];
    struct vertex reflected = through_centre(s, -1);
    if (reflected.value < s->simplex[0].value) {
        struct vertex expanded = through_centre(s, -2);
        *worst = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < s->simplex[s->n - 1].value) {
        *worst = reflected;
    } else {
        struct vertex contracted = through_centre(s, reflected.value < worst->value ? -0.5 : 0.5);
        if (contracted.value < worst->value && contracted.value <= reflected.value)
            *worst = contracted;
        else
            shrink(s);
    }
    sort(s);
}

double nelder_mead(nelder_mead_fn fn, void *context, unsigned n, double step,
                   unsigned evaluations_max, double tolerance, double *x)
{
    assert(fn && n >= 1 && n <= NELDER_MEAD_DIMENSION_MAX && x);
    struct search s = {.fn = fn, .context = context, .n = n};
    for (unsigned i = 0; i <= n; i++) {
        for (unsigned d = 0; d < n; d++)
            s.simplex[i].x[d] = x[d] + (i == d + 1 ? step : 0);
        evaluate(&s, &s.simplex[i]);
    }
    sort(&s);
    while (s.evaluations < evaluations_max) {
        double best = s.simplex[0].value;
        if (s.simplex[n].value - best <= tolerance * (1 + fabs(best)))
            break;
        step_once(&s);
    }
    for (unsigned d = 0; d < n; d++)
        x[d] = s.simplex[0].x[d];
    return s.simplex[0].value;
}
