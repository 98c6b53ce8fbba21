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

#define PARTS 128 /* from point to point */

/* The logistic function: x = -2048..2047 in 1/256 to chances in 1/4096, at x + 2048. Between the
 * points a straight line is close enough; both ends only have to agree. Below it says at least 1.
 */
static void make_squashed(uint16_t ret[4096])
{
    static const uint16_t at[33] = {1,    2,    3,    6,    10,   16,   27,   45,   73,
                                    120,  194,  310,  488,  747,  1101, 1546, 2047, 2549,
                                    2994, 3348, 3607, 3785, 3901, 3975, 4022, 4050, 4068,
                                    4079, 4085, 4089, 4092, 4093, 4094};
    for (size_t i = 0; i < 32; i++)
        for (unsigned part = 0; part < PARTS; part++)
            ret[i * PARTS + part] =
                (uint16_t)((at[i] * (PARTS - part) + at[i + 1] * part + PARTS / 2) / PARTS);
}

static uint32_t squash(const struct bit_guess *g, int64_t x)
{
    return x > 2047 ? 4095 : g->squashed[x < -2048 ? 0 : x + 2048];
}

/* The inverse. */
static void make_stretched(const uint16_t squashed[4096], int16_t ret[4096])
{
    int next = 0;
    for (int x = -2047; x <= 2047; x++)
        for (int v = squashed[x + 2048]; next <= v; next++)
            ret[next] = (int16_t)x;
    for (; next < 4096; next++)
        ret[next] = 2047;
}

void bit_guess_begin(struct bit_guess *g)
{
    assert(g);
    for (size_t i = 0; i < sizeof(g->slots) / sizeof(g->slots[0]); i++)
        g->slots[i] = UINT32_C(1) << (CHANCE_BITS - 1 + COUNT_BITS);
    for (size_t s = 0; s < BIT_GUESS_SETS; s++)
        for (size_t i = 0; i < BIT_GUESS_INPUTS; i++)
            g->weights[s][i] = WEIGHT_START;
    make_squashed(g->squashed);
    make_stretched(g->squashed, g->stretched);
    for (int n = 0; n <= BIT_GUESS_COUNT_MAX; n++) /* 1 / (n + 1.5) */
        g->rates[n] = (uint16_t)(131072 / (2 * n + 3));
}

/* scattered: the node, as it is for all contexts. */
static uint32_t slot_of(uint32_t context, uint32_t scattered)
{
    uint32_t h = (context ^ scattered) * 0x9e3779b1U;
    return (h ^ h >> 15) % (1U << BIT_GUESS_SLOTS_LOG);
}

/* The chance moves, the count grows: neither reaches into the other's bits. */
static uint32_t after_one(const uint16_t *rates, uint32_t slot)
{
    uint32_t n = slot % (1U << COUNT_BITS);
    uint64_t left = CHANCE_ONE - 1 - (slot >> COUNT_BITS);
    return slot + ((uint32_t)(left * rates[n] >> 16) << COUNT_BITS) + (n < BIT_GUESS_COUNT_MAX);
}

static uint32_t after_zero(const uint16_t *rates, uint32_t slot)
{
    uint32_t n = slot % (1U << COUNT_BITS);
    uint64_t chance = slot >> COUNT_BITS;
    return slot - ((uint32_t)(chance * rates[n] >> 16) << COUNT_BITS) + (n < BIT_GUESS_COUNT_MAX);
}

/* The bits of a path, each of which is the node of the next: the highest of `bits` first, and none
 * coded that can only be a 0, as the number is below `end`. Most of the time of a batch goes here:
 * each step is written out for the three inputs, and weights stay where they are at hand. */
static uint32_t code_path(struct bit_guess *g, struct bit_coder *c, const struct bit_situation *s,
                          uint32_t base, uint32_t path, int bits, uint32_t end, uint32_t v)
{
    int32_t *weights = g->weights[s->set];
    int32_t weight_x = weights[0];
    int32_t weight_y = weights[1];
    int32_t weight_z = weights[2];
    uint32_t got = 0;
    for (int i = bits - 1; i >= 0; i--) {
        int bit = 0;
        if ((got | 1U << i) < end) {
            uint32_t scattered = (base | path) * 0x85ebca6bU;
            uint32_t *x = &g->slots[slot_of(s->contexts[0], scattered)];
            uint32_t *y = &g->slots[slot_of(s->contexts[1], scattered)];
            uint32_t *z = &g->slots[slot_of(s->contexts[2], scattered)];
            int32_t says_x = g->stretched[*x >> (COUNT_BITS + CHANCE_BITS - 12)];
            int32_t says_y = g->stretched[*y >> (COUNT_BITS + CHANCE_BITS - 12)];
            int32_t says_z = g->stretched[*z >> (COUNT_BITS + CHANCE_BITS - 12)];
            int64_t sum = (int64_t)weight_x * says_x + (int64_t)weight_y * says_y +
                          (int64_t)weight_z * says_z;
            uint32_t chance = squash(g, sum / WEIGHT_ONE);
            bit = bit_coder_bit(c, v >> i & 1, chance * (BIT_CODER_ONE / 4096));
            int32_t miss = ((bit ? 4095 : 0) - (int32_t)chance) * LEARNING;
            weight_x += says_x * miss / WEIGHT_ONE;
            weight_y += says_y * miss / WEIGHT_ONE;
            weight_z += says_z * miss / WEIGHT_ONE;
            /* One after the other: two contexts may have met in one slot. */
            if (bit) {
                *x = after_one(g->rates, *x);
                *y = after_one(g->rates, *y);
                *z = after_one(g->rates, *z);
            } else {
                *x = after_zero(g->rates, *x);
                *y = after_zero(g->rates, *y);
                *z = after_zero(g->rates, *z);
            }
        }
        got |= (uint32_t)bit << i;
        path = path << 1 | (uint32_t)bit;
    }
    weights[0] = weight_x;
    weights[1] = weight_y;
    weights[2] = weight_z;
    return got;
}

int bit_guess_code(struct bit_guess *g, struct bit_coder *c, const struct bit_situation *s,
                   uint32_t node, int bit)
{
    assert(g && c && s && s->set < BIT_GUESS_SETS);
    return (int)code_path(g, c, s, node, 0, 1, 2, (uint32_t)bit);
}

uint32_t bit_guess_code_below(struct bit_guess *g, struct bit_coder *c,
                              const struct bit_situation *s, uint32_t node, int bits, uint32_t end,
                              uint32_t v)
{
    assert(g && c && s && s->set < BIT_GUESS_SETS);
    assert(bits > 0 && bits <= 16 && end > 0 && v < end);
    return code_path(g, c, s, node << 16, 1, bits, end, v);
}

static int size_of(uint64_t v)
{
    return v == 0 ? 0 : 64 - __builtin_clzll(v);
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
    int known = size - 1 < foreseen ? size - 1 : foreseen;
    int left = size - 1 - known;
    uint32_t first = (uint32_t)(m >> left) & ((1U << known) - 1);
    uint64_t got =
        1U << known | code_path(g, c, s, (uint32_t)(4 + size) << 16, 1, known, 1U << known, first);
    while (left-- > 0)
        got = got << 1 | (uint64_t)bit_coder_bit(c, (int)(m >> left & 1), BIT_CODER_ONE / 2);
    return (int64_t)(negative ? 0 - got : got);
}
