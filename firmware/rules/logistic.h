/* SPDX-License-Identifier: Apache-2.0 */
/* rules/logistic.h -- logistic regression on a few features, drawn towards weights known
 * beforehand, so that little evidence changes little. Pure, and the same bits on every machine. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LOGISTIC_FEATURES_MAX 8

struct logistic_example {
    double x[LOGISTIC_FEATURES_MAX];
    bool happened;
};

struct logistic {
    double weight[LOGISTIC_FEATURES_MAX];
    uint32_t features;
};

/* ln(p / (1 - p)), p kept within [1e-6, 1 - 1e-6]. */
double logistic_logit(double p);

/* Chance for features x; x[0] is usually 1. */
double logistic_chance(const struct logistic *l, const double *x);

/* Maximum likelihood over n examples less ridge / 2 times the squared distance from `prior`, by
 * Newton steps. ridge > 0. Returns prior when n is 0. */
struct logistic logistic_fit(const struct logistic_example *examples, uint32_t n,
                             const struct logistic *prior, double ridge);
