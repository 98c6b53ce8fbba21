/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "offer.h"

#include <assert.h>
#include <errno.h>

#define UNKNOWN_LIFE_DAYS 180 /* most goods of this trade have 6 to 12 months */

/* The trade's ladder (domain: liquidation practice): the less life is left, the deeper. */
static const struct {
    int64_t above_permille; /* of life left */
    int64_t discount_permille;
} ladder[OFFER_STEPS] = {{330, 100}, {200, 200}, {100, 350}, {0, 500}};

#define LADDER_BEGINS_PERMILLE 500

int64_t offer_ladder(int64_t left_permille, int32_t *ret_step)
{
    assert(ret_step);
    *ret_step = 0;
    if (left_permille > LADDER_BEGINS_PERMILLE || left_permille < 0)
        return 0;
    int32_t at = 0;
    while (at < OFFER_STEPS - 1 && left_permille <= ladder[at].above_permille)
        at++;
    *ret_step = at + 1;
    return ladder[at].discount_permille;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int offer_make(const struct offer_terms *t, struct offer *ret)
{
    assert(t && ret);
    if (t->usual_paise < 0 || t->deepest_permille < 0 || t->deepest_permille > 1000)
        return -EINVAL;
    int32_t life = t->life_days > 0 ? t->life_days : UNKNOWN_LIFE_DAYS;
    if (t->days_left < 0)
        return -ENOENT;
    struct offer o;
    int64_t left = (int64_t)t->days_left * 1000 / life;
    /* A proposal may want an offer earlier than the ladder, which then begins at its first step. */
    int64_t want =
        offer_ladder(left < LADDER_BEGINS_PERMILLE ? left : LADDER_BEGINS_PERMILLE, &o.step);
    int64_t discount = want < t->deepest_permille ? want : t->deepest_permille;
    struct price limits;
    struct price_input in = t->floor;
    in.price_microrupees = 0;
    in.price_includes_tax = false;
    int err = price_judge(&in, &limits);
    if (err < 0)
        return err;
    o.floor_paise = greater(greater(limits.floor_paise, 1),
                            (t->usual_paise * (1000 - t->deepest_permille) + 999) / 1000);
    o.ceiling_paise = limits.ceiling_paise < t->usual_paise ? limits.ceiling_paise : t->usual_paise;
    if (discount == 0 || o.floor_paise > o.ceiling_paise)
        return -ERANGE;
    int64_t price = t->usual_paise * (1000 - discount) / 1000;
    price = greater(price, o.floor_paise);
    o.price_paise = price < o.ceiling_paise ? price : o.ceiling_paise;
    if (o.price_paise >= t->usual_paise)
        return -ERANGE; /* nobody answers an offer of the usual price */
    o.discount_permille = (t->usual_paise - o.price_paise) * 1000 / t->usual_paise;
    *ret = o;
    return 0;
}
