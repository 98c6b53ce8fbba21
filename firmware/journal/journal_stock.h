/* SPDX-License-Identifier: Apache-2.0 */
/* journal/journal_stock.h -- questions about the stock that follows from the journal: batches,
 * where they lie, what was sold when, what is on the way. Answers include what was appended and is
 * not yet committed. All walks are in a stated order, and may stand inside each other.
 *
 * A booking is undone by an ENTRY_ADJUSTED that `corrects` it: stock follows its quantity as that
 * of every adjustment, and the units are also taken back from the demand of the day of the pick,
 * and from what was done of the document's line. */
#pragma once

#include "journal.h"
#include "stock_effect.h"

/* A batch of a SKU. `id` is local to this file and to this build of the folds: it never travels. */
struct journal_batch {
    int64_t id;
    char sku[ENTRY_SKU_SIZE];
    struct batch_key key;
    int32_t expiry_kind;  /* enum expiry_kind */
    int32_t made_day;     /* CIVIL_NONE: not known */
    int32_t received_day; /* when its first units came to the distributor: the age of a batch
                             survives transfers (ARRIVED carries the sender's day in due_day) */
    /* Landed cost of 1000 base units: value received / units received, over the entries that say a
     * value; 0: none did. */
    int64_t cost_paise_per_1000;
};

struct journal_lot { /* units of one batch in one bin in one status */
    struct journal_batch batch;
    char bin[ENTRY_BIN_SIZE];
    enum stock_status status;
    int64_t qty; /* base units; negative is shown as it is (never 0) */
};

/* on_... returns non-zero to stop the walk; that is passed on. Records are borrowed for the call.
 */
typedef int (*journal_lot_fn)(const struct journal_lot *lot, void *context);

/* Lots of one SKU (NULL: of all, SKU by SKU) in FEFO order: expiry (unknown last), received day,
 * batch number, MRP, bin, status. */
NODISCARD int journal_lots(struct journal *j, const char *sku, journal_lot_fn on_lot,
                           void *context);

/* Lots in one bin, by SKU, then in the same order. */
NODISCARD int journal_lots_in_bin(struct journal *j, const char *bin, journal_lot_fn on_lot,
                                  void *context);

/* Negative lots, to be repaired by a count. */
NODISCARD int journal_lots_negative(struct journal *j, journal_lot_fn on_lot, void *context);

/* Units of exactly that batch, bin and status; 0 when there are none. */
NODISCARD int journal_qty(struct journal *j, const char *sku, const struct batch_key *key,
                          const char *bin, enum stock_status status, int64_t *ret_qty);

/* The batch by its key: 1 and *ret, or 0. */
NODISCARD int journal_batch_find(struct journal *j, const char *sku, const struct batch_key *key,
                                 struct journal_batch *ret);

/* Batches of a SKU, newest received first: what a worker is offered when a pack shows no batch. At
 * most max; returns how many. */
NODISCARD int journal_batches_recent(struct journal *j, const char *sku, struct journal_batch *ret,
                                     size_t max);

/* Demand of one SKU by Indian civil day: units sold, and whether there was sellable stock at any
 * time of the day (1) or none (0: a zero then is no evidence). Fills arrays of to_day - from_day
 * + 1. Transfers, returns to the supplier, counts and corrections are no demand. */
NODISCARD int journal_demand(struct journal *j, const char *sku, int32_t from_day, int32_t to_day,
                             int64_t *ret_units, uint8_t *ret_in_stock);

/* What is known of a SKU's life here. Days are CIVIL_NONE where there was nothing. */
struct journal_sku_life {
    int32_t first_received_day;
    int32_t first_sold_day;
    int32_t last_sold_day;
    int64_t sellable; /* units */
    int64_t on_hand;  /* units in every status */
};
NODISCARD int journal_sku_life(struct journal *j, const char *sku, struct journal_sku_life *ret);

/* Every SKU that has ever had stock, ascending. */
typedef int (*journal_sku_fn)(const char *sku, void *context);
NODISCARD int journal_skus(struct journal *j, journal_sku_fn on_sku, void *context);

/* The conservation equation of stock_effect.h, by SKU and batch in the order of journal_lots(),
 * recomputed from the entries alone (not from the folds) and set beside the stock fold. Reads all
 * entries: seconds for a million. */
struct journal_balance {
    char sku[ENTRY_SKU_SIZE];
    struct batch_key key;
    int64_t accounts[ACCOUNT_COUNT]; /* net units moved, by enum stock_account: signed as they
                                        change the stock */
    int64_t computed;                /* on hand by the equation: their sum */
    int64_t held;                    /* on hand by the fold */
};
typedef int (*journal_balance_fn)(const struct journal_balance *b, void *context);
NODISCARD int journal_balances(struct journal *j, journal_balance_fn on_balance, void *context);

/* How much of a document's line has been done: units of the entries of that kind that carry
 * document and line. */
NODISCARD int journal_line_done(struct journal *j, const char *document, int32_t line,
                                enum entry_kind kind, int64_t *ret_qty);

/* Codes that were captured and are not bound yet, oldest first. */
struct journal_capture {
    int64_t seq;
    int64_t wall_ms;
    uint8_t scan[ENTRY_SCAN_SIZE - 1];
    uint16_t scan_len;
    int64_t qty;
    char bin[ENTRY_BIN_SIZE];
    char worker[ENTRY_WORKER_SIZE];
};
typedef int (*journal_capture_fn)(const struct journal_capture *c, void *context);
NODISCARD int journal_captures(struct journal *j, journal_capture_fn on_capture, void *context);

/* The SKU to which a scanned code was bound by a worker: 1, *ret_sku and the units a code, or 0. */
NODISCARD int journal_bound(struct journal *j, const uint8_t *scan, size_t len,
                            char ret_sku[ENTRY_SKU_SIZE], int64_t *ret_units);

/* Alerts that were raised and not acknowledged, newest first. */
struct journal_alert {
    struct entry alert;    /* as it was raised */
    int32_t snoozed_until; /* the last silent day; CIVIL_NONE */
};
typedef int (*journal_alert_fn)(const struct journal_alert *a, void *context);
NODISCARD int journal_alerts(struct journal *j, journal_alert_fn on_alert, void *context);

/* Whether an alert with that reason, SKU and batch (or none) and line (the threshold crossed) was
 * ever raised: 1 or 0. Once a crossing, never again. */
NODISCARD int journal_alerted(struct journal *j, const char *reason, const char *sku,
                              const struct batch_key *key_or_null, int32_t line);

/* The last FLAGGED entry of a SKU (key NULL) or of a batch: 1 and *ret, or 0. An entry cannot tell
 * a SKU from its goods without number, date and MRP: for those the two are one. */
NODISCARD int journal_flag(struct journal *j, const char *sku, const struct batch_key *key_or_null,
                           struct entry *ret);

/* Entries of one kind in a span of days, summed by reason and worker: adjustments by reason, and
 * FEFO overrides by worker (ENTRY_PICKED and ENTRY_DISPATCHED, where only rows with a proposed
 * batch count). Of ENTRY_COUNTED those that differ, with observed - expected as the quantity; of
 * other kinds those that carry a reason. */
struct journal_reason_row {
    char reason[ENTRY_REASON_SIZE];
    char worker[ENTRY_WORKER_SIZE];
    int64_t entries;
    int64_t qty;
    int64_t value_paise;
};
typedef int (*journal_reason_fn)(const struct journal_reason_row *row, void *context);
NODISCARD int journal_reasons(struct journal *j, enum entry_kind kind, int32_t from_day,
                              int32_t to_day, journal_reason_fn on_row, void *context);
