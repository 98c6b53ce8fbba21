/* SPDX-License-Identifier: Apache-2.0 */
/* station/draft.h -- the goods in hand, put together from several scans and keyed parts in any
 * order. What is known is never overwritten by a blank; what contradicts it is kept beside it until
 * the worker has chosen. A plain value; it looks nothing up and books nothing. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue.h"
#include "entry.h"

#define DRAFT_QTY_MAX INT64_C(1000000000) /* base units in one hand */

/* What one scanned code says of goods. */
struct goods {
    char gtin[CATALOGUE_GTIN_SIZE]; /* normal form; "": none in the code */
    char item[CATALOGUE_WORD_SIZE]; /* number on a label of a weighing scale; "": none */
    bool content;                   /* gtin names what is inside a logistic unit (AI 02) */
    char batch[ENTRY_BATCH_SIZE];   /* "": none */
    int32_t expiry_day;             /* CIVIL_NONE */
    int32_t expiry_kind;            /* enum expiry_kind */
    int32_t made_day;               /* CIVIL_NONE */
    int64_t mrp_paise;              /* 0: none */
    int64_t count;                  /* pieces (AI 30) or contained items (AI 37); 0: not said */
    int64_t grams;                  /* net; 0: not said */
    int64_t price_paise;            /* of a scale's label; 0: not said */
    bool separator_lost; /* the batch ends like an expiry date: the scanner may have dropped the
                            separator; split_batch and split_expiry are the other reading */
    char split_batch[ENTRY_BATCH_SIZE];
    int32_t split_expiry;
};

enum draft_part { DRAFT_BATCH, DRAFT_EXPIRY, DRAFT_MRP, DRAFT_MADE };

struct draft {
    bool has_product;
    struct catalogue_sku product;
    size_t pack;        /* of the last scan */
    int64_t pack_units; /* base units of one such pack */
    int64_t packs;      /* that the last scan, or packs:N after it, added */
    int64_t qty;        /* base units */

    struct batch_key key; /* parts that are known; number "" and the rest as in entry.h */
    int32_t expiry_kind;
    int32_t made_day;
    bool number_scanned; /* the goods carry their batch in a code: no label is needed */

    bool in_conflict;     /* the goods say one thing, an earlier scan another */
    enum draft_part part; /* the first that differs */
    struct batch_key other_key;
    int32_t other_kind;
    int32_t other_made;
};

struct goods goods_new(void); /* nothing known */
struct draft draft_new(void);

/* The product and how many packs of it came to hand. -EEXIST: another product is in hand already;
 * -ERANGE: more than DRAFT_QTY_MAX. The draft is left alone then. */
NODISCARD int draft_take(struct draft *d, const struct catalogue_sku *product, size_t pack,
                         int64_t packs);

/* As many base units besides: of a weight, or of a code bound to several units. */
NODISCARD int draft_take_units(struct draft *d, const struct catalogue_sku *product, int64_t units);

/* That many packs of the kind scanned last, instead of what that scan added. -ENOENT when no pack
 * was scanned, -ERANGE. */
NODISCARD int draft_packs(struct draft *d, int64_t packs);

/* The parts of the batch that are known now: batch, expiry_day and _kind, made_day, mrp_paise of
 * `g`; blanks are passed over. -EEXIST when one contradicts what is known: nothing is merged then,
 * and the draft holds both until draft_settle(). */
NODISCARD int draft_merge(struct draft *d, const struct goods *g);

/* Ends a conflict: with the later reading, its blanks passed over, or with the earlier one. */
void draft_settle(struct draft *d, bool take_other);

/* All parts of a known batch at once: it was chosen from a list. */
void draft_set_key(struct draft *d, const struct batch_key *key, int32_t expiry_kind,
                   int32_t made_day);

/* What the product's policy needs and is not known yet. 1 and *ret, or 0. A date of manufacture
 * stands for the expiry when the product has a shelf life. */
int draft_missing(const struct draft *d, enum draft_part *ret);

/* The key under which the goods are booked: an expiry that is not printed is computed from
 * manufacture and shelf life, and its kind says so. */
struct batch_key draft_key(const struct draft *d, int32_t *ret_expiry_kind);

/* Dates that cannot be: made after `today`, expiry not after manufacture, farther from today than
 * DRAFT_SANE_YEARS. 0 when they can. -ERANGE. */
#define DRAFT_SANE_YEARS 12
NODISCARD int draft_dates_check(const struct draft *d, int32_t today);
