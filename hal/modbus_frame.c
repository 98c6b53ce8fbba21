/* SPDX-License-Identifier: Apache-2.0 */
#include "modbus_frame.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define READ_HOLDING 3
#define READ_INPUT 4
#define EXCEPTION_BIT 0x80
#define EXCEPTION_LEN 5

/* Serial line V1.02, 6.2.2: polynomial 0xA001 reflected, start 0xFFFF. */
uint16_t modbus_frame_crc(const uint8_t *bytes, size_t len)
{
    assert(bytes || len == 0);
    unsigned crc = 0xffff;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
    }
    return (uint16_t)crc;
}

size_t modbus_frame_seal(uint8_t *bytes, size_t len)
{
    uint16_t crc = modbus_frame_crc(bytes, len);
    bytes[len] = (uint8_t)(crc & 0xff);
    bytes[len + 1] = (uint8_t)(crc >> 8);
    return len + 2;
}

static int sealed(const uint8_t *bytes, size_t len)
{
    uint16_t crc = modbus_frame_crc(bytes, len - 2);
    return bytes[len - 2] == (crc & 0xff) && bytes[len - 1] == crc >> 8;
}

static uint16_t word(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

size_t modbus_read_encode(const struct modbus_read *read, uint8_t ret[8])
{
    assert(read && ret);
    ret[0] = read->slave;
    ret[1] = read->function;
    ret[2] = (uint8_t)(read->address >> 8);
    ret[3] = (uint8_t)(read->address & 0xff);
    ret[4] = (uint8_t)(read->count >> 8);
    ret[5] = (uint8_t)(read->count & 0xff);
    return modbus_frame_seal(ret, 6);
}

int modbus_read_decode(const uint8_t *bytes, size_t len, struct modbus_read *ret)
{
    assert((bytes || len == 0) && ret);
    if (len != 8 || !sealed(bytes, len))
        return -EBADMSG;
    struct modbus_read r = {bytes[0], bytes[1], word(bytes + 2), word(bytes + 4)};
    if ((r.function != READ_HOLDING && r.function != READ_INPUT) || r.count == 0 ||
        r.count > MODBUS_FRAME_REGISTERS_MAX)
        return -EBADMSG;
    *ret = r;
    return 0;
}

size_t modbus_answer_encode(const struct modbus_read *read, const uint16_t *registers, uint8_t *ret)
{
    assert(read && registers && ret && read->count <= MODBUS_FRAME_REGISTERS_MAX);
    ret[0] = read->slave;
    ret[1] = read->function;
    ret[2] = (uint8_t)(read->count * 2);
    for (size_t i = 0; i < read->count; i++) {
        ret[3 + 2 * i] = (uint8_t)(registers[i] >> 8);
        ret[4 + 2 * i] = (uint8_t)(registers[i] & 0xff);
    }
    return modbus_frame_seal(ret, 3 + (size_t)read->count * 2);
}

/* Whether the answer ends before its own announcement. An answer of the length that was asked for
 * is not short even when its count field says more: then that byte is wrong, as the CRC
 * tells. */
static int is_short(const struct modbus_read *read, const uint8_t *bytes, size_t len)
{
    if (len < EXCEPTION_LEN)
        return 1;
    if (bytes[1] & EXCEPTION_BIT || len >= 5 + (size_t)read->count * 2)
        return 0;
    return len < 5 + (size_t)bytes[2];
}

enum modbus_frame_error modbus_answer_decode(const struct modbus_read *read, const uint8_t *bytes,
                                             size_t len, struct modbus_registers *ret)
{
    assert(read && (bytes || len == 0) && ret);
    if (len == 0)
        return MODBUS_FRAME_TIMEOUT;
    if (is_short(read, bytes, len))
        return MODBUS_FRAME_SHORT;
    if (!sealed(bytes, len))
        return MODBUS_FRAME_CRC;
    if (bytes[0] != read->slave)
        return MODBUS_FRAME_WRONG_SLAVE;
    if (bytes[1] == (read->function | EXCEPTION_BIT) && len == EXCEPTION_LEN) {
        ret->exception = bytes[2];
        return MODBUS_FRAME_EXCEPTION;
    }
    if (bytes[1] != read->function)
        return MODBUS_FRAME_WRONG_FUNCTION;
    if (bytes[2] != read->count * 2 || len != 5 + (size_t)bytes[2])
        return MODBUS_FRAME_WRONG_COUNT;

    *ret = (struct modbus_registers){.count = read->count};
    for (size_t i = 0; i < read->count; i++)
        ret->value[i] = word(bytes + 3 + 2 * i);
    return MODBUS_FRAME_GOOD;
}

const char *modbus_frame_error_name(enum modbus_frame_error error)
{
    static const char *const names[] = {
        [MODBUS_FRAME_GOOD] = "",
        [MODBUS_FRAME_TIMEOUT] = "TIMEOUT",
        [MODBUS_FRAME_SHORT] = "SHORT",
        [MODBUS_FRAME_CRC] = "CRC",
        [MODBUS_FRAME_WRONG_SLAVE] = "WRONG_SLAVE",
        [MODBUS_FRAME_EXCEPTION] = "EXCEPTION",
        [MODBUS_FRAME_WRONG_FUNCTION] = "WRONG_FUNCTION",
        [MODBUS_FRAME_WRONG_COUNT] = "WRONG_COUNT",
    };
    return names[error];
}
