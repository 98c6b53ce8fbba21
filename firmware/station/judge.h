/* SPDX-License-Identifier: Apache-2.0 */
/* station/judge.h -- may this lot leave, and do these goods come with enough life: the answers of
 * rules/movement.h and rules/shelf_life.h as a post says them, once by the clock and, when that is
 * doubtful, once on the safe side. Pure. */
#pragma once

#include "catalogue.h"
#include "post.h"

enum verdict {
    VERDICT_GOOD,
    VERDICT_EXPIRED,
    VERDICT_ON_HOLD,
    VERDICT_IN_QUARANTINE,
    VERDICT_SHORT_LIFE,     /* good, but not for so long as the receiver wants */
    VERDICT_CLOCK_DOUBTFUL, /* good if the clock is right, and that is not known */
};

/* The message, and the reason of an ENTRY_REFUSED; static. */
const char *verdict_code(enum verdict v);

struct judge_day {
    int32_t today;
    int32_t judged; /* the latest day that it may be */
};

enum verdict judge_issue(const struct offer *lot, int32_t life_days, const struct demand *demand,
                         struct judge_day day);

/* Goods that come from a supplier: the share of shelf life left must reach the product's norm. */
enum verdict judge_receipt(const struct catalogue_sku *product, int32_t expiry_day,
                           int32_t made_day, struct judge_day day);

/* What an outlet wants left: its own days, or the product's when it has none, and its share of
 * shelf life; the stricter holds. */
struct shelf_life_min judge_min_life(const struct catalogue_sku *product,
                                     const struct catalogue_party *party);
