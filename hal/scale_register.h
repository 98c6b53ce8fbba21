/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_register.h -- what the Modbus registers of an indicator mean: profiles as data, and the
 * weight that registers carry. Reads no wire. Pure.
 *
 * Facts after the makers' manuals: Laumas TLU and TLB4; Dini Argeo DGT1 and DGT4X; Sartorius PR
 * 5220; ID551PN; Eagle EI-4000; Excell EX2005. A profile is only offered when state and weight are
 * read in ONE request, else they can belong to different instants; where the state lies elsewhere
 * it is left out and the status is SCALE_UNKNOWN. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "scale_reading.h"

#define SCALE_REGISTERS_MAX 16

/* How the four bytes of a 32-bit value lie in two registers; A is the most significant. */
enum scale_word_order { SCALE_ABCD, SCALE_CDAB, SCALE_BADC, SCALE_DCBA, SCALE_WORD_ORDERS };

enum scale_register_type {
    SCALE_MAGNITUDE32, /* unsigned; the sign is a bit of the state */
    SCALE_INT32,
    SCALE_FLOAT32,
};

/* A command by a write of one register, whose effect shows in the state afterwards. */
struct scale_register_command {
    uint8_t function; /* 16; 0: the profile has no such command */
    uint16_t address;
    uint16_t value;
};

struct scale_register_profile {
    const char *name;
    uint8_t function; /* 3 or 4 */
    uint16_t address; /* of the one request, counted from 0 as on the wire */
    uint16_t count;
    enum scale_register_type type;
    int8_t gross; /* place of the first of two registers in the answer; -1: not sent */
    int8_t net;
    int8_t state;       /* -1: the state is not known */
    uint8_t order_free; /* the manual does not state the word order: configuration must */
    /* Masks into the state; 0 where it has no such bit. */
    uint16_t stable;
    uint16_t motion;
    uint16_t gross_negative;
    uint16_t net_negative;
    uint16_t overload;
    uint16_t underload;
    uint16_t fault;
    uint16_t not_ready;
    uint16_t valid;     /* must be 1, else not ready */
    uint16_t net_shown; /* the display shows the net weight */
    struct scale_register_command tare;
    struct scale_register_command zero;
};

/* What a site says about its indicator: registers do not carry point, unit, or often word order. */
struct scale_register_conf {
    uint8_t decimals; /* as on the display; for float32 the digits to round to */
    enum scale_unit unit;
    enum scale_word_order order;
};

struct scale_registers {
    int64_t gross_counts;
    int64_t net_counts; /* 0 without a net register */
    uint8_t decimals;
    enum scale_status status;
    enum scale_kind shown;
};

/* Decodes profile->count registers. -EBADMSG when a float is none that a scale can mean (not a
 * number, infinite, beyond a thousand million). */
NODISCARD int scale_registers_decode(const struct scale_register_profile *profile,
                                     const struct scale_register_conf *conf,
                                     const uint16_t *registers, struct scale_registers *ret);

/* The weight that the display shows, with the unit from the configuration. */
struct scale_reading scale_registers_reading(const struct scale_registers *r,
                                             const struct scale_register_conf *conf);

/* Assembles two registers. libmodbus's own float functions are not used: getters and setters of
 * 3.1.6 do not match each other. */
uint32_t scale_register_u32(const uint16_t registers[2], enum scale_word_order order);

/* The other way, for simulators. */
void scale_register_put_u32(uint32_t value, enum scale_word_order order, uint16_t ret[2]);

/* The shortest decimal that reads back as that IEEE 754 single, up to 9 places: the digits the
 * indicator most likely meant. -EBADMSG as above. */
NODISCARD int scale_float_shortest(uint32_t bits, int64_t *ret_counts, uint8_t *ret_decimals);

/* The same rounded to `decimals` places, half away from zero. */
NODISCARD int scale_float_rounded(uint32_t bits, uint8_t decimals, int64_t *ret_counts);

/* Which word orders turn the registers of a known weight into a plausible number, within permille
 * of what lies on the pan: bit i for order i. An empty pan proves nothing: 0.0 fits all, so 0 is
 * returned for it. */
unsigned scale_register_orders(const uint16_t registers[2], int64_t known_counts, uint8_t decimals,
                               int64_t tolerance_permille);

/* NULL when there is none of that name. */
const struct scale_register_profile *scale_register_profile(const char *name);

/* The i-th profile, NULL behind the last. */
const struct scale_register_profile *scale_register_profile_at(size_t i);

const char *scale_word_order_name(enum scale_word_order order); /* "ABCD" */
NODISCARD int scale_word_order_by_name(const char *name, enum scale_word_order *ret);
