/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audience.h"

#include <assert.h>
#include <string.h>

#include "attr.h"
#include "sha256.h"

#define MOST_DAYS 21 /* of its usual sale in one lot */

const char *audience_segment_name(enum audience_segment segment)
{
    static const char *const names[] = {"champion", "loyal", "recent", "sleeping", "new"};
    assert((size_t)segment < ARRAY_LEN(names));
    return names[segment];
}

bool audience_held_out(const char *campaign, const char *party, int64_t holdout_permille)
{
    assert(campaign && party);
    uint8_t digest[SHA256_SIZE];
    sha256_pair(campaign, strlen(campaign), party, strlen(party), digest);
    return (digest[0] << 8 | digest[1]) % 1000 < holdout_permille;
}

/* Recency, frequency and value, each 0 to 4; the bounds are the trade's beats: a shop is visited
 * weekly or fortnightly. */
static int recency(const struct audience_outlet *o)
{
    return o->days_since < 0     ? 0
           : o->days_since <= 7  ? 4
           : o->days_since <= 14 ? 3
           : o->days_since <= 30 ? 2
           : o->days_since <= 90 ? 1
                                 : 0;
}

static int frequency(const struct audience_outlet *o)
{
    return o->days_bought >= 24   ? 4
           : o->days_bought >= 12 ? 3
           : o->days_bought >= 6  ? 2
           : o->days_bought >= 2  ? 1
                                  : 0;
}

static int value(const struct audience_outlet *o)
{
    int v = 0;
    for (int64_t step = 500000; v < 4 && o->value_paise >= step; step *= 4)
        v++;
    return v;
}

static enum audience_segment segment_of(const struct audience_outlet *o)
{
    if (o->days_since < 0)
        return SEGMENT_NEW;
    if (recency(o) >= 3)
        return frequency(o) >= 3 ? (value(o) >= 3 ? SEGMENT_CHAMPION : SEGMENT_LOYAL)
                                 : SEGMENT_RECENT;
    return frequency(o) >= 3 ? SEGMENT_LOYAL : SEGMENT_SLEEPING;
}

static int64_t share_permille(int64_t part, int64_t whole)
{
    return whole <= 0 ? 0 : part >= whole ? 1000 : part * 1000 / whole;
}

/* Affinity to the SKU weighs most: who sold it sells it again. */
static int64_t score_of(const struct audience_outlet *o, int64_t best_sku, int64_t best_category)
{
    int64_t rfm = (recency(o) + frequency(o) + value(o)) * 1000 / 12;
    return (500 * share_permille(o->sku_units, best_sku) +
            200 * share_permille(o->category_units, best_category) + 300 * rfm) /
           1000;
}

/* What left it out, or NULL. */
static const char *unfit(const struct audience_lot *lot, const struct audience_outlet *o)
{
    int64_t life = lot->life_days;
    int32_t least = o->min_life_days > 0 ? o->min_life_days : lot->outlet_days;
    if (!o->in_territory)
        return "in another territory";
    if (lot->days_left_delivered < least || (life > 0 && (int64_t)lot->days_left_delivered * 1000 <
                                                             (int64_t)o->min_life_permille * life))
        return "too little life left when it arrives";
    if (o->sku_units <= 0 && o->category_units <= 0)
        return "never sold such goods";
    if (o->credit_known && o->overdue_days > lot->overdue_days)
        return "its bills are overdue";
    if (o->credit_known && o->credit_paise <= 0)
        return "owes as much as it may";
    return o->channels == 0 ? "no contact with consent" : NULL;
}

/* Answers to offers by that channel, with a prior of one answer to four: a channel that was never
 * tried is neither best nor worst. */
static int64_t response(const struct audience_outlet *o, int channel)
{
    return (o->answers[channel] + 1) * 1000000 / (o->offers[channel] + 4);
}

static enum message_channel best_channel(const struct audience_outlet *o)
{
    int best = -1;
    for (int c = 0; c < CHANNEL_COUNT; c++)
        if (o->channels & 1 << c && (best < 0 || response(o, c) > response(o, best)))
            best = c;
    return (enum message_channel)best;
}

static int64_t whole_packs(int64_t units, int64_t pack)
{
    return pack > 1 ? (units + pack - 1) / pack * pack : units;
}

/* Who has not sold it will sell as much of it as of another of its kind. */
static int64_t units_sold(const struct audience_outlet *o)
{
    if (o->sku_units > 0)
        return o->sku_units;
    return o->category_skus > 0 && o->category_units > 0 ? o->category_units / o->category_skus : 0;
}

static void quantities(const struct audience_lot *lot, const struct audience_outlet *o,
                       struct audience_choice *c)
{
    int64_t usual = units_sold(o) * MOST_DAYS / lot->seen_days;
    int64_t most = whole_packs(usual > 0 ? usual : 1, lot->pack_units);
    int64_t room =
        lot->pack_units > 1 ? lot->units / lot->pack_units * lot->pack_units : lot->units;
    c->most_units = most < room ? most : room;
    bool limited = o->credit_known && o->credit_paise != AUDIENCE_NO_LIMIT && lot->pack_paise > 0;
    int64_t pack = lot->pack_units > 1 ? lot->pack_units : 1;
    int64_t packs = limited ? o->credit_paise / lot->pack_paise : 0;
    if (limited && packs < c->most_units / pack) {
        c->most_units = packs * pack;
        c->why = packs > 0 ? "as much as its credit allows" : "its credit allows no pack";
    }
    c->expected_units = c->most_units * c->score / 1000;
}

void audience_choose(const struct audience_lot *lot, const struct audience_outlet *outlets,
                     size_t n, struct audience_choice *ret)
{
    assert(lot && lot->campaign && (outlets || n == 0) && (ret || n == 0));
    assert(lot->seen_days >= AUDIENCE_LEAST_DAYS && lot->seen_days <= AUDIENCE_WINDOW_DAYS);
    int64_t best_sku = 0, best_category = 0;
    for (size_t i = 0; i < n; i++) {
        best_sku = outlets[i].sku_units > best_sku ? outlets[i].sku_units : best_sku;
        best_category =
            outlets[i].category_units > best_category ? outlets[i].category_units : best_category;
    }
    for (size_t i = 0; i < n; i++) {
        const struct audience_outlet *o = &outlets[i];
        struct audience_choice c = {.segment = segment_of(o),
                                    .score = score_of(o, best_sku, best_category),
                                    .why = unfit(lot, o)};
        bool fits = c.why == NULL;
        const char *fit = o->sku_units > 0 ? "sells this SKU" : "sells its category";
        if (fits)
            quantities(lot, o, &c);
        if (fits && c.most_units < 1) {
            fits = false;
            c.why = c.why ? c.why : "less than a pack is left";
        }
        if (fits && audience_held_out(lot->campaign, o->party, lot->holdout_permille)) {
            c.arm = AUDIENCE_HOLDOUT;
            c.why = "held out by lot";
        } else if (fits) {
            c.arm = AUDIENCE_OFFER;
            c.channel = best_channel(o);
            c.why = c.why ? c.why : fit;
        }
        ret[i] = c;
    }
}
