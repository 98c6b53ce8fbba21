/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "modbus_frame.h"

static const struct modbus_read read_two = {.slave = 1, .function = 3, .address = 16, .count = 2};

struct row {
    const char *name;
    uint8_t bytes[16]; /* sealed with its CRC unless `raw` */
    size_t len;
    int raw;
    enum modbus_frame_error want;
};

static struct row rows[] = {
    {"two registers", {1, 3, 4, 0, 1, 0, 2}, 7, 0, MODBUS_FRAME_GOOD},
    {"nothing", {0}, 0, 1, MODBUS_FRAME_TIMEOUT},
    {"four bytes", {1, 3, 4, 0}, 4, 1, MODBUS_FRAME_SHORT},
    {"cut behind its announcement", {1, 3, 4, 0, 1, 0}, 6, 1, MODBUS_FRAME_SHORT},
    {"a wrong CRC at full length", {1, 3, 4, 0, 1, 0, 2, 9, 9}, 9, 1, MODBUS_FRAME_CRC},
    {"a spoilt count at full length", {1, 3, 200, 0, 1, 0, 2, 9, 9}, 9, 1, MODBUS_FRAME_CRC},
    {"another slave", {2, 3, 4, 0, 1, 0, 2}, 7, 0, MODBUS_FRAME_WRONG_SLAVE},
    {"another slave's refusal", {2, 0x83, 2}, 3, 0, MODBUS_FRAME_WRONG_SLAVE},
    {"a refusal", {1, 0x83, 2}, 3, 0, MODBUS_FRAME_EXCEPTION},
    {"a refusal of another function", {1, 0x84, 2}, 3, 0, MODBUS_FRAME_WRONG_FUNCTION},
    {"another function", {1, 4, 4, 0, 1, 0, 2}, 7, 0, MODBUS_FRAME_WRONG_FUNCTION},
    {"one register", {1, 3, 2, 0, 1}, 5, 0, MODBUS_FRAME_WRONG_COUNT},
};

static void answer_row(void **state)
{
    const struct row *r = *state;
    uint8_t bytes[18] = {0};
    memcpy(bytes, r->bytes, sizeof(r->bytes));
    size_t len = r->raw ? r->len : modbus_frame_seal(bytes, r->len);
    struct modbus_registers got = {.count = 47};
    enum modbus_frame_error err = modbus_answer_decode(&read_two, bytes, len, &got);
    assert_string_equal(modbus_frame_error_name(err), modbus_frame_error_name(r->want));
    assert_int_equal(got.count, err == MODBUS_FRAME_GOOD ? 2 : 47);
    assert_int_equal(got.exception, err == MODBUS_FRAME_EXCEPTION ? 2 : 0);
}

static void the_published_crc(void **state)
{
    (void)state;
    /* The example of "Modbus over serial line V1.02": 02 07 has the CRC 41 12 on the wire. */
    assert_int_equal(modbus_frame_crc((const uint8_t[]){0x02, 0x07}, 2), 0x1241);
}

static void a_request_for_too_much_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[8];
    struct modbus_read got = {0};
    struct modbus_read greedy = read_two;
    greedy.count = MODBUS_FRAME_REGISTERS_MAX + 1;
    assert_int_equal(modbus_read_decode(bytes, modbus_read_encode(&greedy, bytes), &got), -EBADMSG);
    assert_int_equal(modbus_read_decode(bytes, modbus_read_encode(&read_two, bytes), &got), 0);
    assert_int_equal(got.address, 16);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, answer_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(the_published_crc);
    tests[ARRAY_LEN(rows) + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_request_for_too_much_is_refused);
    return cmocka_run_group_tests_name("modbus_frame", tests, NULL, NULL);
}
