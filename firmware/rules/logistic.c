/* SPDX-License-Identifier: Apache-2.0 */
#include "logistic.h"

#include <assert.h>
#include <math.h>

#include "detmath.h"

#define CHANCE_MIN 1e-6
#define SCORE_MAX 30.0
#define NEWTON_STEPS_MAX 25
#define HALVINGS_MAX 12 /* of a step that overshoots */
#define NEWTON_TOLERANCE 1e-8

double logistic_logit(double p)
{
    double q = p < CHANCE_MIN ? CHANCE_MIN : p > 1 - CHANCE_MIN ? 1 - CHANCE_MIN : p;
    return detmath_log(q / (1 - q));
}

double logistic_chance(const struct logistic *l, const double *x)
{
    double score = 0;
    for (uint32_t i = 0; i < l->features; i++)
        score += l->weight[i] * x[i];
    if (score > SCORE_MAX)
        score = SCORE_MAX;
    if (score < -SCORE_MAX)
        score = -SCORE_MAX;
    return 1 / (1 + detmath_exp(-score));
}

struct newton {
    uint32_t n;
    double hessian[LOGISTIC_FEATURES_MAX]
                  [LOGISTIC_FEATURES_MAX]; /* positive definite by the ridge */
    double gradient[LOGISTIC_FEATURES_MAX];
};

/* Gaussian elimination; a positive definite matrix needs no pivoting. Leaves the solution in
 * gradient. */
static void solve(struct newton *s)
{
    for (uint32_t k = 0; k < s->n; k++) {
        for (uint32_t i = k + 1; i < s->n; i++) {
            double factor = s->hessian[i][k] / s->hessian[k][k];
            for (uint32_t j = k; j < s->n; j++)
                s->hessian[i][j] -= factor * s->hessian[k][j];
            s->gradient[i] -= factor * s->gradient[k];
        }
    }
    for (uint32_t k = s->n; k-- > 0;) {
        for (uint32_t j = k + 1; j < s->n; j++)
            s->gradient[k] -= s->hessian[k][j] * s->gradient[j];
        s->gradient[k] /= s->hessian[k][k];
    }
}

static void add_example(struct newton *s, const struct logistic *l,
                        const struct logistic_example *e)
{
    double p = logistic_chance(l, e->x);
    double miss = (e->happened ? 1 : 0) - p;
    for (uint32_t i = 0; i < s->n; i++) {
        s->gradient[i] += miss * e->x[i];
        for (uint32_t j = 0; j < s->n; j++)
            s->hessian[i][j] += p * (1 - p) * e->x[i] * e->x[j];
    }
}

struct problem {
    const struct logistic_example *examples;
    uint32_t n;
    const struct logistic *prior;
    double ridge;
};

/* Minus the log likelihood, with the ridge. */
static double loss(const struct problem *p, const struct logistic *l)
{
    double sum = 0;
    for (uint32_t i = 0; i < l->features; i++) {
        double off = l->weight[i] - p->prior->weight[i];
        sum += p->ridge / 2 * off * off;
    }
    for (uint32_t e = 0; e < p->n; e++) {
        double chance = logistic_chance(l, p->examples[e].x);
        sum -= detmath_log(p->examples[e].happened ? chance : 1 - chance);
    }
    return sum;
}

static struct newton direction(const struct problem *p, const struct logistic *l)
{
    struct newton s = {.n = l->features};
    for (uint32_t i = 0; i < s.n; i++) {
        s.gradient[i] = -p->ridge * (l->weight[i] - p->prior->weight[i]);
        s.hessian[i][i] = p->ridge;
    }
    for (uint32_t e = 0; e < p->n; e++)
        add_example(&s, l, &p->examples[e]);
    solve(&s);
    return s;
}

struct logistic logistic_fit(const struct logistic_example *examples, uint32_t n,
                             const struct logistic *prior, double ridge)
{
    assert(prior->features <= LOGISTIC_FEATURES_MAX && ridge > 0 && (n == 0 || examples));
    struct problem p = {examples, n, prior, ridge};
    struct logistic best = *prior;
    double least = loss(&p, &best);
    for (int step = 0; step < NEWTON_STEPS_MAX; step++) {
        struct newton way = direction(&p, &best);
        double before = least;
        double length = 1;
        for (int k = 0; k < HALVINGS_MAX && !(least < before); k++, length /= 2) {
            struct logistic tried = best;
            for (uint32_t i = 0; i < tried.features; i++)
                tried.weight[i] += length * way.gradient[i];
            double value = loss(&p, &tried);
            if (value < least) {
                least = value;
                best = tried;
            }
        }
        if (before - least <= NEWTON_TOLERANCE * (1 + before))
            break;
    }
    return best;
}
