/* SPDX-License-Identifier: GPL-3.0-or-later */
/* liquidation/offer.h -- at which price a lot is offered: a ladder by the share of its life that is
 * left, never under what it brings without a sale, never above the MRP printed on that lot, never
 * deeper than was approved. Pure; a piece pack is the unit of all money. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "price.h"

struct offer_terms {
    int64_t usual_paise; /* selling price before tax */
    int32_t days_left;   /* until the lot expires */
    int32_t life_days;   /* from manufacture to expiry; 0: not known */
    int64_t deepest_permille;
    struct price_input floor; /* all but the price: tax, MRP of the lot, what else becomes of it */
};

struct offer {
    int32_t step; /* of the ladder, from 1 */
    int64_t price_paise;
    int64_t discount_permille; /* off the usual price, rounded down */
    int64_t floor_paise, ceiling_paise;
};

#define OFFER_STEPS 4

/* -ENOENT  too much life is left, or none: nothing is offered
 * -ERANGE  no price lies between floor and ceiling, or none under the usual one: these goods need
 *          another way
 * -EINVAL  an amount is negative */
NODISCARD int offer_make(const struct offer_terms *t, struct offer *ret);

/* The discount that the ladder wants and the step, for that share of life in thousandths; 0: none.
 */
int64_t offer_ladder(int64_t left_permille, int32_t *ret_step);
