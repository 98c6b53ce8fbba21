/* SPDX-License-Identifier: Apache-2.0 */
/* rules/shelf_life.h -- dates on goods: until when they are good, how much life is left, and
 * whether that is enough for receipt or for a customer. Expiry, use-by and best-before stop a sale
 * alike here; which of them was printed stays with the batch. It predicts no sales. Pure. All days
 * are Indian civil days (base/civil.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define SHELF_LIFE_DAYS_MAX 36500
#define SHELF_LIFE_MONTHS_MAX 1200
#define SHELF_LIFE_FOR_EVER INT32_MAX /* days left of goods without a date */
#define SHELF_LIFE_UNKNOWN (-1)

/* Goods are good to the end of their last day. CIVIL_NONE never expires. */
bool shelf_life_expired(int32_t expiry_day, int32_t day);

/* 0 on the last good day, negative after it, SHELF_LIFE_FOR_EVER for CIVIL_NONE. */
int32_t shelf_life_left_days(int32_t expiry_day, int32_t day);

/* The last good day of goods made on made_day that keep for so many days or months; a month that
 * lacks the day ends on its last. -ERANGE when the life is not 1..SHELF_LIFE_..._MAX or made_day is
 * outside the years of base/civil.h. */
NODISCARD int shelf_life_expiry_by_days(int32_t made_day, int32_t days, int32_t *ret_day);
NODISCARD int shelf_life_expiry_by_months(int32_t made_day, int32_t months, int32_t *ret_day);

/* What is known of some goods. */
struct shelf_life_goods {
    int32_t made_day;   /* CIVIL_NONE: not known */
    int32_t expiry_day; /* CIVIL_NONE: not known, or there is none */
    int32_t life_days;  /* of the SKU, from manufacture; 0: it does not expire, or not known */
};

/* How much must be left, boundary included; the stricter of both holds. */
struct shelf_life_min {
    int32_t days;
    int32_t permille; /* of the whole life; 0: not asked */
};

enum shelf_life_reason {
    SHELF_LIFE_OK,
    SHELF_LIFE_BATCH_MISSING,
    SHELF_LIFE_EXPIRY_MISSING,
    SHELF_LIFE_EXPIRY_WITHOUT_BATCH,
    SHELF_LIFE_DATE_IMPLAUSIBLE, /* outside the window: most likely misread */
    SHELF_LIFE_MADE_IN_FUTURE,
    SHELF_LIFE_EXPIRY_BEFORE_MADE,
    SHELF_LIFE_EXPIRED,
    SHELF_LIFE_TOO_SHORT,
    SHELF_LIFE_LIFE_UNKNOWN, /* a share of a life that nobody knows */
};

struct shelf_life {
    enum shelf_life_reason reason; /* OK, EXPIRED, TOO_SHORT, EXPIRY_MISSING or LIFE_UNKNOWN */
    int32_t left_days;             /* SHELF_LIFE_FOR_EVER */
    int32_t left_permille;         /* of the whole life, rounded down; SHELF_LIFE_UNKNOWN */
    int32_t needed_days;           /* by both demands together; SHELF_LIFE_UNKNOWN */
};

/* Whether enough is left on `day`: the day of receipt, or of delivery to the customer. Total. Goods
 * without a date pass when the SKU does not expire or nothing is demanded, and are EXPIRY_MISSING
 * otherwise. */
struct shelf_life shelf_life_judge(const struct shelf_life_goods *goods,
                                   const struct shelf_life_min *min, int32_t day);

/* A SKU's policy at receipt. */
struct shelf_life_policy {
    bool batch_mandatory;
    bool expiry_mandatory; /* a computed date satisfies it */
    bool expiry_needs_batch;
    bool short_rejects; /* too short a life is refused instead of held */
    struct shelf_life_min min;
    int32_t past_days_max;   /* expiry at most so long ago, or the date was misread */
    int32_t future_days_max; /* expiry at most so far ahead */
};

enum shelf_life_verdict {
    SHELF_LIFE_ACCEPT,
    SHELF_LIFE_ASK, /* something is missing or misread: the worker is asked again */
    SHELF_LIFE_HOLD,
    SHELF_LIFE_REJECT,
};

struct shelf_life_receipt {
    enum shelf_life_verdict verdict;
    struct shelf_life life; /* its reason may be any */
    int32_t expiry_day;     /* as printed, or computed from made_day and life_days, or CIVIL_NONE */
    bool expiry_computed;
};

/* Total. */
struct shelf_life_receipt shelf_life_receive(const struct shelf_life_policy *policy, bool has_batch,
                                             const struct shelf_life_goods *goods,
                                             int32_t receipt_day);

/* Which band of remaining life: 0 expired, 1 up to thresholds[0] days, ... count + 1 beyond the
 * last. Thresholds ascend. More days never give a lower band. */
size_t shelf_life_band(int32_t left_days, const int32_t *thresholds_days, size_t count);

/* Days that must be left when food is delivered to a consumer bought from afar (FSSAI direction of
 * November 2024, "30 percent or 45 days"). Lenient: the smaller of both; strict: 45 days when the
 * life exceeds 90, else 30 percent. Rounded up. */
int32_t shelf_life_consumer_min_days(int32_t life_days, bool lenient);

const char *shelf_life_reason_name(enum shelf_life_reason reason);    /* static; on the wire */
const char *shelf_life_verdict_name(enum shelf_life_verdict verdict); /* static; on the wire */
