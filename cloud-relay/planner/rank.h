/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/rank.h -- the score by which moves are listed on screens and ties are broken. It decides
 * nothing: greedy by score would ignore that several lots compete for one demand. Pure, and the
 * same bits on every machine. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define RANK_PPM 1000000 /* a whole */

struct rank_weights { /* ppm; sum to RANK_PPM */
    int32_t proximity;
    int32_t velocity;
    int32_t urgency;
};

struct rank_facts {
    uint64_t lot_id;      /* ties fall to the lower */
    int64_t km;           /* >= 0 */
    int64_t window_milli; /* expected sales at the destination in the lot's window, by 1000 */
    int64_t units;        /* to be moved, > 0 */
    int32_t days_left;    /* of the lot's life */
    int32_t life_days;    /* all of it, > 0 */
};

struct rank_score {    /* ppm, 0..RANK_PPM */
    int32_t proximity; /* exp(-km / 300): falls with the distance */
    int32_t velocity;  /* min(1, expected sales / units) */
    int32_t urgency;   /* 1 - days left / life, with twice the slope below a third of the life */
    int32_t score;     /* the weighted sum, rounded down */
};

/* -EINVAL unless the weights are >= 0 and sum to RANK_PPM. */
NODISCARD int rank_weights_check(const struct rank_weights *w);

/* Never falls when a component rises. The weights have passed rank_weights_check(). Facts out of
 * range count as the nearest in it. */
struct rank_score rank_score(const struct rank_facts *facts, const struct rank_weights *w);

/* For qsort over what carries both: < 0 when a comes first: the higher score, then the lower id. */
int rank_compare(const struct rank_score *a, uint64_t a_lot, const struct rank_score *b,
                 uint64_t b_lot);
