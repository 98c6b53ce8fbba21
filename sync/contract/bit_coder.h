/* SPDX-License-Identifier: Apache-2.0 */
/* contract/bit_coder.h -- bits into bytes and back, each at the price of how well it was foreseen:
 * a binary arithmetic coder without carries (G. N. N. Martin, "Range encoding", 1979; in this form
 * M. Mahoney, "Adaptive weighing of context models for lossless data compression", 2005). It knows
 * no model. Pure. */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define BIT_CODER_ONE 65536 /* chances are parts of it */

/* Fields belong to bit_coder.h and bit_coder.c. */
struct bit_coder {
    bool reading;
    bool nowhere;
    uint32_t low; /* what lies between low and high is still possible */
    uint32_t high;
    uint32_t code; /* reading: where in between the bytes point */
    const uint8_t *in;
    size_t in_len;
    size_t in_at; /* beyond in_len: zeros were read */
    uint8_t *out;
    size_t room;
    size_t len; /* beyond room: what did not fit was not written */
};

/* Room 0: it only counts. Both borrow the bytes. */
struct bit_coder bit_coder_writer(uint8_t *out, size_t room);
struct bit_coder bit_coder_reader(const uint8_t *in, size_t len);

/* Takes bits and leaves nothing, not even their count: for who only learns from them. */
struct bit_coder bit_coder_nowhere(void);

void bit_coder_shift(struct bit_coder *c); /* of bit_coder_bit() alone: bytes that are certain */

/* Writes the bit, or reads it and passes over `bit`. chance: of a 1, 1 to BIT_CODER_ONE - 1, the
 * same for writer and reader. Stands here because an entry is some dozens of them. */
static inline int bit_coder_bit(struct bit_coder *c, int bit, uint32_t chance)
{
    assert(c && chance > 0 && chance < BIT_CODER_ONE);
    if (c->nowhere)
        return bit;
    uint32_t middle = c->low + (uint32_t)((uint64_t)(c->high - c->low) * chance / BIT_CODER_ONE);
    if (c->reading)
        bit = c->code <= middle;
    if (bit)
        c->high = middle;
    else
        c->low = middle + 1;
    if ((c->low ^ c->high) >> 24 == 0)
        bit_coder_shift(c);
    return bit;
}

/* Ends what was written. -ENOSPC: it is longer than the room. */
NODISCARD int bit_coder_finish(struct bit_coder *c, size_t *ret_len);

/* -EBADMSG: the bytes are not those that a writer of the bits read would have made: they are cut,
 * or more follow. */
NODISCARD int bit_coder_check_end(const struct bit_coder *c);
