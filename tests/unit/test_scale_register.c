/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>

#include "attr.h"
#include "scale_register.h"

struct row {
    const char *name;
    const char *profile;
    enum scale_word_order order;
    uint16_t registers[SCALE_REGISTERS_MAX];
    const char *want; /* "status kind value" */
};

static struct row rows[] = {
    {"the sign is in the state, not in the number",
     "laumas_tl",
     SCALE_ABCD,
     {0x0880, 0, 123, 0, 5},
     "stable gross -0.123"},
    {"the net weight when the display shows it",
     "laumas_tl",
     SCALE_ABCD,
     {0x0c00, 0, 123, 0, 5},
     "stable net 0.005"},
    {"load beyond the maximum",
     "laumas_tl",
     SCALE_ABCD,
     {0x0804, 0, 123, 0, 5},
     "overload gross 0.123"},
    {"a broken load cell outranks all",
     "laumas_tl",
     SCALE_ABCD,
     {0x0805, 0, 123, 0, 5},
     "error gross 0.123"},
    {"not stable is motion", "laumas_tl", SCALE_ABCD, {0, 1, 0, 0, 5}, "motion gross 65.536"},
    {"underload", "dini_dgt", SCALE_ABCD, {0, 7, 0, 7, 1u << 3}, "underload gross 0.007"},
    {"tared", "dini_dgt", SCALE_ABCD, {0, 700, 0, 70, 1u << 2 | 1u << 5}, "stable net 0.070"},
    {"a signed count", "pr5220", SCALE_ABCD, {0xffff, 0xfffe}, "unknown gross -0.002"},
    {"motion has the other sense",
     "tuna_id551",
     SCALE_CDAB,
     {0, 0, 0, 0x40a0, 1u << 15 | 1u << 12},
     "motion gross 5.000"},
    {"at rest", "tuna_id551", SCALE_CDAB, {0, 0, 0, 0x40a0, 1u << 15}, "stable gross 5.000"},
    {"weight data not ok", "tuna_id551", SCALE_CDAB, {0, 0, 0, 0x40a0, 0}, "not_ready gross 5.000"},
    {"a float rounds to the display",
     "float32",
     SCALE_ABCD,
     {0x4048, 0xf5c3},
     "unknown gross 3.140"},
};

static void register_row(void **state)
{
    const struct row *r = *state;
    struct scale_register_conf conf = {.decimals = 3, .unit = SCALE_UNIT_KG, .order = r->order};
    struct scale_registers got;
    assert_int_equal(
        scale_registers_decode(scale_register_profile(r->profile), &conf, r->registers, &got), 0);
    struct scale_reading reading = scale_registers_reading(&got, &conf);
    char value[DECIMAL_TEXT_SIZE];
    char text[96];
    snprintf(text, sizeof(text), "%s %s %s", scale_status_name(reading.status),
             scale_kind_name(reading.kind), scale_reading_value(&reading, value));
    assert_string_equal(text, r->want);
    assert_int_equal(reading.unit, SCALE_UNIT_KG);
}

struct float_row {
    const char *name;
    uint32_t bits;
    const char *want; /* NULL: refused */
};

static struct float_row float_rows[] = {
    {"zero", 0x00000000, "0"},
    {"minus zero", 0x80000000, "0"},
    {"a tenth", 0x3dcccccd, "0.1"},
    {"a third", 0x3eaaaaab, "0.33333334"},
    {"a power of two", 0x4b000000, "8388608"},
    {"a quarter of a thousand and a half", 0x437a8000, "250.5"},
    {"negative", 0xc2673e77, "-57.811"},
    {"a thousand million is no weight", 0x4e6e6b28, NULL},
    {"infinite", 0x7f800000, NULL},
    {"not a number", 0x7fc00000, NULL},
    {"too small to show", 0x00000001, "0"},
};

static void float_row(void **state)
{
    const struct float_row *r = *state;
    int64_t counts = 4711;
    uint8_t decimals = 47;
    char text[DECIMAL_TEXT_SIZE];
    int err = scale_float_shortest(r->bits, &counts, &decimals);
    assert_int_equal(err, r->want ? 0 : -EBADMSG);
    if (r->want)
        assert_string_equal(decimal_format(counts, decimals, text), r->want);
    else
        assert_int_equal(counts, 4711);
}

static void every_order_is_read_as_it_is_written(void **state)
{
    (void)state;
    static const uint16_t wire[SCALE_WORD_ORDERS][2] = {
        {0x0102, 0x0304}, {0x0304, 0x0102}, {0x0201, 0x0403}, {0x0403, 0x0201}};
    for (unsigned order = 0; order < SCALE_WORD_ORDERS; order++) {
        uint16_t registers[2];
        assert_int_equal(scale_register_u32(wire[order], (enum scale_word_order)order), 0x01020304);
        scale_register_put_u32(0x01020304, (enum scale_word_order)order, registers);
        assert_memory_equal(registers, wire[order], sizeof(registers));
    }
}

static void a_known_weight_tells_the_word_order(void **state)
{
    (void)state;
    for (unsigned order = 0; order < SCALE_WORD_ORDERS; order++) {
        uint16_t registers[2];
        scale_register_put_u32(0x43fa3333, (enum scale_word_order)order, registers); /* 500.4 */
        assert_int_equal(scale_register_orders(registers, 500000, 3, 10), 1u << order);
        assert_int_equal(scale_register_orders(registers, 0, 3, 10), 0);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(float_rows) + 2];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, register_row, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(float_rows); i++)
        tests[n++] = (struct CMUnitTest){float_rows[i].name, float_row, NULL, NULL, &float_rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_order_is_read_as_it_is_written);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_known_weight_tells_the_word_order);
    return cmocka_run_group_tests_name("scale_register", tests, NULL, NULL);
}
