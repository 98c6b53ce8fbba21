/* SPDX-License-Identifier: Apache-2.0 */
/* The float part of scale_register.h, in integers only, so that all machines agree to the bit. */
#include <assert.h>
#include <errno.h>

#include "scale_register.h"

#define VALUE_MAX INT64_C(1000000000) /* no scale weighs a thousand million of anything */

/* A single taken apart: mantissa * 2^exponent. */
struct parts {
    int64_t mantissa; /* below 2^24 */
    int exponent;
    int negative;
};

static int take_apart(uint32_t bits, struct parts *ret)
{
    unsigned biased = bits >> 23 & 0xff;
    struct parts p = {.mantissa = bits & 0x7fffff, .negative = (int)(bits >> 31)};
    if (biased == 0xff)
        return -EBADMSG; /* infinite, or not a number */
    if (biased == 0) {
        p.exponent = -149;
    } else {
        p.mantissa |= 0x800000;
        p.exponent = (int)biased - 150;
    }
    if (p.exponent > 7 || (p.exponent >= 0 && p.mantissa << p.exponent >= VALUE_MAX))
        return -EBADMSG;
    *ret = p;
    return 0;
}

/* mantissa * 2^exponent * 10^decimals, rounded half up, and what was rounded away, times 2^k. The
 * product stays below 2^24 * 10^9 < 2^54. A value below 2^-38 is zero in nine decimals. */
static int64_t scaled(const struct parts *p, int64_t power, int64_t *ret_off)
{
    int64_t product = p->mantissa * power;
    int k = -p->exponent;
    *ret_off = 0;
    if (k <= 0)
        return product << -k;
    if (k > 61) {
        *ret_off = product;
        return 0;
    }
    int64_t counts = (product + (INT64_C(1) << (k - 1))) >> k;
    int64_t off = (counts << k) - product;
    *ret_off = off < 0 ? -off : off;
    return counts;
}

int scale_float_rounded(uint32_t bits, uint8_t decimals, int64_t *ret_counts)
{
    assert(decimals <= DECIMAL_PLACES_MAX && ret_counts);
    struct parts p;
    int err = take_apart(bits, &p);
    if (err < 0)
        return err;
    int64_t power = 1;
    for (uint8_t i = 0; i < decimals; i++)
        power *= 10;
    int64_t off = 0;
    int64_t counts = scaled(&p, power, &off);
    *ret_counts = p.negative ? -counts : counts;
    return 0;
}

int scale_float_shortest(uint32_t bits, int64_t *ret_counts, uint8_t *ret_decimals)
{
    assert(ret_counts && ret_decimals);
    struct parts p;
    int err = take_apart(bits, &p);
    if (err < 0)
        return err;
    int64_t power = 1;
    for (uint8_t decimals = 0; decimals <= DECIMAL_PLACES_MAX; decimals++, power *= 10) {
        int64_t off = 0;
        int64_t counts = scaled(&p, power, &off);
        /* It reads back as the same single when it is off by less than half of the last place; by
         * less than a quarter at a power of two, below which singles lie twice as close. */
        int64_t unit = p.mantissa == 0x800000 ? 4 : 2;
        if (off * unit < power || p.mantissa == 0) {
            *ret_counts = p.negative ? -counts : counts;
            *ret_decimals = decimals;
            return 0;
        }
    }
    *ret_counts = 0; /* closer to zero than nine decimals can tell */
    *ret_decimals = 0;
    if (p.exponent > -52)
        err = scale_float_rounded(bits, DECIMAL_PLACES_MAX, ret_counts);
    if (*ret_counts != 0)
        *ret_decimals = DECIMAL_PLACES_MAX;
    return err;
}
