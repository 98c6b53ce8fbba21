/* SPDX-License-Identifier: Apache-2.0 */
#include "decimal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

static const int64_t power10[DECIMAL_PLACES_MAX + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

int decimal_parse(const char *text, unsigned places, int64_t *ret)
{
    assert(text && places <= DECIMAL_PLACES_MAX && ret);

    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;

    int128 v = 0;
    unsigned seen = 0;   /* digits in all */
    unsigned behind = 0; /* digits behind the point */
    bool point = false;
    for (; *text; text++) {
        if (*text == '.' && !point && seen > 0) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9')
            return -EINVAL;
        if (point && ++behind > places)
            return -EINVAL;
        seen++;
        v = v * 10 + (*text - '0');
        if (v > INT64_MAX)
            return -ERANGE;
    }
    if (seen == 0 || (point && behind == 0))
        return -EINVAL;

    v *= power10[places - behind];
    if (v > INT64_MAX)
        return -ERANGE;
    *ret = (int64_t)(negative ? -v : v);
    return 0;
}

const char *decimal_format(int64_t value, unsigned places, char buf[DECIMAL_TEXT_SIZE])
{
    assert(places <= DECIMAL_PLACES_MAX && buf);
    /* The magnitude as unsigned: INT64_MIN has no positive counterpart. */
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const char *sign = value < 0 ? "-" : "";
    if (places == 0) {
        snprintf(buf, DECIMAL_TEXT_SIZE, "%s%" PRIu64, sign, magnitude);
        return buf;
    }
    uint64_t unit = (uint64_t)power10[places];
    snprintf(buf, DECIMAL_TEXT_SIZE, "%s%" PRIu64 ".%0*" PRIu64, sign, magnitude / unit,
             (int)places, magnitude % unit);
    return buf;
}

int decimal_muldiv(int64_t a, int64_t b, int64_t c, int64_t *ret)
{
    assert(c > 0 && ret);
    int128 product = (int128)a * b;
    int128 half = c / 2;
    /* For an odd c there is no exact half, so adding the floor of c/2 rounds correctly too. */
    int128 rounded = product >= 0 ? (product + half) / c : -((-product + half) / c);
    if (rounded > INT64_MAX || rounded < INT64_MIN)
        return -ERANGE;
    *ret = (int64_t)rounded;
    return 0;
}
