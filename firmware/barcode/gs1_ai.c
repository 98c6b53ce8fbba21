/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1_ai.h"

#include <assert.h>
#include <stdbool.h>

#include "gs1_ai_table.h"

/* Reads one digit into *value, which it shifts by a decimal place. */
static bool digit(char c, unsigned *value)
{
    unsigned d = (unsigned char)c - (unsigned)'0';
    *value = *value * 10 + d;
    return d <= 9;
}

const struct gs1_ai *gs1_ai_at(const char *text, size_t len)
{
    unsigned head = 0;
    if (len < 2 || !digit(text[0], &head) || !digit(text[1], &head))
        return NULL;
    const struct gs1_prefix *prefix = &gs1_prefixes[head];
    if (len < prefix->digits_len)
        return NULL;
    unsigned tail = 0;
    for (size_t i = 2; i < prefix->digits_len; i++)
        if (!digit(text[i], &tail))
            return NULL;
    unsigned row = gs1_slots[prefix->first + tail];
    return row > 0 ? &gs1_ai_table[row - 1] : NULL;
}

const struct gs1_ai *gs1_ai_find(const char *text, size_t len)
{
    assert(text || len == 0);
    const struct gs1_ai *ai = gs1_ai_at(text, len);
    return ai && ai->digits_len == len ? ai : NULL;
}
