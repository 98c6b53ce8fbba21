/* SPDX-License-Identifier: Apache-2.0 */
/* rules/expiry_risk.h -- what of each batch will not sell before shops refuse it, what that costs,
 * and a score to order batches by. Does not decide what to do about it. Pure, and integers leave
 * it: the same on every machine.
 *
 * A batch sells from now until its remaining life falls below what shops accept. FEFO takes the
 * batches before it first, but only what of them will sell: what shops will refuse of an earlier
 * batch takes no demand from a later one. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "demand.h"

#define EXPIRY_UNITS_MAX INT64_C(1000000000000)    /* larger counts as this */
#define EXPIRY_PAISE_MAX INT64_C(1000000000000000) /* likewise: ten lakh crore rupees */
#define EXPIRY_THRESHOLDS_MAX 6

struct expiry_batch {
    int64_t units;          /* on hand and sellable; 0 or less raises nothing */
    int32_t days_to_expiry; /* 0 is the last day of life; negative once expired */
    int32_t refuse_days;    /* shops refuse the batch with less life than this; 0: never before */
    int64_t landed_paise;   /* cost of all units on hand */
    int64_t credit_paise;   /* tax credit claimed on them, reversed if they are destroyed */
    int64_t disposal_paise; /* of destroying all of them */
};

enum expiry_factor { EXPIRY_CHANCE, EXPIRY_SHARE, EXPIRY_NEARNESS, EXPIRY_FACTORS };

/* The tenant's settings. */
struct expiry_terms {
    uint32_t horizon_days;          /* from here on nearness counts */
    uint8_t weight[EXPIRY_FACTORS]; /* of the factors in the score; they add up to 100 */
    uint32_t carrying_permille;     /* of landed cost, a year */
    uint8_t score_thresholds;       /* how many of the next */
    uint8_t score_threshold[EXPIRY_THRESHOLDS_MAX]; /* ascending */
    uint8_t day_thresholds;
    int32_t day_threshold[EXPIRY_THRESHOLDS_MAX]; /* days to expiry, descending */
};

/* 50 chance, 30 share, 20 nearness over 90 days; 20 % carrying; bands of score 25, 50, 75 and of
 * 90, 60, 30, 0 days. */
struct expiry_terms expiry_terms_default(void);

/* 0, or -EINVAL when weights do not add up to 100, thresholds are out of order or too many. */
NODISCARD int expiry_terms_check(const struct expiry_terms *terms);

enum expiry_state {
    EXPIRY_SELLS,
    EXPIRY_REFUSED, /* alive, but shops refuse it */
    EXPIRY_EXPIRED,
};
const char *expiry_state_name(enum expiry_state state); /* static; the value used on the wire */

struct expiry_risk {
    enum expiry_state state;
    int64_t at_risk_units;          /* unsold at the present velocity; at most units */
    int64_t unsold_milli;           /* expected unsold units by 1000, demand being uncertain */
    uint16_t not_sold_out_permille; /* chance that anything of the batch is left */
    int64_t landed_paise;           /* of the expected unsold units, and likewise: */
    int64_t carrying_paise;         /* money tied up in them until they are refused */
    int64_t disposal_paise;
    int64_t credit_paise;
    int64_t total_paise;            /* the sum of these four */
    uint8_t factor[EXPIRY_FACTORS]; /* contributions to the score */
    uint8_t score;                  /* their sum, 0 to 100; all else equal it never rises with
                                     * the days left */
    uint8_t score_bucket;           /* how many score thresholds are reached */
    uint8_t day_bucket;             /* how many day thresholds are reached; 0 without stock */
};

/* One batch with `ahead_units` of its SKU sold before it. `d` counts periods of period_days days,
 * at least 1. Terms must have passed expiry_terms_check. */
struct expiry_risk expiry_risk_batch(const struct demand *d, uint32_t period_days,
                                     const struct expiry_terms *terms,
                                     const struct expiry_batch *batch, int64_t ahead_units);

/* All n batches of a SKU, in FEFO order; ret holds n. About 1.5 microseconds a batch on a PC. */
void expiry_risk_batches(const struct demand *d, uint32_t period_days,
                         const struct expiry_terms *terms, const struct expiry_batch *batches,
                         uint32_t n, struct expiry_risk *ret);
