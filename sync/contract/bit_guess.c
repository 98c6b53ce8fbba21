/* SPDX-License-Identifier: Apache-2.0 */
#include "bit_guess.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define CHANCE_BITS 22 /* of a slot */
#define COUNT_BITS 10
#define CHANCE_ONE (UINT32_C(1) << CHANCE_BITS)
#define WEIGHT_ONE 65536
#define WEIGHT_START (WEIGHT_ONE * 2 / 5)
#define LEARNING 18 /* of weights */

/* The logistic function: -2047..2047 in 1/256 to chances in 1/4096. Between the points of a table a
 * straight line is close enough; both ends only have to agree. */
static int squash(int x)
{
    static const int16_t at[33] = {1,    2,    3,    6,    10,   16,   27,   45,   73,
                                   120,  194,  310,  488,  747,  1101, 1546, 2047, 2549,
                                   2994, 3348, 3607, 3785, 3901, 3975, 4022, 4050, 4068,
                                   4079, 4085, 4089, 4092, 4093, 4094};
    if (x > 2047)
        return 4095;
    if (x < -2047)
        return 1;
    int i = (x + 2048) / 128;
    int part = (x + 2048) % 128;
    return (at[i] * (128 - part) + at[i + 1] * part + 64) / 128;
}

void bit_guess_begin(struct bit_guess *g)
{
    assert(g);
    for (size_t i = 0; i < sizeof(g->slots) / sizeof(g->slots[0]); i++)
        g->slots[i] = UINT32_C(1) << (CHANCE_BITS - 1 + COUNT_BITS);
    for (size_t s = 0; s < BIT_GUESS_SETS; s++)
        for (size_t i = 0; i < BIT_GUESS_INPUTS; i++)
            g->weights[s][i] = WEIGHT_START;
    int next = 0; /* the inverse of squash() */
    for (int x = -2047; x <= 2047; x++)
        for (int v = squash(x); next <= v; next++)
            g->stretched[next] = (int16_t)x;
    for (; next < 4096; next++)
        g->stretched[next] = 2047;
    for (int n = 0; n <= BIT_GUESS_COUNT_MAX; n++) /* 1 / (n + 1.5) */
        g->rates[n] = (uint16_t)(131072 / (2 * n + 3));
}

static uint32_t slot_of(uint32_t context, uint32_t node)
{
    uint32_t h = (context ^ node * 0x85ebca6bU) * 0x9e3779b1U;
    return (h ^ h >> 15) % (1U << BIT_GUESS_SLOTS_LOG);
}

static void learn_slot(const struct bit_guess *g, uint32_t *slot, int bit)
{
    uint32_t n = *slot % (1U << COUNT_BITS);
    uint32_t chance = *slot >> COUNT_BITS;
    uint64_t rate = g->rates[n];
    if (bit)
        chance += (uint32_t)((CHANCE_ONE - 1 - chance) * rate >> 16);
    else
        chance -= (uint32_t)(chance * rate >> 16);
    *slot = chance << COUNT_BITS | (n < BIT_GUESS_COUNT_MAX ? n + 1 : n);
}

int bit_guess_code(struct bit_guess *g, struct bit_coder *c, const struct bit_situation *s,
                   uint32_t node, int bit)
{
    assert(g && c && s && s->set < BIT_GUESS_SETS);
    uint32_t *slots[BIT_GUESS_INPUTS];
    int32_t inputs[BIT_GUESS_INPUTS];
    int32_t *weights = g->weights[s->set];
    int64_t sum = 0;
    for (size_t i = 0; i < BIT_GUESS_INPUTS; i++) {
        slots[i] = &g->slots[slot_of(s->contexts[i], node)];
        inputs[i] = g->stretched[*slots[i] >> (COUNT_BITS + CHANCE_BITS - 12)];
        sum += (int64_t)weights[i] * inputs[i];
    }
    int chance = squash((int)(sum / WEIGHT_ONE));
    bit = bit_coder_bit(c, bit, (uint32_t)chance * (BIT_CODER_ONE / 4096));
    int32_t miss = ((bit ? 4095 : 0) - chance) * LEARNING;
    for (size_t i = 0; i < BIT_GUESS_INPUTS; i++) {
        weights[i] += inputs[i] * miss / WEIGHT_ONE;
        learn_slot(g, slots[i], bit);
    }
    return bit;
}

uint32_t bit_guess_code_below(struct bit_guess *g, struct bit_coder *c,
                              const struct bit_situation *s, uint32_t node, int bits, uint32_t end,
                              uint32_t v)
{
    assert(bits > 0 && bits <= 16 && end > 0 && v < end);
    uint32_t got = 0;
    for (int i = bits - 1; i >= 0; i--) {
        bool open = (got | 1U << i) < end; /* else it is a 0 */
        uint32_t path = (got | 1U << bits) >> (i + 1);
        if (open && bit_guess_code(g, c, s, node << 16 | path, v >> i & 1))
            got |= 1U << i;
    }
    return got;
}

static int size_of(uint64_t v)
{
    int n = 0;
    for (; v; v >>= 1)
        n++;
    return n;
}

/* Sizes up to that of a day in milliseconds are short to say. */
#define SIZE_SHORT 31

static int code_size(struct bit_guess *g, struct bit_coder *c, const struct bit_situation *s,
                     int size)
{
    uint32_t first = (uint32_t)(size < SIZE_SHORT ? size : SIZE_SHORT);
    first = bit_guess_code_below(g, c, s, 1, 5, SIZE_SHORT + 1, first);
    if (first < SIZE_SHORT)
        return (int)first;
    uint32_t more = size < SIZE_SHORT ? 0 : (uint32_t)(size - SIZE_SHORT);
    return SIZE_SHORT + (int)bit_guess_code_below(g, c, s, 2, 6, 64 - SIZE_SHORT + 1, more);
}

/* Nodes: 1 and 2 the size, 3 the sign, 4 and above the digits of each size. */
int64_t bit_guess_code_number(struct bit_guess *g, struct bit_coder *c,
                              const struct bit_situation *s, int64_t v, int foreseen)
{
    uint64_t m = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    int size = code_size(g, c, s, size_of(m));
    if (size == 0)
        return 0;
    bool negative = bit_guess_code(g, c, s, 3 << 16 | (uint32_t)size, v < 0);
    uint64_t got = 1;
    for (int i = size - 2; i >= 0; i--, foreseen--) {
        int bit = (int)(m >> i & 1);
        bit = foreseen > 0
                  ? bit_guess_code(g, c, s, (uint32_t)(4 + size) << 16 | (uint32_t)got, bit)
                  : bit_coder_bit(c, bit, BIT_CODER_ONE / 2);
        got = got << 1 | (uint64_t)bit;
    }
    return (int64_t)(negative ? 0 - got : got);
}
