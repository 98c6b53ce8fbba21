/* SPDX-License-Identifier: Apache-2.0 */
#include "check_digit.h"

#include <assert.h>

char check_digit(const char *digits, size_t len)
{
    unsigned threes = 0;
    unsigned ones = 0;
    for (; len >= 2; len -= 2) {
        threes += (unsigned)(digits[len - 1] - '0');
        ones += (unsigned)(digits[len - 2] - '0');
    }
    if (len == 1)
        threes += (unsigned)(digits[0] - '0');
    return (char)('0' + (10 - (3 * threes + ones) % 10) % 10);
}

bool check_digit_good(const char *digits, size_t len)
{
    assert(digits && len > 0);
    return digits[len - 1] == check_digit(digits, len - 1);
}
