/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_register.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const struct scale_register_profile profiles[] = {
    {.name = "laumas_tl",
     .function = 3,
     .address = 6,
     .count = 5,
     .type = SCALE_MAGNITUDE32,
     .state = 0,
     .gross = 1,
     .net = 3,
     .stable = 1u << 11,
     .gross_negative = 1u << 7,
     .net_negative = 1u << 8,
     .overload = 1u << 2 | 1u << 3,
     .fault = 1u << 0 | 1u << 1 | 1u << 4 | 1u << 5,
     .net_shown = 1u << 10,
     .zero = {16, 5, 8}}, /* its tare command is not confirmed by a source */
    {.name = "dini_dgt",  /* one scale; with four the same flags have another order */
     .function = 4,
     .address = 0,
     .count = 5,
     .type = SCALE_MAGNITUDE32,
     .gross = 0,
     .net = 2,
     .state = 4,
     .stable = 1u << 2,
     .gross_negative = 1u << 1,
     .net_negative = 1u << 0,
     .overload = 1u << 4,
     .underload = 1u << 3,
     .net_shown = 1u << 5 | 1u << 6,
     .tare = {16, 0, 2},
     .zero = {16, 0, 1}},
    {.name = "pr5220", /* state bits need another function: not the same instant */
     .function = 3,
     .address = 16,
     .count = 2,
     .type = SCALE_INT32,
     .gross = 0,
     .net = -1,
     .state = -1},
    {.name = "tuna_id551",
     .function = 3,
     .address = 0,
     .count = 5,
     .type = SCALE_FLOAT32,
     .gross = 2,
     .net = 0, /* the display */
     .state = 4,
     .order_free = 1,
     .motion = 1u << 12,
     .overload = 1u << 10,
     .underload = 1u << 9,
     .not_ready = 1u << 14,
     .valid = 1u << 15,
     .net_shown = 1u << 11},
    {.name = "eagle_ei",
     .function = 3,
     .address = 8192,
     .count = 10,
     .type = SCALE_FLOAT32,
     .gross = 0,
     .net = 8,
     .state = -1,
     .order_free = 1},
    {.name = "excell_ex2005",
     .function = 3,
     .address = 2,
     .count = 4,
     .type = SCALE_INT32,
     .gross = 0,
     .net = 2,
     .state = -1,
     .order_free = 1},
    {.name = "float32", /* any indicator with one weight; its address comes from configuration */
     .function = 3,
     .address = 0,
     .count = 2,
     .type = SCALE_FLOAT32,
     .gross = 0,
     .net = -1,
     .state = -1,
     .order_free = 1},
};

/* For each order, which byte of the wire (0 is the first) is A, B, C, D. */
static const uint8_t byte_at[SCALE_WORD_ORDERS][4] = {
    [SCALE_ABCD] = {0, 1, 2, 3},
    [SCALE_CDAB] = {2, 3, 0, 1},
    [SCALE_BADC] = {1, 0, 3, 2},
    [SCALE_DCBA] = {3, 2, 1, 0},
};

static const char *const order_names[SCALE_WORD_ORDERS] = {"ABCD", "CDAB", "BADC", "DCBA"};

uint32_t scale_register_u32(const uint16_t registers[2], enum scale_word_order order)
{
    assert(registers && order < SCALE_WORD_ORDERS);
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        uint8_t at = byte_at[order][i];
        unsigned byte = at % 2 == 0 ? registers[at / 2] >> 8 : registers[at / 2] & 0xffu;
        value = value << 8 | byte;
    }
    return value;
}

void scale_register_put_u32(uint32_t value, enum scale_word_order order, uint16_t ret[2])
{
    assert(ret && order < SCALE_WORD_ORDERS);
    ret[0] = 0;
    ret[1] = 0;
    for (size_t i = 0; i < 4; i++) {
        uint8_t at = byte_at[order][i];
        unsigned byte = value >> (24 - 8 * i) & 0xff;
        ret[at / 2] = (uint16_t)(ret[at / 2] | (at % 2 == 0 ? byte << 8 : byte));
    }
}

static uint16_t state_of(const struct scale_register_profile *p, const uint16_t *registers)
{
    return p->state < 0 ? 0 : registers[p->state];
}

static enum scale_status status_of(const struct scale_register_profile *p, uint16_t state)
{
    if (p->state < 0)
        return SCALE_UNKNOWN;
    if (state & p->fault)
        return SCALE_ERROR;
    if (state & p->not_ready || (state & p->valid) != p->valid)
        return SCALE_NOT_READY;
    if (state & p->overload)
        return SCALE_OVERLOAD;
    if (state & p->underload)
        return SCALE_UNDERLOAD;
    if (state & p->motion || (p->stable && !(state & p->stable)))
        return SCALE_MOTION;
    return SCALE_STABLE;
}

static int weight_of(const struct scale_register_profile *p, const struct scale_register_conf *conf,
                     const uint16_t *registers, uint16_t negative, int64_t *ret_counts)
{
    enum scale_word_order order = p->order_free ? conf->order : SCALE_ABCD;
    uint32_t value = scale_register_u32(registers, order);
    switch (p->type) {
    case SCALE_MAGNITUDE32:
        *ret_counts = negative ? -(int64_t)value : (int64_t)value;
        return 0;
    case SCALE_INT32:
        *ret_counts =
            value < UINT32_C(0x80000000) ? (int64_t)value : (int64_t)value - INT64_C(0x100000000);
        return 0;
    case SCALE_FLOAT32:
        return scale_float_rounded(value, conf->decimals, ret_counts);
    }
    return -EBADMSG;
}

int scale_registers_decode(const struct scale_register_profile *profile,
                           const struct scale_register_conf *conf, const uint16_t *registers,
                           struct scale_registers *ret)
{
    assert(profile && conf && registers && ret && conf->decimals <= DECIMAL_PLACES_MAX);
    uint16_t state = state_of(profile, registers);
    struct scale_registers r = {
        .decimals = conf->decimals,
        .status = status_of(profile, state),
        .shown = profile->net >= 0 && state & profile->net_shown ? SCALE_NET : SCALE_GROSS,
    };
    int err = weight_of(profile, conf, registers + profile->gross, state & profile->gross_negative,
                        &r.gross_counts);
    if (err == 0 && profile->net >= 0)
        err = weight_of(profile, conf, registers + profile->net, state & profile->net_negative,
                        &r.net_counts);
    if (err < 0)
        return err;
    *ret = r;
    return 0;
}

struct scale_reading scale_registers_reading(const struct scale_registers *r,
                                             const struct scale_register_conf *conf)
{
    assert(r && conf);
    return (struct scale_reading){
        .counts = r->shown == SCALE_NET ? r->net_counts : r->gross_counts,
        .decimals = r->decimals,
        .unit = conf->unit,
        .kind = r->shown,
        .status = r->status,
    };
}

unsigned scale_register_orders(const uint16_t registers[2], int64_t known_counts, uint8_t decimals,
                               int64_t tolerance_permille)
{
    unsigned fits = 0;
    if (known_counts == 0)
        return 0;
    for (unsigned order = 0; order < SCALE_WORD_ORDERS; order++) {
        int64_t counts = 0;
        uint32_t bits = scale_register_u32(registers, (enum scale_word_order)order);
        if (scale_float_rounded(bits, decimals, &counts) < 0)
            continue;
        int64_t off = counts > known_counts ? counts - known_counts : known_counts - counts;
        int64_t known = known_counts < 0 ? -known_counts : known_counts;
        int64_t allowed = 0;
        if (decimal_muldiv(known, tolerance_permille, 1000, &allowed) == 0 && off <= allowed)
            fits |= 1u << order;
    }
    return fits;
}

const struct scale_register_profile *scale_register_profile_at(size_t i)
{
    return i < ARRAY_LEN(profiles) ? &profiles[i] : NULL;
}

const struct scale_register_profile *scale_register_profile(const char *name)
{
    assert(name);
    for (size_t i = 0; i < ARRAY_LEN(profiles); i++)
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    return NULL;
}

const char *scale_word_order_name(enum scale_word_order order)
{
    assert(order < SCALE_WORD_ORDERS);
    return order_names[order];
}

int scale_word_order_by_name(const char *name, enum scale_word_order *ret)
{
    assert(name && ret);
    for (unsigned i = 0; i < SCALE_WORD_ORDERS; i++) {
        if (strcmp(order_names[i], name) == 0) {
            *ret = (enum scale_word_order)i;
            return 0;
        }
    }
    return -ENOENT;
}
