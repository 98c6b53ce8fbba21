/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <assert.h>

const char *verdict_code(enum verdict v)
{
    switch (v) {
    case VERDICT_GOOD:
        return "good";
    case VERDICT_EXPIRED:
        return "expired";
    case VERDICT_ON_HOLD:
        return "on_hold";
    case VERDICT_IN_QUARANTINE:
        return "in_quarantine";
    case VERDICT_SHORT_LIFE:
        return "short_life";
    case VERDICT_CLOCK_DOUBTFUL:
        return "clock_doubtful";
    }
    return "good";
}

static enum verdict issue_on(const struct offer *lot, int32_t life_days,
                             const struct demand *demand, int32_t day)
{
    switch (movement_judge(demand->movement, (enum stock_status)lot->status, lot->key.expiry_day,
                           day)) {
    case MOVEMENT_EXPIRED:
        return VERDICT_EXPIRED;
    case MOVEMENT_ON_HOLD:
        return VERDICT_ON_HOLD;
    case MOVEMENT_IN_QUARANTINE:
        return VERDICT_IN_QUARANTINE;
    case MOVEMENT_PERMITTED:
        break;
    }
    struct shelf_life_goods goods = {lot->made_day, lot->key.expiry_day, life_days};
    int32_t delivery = demand->delivery_day > day ? demand->delivery_day : day;
    return shelf_life_judge(&goods, &demand->min, delivery).reason == SHELF_LIFE_OK
               ? VERDICT_GOOD
               : VERDICT_SHORT_LIFE;
}

enum verdict judge_issue(const struct offer *lot, int32_t life_days, const struct demand *demand,
                         struct judge_day day)
{
    assert(lot && demand);
    enum verdict v = issue_on(lot, life_days, demand, day.today);
    if (v == VERDICT_GOOD && issue_on(lot, life_days, demand, day.judged) != VERDICT_GOOD)
        return VERDICT_CLOCK_DOUBTFUL;
    return v;
}

static enum verdict receipt_on(const struct catalogue_sku *product,
                               const struct shelf_life_goods *goods, int32_t day)
{
    struct shelf_life_min min = {.permille = product->receipt_permille};
    enum shelf_life_reason reason = shelf_life_judge(goods, &min, day).reason;
    if (reason == SHELF_LIFE_EXPIRED)
        return VERDICT_EXPIRED;
    return reason == SHELF_LIFE_TOO_SHORT ? VERDICT_SHORT_LIFE : VERDICT_GOOD;
}

enum verdict judge_receipt(const struct catalogue_sku *product, int32_t expiry_day,
                           int32_t made_day, struct judge_day day)
{
    assert(product);
    struct shelf_life_goods goods = {made_day, expiry_day, product->shelf_life_days};
    enum verdict v = receipt_on(product, &goods, day.today);
    if (v == VERDICT_GOOD && receipt_on(product, &goods, day.judged) != VERDICT_GOOD)
        return VERDICT_CLOCK_DOUBTFUL;
    return v;
}

struct shelf_life_min judge_min_life(const struct catalogue_sku *product,
                                     const struct catalogue_party *party)
{
    assert(product && party);
    return (struct shelf_life_min){.days = party->min_life_days > 0 ? party->min_life_days
                                                                    : product->outlet_days,
                                   .permille = party->min_life_permille};
}
