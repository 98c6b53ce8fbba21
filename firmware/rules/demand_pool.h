/* SPDX-License-Identifier: Apache-2.0 */
/* rules/demand_pool.h -- what many items teach about each: fitted over the items of an appliance,
 * or of all sites at the relay, at night, and then used for each item alone (demand.h). Pure:
 * callers own all arrays; the same bits on every machine. */
#pragma once

#include <stdint.h>

#include "demand_bgbb.h"
#include "demand_hurdle.h"
#include "logistic.h"

/* y as in demand_point.h. */
struct demand_series {
    const double *y;
    uint32_t n;
};

/* What many items have in common; fitted where they are, a plain value that may be shipped. */
struct demand_pool {
    struct demand_hurdle_pool hurdle;
    struct demand_bgbb bgbb;
    struct logistic no_sale; /* of the features that demand.c reads off a struct demand */
    double drift;            /* squared relative uncertainty of a rate */
    uint32_t horizon;        /* in periods, that it was fitted for; at least 1 */
};

/* For an appliance that has seen nothing yet: vague, and it does not condemn. */
struct demand_pool demand_pool_vague(void);

/* What the point methods say of one history. */
struct demand_points {
    double mean, variance; /* of the history */
    double own_drift;      /* of its sums over the horizon */
    uint32_t sums;         /* how many of them there are */
    double tsb, imapa;
};

/* From how many past origins, one horizon apart, the chance of no sale is learnt. */
#define DEMAND_POOL_ORIGINS 3

/* Scratch of demand_pool_fit: arrays of n elements each, of examples DEMAND_POOL_ORIGINS times as
 * many, and blocks as long as the longest series. */
struct demand_pool_work {
    struct demand_hurdle_item *items;
    struct demand_bgbb_history *histories;
    struct demand_points *points;
    struct logistic_example *examples;
    double *blocks;
};

/* Fits the pool over n items, choosing the discount of occurrence and the drift by pinball loss
 * over the last `horizon` periods of each history, chronologically held back. Takes about a
 * millisecond an item: a job for the night. */
struct demand_pool demand_pool_fit(const struct demand_series *series, uint32_t n, uint32_t horizon,
                                   const struct demand_pool_work *work);
