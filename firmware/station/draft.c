/* SPDX-License-Identifier: Apache-2.0 */
#include "draft.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "shelf_life.h"

struct goods goods_new(void)
{
    return (struct goods){
        .expiry_day = CIVIL_NONE, .made_day = CIVIL_NONE, .split_expiry = CIVIL_NONE};
}

struct draft draft_new(void)
{
    return (struct draft){.key.expiry_day = CIVIL_NONE,
                          .made_day = CIVIL_NONE,
                          .other_key.expiry_day = CIVIL_NONE,
                          .other_made = CIVIL_NONE};
}

/* The same product or the first one; room for `units` more. */
static int may_take(const struct draft *d, const struct catalogue_sku *product, int64_t units)
{
    if (d->has_product && strcmp(d->product.sku, product->sku) != 0)
        return -EEXIST;
    return units < 0 || units > DRAFT_QTY_MAX - d->qty ? -ERANGE : 0;
}

static void hold(struct draft *d, const struct catalogue_sku *product)
{
    if (!d->has_product)
        d->product = *product;
    d->has_product = true;
}

int draft_take(struct draft *d, const struct catalogue_sku *product, size_t pack, int64_t packs)
{
    assert(d && product && pack < product->packs_count && packs >= 0);
    int64_t units = product->packs[pack].units;
    if (packs > DRAFT_QTY_MAX || units > DRAFT_QTY_MAX)
        return -ERANGE;
    int err = may_take(d, product, units * packs);
    if (err < 0)
        return err;
    hold(d, product);
    d->pack = pack;
    d->pack_units = units;
    d->packs = packs;
    d->qty += units * packs;
    return 0;
}

int draft_take_units(struct draft *d, const struct catalogue_sku *product, int64_t units)
{
    assert(d && product);
    int err = may_take(d, product, units);
    if (err < 0)
        return err;
    hold(d, product);
    d->pack_units = 0;
    d->packs = 0;
    d->qty += units;
    return 0;
}

int draft_packs(struct draft *d, int64_t packs)
{
    assert(d && packs >= 0);
    if (!d->has_product || d->pack_units == 0)
        return -ENOENT;
    int64_t before = d->qty - d->packs * d->pack_units;
    if (before < 0)
        before = 0; /* qty:N said less in between */
    if (packs > (DRAFT_QTY_MAX - before) / d->pack_units)
        return -ERANGE;
    d->qty = before + packs * d->pack_units;
    d->packs = packs;
    return 0;
}

/* The later reading over the earlier one; blanks change nothing. */
static void overlay(struct draft *d, const struct batch_key *key, int32_t kind, int32_t made_day)
{
    if (key->number[0])
        memcpy(d->key.number, key->number, sizeof(d->key.number));
    if (key->expiry_day != CIVIL_NONE) {
        d->key.expiry_day = key->expiry_day;
        d->expiry_kind = kind;
    }
    if (key->mrp_paise > 0)
        d->key.mrp_paise = key->mrp_paise;
    if (made_day != CIVIL_NONE)
        d->made_day = made_day;
}

/* The first part that both know and that differs: 1 and *ret, or 0. */
static int differs(const struct draft *d, const struct batch_key *key, int32_t made_day,
                   enum draft_part *ret)
{
    if (d->key.number[0] && key->number[0] && strcmp(d->key.number, key->number) != 0)
        *ret = DRAFT_BATCH;
    else if (d->key.expiry_day != CIVIL_NONE && key->expiry_day != CIVIL_NONE &&
             d->key.expiry_day != key->expiry_day)
        *ret = DRAFT_EXPIRY;
    else if (d->key.mrp_paise > 0 && key->mrp_paise > 0 && d->key.mrp_paise != key->mrp_paise)
        *ret = DRAFT_MRP;
    else if (d->made_day != CIVIL_NONE && made_day != CIVIL_NONE && d->made_day != made_day)
        *ret = DRAFT_MADE;
    else
        return 0;
    return 1;
}

int draft_merge(struct draft *d, const struct goods *g)
{
    assert(d && g);
    struct batch_key key = {.expiry_day = g->expiry_day, .mrp_paise = g->mrp_paise};
    memcpy(key.number, g->batch, sizeof(key.number));
    if (differs(d, &key, g->made_day, &d->part)) {
        d->in_conflict = true;
        d->other_key = key;
        d->other_kind = g->expiry_kind;
        d->other_made = g->made_day;
        return -EEXIST;
    }
    overlay(d, &key, g->expiry_kind, g->made_day);
    return 0;
}

void draft_settle(struct draft *d, bool take_other)
{
    assert(d && d->in_conflict);
    d->in_conflict = false;
    if (take_other)
        overlay(d, &d->other_key, d->other_kind, d->other_made);
}

void draft_set_key(struct draft *d, const struct batch_key *key, int32_t expiry_kind,
                   int32_t made_day)
{
    assert(d && key);
    d->key = *key;
    d->expiry_kind = expiry_kind;
    d->made_day = made_day;
    d->in_conflict = false;
}

static bool computes_expiry(const struct draft *d)
{
    return d->key.expiry_day == CIVIL_NONE && d->made_day != CIVIL_NONE &&
           d->product.shelf_life_days > 0;
}

int draft_missing(const struct draft *d, enum draft_part *ret)
{
    assert(d && ret);
    int64_t policy = d->product.batch_policy;
    if ((policy & CATALOGUE_NEEDS_BATCH) && d->key.number[0] == '\0')
        *ret = DRAFT_BATCH;
    else if ((policy & CATALOGUE_NEEDS_EXPIRY) && d->key.expiry_day == CIVIL_NONE &&
             !computes_expiry(d))
        *ret = DRAFT_EXPIRY;
    else if ((policy & CATALOGUE_NEEDS_MRP) && d->key.mrp_paise == 0)
        *ret = DRAFT_MRP;
    else
        return 0;
    return 1;
}

struct batch_key draft_key(const struct draft *d, int32_t *ret_expiry_kind)
{
    assert(d && ret_expiry_kind);
    struct batch_key key = d->key;
    *ret_expiry_kind = d->expiry_kind;
    int32_t day = 0;
    if (computes_expiry(d) &&
        shelf_life_expiry_by_days(d->made_day, d->product.shelf_life_days, &day) == 0) {
        key.expiry_day = day;
        *ret_expiry_kind = EXPIRY_COMPUTED;
    }
    return key;
}

int draft_dates_check(const struct draft *d, int32_t today)
{
    assert(d);
    static const struct shelf_life_policy policy = {.past_days_max = DRAFT_SANE_YEARS * 366,
                                                    .future_days_max = DRAFT_SANE_YEARS * 366};
    struct shelf_life_goods goods = {.made_day = d->made_day,
                                     .expiry_day = d->key.expiry_day,
                                     .life_days = d->product.shelf_life_days};
    switch (shelf_life_receive(&policy, d->key.number[0] != '\0', &goods, today).life.reason) {
    case SHELF_LIFE_DATE_IMPLAUSIBLE:
    case SHELF_LIFE_MADE_IN_FUTURE:
    case SHELF_LIFE_EXPIRY_BEFORE_MADE:
        return -ERANGE;
    case SHELF_LIFE_OK:
    case SHELF_LIFE_BATCH_MISSING:
    case SHELF_LIFE_EXPIRY_MISSING:
    case SHELF_LIFE_EXPIRY_WITHOUT_BATCH:
    case SHELF_LIFE_EXPIRED:
    case SHELF_LIFE_TOO_SHORT:
    case SHELF_LIFE_LIFE_UNKNOWN:
        return 0;
    }
    return 0;
}
