/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/projection_part.h -- for projection*.c and its benchmark only: what a fold is made of. */
#pragma once

#include <stdbool.h>

#include "projection.h"
#include "stock_effect.h"

/* Tables, by what gathers their rows. */
enum projection_table {
    PROJECTION_STOCK,
    PROJECTION_LOT,
    PROJECTION_ACCOUNT,
    PROJECTION_DEMAND,
    PROJECTION_STOCKED,
    PROJECTION_OUTLET_SALE,
    PROJECTION_TRANSIT,
    PROJECTION_LINE_DONE,
    PROJECTION_SUPPLY,
};
#define PROJECTION_TABLE_COUNT 9

struct stocked; /* levels of sellable stock in the order of the entries: projection_stocked.c */

/* A SKU at a site, of which rows may stand at nothing. */
struct projection_touched {
    const char *site;
    const char *sku;
};

struct projection {
    struct words *words;
    struct tally *tallies[PROJECTION_TABLE_COUNT];
    struct stocked *stocked;
    struct projection_touched *touched; /* by the rows of stock that have been written */
    size_t touched_count;
    bool alone; /* a replay: what is stored counts for nothing */
};

/* A movement as folds count it. units: its own, or fewer than none where an adjustment took some
 * back; those are `again`: stock has seen the adjustment itself. */
struct projection_movement {
    const struct projection_source *from;
    const struct entry *e;
    int64_t units;
    bool again;
    int32_t day; /* Indian civil day of e */
};

struct projection_part {
    const char *name;
    int64_t version; /* of table and rules: another one makes all folds anew */
    int (*apply)(struct projection *f, const struct projection_movement *m); /* 0 or -ENOMEM */
};

#define PROJECTION_PART_COUNT 7
extern const struct projection_part *const projection_parts[PROJECTION_PART_COUNT];
extern const struct tally_table *const projection_tables[PROJECTION_TABLE_COUNT];

extern const struct projection_part projection_stock;
extern const struct projection_part projection_demand;
extern const struct projection_part projection_stocked;
extern const struct projection_part projection_outlet;
extern const struct projection_part projection_transit;
extern const struct projection_part projection_line;
extern const struct projection_part projection_supply;

extern const struct tally_table projection_stock_table;
extern const struct tally_table projection_lot_table;
extern const struct tally_table projection_account_table;
extern const struct tally_table projection_demand_table;
extern const struct tally_table projection_stocked_table;
extern const struct tally_table projection_outlet_table;
extern const struct tally_table projection_transit_table;
extern const struct tally_table projection_line_table;
extern const struct tally_table projection_supply_table;

/* Adds a row whose texts are the caller's: they are kept. -ENOMEM. */
NODISCARD int projection_add(struct projection *f, enum projection_table table,
                             const struct tally_row *row);

/* projection_write() in its three steps: the levels are asked for, rows are written, rows of
 * nothing are deleted. tests/bench/ingest measures the second alone. */
NODISCARD int projection_settle(struct projection *f, struct sql *s);
NODISCARD int projection_write_rows(struct projection *f, struct sql *s);
NODISCARD int projection_tidy(struct projection *f, struct sql *s);

/* Takes in all entries of all journals; writes as it goes, but for f->alone. until: NULL for all.
 */
NODISCARD int projection_walk(struct projection *f, struct sql *s,
                              const struct projection_until *until);

/* Rows of nothing: which SKUs may have some, before stock is written; and their end behind it. */
NODISCARD int projection_stock_note(struct projection *f);
NODISCARD int projection_stock_tidy(struct projection *f, struct sql *s);

/* Stock that vanishes with an old epoch. */
NODISCARD int projection_stock_book_out(struct projection *f, struct sql *s,
                                        const struct projection_source *from, int32_t day);

/* Follows levels. */
NODISCARD int stocked_open(struct stocked **ret);
void stocked_free(struct stocked *k);
NODISCARD int stocked_change(struct projection *f, const struct projection_source *from,
                             const char *sku, int32_t day, int64_t delta);
/* Turns the changes into spans of PROJECTION_STOCKED. Before stock is written: it reads the levels
 * there.
 */
NODISCARD int stocked_settle(struct projection *f, struct sql *s);
void stocked_forget(struct stocked *k);

/* a smaller number, where CIVIL_NONE is none */
int64_t projection_least_day(int64_t a, int64_t b);
