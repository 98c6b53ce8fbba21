/* SPDX-License-Identifier: Apache-2.0 */
#include "check_digit.h"

#include <assert.h>

/* The sum that the check digit completes to a multiple of 10. */
static unsigned weighted_sum(const char *digits, size_t len)
{
    unsigned threes = 0;
    unsigned ones = 0;
    for (; len >= 2; len -= 2) {
        threes += (unsigned)(digits[len - 1] - '0');
        ones += (unsigned)(digits[len - 2] - '0');
    }
    if (len == 1)
        threes += (unsigned)(digits[0] - '0');
    return 3 * threes + ones;
}

char check_digit(const char *digits, size_t len)
{
    return (char)('0' + (10 - weighted_sum(digits, len) % 10) % 10);
}

bool check_digit_good(const char *digits, size_t len)
{
    assert(digits && len > 0);
    unsigned last = (unsigned)(digits[len - 1] - '0');
    return last <= 9 && (weighted_sum(digits, len - 1) + last) % 10 == 0;
}
