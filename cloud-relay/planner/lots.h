/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/lots.h -- from distressed lots, demand, lanes and local outcomes to the networks of
 * plan.h, and from a plan's flows back to what is done with each lot. The expected revenue of one
 * more case is price * (E[min(D, h + x)] - E[min(D, h + x - 1)]), concave in x, hence parallel arcs
 * whose worth falls; a lot that lives long may be sold early, never the other way. Decides nothing
 * and filters nothing but what cannot be sold: cooldown, thresholds and compliance are the caller's
 * bars. Pure, and the same bits on every machine; the order of the input does not matter. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "plan.h"

#define LOTS_BUCKETS_MAX 8
#define LOTS_TIERS_MAX 4
#define LOTS_SEGMENTS_MAX 64
#define LOTS_DAYS_MAX 36500
#define LOTS_CASE_UNITS_MAX 1000000000 /* base units: a tonne in grams */
#define LOTS_PRICE_MAX (INT64_C(1) << 32)

struct lots_sku {
    uint32_t id;
    int64_t case_units; /* base units in a case; > 0 */
    int64_t case_mg;    /* > 0 */
};

enum lots_order {
    LOTS_FREE,         /* any outcome */
    LOTS_STAY,         /* any but a transfer: moved lately, or quarantined for movement */
    LOTS_RETURN_ONLY,  /* recalled by the supplier: return, or destruction of what it does not take
                        */
    LOTS_DESTROY_ONLY, /* destruction as ordered */
};

struct lots_tier {
    int64_t cases; /* at most so many at this price */
    int64_t paise; /* a case, recovered; never more than the tier before */
};

/* Reserved and safety stock, and what does not fill a case, are taken off before. */
struct lots_lot {
    uint64_t id; /* unique */
    uint32_t sku;
    uint32_t site;
    int64_t cases;
    int32_t days_left; /* until the last sellable day by its print; negative: expired */
    enum lots_order order;
    int64_t ceiling_paise; /* a base unit: most that the lot's printed MRP allows; > 0 */
    int64_t carry_paise;   /* a case that is kept or moved, until it is sold */
    struct lots_tier tier[LOTS_TIERS_MAX]; /* discount campaign at the source; 0 cases: none */
    int64_t return_cases;                  /* supplier's quota; 0: not eligible */
    int64_t return_paise;                  /* a case, credit less reverse freight */
    int64_t write_off_paise;               /* a case: disposal and credit to be reversed; a cost */
};

/* What a SKU sells at a site, beyond what lies there in health. Without a row it sells nothing. */
struct lots_demand {
    uint32_t sku;
    uint32_t site;
    int64_t price_paise;                 /* a base unit, to the retailer; > 0 */
    int64_t on_hand_units;               /* healthy stock there, which sells first */
    int32_t guard_days;                  /* the tail in which shops refuse the goods */
    double mean_units[LOTS_BUCKETS_MAX]; /* sales inside each bucket: negative binomial with */
    double shape[LOTS_BUCKETS_MAX];      /* variance mean + mean^2 / shape; 0: never any */
};

struct lots_lane {
    struct plan_lane lane; /* lane.id unique */
    int32_t lead_days;
    int64_t tonne_paise;    /* freight by weight */
    int64_t case_paise;     /* handling a case */
    int32_t value_permille; /* friction on the goods' value at the destination's price */
};

/* No transfer of that SKU on that lane: cooldown, a trade the other way, a threshold, compliance.
 */
struct lots_bar {
    uint32_t sku;
    uint32_t lane_id;
};

struct lots_input {
    uint32_t sites;
    const int64_t *room_mg;               /* a site */
    int32_t bucket_end[LOTS_BUCKETS_MAX]; /* days from today, rising */
    uint32_t buckets;
    uint32_t segments; /* arcs a bucket, 1..LOTS_SEGMENTS_MAX; few cases get an arc each */
    const struct lots_sku *sku;
    size_t skus;
    const struct lots_lot *lot;
    size_t lots;
    const struct lots_demand *demand;
    size_t demands;
    const struct lots_lane *lane;
    size_t lanes;
    const struct lots_bar *bar;
    size_t bars;
};

struct lots;

/* SKUs are named by their index in sku[], sites by number. Everything is copied.
 *   -EINVAL  with *reterr: the lot, demand or lane that is out of range, doubled or without price
 *   -ERANGE  the networks are larger than plan.h allows
 *   -ENOMEM */
NODISCARD int lots_build(const struct lots_input *in, struct lots **ret, struct diag *reterr);
void lots_free(struct lots *l);
DEFINE_AUTO(lots);

/* Borrowed from l. */
const struct plan_problem *lots_problem(const struct lots *l);

enum lots_kind { LOTS_HOLD, LOTS_TRANSFER, LOTS_LIQUIDATE, LOTS_RETURN, LOTS_WRITE_OFF };
#define LOTS_KINDS 5
const char *lots_kind_name(enum lots_kind kind); /* static: hold, transfer, liquidate, ... */

struct lots_outcome {
    size_t lot; /* index into in->lot */
    enum lots_kind kind;
    size_t lane;           /* LOTS_TRANSFER: index into in->lane */
    uint32_t tier;         /* LOTS_LIQUIDATE */
    int64_t cases;         /* > 0 */
    int64_t revenue_paise; /* expected: sales there, price, credit */
    int64_t cost_paise;    /* freight, handling, friction, carrying, disposal; no truck's share */
    size_t arc;            /* of lots_problem() */
};

/* What the flows of a plan mean, by lot id, then kind, lane and tier; each lot's cases sum to what
 * it has, and revenue less cost of all to the plan's value without trucks. Where lots share a
 * demand its revenue is shared by cases. *ret_outcome is freed by the caller.
 *   -EINVAL  cases[] are no flows of these networks
 *   -ENOMEM */
NODISCARD int lots_outcomes(const struct lots *l, const int64_t *cases,
                            struct lots_outcome **ret_outcome, size_t *ret_count);
