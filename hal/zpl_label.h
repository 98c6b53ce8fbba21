/* SPDX-License-Identifier: Apache-2.0 */
/* hal/zpl_label.h -- the labels of a warehouse, laid out in ZPL for media from 50 x 30 mm at 203
 * dpi: batch, clearance, command card, bin, badge. What the symbol says is given by the caller.
 * Pure. */
#pragma once

#include "zpl.h"

extern const struct zpl_media zpl_50x30_203dpi;

struct zpl_batch {
    const char *sku_name;                /* UTF-8; NULL when sku_bitmap carries it */
    const struct zpl_bitmap *sku_bitmap; /* the name in a script that printer fonts lack; or NULL */
    const char *batch;
    int32_t mfg_day; /* CIVIL_NONE: not printed */
    int32_t exp_day; /* CIVIL_NONE: not printed */
    int64_t mrp_paise;
    int64_t quantity;
    const char *quantity_unit; /* "pcs" */
    enum zpl_symbol symbol;
    const char *payload;
};

struct zpl_clearance {
    const char *sku_name;
    const struct zpl_bitmap *sku_bitmap;
    const char *offer; /* the offer's code */
    int64_t price_paise;
    int64_t mrp_paise;
    int32_t until_day;   /* last day of the offer; CIVIL_NONE: not printed */
    const char *payload; /* plain DataMatrix */
};

enum zpl_card { ZPL_COMMAND_CARD, ZPL_BIN, ZPL_BADGE };

/* Each writes a whole label into buf and returns its length, or the errors of zpl_finish(). */
NODISCARD int zpl_batch_label(const struct zpl_media *media, const struct zpl_batch *batch,
                              int copies, char *buf, size_t size);

/* -ERANGE when the price is above the MRP or below zero: such a sticker must not exist. */
NODISCARD int zpl_clearance_label(const struct zpl_media *media, const struct zpl_clearance *c,
                                  int copies, char *buf, size_t size);

/* A title in large letters, a line below (or a bitmap), and a plain DataMatrix that does it. */
NODISCARD int zpl_card_label(const struct zpl_media *media, enum zpl_card card, const char *title,
                             const char *line, const struct zpl_bitmap *bitmap, const char *payload,
                             char *buf, size_t size);

/* "DD-MMM-YYYY", as the page on labels asks. */
#define ZPL_DATE_SIZE 16
const char *zpl_date(int32_t day, char buf[ZPL_DATE_SIZE]);
