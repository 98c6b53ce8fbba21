/* SPDX-License-Identifier: Apache-2.0 */
/* station/detect.h -- finds dying stock by itself: holds a score for every SKU and batch in the
 * house, re-scores what an entry touched, sweeps all of it once a day, and journals each finding
 * once. It decides by rules/ alone, and moves only one kind of stock: what is past its printed day
 * is set apart. One owner: not thread-safe.
 *
 *   detect_open()                      all scores, from the journal
 *   station_commit() .. detect_sku()   for each SKU that the group touched
 *   detect_begin_day()                 a new Indian civil day has begun
 *   detect_step(n) ... until 0         the sweep, a few SKUs at a time between scans
 *   detect_committed()                 after each journal_commit(), whatever came of it
 *
 * Findings are entries appended to the journal's open transaction; they count when it is committed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue.h"
#include "dead_stock.h"
#include "demand.h"
#include "diag.h"
#include "entry.h"
#include "expiry_risk.h"
#include "financial_impact.h"
#include "journal.h"

struct detect;

#define DETECT_HISTORY_DAYS 365     /* of demand that a fit looks at */
#define DETECT_SKU_BATCHES_MAX 1024 /* of one SKU; FEFO's last ones beyond it are not scored */
#define DETECT_POOL_SKUS_MAX 400    /* that the pool is fitted over, spread evenly over all */
#define DETECT_POOL_DAYS 7          /* between two fits of the pool */
#define DETECT_CROSSINGS_MAX 8

struct detect_conf {
    struct expiry_terms expiry;
    struct dead_stock_terms dead;
    struct financial_impact_rates rates;
    uint32_t dead_horizon_days; /* "no sale in the next ..." */
    int32_t
        crossing_days[DETECT_CROSSINGS_MAX]; /* days to expiry that raise an alert, descending */
    size_t crossings;
    uint32_t skus_max; /* memory is taken for so many, at once */
    uint32_t batches_max;
};

/* Rules' defaults, 60 days, alerts at 30, 14, 7 and 1 days, 5,000 SKUs, 50,000 batches. */
struct detect_conf detect_conf_default(void);

/* Blocks for reading the journal: about 30 microseconds a SKU and 5 a batch on a PC.
 *   -EINVAL  terms that contradict themselves: *reterr says which
 *   -ENOMEM, or as journal_lots() */
NODISCARD int detect_open(const struct detect_conf *conf, struct journal *journal, int32_t today,
                          struct diag *reterr, struct detect **ret);
void detect_free(struct detect *d);
DEFINE_AUTO(detect);

/* Scores one SKU anew after its stock changed. Negative as journal_append(). */
NODISCARD int detect_sku(struct detect *d, const char *sku, const struct journal_time *time);

/* Starts the sweep of `today`: every SKU's demand is fitted anew, its stock scored, stock past its
 * day restated as expired (not with a doubtful clock: it may be late, but then sales are refused by
 * their own check), alerts raised. Every DETECT_POOL_DAYS days the pool is fitted first. */
void detect_begin_day(struct detect *d, int32_t today);

/* Sweeps the next n SKUs: how many are left, or negative as journal_append(). */
NODISCARD int detect_step(struct detect *d, const struct journal_time *time, uint32_t n);

/* Alerts raised and committed since this was last asked. */
uint32_t detect_alerts_raised(struct detect *d);

/* After a commit that succeeded, or failed: then what was found since the last one is found again.
 */
void detect_committed(struct detect *d, bool durable);

/* One batch as scored. Money and units as in expiry_risk.h. */
struct detect_batch {
    char sku[ENTRY_SKU_SIZE];
    struct batch_key key;
    int32_t expiry_kind;
    int32_t days_left;     /* INT32_MAX: no date */
    int64_t units;         /* sellable */
    int64_t blocked_units; /* in quarantine, on hold or expired */
    int64_t landed_paise;  /* of the sellable units */
    struct expiry_risk risk;
    enum dead_stock_status status; /* of its SKU */
    const char *action;            /* static code of what to do: see detect_action() */
};

/* One SKU as scored. */
struct detect_sku_score {
    char sku[ENTRY_SKU_SIZE];
    char category[CATALOGUE_WORD_SIZE];
    int64_t units; /* sellable */
    int64_t landed_paise;
    int64_t rate_milli; /* mean units a day by 1000 */
    struct dead_stock_movement movement;
    uint16_t no_sale_permille; /* chance of no sale within horizon_days */
    enum dead_stock_status status;
    struct dead_stock_score dead;
    uint32_t horizon_days;
    struct financial_impact impact; /* of leaving it for horizon_days; 0 when active */
    int64_t risk_paise;             /* of its batches: sum of risk.total_paise */
    int64_t risk_units;             /* likewise risk.at_risk_units */
};

/* on_... returns non-zero to stop; that is passed on. Borrowed for the call. */
typedef int (*detect_batch_fn)(const struct detect_batch *b, void *context);
typedef int (*detect_sku_fn)(const struct detect_sku_score *s, void *context);

/* Batches with rupees or units at risk, or units that are blocked, the most rupees first; at most
 * max. */
NODISCARD int detect_batches_at_risk(struct detect *d, size_t max, detect_batch_fn on_batch,
                                     void *context);

/* The batches of one SKU in FEFO order. -ENOENT when it has none. */
NODISCARD int detect_batches_of(struct detect *d, const char *sku, detect_batch_fn on_batch,
                                void *context);

/* All SKUs with stock, by code. */
NODISCARD int detect_skus(struct detect *d, detect_sku_fn on_sku, void *context);

/* SKUs with stock that are slow-moving, dead or liquidating, the most landed rupees first; at most
 * max. -ENOMEM, or what on_sku stopped with. */
NODISCARD int detect_slow_skus(const struct detect *d, size_t max, detect_sku_fn on_sku,
                               void *context);

/* Sums over all SKUs, or over those of a category (NULL: all). The sums over all categories are the
 * sum over all. */
struct detect_total {
    int64_t skus, batches;
    int64_t dead_skus, slow_skus;
    int64_t landed_paise;
    int64_t risk_units, risk_paise;
    struct financial_impact impact;
};
struct detect_total detect_total(const struct detect *d, const char *category);

/* The sums of each category that has stock, by name; "" is that of SKUs which have none. on_...
 * returns non-zero to stop; that is passed on. -ENOMEM likewise. */
typedef int (*detect_category_fn)(const char *category, const struct detect_total *total,
                                  void *context);
NODISCARD int detect_categories(const struct detect *d, detect_category_fn on_category,
                                void *context);

/* Whether an alert of this journal still asks for something: an expiry alert while the batch has
 * sellable stock and has crossed no nearer threshold (which has an alert of its own), a dead-stock
 * alert while the SKU is dead; others always. */
bool detect_alert_stands(const struct detect *d, const struct entry *alert);

/* Static: "sell_first", "offer", "return", "dispose", "inspect" or "". */
const char *detect_action(const struct expiry_risk *risk, enum dead_stock_status status,
                          int64_t blocked_units);
