/* SPDX-License-Identifier: Apache-2.0 */
/* rules/demand_bgbb.h -- the beta-geometric/beta-binomial model of a discrete buying life (Fader,
 * Hardie & Shang, "Customer-base analysis in a discrete-time noncontractual setting", Marketing
 * Science 29(6), 2010), an item taking the part of the customer: is it still alive, and will it
 * sell again? Says nothing of quantities. Pure: callers own all arrays. */
#pragma once

#include <stdint.h>

/* The clock starts behind the first sale. */
struct demand_bgbb_history {
    uint32_t sales;   /* later periods with a sale */
    uint32_t last;    /* the last of them, counted from 1; 0 when there is none */
    uint32_t periods; /* since the first sale */
};

/* y as in demand_point.h. 0 when there was never a sale (*ret is left alone), else 1. */
int demand_bgbb_history(const double *y, uint32_t n, struct demand_bgbb_history *ret);

/* While alive an item sells in a period with chance ~ Beta(a, b); before each period it dies with
 * chance ~ Beta(g, d). */
struct demand_bgbb {
    double a, b, g, d;
};

/* Pooled maximum likelihood over n histories, n >= 1. Sorts h, to count each distinct history once:
 * only its first distinct ones matter, and there are few. */
struct demand_bgbb demand_bgbb_fit(struct demand_bgbb_history *h, uint32_t n);

double demand_bgbb_log_likelihood(const struct demand_bgbb *m, const struct demand_bgbb_history *h);

/* P(no sale in the next `horizon` periods), and P(alive now). */
double demand_bgbb_no_sale(const struct demand_bgbb *m, const struct demand_bgbb_history *h,
                           uint32_t horizon);
double demand_bgbb_alive(const struct demand_bgbb *m, const struct demand_bgbb_history *h);

/* Expected number of the next `horizon` periods that have a sale. */
double demand_bgbb_expected_sales(const struct demand_bgbb *m, const struct demand_bgbb_history *h,
                                  uint32_t horizon);
