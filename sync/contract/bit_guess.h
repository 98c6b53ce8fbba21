/* SPDX-License-Identifier: Apache-2.0 */
/* contract/bit_guess.h -- how likely the next bit is a 1: each of a few contexts has counted the
 * bits that followed it, and their opinions are weighed by how right they have been (logistic
 * mixing: M. Mahoney, "Adaptive weighing of context models for lossless data compression", Florida
 * Tech, 2005). Whole numbers only: two machines that saw the same bits guess the same. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bit_coder.h"

#define BIT_GUESS_INPUTS 3
#define BIT_GUESS_SETS 256
#define BIT_GUESS_SLOTS_LOG 15
#define BIT_GUESS_COUNT_MAX 127

/* A value without pointers: it may be copied. Fields belong to bit_guess.c. */
struct bit_guess {
    uint32_t slots[1 << BIT_GUESS_SLOTS_LOG]; /* chance of a 1 in 22 bits, then how often in 10 */
    int32_t weights[BIT_GUESS_SETS][BIT_GUESS_INPUTS];
    int16_t stretched[4096]; /* tables of what is dear to compute */
    uint16_t squashed[4096];
    uint16_t rates[BIT_GUESS_COUNT_MAX + 1];
};

void bit_guess_begin(struct bit_guess *g);

/* What a bit is foreseen from: numbers that are the same whenever the situation is alike, narrower
 * or wider ones. */
struct bit_situation {
    unsigned set; /* of weights, below BIT_GUESS_SETS */
    uint32_t contexts[BIT_GUESS_INPUTS];
};

/* Codes one bit and learns it. node: which of the bits that are coded in this situation. */
int bit_guess_code(struct bit_guess *g, struct bit_coder *c, const struct bit_situation *s,
                   uint32_t node, int bit);

/* A number below `end`, which is at most 1 << bits: the highest bit first, each foreseen from those
 * before it, and none coded that can only be 0. bits: 1 to 16, and always the same for a node. */
uint32_t bit_guess_code_below(struct bit_guess *g, struct bit_coder *c,
                              const struct bit_situation *s, uint32_t node, int bits, uint32_t end,
                              uint32_t v);

/* Any number: its size, its sign, then its digits, of which so many are foreseen, at most 12. */
int64_t bit_guess_code_number(struct bit_guess *g, struct bit_coder *c,
                              const struct bit_situation *s, int64_t v, int foreseen);
