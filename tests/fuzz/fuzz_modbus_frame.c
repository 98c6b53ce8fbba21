/* SPDX-License-Identifier: Apache-2.0 */
/* Registers that are written as an answer read back; an answer that reads is written back to the
 * same bytes; and one changed bit of it is never taken for good. */
#include <stdlib.h>
#include <string.h>

#include "modbus_frame.h"
#include "scale_register.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void weigh(const struct modbus_registers *got)
{
    for (size_t i = 0; scale_register_profile_at(i); i++) {
        const struct scale_register_profile *p = scale_register_profile_at(i);
        struct scale_register_conf conf = {.decimals = 3,
                                           .order = (enum scale_word_order)(got->value[0] % 4)};
        struct scale_registers r;
        if (got->count >= p->count && scale_registers_decode(p, &conf, got->value, &r) == 0 &&
            p->type == SCALE_FLOAT32 && llabs(r.gross_counts) > INT64_C(1000000000000))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct modbus_read read = {.slave = data[0],
                               .function = (uint8_t)(data[1] & 1 ? 3 : 4),
                               .address = 7,
                               .count = (uint16_t)(1 + data[1] / 2 % MODBUS_FRAME_REGISTERS_MAX)};
    struct modbus_registers got = {0};
    if (modbus_answer_decode(&read, data + 2, size - 2, &got) == MODBUS_FRAME_GOOD) {
        uint8_t same[MODBUS_FRAME_MAX];
        if (modbus_answer_encode(&read, got.value, same) != size - 2 ||
            memcmp(same, data + 2, size - 2) != 0)
            abort();
        weigh(&got);
    }

    uint16_t registers[MODBUS_FRAME_REGISTERS_MAX] = {0};
    memcpy(registers, data, size < sizeof(registers) ? size : sizeof(registers));
    uint8_t bytes[MODBUS_FRAME_MAX];
    size_t len = modbus_answer_encode(&read, registers, bytes);
    if (modbus_answer_decode(&read, bytes, len, &got) != MODBUS_FRAME_GOOD ||
        memcmp(got.value, registers, 2 * (size_t)read.count) != 0)
        abort();
    weigh(&got);
    size_t bit = (data[0] * 256u + data[2]) % (len * 8);
    bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1u << bit % 8);
    if (modbus_answer_decode(&read, bytes, len, &got) == MODBUS_FRAME_GOOD)
        abort();
    return 0;
}
