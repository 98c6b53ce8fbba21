/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "sql_binary.h"

/* What PostgreSQL 15 sends for the value in the name (SELECT ... in binary). */
static struct row {
    const char *name;
    unsigned int oid;
    const char *bytes;
    size_t len;
    int err;
    int64_t want;
} rows[] = {
    {"int8 of the least number", SQL_OID_INT8, "\x80\0\0\0\0\0\0\0", 8, 0, INT64_MIN},
    {"int4 -2", SQL_OID_INT4, "\xFF\xFF\xFF\xFE", 4, 0, -2},
    {"int2 258", SQL_OID_INT2, "\1\2", 2, 0, 258},
    {"true", SQL_OID_BOOL, "\1", 1, 0, 1},
    {"numeric 0 has no digits", SQL_OID_NUMERIC, "\0\0\0\0\0\0\0\0", 8, 0, 0},
    {"numeric 1", SQL_OID_NUMERIC, "\0\1\0\0\0\0\0\0\0\1", 10, 0, 1},
    {"numeric 100000000: trailing digits are left out", SQL_OID_NUMERIC, "\0\1\0\2\0\0\0\0\0\1", 10,
     0, 100000000},
    {"numeric -12345.00", SQL_OID_NUMERIC, "\0\2\0\1\x40\0\0\2\0\1\x09\x29", 12, 0, -12345},
    {"numeric 0.5 is no whole number", SQL_OID_NUMERIC, "\0\1\xFF\xFF\0\0\0\1\x13\x88", 10,
     -EBADMSG, 0},
    {"numeric NaN", SQL_OID_NUMERIC, "\0\0\0\0\xC0\0\0\0", 8, -EBADMSG, 0},
    {"numeric 9223372036854775807", SQL_OID_NUMERIC,
     "\0\5\0\4\0\0\0\0\x03\x9A\x0D\x2C\x01\x70\x15\x65\x16\xAF", 18, 0, INT64_MAX},
    {"numeric 9223372036854775808 is too large", SQL_OID_NUMERIC,
     "\0\5\0\4\0\0\0\0\x03\x9A\x0D\x2C\x01\x70\x15\x65\x16\xB0", 18, -ERANGE, 0},
    {"numeric -9223372036854775808", SQL_OID_NUMERIC,
     "\0\5\0\4\x40\0\0\0\x03\x9A\x0D\x2C\x01\x70\x15\x65\x16\xB0", 18, 0, INT64_MIN},
    {"numeric that is cut off", SQL_OID_NUMERIC, "\0\2\0\0\0\0\0\0\0\1", 10, -EBADMSG, 0},
    {"text is no number", SQL_OID_TEXT, "12", 2, -EBADMSG, 0},
    {"int8 of four bytes", SQL_OID_INT8, "\0\0\0\1", 4, -EBADMSG, 0},
};

static void number_row(void **state)
{
    const struct row *r = *state;
    int64_t got = 77;
    assert_int_equal(sql_binary_get_int(r->oid, r->bytes, r->len, &got), r->err);
    assert_true(got == (r->err < 0 ? 77 : r->want));
}

static void an_array_carries_its_nulls(void **state)
{
    (void)state;
    static const char *const texts[] = {"ab", NULL, ""};
    const struct sql_column c = {.name = "t", .type = SQL_TEXT, .texts = texts};
    static const unsigned char want[] = {0,   0,   0,    1,    0,    0,    0, 1, 0, 0, 0, 25,
                                         0,   0,   0,    3,    0,    0,    0, 1, 0, 0, 0, 2,
                                         'a', 'b', 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0};
    unsigned char got[64];
    assert_int_equal(sql_binary_array_size(&c, 3), sizeof(want));
    sql_binary_put_array(&c, 3, got);
    assert_memory_equal(got, want, sizeof(want));
}

static void an_array_of_numbers_and_of_bytes(void **state)
{
    (void)state;
    static const int64_t ints[] = {-1};
    static const void *const bytes[] = {"\0x"};
    static const size_t lens[] = {2};
    const struct sql_column numbers = {.name = "n", .type = SQL_INT, .ints = ints};
    const struct sql_column blobs = {.name = "b", .type = SQL_BYTES, .bytes = bytes, .lens = lens};
    unsigned char got[64];
    assert_int_equal(sql_binary_array_size(&numbers, 1), 32);
    sql_binary_put_array(&numbers, 1, got);
    assert_memory_equal(got + 20, "\0\0\0\x8\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12);
    assert_int_equal(sql_binary_array_size(&blobs, 1), 26);
    sql_binary_put_array(&blobs, 1, got);
    assert_memory_equal(got + 4, "\0\0\0\0\0\0\0\x11", 8);
    assert_memory_equal(got + 20, "\0\0\0\2\0x", 6);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, number_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(an_array_carries_its_nulls);
    tests[ARRAY_LEN(rows) + 1] =
        (struct CMUnitTest)cmocka_unit_test(an_array_of_numbers_and_of_bytes);
    return cmocka_run_group_tests_name("sql_binary", tests, NULL, NULL);
}
