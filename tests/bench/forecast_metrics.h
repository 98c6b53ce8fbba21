/* SPDX-License-Identifier: Apache-2.0 */
/* bench/forecast_metrics.h -- how good quantiles and probabilities were, once the outcome is known.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

double forecast_pinball(double actual, double quantile, double q);

struct forecast_chance {
    double p;
    bool happened;
};

struct forecast_chance_score {
    double base; /* share that happened */
    double auc;
    double average_precision;
    double brier;
    double log_loss; /* probabilities are kept within [1e-6, 1 - 1e-6] */
};

/* Sorts c by falling probability. n >= 1, and both outcomes must occur. */
struct forecast_chance_score forecast_chance_score(struct forecast_chance *c, size_t n);
