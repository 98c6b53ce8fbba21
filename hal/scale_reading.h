/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_reading.h -- one weight as the indicator sent it: digits, unit and state, never a float
 * and never rounded. The indicator's display is the legal reading. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "decimal.h"

#define SCALE_RAW_MAX 32 /* the longest frame that a profile knows is 22 bytes */

enum scale_unit {
    SCALE_UNIT_NONE, /* the protocol sends none; configuration may say */
    SCALE_UNIT_G,
    SCALE_UNIT_KG,
    SCALE_UNIT_T,
    SCALE_UNIT_LB, /* avoirdupois pound, 0.45359237 kg exactly */
    SCALE_UNIT_OZ, /* avoirdupois ounce, a sixteenth of it */
    SCALE_UNIT_PCS,
};

enum scale_kind {
    SCALE_DISPLAYED, /* what the display shows; the protocol does not say which */
    SCALE_GROSS,
    SCALE_NET,
    SCALE_TARE,
};

enum scale_status {
    SCALE_STABLE,
    SCALE_MOTION,
    SCALE_UNKNOWN,   /* the protocol does not say whether the load moves: see settle.h */
    SCALE_OVERLOAD,  /* this and the rest carry no usable weight, even when digits were sent */
    SCALE_UNDERLOAD, /* below range */
    SCALE_ERROR,     /* the indicator reports a fault of its own, such as its load cell */
    SCALE_NOT_READY, /* busy, in set-up, or not zeroed since power-up */
};

struct scale_reading {
    int64_t counts;   /* the digits without their point: "12.340" is 12340 */
    uint8_t decimals; /* digits behind the point, as sent: 3; at most DECIMAL_PLACES_MAX */
    uint8_t raw_len;
    uint8_t raw[SCALE_RAW_MAX]; /* the bytes it came from, for the audit trail; cut when longer */
    enum scale_unit unit;
    enum scale_kind kind;
    enum scale_status status;
    int64_t at_mono_ms; /* when it arrived, on the monotonic clock; 0 out of a pure codec */
};

/* Whether the status lets the weight be used at all. */
int scale_reading_usable(const struct scale_reading *r);

/* The weight in whole grams when that is exact.
 *   -ENODATA  the status says that there is no usable weight
 *   -EINVAL   the unit is not one of mass
 *   -EDOM     there is a fraction of a gram: rounding is the caller's decision, not ours
 *   -ERANGE   it does not fit */
NODISCARD int scale_reading_grams(const struct scale_reading *r, int64_t *ret_g);

/* The weight in milligrams, rounded half away from zero: for comparisons only. Errors as above,
 * without -EDOM. */
NODISCARD int scale_reading_milligrams(const struct scale_reading *r, int64_t *ret_mg);

/* The digits as sent, "-12.340". Returns buf. */
const char *scale_reading_value(const struct scale_reading *r, char buf[DECIMAL_TEXT_SIZE]);

/* 1 when both carry the same digits, unit and kind; how they came does not matter. */
int scale_reading_same(const struct scale_reading *a, const struct scale_reading *b);

/* Keeps the bytes that the reading came from. */
void scale_reading_set_raw(struct scale_reading *r, const uint8_t *bytes, size_t len);

const char *scale_unit_name(enum scale_unit unit);       /* "kg"; "" for none */
const char *scale_kind_name(enum scale_kind kind);       /* "gross" */
const char *scale_status_name(enum scale_status status); /* "not_ready" */
