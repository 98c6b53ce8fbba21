/* SPDX-License-Identifier: Apache-2.0 */
/* contract/catalogue.h -- the documents that come down to a site, as CSV tables: what each is
 * called, its columns, and the reader that turns a row into a checked record. A document is
 * snapshot and version; it is applied whole or not at all. Pure but for the reader's memory.
 *
 * A document is UTF-8 text with a header row; columns may stand in any order and unknown ones are
 * passed over, so that an older site reads a newer document. `*` marks columns that must be there
 * and be filled; others may be empty or missing. Codes are printable ASCII, money is rupees with at
 * most two decimals, dates are YYYY-MM-DD, permille are thousandths. tests/data/master/ holds an
 * example of each.
 *
 *   catalogue   sku*  name*  name_hi  brand  category  hsn (4, 6 or 8 digits)
 *               unit*: piece, g, ml          the base unit, in which all quantities are
 *               expiry_kind: use_by, best_before, sell_by, computed
 *               shelf_life_days  receipt_permille  outlet_days
 *               needs: batch, expiry, mrp, joined by "+"       what must be known at receipt
 *               cost  price  mrp             rupees of a piece pack
 *               volume_ml  weight_g  instore_item
 *               piece_units (1)  inner_units  case_units       base units in each pack
 *               piece_gtin  inner_gtin  case_gtin              8, 12, 13 or 14 digits
 *   parties     party*  kind*: outlet, supplier, site  name*  gstin  territory
 *               min_life_days  min_life_permille
 *   bins        bin*  kind*: dock, rack, quarantine, scrap  volume_ml  walk
 *   workers     worker*  name*  pin_hash: crypt(5) yescrypt, "$y$..."
 *               role: staff, supervisor  language: en, hi
 *   orders      document*  kind*: sale, purchase, transfer_out, transfer_in,
 *               supplier_return, write_off (these two from CATALOGUE_REMOVALS_SINCE on: a site of
 * an older release refuses a document with such lines whole, so it must get none) line*  party*
 * sku*  qty* (base units)  due batch  expiry  mrp (rupees)  received  of the goods that a line
 * names plan        the same columns: what the relay wants done here. A document of both is the
 * plan's history     sku*  day*  units* (base units)  sold before the journal began, so that a new
 *               appliance need not learn from nothing */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "entry.h"

#define CATALOGUE_NAME_SIZE 161 /* a Devanagari letter takes 3 bytes */
#define CATALOGUE_WORD_SIZE 33
#define CATALOGUE_HSN_SIZE 9
#define CATALOGUE_GTIN_SIZE 15 /* 14 digits */
#define CATALOGUE_PACKS_MAX 3
#define CATALOGUE_BODY_MAX (8 << 20) /* bytes of one document */

enum document_type {
    DOCUMENT_CATALOGUE, /* SKUs and their packs */
    DOCUMENT_PARTIES,   /* outlets, suppliers and sites */
    DOCUMENT_BINS,
    DOCUMENT_WORKERS,
    DOCUMENT_ORDERS,  /* lines to pick, to receive, to dispatch and to take in */
    DOCUMENT_HISTORY, /* what was sold before the journal began */
    DOCUMENT_PLAN,    /* lines as in orders, but of the relay: transfers, offers, office orders. The
                         site's own business writes orders, also while there is no link */
};
#define DOCUMENT_TYPE_COUNT 7

const char *document_name(enum document_type type); /* static; as in entries and file names */
NODISCARD int document_parse(const char *name, enum document_type *ret);

/* The order in which documents need each other, 0 to DOCUMENT_RANK_MAX: what others refer to comes
 * first. Between the fourth and the last stands opening stock. */
#define DOCUMENT_RANK_MAX 5
int document_rank(enum document_type type);

enum pack_level { PACK_PIECE, PACK_INNER, PACK_CASE };

struct catalogue_pack {
    enum pack_level level;
    int64_t units;                  /* base units in it; exact */
    char gtin[CATALOGUE_GTIN_SIZE]; /* normal form, or "" */
};

enum base_unit { UNIT_PIECE, UNIT_GRAM, UNIT_MILLILITRE };

struct catalogue_sku {
    char sku[ENTRY_SKU_SIZE];
    char name[CATALOGUE_NAME_SIZE];
    char name_hi[CATALOGUE_NAME_SIZE]; /* Hindi; "" shows the other */
    char brand[CATALOGUE_WORD_SIZE];
    char category[CATALOGUE_WORD_SIZE];
    char hsn[CATALOGUE_HSN_SIZE];
    enum base_unit unit;
    int32_t expiry_kind;                    /* what the date on its packs means */
    int32_t shelf_life_days;                /* 0: does not expire */
    int32_t receipt_permille;               /* least share of shelf life left at receipt */
    int32_t outlet_days;                    /* least days left when shops still take it */
    int64_t batch_policy;                   /* CATALOGUE_NEEDS_... */
    int64_t cost_paise;                     /* landed cost of a piece pack, without credited tax */
    int64_t price_paise;                    /* usual selling price of a piece pack before tax */
    int64_t mrp_paise;                      /* usual MRP of a piece pack; batches carry their own */
    int64_t volume_ml;                      /* of a piece pack */
    int64_t weight_g;                       /* of a piece pack with its packing; 0: not known */
    char instore_item[CATALOGUE_WORD_SIZE]; /* item number on scale-printed labels, or "" */
    struct catalogue_pack packs[CATALOGUE_PACKS_MAX];
    size_t packs_count; /* at least 1: packs[0] is the piece */
};

#define CATALOGUE_NEEDS_BATCH 1
#define CATALOGUE_NEEDS_EXPIRY 2
#define CATALOGUE_NEEDS_MRP 4

enum party_kind { PARTY_OUTLET, PARTY_SUPPLIER, PARTY_SITE };

struct catalogue_party {
    char party[ENTRY_PARTY_SIZE];
    enum party_kind kind;
    char name[CATALOGUE_NAME_SIZE];
    char gstin[16]; /* "": unregistered */
    char territory[CATALOGUE_WORD_SIZE];
    int32_t min_life_days;     /* least remaining life it accepts at delivery; 0: the SKU's */
    int32_t min_life_permille; /* of shelf life; the stricter holds */
};

enum bin_kind { BIN_DOCK, BIN_RACK, BIN_QUARANTINE, BIN_SCRAP };

struct catalogue_bin {
    char bin[ENTRY_BIN_SIZE];
    enum bin_kind kind;
    int64_t volume_ml; /* capacity; 0: not limited */
    int32_t walk;      /* place on the picking round: 1, 2, ... */
};

struct catalogue_worker {
    char worker[ENTRY_WORKER_SIZE];
    char name[CATALOGUE_NAME_SIZE];
    char pin_hash[128]; /* crypt(5) yescrypt */
    int32_t role;       /* 0 staff, 1 supervisor */
    char language[3];   /* "en", "hi" */
};

enum order_kind {
    ORDER_SALE,
    ORDER_PURCHASE,
    ORDER_TRANSFER_OUT,
    ORDER_TRANSFER_IN,
    ORDER_SUPPLIER_RETURN, /* goods go back to the supplier, who is the party */
    ORDER_WRITE_OFF,       /* goods are destroyed; the party is the site itself */
};
#define ORDER_KIND_COUNT 6
const char *order_kind_name(enum order_kind kind); /* static; as in the column */

/* The first release whose sites read lines of supplier_return and write_off. */
#define CATALOGUE_REMOVALS_SINCE "0.2.0"

struct catalogue_order_line {
    char document[ENTRY_DOCUMENT_SIZE];
    enum order_kind kind;
    int32_t line;
    char party[ENTRY_PARTY_SIZE];
    char sku[ENTRY_SKU_SIZE];
    int64_t qty;
    int32_t due_day;
    struct batch_key batch; /* transfers and offers name theirs; "" and CIVIL_NONE: any */
    int32_t received_day;   /* when those goods first came to the distributor; CIVIL_NONE */
};

struct catalogue_sales { /* of one SKU on one Indian civil day */
    char sku[ENTRY_SKU_SIZE];
    int32_t day;
    int64_t units;
};

/* Reads a document's body and calls back for each row, with the record of its type (for example a
 * const struct catalogue_sku *), borrowed for the call. -EINVAL with *reterr (line, column, what is
 * allowed) for a row that is not right; a negative return of the callback is passed on, and the
 * line is put into its *reterr. That no two rows share a key, and no two SKUs a GTIN, is for the
 * callback to see: it knows what is stored. */
typedef int (*catalogue_row_fn)(const void *record, void *context, struct diag *reterr);

NODISCARD int catalogue_read(enum document_type type, const char *body, size_t len,
                             catalogue_row_fn on_row, void *context, struct diag *reterr);

/* The header row, and a record as a row under it, each without an end of line: what catalogue_read
 * reads back to the same record. Returns the length; buf always holds it. */
#define CATALOGUE_ROW_MAX 2048
size_t catalogue_write_header(enum document_type type, char buf[CATALOGUE_ROW_MAX]);
size_t catalogue_write(enum document_type type, const void *record, char buf[CATALOGUE_ROW_MAX]);

/* Bytes of a record of that type. */
size_t catalogue_record_size(enum document_type type);
