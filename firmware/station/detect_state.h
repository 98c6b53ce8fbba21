/* SPDX-License-Identifier: Apache-2.0 */
/* station/detect_state.h -- what detect.c, detect_score.c and detect_sweep.c share, and nobody
 * else. */
#pragma once

#include "detect.h"
#include "stock_goods.h"

#define DETECT_NONE UINT32_MAX

/* Reasons of ENTRY_ALERTED. */
#define DETECT_ALERT_EXPIRY "expiry"
#define DETECT_ALERT_DEAD "dead_stock"

struct batch_row {
    uint32_t next; /* of the same SKU in FEFO order, or of the free list; DETECT_NONE ends */
    struct batch_key key;
    int32_t expiry_kind;
    int64_t units;
    int64_t blocked_units;
    int64_t landed_paise;
    int64_t credit_paise; /* tax credit taken on them, by the rate of the day they came */
    struct expiry_risk risk;
    bool flagged; /* the journal knows it as at risk */
};

struct sku_row {
    char sku[ENTRY_SKU_SIZE];
    char category[CATALOGUE_WORD_SIZE];
    struct stock_goods goods;
    uint32_t first; /* batch, or DETECT_NONE */
    int64_t units;
    int64_t landed_paise;
    struct demand demand;
    struct dead_stock_movement movement;
    struct dead_stock_state state;
    struct dead_stock_score dead;
    struct financial_impact impact;
    uint16_t no_sale_permille;
    bool touched; /* findings about it wait for their commit */
};

struct detect {
    struct detect_conf conf;
    struct journal *journal;
    int32_t today;

    struct sku_row *skus; /* ascending */
    uint32_t skus_count;
    struct batch_row *batches;
    uint32_t free_batch;
    uint32_t batches_count;
    uint32_t dropped; /* batches that found no room when their SKU was last read */

    struct demand_pool pool;
    int32_t pool_day;         /* of its last fit; CIVIL_NONE: never */
    uint32_t swept;           /* SKUs of the present sweep that are done */
    uint32_t alerts_appended; /* since the last commit */
    uint32_t alerts_raised;   /* committed, and not yet asked for */

    /* Scratch for one SKU at a time. */
    int64_t *day_units;
    uint8_t *day_stocked;
    double *series;
    double *blocks;
    struct expiry_batch *scored;
    struct expiry_risk *risks;
};

/* The row of a SKU, or NULL. */
struct sku_row *detect_find(const struct detect *d, const char *sku);

/* The row of a SKU, made if need be: -ENOSPC when there is no room. */
NODISCARD int detect_row(struct detect *d, const char *sku, struct sku_row **ret);

/* Reads what the catalogue in force says of the SKU. */
NODISCARD int detect_read_facts(struct detect *d, struct sku_row *s);

/* Reads the SKU's lots into its batches. */
NODISCARD int detect_read_lots(struct detect *d, struct sku_row *s);

/* Fits the SKU's demand from the journal. */
NODISCARD int detect_fit(struct detect *d, struct sku_row *s);

/* Scores the SKU and its batches from what the rows hold. */
void detect_score(struct detect *d, struct sku_row *s);

/* Takes over what the journal last said of the SKU and its batches. */
NODISCARD int detect_recall(struct detect *d, struct sku_row *s);

/* Appends what changed since the journal was last told. */
NODISCARD int detect_report(struct detect *d, struct sku_row *s, const struct journal_time *time);

/* Fits the pool over a spread of the SKUs. */
NODISCARD int detect_fit_pool(struct detect *d);

/* In-stock days of the SKU's history before today in d->series; returns how many. */
NODISCARD int detect_history(struct detect *d, const char *sku);

/* The nearest of the thresholds that so many days have crossed; -1: none, or past the last day. */
int32_t detect_crossing(const struct detect *d, int32_t days);

int32_t detect_days_left(const struct detect *d, const struct batch_key *key);
