/* SPDX-License-Identifier: Apache-2.0 */
/* rules/dead_stock.h -- is a SKU's stock at a place dead, slow-moving or active, and what changed?
 * The tenant's plain thresholds decide; the probability of no further sale only orders what they
 * flag. Does not forecast (demand.h) and does not price it (financial_impact.h). Pure.
 *
 *     active --thresholds met--> dead --no longer met--> slow_moving --recovered--> active
 *        |                        ^  |                     |    ^
 *        +--velocity fell--> slow_moving <-- campaign over -+    |
 *                                 dead or slow_moving -- campaign --> liquidating
 *
 * An episode begins with the first day the thresholds are met and ends when the SKU has recovered
 * or is sold out; however often it dips in between, there is one event at either end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

enum dead_stock_status {
    DEAD_STOCK_ACTIVE,
    DEAD_STOCK_SLOW_MOVING,
    DEAD_STOCK_DEAD,
    DEAD_STOCK_LIQUIDATING,
};
const char *dead_stock_status_name(enum dead_stock_status status); /* static; as on the wire */

enum dead_stock_factor {
    DEAD_STOCK_IDLE,
    DEAD_STOCK_VELOCITY,
    DEAD_STOCK_NO_SALE,
    DEAD_STOCK_FACTORS,
};

/* The tenant's settings. Velocities are units a day by 1000. */
struct dead_stock_terms {
    uint32_t grace_days;         /* with stock since the first receipt, before anything counts */
    uint32_t slow_days;          /* without outward movement */
    uint32_t dead_days;          /* without outward movement */
    int64_t dead_velocity_milli; /* dead at most this fast */
    int64_t recovered_velocity_milli; /* an episode ends at least this fast; above the last */
    uint32_t window_days;          /* velocity is measured over; compared with the window before */
    uint32_t slow_share_permille;  /* slow-moving below this share of the window before */
    uint32_t brisk_share_permille; /* no longer at or above this share; above the last */
    uint8_t weight[DEAD_STOCK_FACTORS]; /* of the factors in the score; they add up to 100 */
};

/* Grace 30, slow 45, dead 90 days, dead at 0.1 and recovered at 0.3 units a day, windows of 30
 * days, slow-moving below 50 % and no longer at 80 %, weights 40, 20, 40. */
struct dead_stock_terms dead_stock_terms_default(void);

/* 0, or -EINVAL when weights do not add up to 100 or a pair of thresholds is out of order. */
NODISCARD int dead_stock_terms_check(const struct dead_stock_terms *terms);

/* How a SKU moved, over days on which it was in stock: stock-out days are no evidence. */
struct dead_stock_movement {
    uint32_t age_days;      /* with stock so far */
    uint32_t idle_days;     /* since the last outward movement; age_days when there was none */
    int64_t velocity_milli; /* over the last window, or the days there are */
    int64_t earlier_milli;  /* over the window before; -1 when history is too short for it */
};

/* y[0..n): outward movement of each in-stock day, oldest first (demand_in_stock). window >= 1. */
struct dead_stock_movement dead_stock_movement(const double *y, uint32_t n, uint32_t window_days);

struct dead_stock_facts {
    int64_t on_hand_units;
    struct dead_stock_movement movement;
    uint16_t no_sale_permille; /* chance of no sale within the horizon */
    bool liquidating;          /* an approved plan is clearing it */
};

/* True exactly when the thresholds say dead: stock on hand, grace over, idle long enough, slow
 * enough. */
bool dead_stock_meets_thresholds(const struct dead_stock_facts *f,
                                 const struct dead_stock_terms *terms);

/* What is remembered of a SKU between evaluations; all zero at first. */
struct dead_stock_state {
    enum dead_stock_status status;
    bool in_episode;
};

enum dead_stock_event {
    DEAD_STOCK_NOTHING,
    DEAD_STOCK_DETECTED, /* an episode began */
    DEAD_STOCK_ENDED,    /* it recovered or is gone */
};

struct dead_stock_step {
    struct dead_stock_state state; /* status is dead only if the thresholds are met now */
    enum dead_stock_event event;
};

struct dead_stock_step dead_stock_next(struct dead_stock_state before,
                                       const struct dead_stock_facts *f,
                                       const struct dead_stock_terms *terms);

struct dead_stock_score {
    uint8_t factor[DEAD_STOCK_FACTORS];
    uint8_t score; /* their sum, 0 to 100; 0 without stock and within grace */
};

/* Rises with idle days and the chance of no sale, falls with velocity. */
struct dead_stock_score dead_stock_score(const struct dead_stock_facts *f,
                                         const struct dead_stock_terms *terms);
