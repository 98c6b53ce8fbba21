/* SPDX-License-Identifier: GPL-3.0-or-later */
/* liquidation/audience.h -- which outlets are offered a lot, by which channel, how much at most,
 * and who is held out so that the effect is measured and not believed. Pure and deterministic: the
 * same campaign and outlets give the same audience in any order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channel_message.h"

#define AUDIENCE_MAX 5000
#define AUDIENCE_WINDOW_DAYS 182 /* of purchases that are looked at */
#define AUDIENCE_NO_LIMIT INT64_MAX
#define AUDIENCE_LEAST_DAYS 28 /* a shorter look at them says little of a shop's usual sale */

struct audience_outlet { /* what is known of one */
    const char *party;
    bool in_territory;      /* of the site where the lot lies */
    int32_t days_since;     /* its last purchase of anything; -1: never */
    int64_t days_bought;    /* on how many days it bought in the window */
    int64_t value_paise;    /* what it bought in them */
    int64_t sku_units;      /* of this SKU in them */
    int64_t category_units; /* of its category */
    int32_t min_life_days;  /* that it accepts at delivery; 0: the SKU's */
    int32_t min_life_permille;
    int channels; /* bits 1 << enum message_channel: contact active and consent given */
    int64_t offers[CHANNEL_COUNT]; /* sent to it in the past, and how many of them it answered */
    int64_t answers[CHANNEL_COUNT];
    int64_t category_skus; /* of its category, that it bought */
    bool credit_known;     /* what it owes and may owe was entered */
    int64_t credit_paise;  /* that it may still owe; AUDIENCE_NO_LIMIT */
    int64_t overdue_days;
};

struct audience_lot {
    const char *campaign;
    int32_t days_left_delivered; /* life at delivery */
    int32_t life_days;           /* 0: not known */
    int32_t outlet_days;         /* the SKU's least */
    int64_t units;               /* to clear */
    int64_t pack_units;          /* whole packs are offered */
    int64_t holdout_permille;
    int64_t pack_paise;   /* of the offer */
    int64_t overdue_days; /* that a bill may be, at most */
    int64_t seen_days; /* how long outlets' purchases are known, AUDIENCE_LEAST_ to _WINDOW_DAYS */
};

enum audience_arm { AUDIENCE_OUT, AUDIENCE_OFFER, AUDIENCE_HOLDOUT };

enum audience_segment {
    SEGMENT_CHAMPION,
    SEGMENT_LOYAL,
    SEGMENT_RECENT,
    SEGMENT_SLEEPING,
    SEGMENT_NEW
};
const char *audience_segment_name(enum audience_segment segment); /* static */

struct audience_choice {
    enum audience_arm arm;
    enum audience_segment segment;
    enum message_channel channel; /* AUDIENCE_OFFER */
    int64_t score;                /* 0 to 1000 */
    int64_t expected_units;
    int64_t most_units; /* that it may take, its credit besides: no more than three weeks of its
                           usual sale, or of what it sells of another SKU of its category */
    const char *why;    /* static: what left it out, or speaks for it */
};

/* Fills one choice an outlet, in the outlets' order. */
void audience_choose(const struct audience_lot *lot, const struct audience_outlet *outlets,
                     size_t n, struct audience_choice *ret);

/* By lot that nobody can steer: the digest of campaign and outlet. */
bool audience_held_out(const char *campaign, const char *party, int64_t holdout_permille);
