/* SPDX-License-Identifier: Apache-2.0 */
/* hal/modbus_frame.h -- the bytes of Modbus RTU exchanges: builds requests and judges answers. For
 * the simulators, for diagnosis and for vectors; the drivers leave the wire to libmodbus. Pure.
 * After "MODBUS over serial line V1.02" and "MODBUS application protocol V1.1b3". */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define MODBUS_FRAME_MAX 256
#define MODBUS_FRAME_REGISTERS_MAX 125 /* one read, application protocol 6.3 */

enum modbus_frame_error {
    MODBUS_FRAME_GOOD,
    MODBUS_FRAME_TIMEOUT, /* no byte came */
    MODBUS_FRAME_SHORT,
    MODBUS_FRAME_CRC,
    MODBUS_FRAME_WRONG_SLAVE,
    MODBUS_FRAME_EXCEPTION, /* the slave refuses: ret->exception says why */
    MODBUS_FRAME_WRONG_FUNCTION,
    MODBUS_FRAME_WRONG_COUNT,
};

/* A request to read registers: function 3 (holding) or 4 (input). */
struct modbus_read {
    uint8_t slave;
    uint8_t function;
    uint16_t address;
    uint16_t count; /* 1..MODBUS_FRAME_REGISTERS_MAX */
};

struct modbus_registers {
    uint8_t exception; /* for MODBUS_FRAME_EXCEPTION only */
    uint16_t count;
    uint16_t value[MODBUS_FRAME_REGISTERS_MAX];
};

uint16_t modbus_frame_crc(const uint8_t *bytes, size_t len);

/* Adds the CRC behind len bytes, low byte first. Room for two more must be there.
 * Returns len + 2. */
size_t modbus_frame_seal(uint8_t *bytes, size_t len);

/* Writes the 8 bytes of a read request. */
size_t modbus_read_encode(const struct modbus_read *read, uint8_t ret[8]);

/* Reads such a request back. -EBADMSG when its length, CRC, function or count are not right. */
NODISCARD int modbus_read_decode(const uint8_t *bytes, size_t len, struct modbus_read *ret);

/* Writes the answer to a read; ret has MODBUS_FRAME_MAX bytes. Returns its length. */
size_t modbus_answer_encode(const struct modbus_read *read, const uint16_t *registers,
                            uint8_t *ret);

/* Judges the answer to a request. *ret is written for GOOD, and its `exception` for EXCEPTION. */
NODISCARD enum modbus_frame_error modbus_answer_decode(const struct modbus_read *read,
                                                       const uint8_t *bytes, size_t len,
                                                       struct modbus_registers *ret);

/* "WRONG_COUNT"; "EXCEPTION" without its number. */
const char *modbus_frame_error_name(enum modbus_frame_error error);
