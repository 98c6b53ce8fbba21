/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_slave.h"

#include <stdlib.h>
#include <string.h>

#include "modbus_frame.h"

int64_t scale_load_gross(const struct scale_load *l)
{
    return l->load_g - l->zero_g;
}

int64_t scale_load_net(const struct scale_load *l)
{
    return scale_load_gross(l) - (l->tared ? l->tare_g : 0);
}

static uint16_t lowest_bit(uint16_t mask)
{
    return (uint16_t)(mask & -mask);
}

static uint32_t weight_word(const struct scale_register_profile *p, int64_t grams)
{
    if (p->type == SCALE_MAGNITUDE32)
        return (uint32_t)llabs(grams);
    if (p->type == SCALE_INT32)
        return (uint32_t)grams;
    float kilograms = (float)grams / 1000.0f;
    uint32_t bits;
    memcpy(&bits, &kilograms, sizeof(bits));
    return bits;
}

static uint16_t state_word(const struct scale_slave *s, int64_t gross, int64_t net)
{
    const struct scale_register_profile *p = s->profile;
    unsigned state = p->valid;
    state |= s->load->status == SCALE_STABLE ? p->stable : 0u;
    state |= s->load->status == SCALE_MOTION ? p->motion : 0u;
    state |= s->load->status == SCALE_OVERLOAD ? lowest_bit(p->overload) : 0u;
    state |= s->load->status == SCALE_UNDERLOAD ? lowest_bit(p->underload) : 0u;
    state |= gross < 0 ? p->gross_negative : 0u;
    state |= net < 0 ? p->net_negative : 0u;
    state |= s->load->tared ? lowest_bit(p->net_shown) : 0u;
    return (uint16_t)state;
}

static void fill_registers(const struct scale_slave *s, uint16_t ret[SCALE_REGISTERS_MAX])
{
    const struct scale_register_profile *p = s->profile;
    enum scale_word_order order = p->order_free ? s->order : SCALE_ABCD;
    int64_t gross = scale_load_gross(s->load);
    int64_t net = scale_load_net(s->load);
    memset(ret, 0, SCALE_REGISTERS_MAX * sizeof(*ret));
    scale_register_put_u32(weight_word(p, gross), order, ret + p->gross);
    if (p->net >= 0)
        scale_register_put_u32(weight_word(p, net), order, ret + p->net);
    if (p->state >= 0)
        ret[p->state] = state_word(s, gross, net);
}

size_t scale_slave_serve(const struct scale_slave *s, const uint8_t *request, uint8_t *ret)
{
    const struct scale_register_profile *p = s->profile;
    unsigned address = (unsigned)request[2] << 8 | request[3];
    unsigned count = (unsigned)request[4] << 8 | request[5];
    ret[0] = request[0];
    ret[1] = request[1];
    if (request[1] == p->function && address == p->address && count == p->count) {
        uint16_t registers[SCALE_REGISTERS_MAX];
        struct modbus_read read = {request[0], request[1], p->address, p->count};
        fill_registers(s, registers);
        return modbus_answer_encode(&read, registers, ret) - 2;
    }
    if (request[1] == 16 && count == 1) {
        unsigned value = (unsigned)request[7] << 8 | request[8];
        if (p->tare.function && address == p->tare.address && value == p->tare.value) {
            s->load->tare_g = scale_load_gross(s->load);
            s->load->tared = 1;
        } else if (p->zero.function && address == p->zero.address && value == p->zero.value) {
            s->load->zero_g = s->load->load_g;
        }
        memcpy(ret + 2, request + 2, 4);
        return 6;
    }
    ret[1] = request[1] | 0x80;
    ret[2] = 2; /* illegal data address */
    return 3;
}

size_t scale_slave_request_len(const uint8_t *request, size_t len)
{
    if (len < 6)
        return 0;
    size_t want = request[1] == 16 ? (len < 7 ? SIZE_MAX : 7 + (size_t)request[6]) : 6;
    return len >= want ? want : 0;
}
