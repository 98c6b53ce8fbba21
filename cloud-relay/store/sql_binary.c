/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sql_binary.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define ARRAY_HEAD_BYTES 20 /* dimensions, nulls, element type, length, lower bound */
#define ARRAY_HEAD_EMPTY_BYTES 12

static const struct {
    enum sql_oid one;
    enum sql_oid array;
} oids[] = {
    [SQL_INT] = {SQL_OID_INT8, SQL_OID_INT8_ARRAY},
    [SQL_TEXT] = {SQL_OID_TEXT, SQL_OID_TEXT_ARRAY},
    [SQL_BYTES] = {SQL_OID_BYTEA, SQL_OID_BYTEA_ARRAY},
};

unsigned int sql_binary_oid(enum sql_type type)
{
    return oids[type].one;
}

unsigned int sql_binary_array_oid(enum sql_type type)
{
    return oids[type].array;
}

static unsigned char *put_32(unsigned char *out, uint32_t value)
{
    for (int i = 3; i >= 0; i--, value >>= 8)
        out[i] = (unsigned char)(value & 0xFF);
    return out + 4;
}

void sql_binary_put_int(int64_t value, unsigned char out[8])
{
    uint64_t bits = (uint64_t)value;
    put_32(put_32(out, (uint32_t)(bits >> 32)), (uint32_t)(bits & UINT32_MAX));
}

static uint64_t get_bits(const unsigned char *bytes, size_t len)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < len; i++)
        bits = bits << 8 | bytes[i];
    return bits;
}

static int64_t get_signed(const unsigned char *bytes, size_t len)
{
    unsigned int unused = 64 - 8 * (unsigned int)len;
    /* Shifts the sign to the top and, arithmetically, back. */
    return (int64_t)(get_bits(bytes, len) << unused) >> unused;
}

/* numeric_send(): four 16-bit words (digits, weight, sign, scale), then digits to the base 10000,
 * of which the first stands for 10000^weight. */
static int get_numeric(const unsigned char *bytes, size_t len, int64_t *ret)
{
    enum { POSITIVE = 0, NEGATIVE = 0x4000, BASE = 10000 };
    if (len < 8)
        return -EBADMSG;
    size_t digits = get_bits(bytes, 2);
    int64_t weight = get_signed(bytes + 2, 2);
    uint64_t sign = get_bits(bytes + 4, 2);
    if (len != 8 + 2 * digits || (sign != POSITIVE && sign != NEGATIVE))
        return -EBADMSG;
    /* Downwards from 0, where the 64 bits reach one further. */
    int64_t value = 0;
    for (size_t i = 0; i < digits || (int64_t)i <= weight; i++) {
        int64_t digit = i < digits ? get_signed(bytes + 8 + 2 * i, 2) : 0;
        if ((int64_t)i > weight) {
            if (digit != 0)
                return -EBADMSG;
        } else if (__builtin_mul_overflow(value, BASE, &value) ||
                   __builtin_sub_overflow(value, digit, &value)) {
            return -ERANGE;
        }
    }
    if (sign == POSITIVE && __builtin_sub_overflow(0, value, &value))
        return -ERANGE;
    *ret = value;
    return 0;
}

int sql_binary_get_int(unsigned int oid, const void *bytes, size_t len, int64_t *ret)
{
    assert(bytes && ret);
    static const struct {
        enum sql_oid oid;
        size_t len;
    } whole[] = {{SQL_OID_INT8, 8}, {SQL_OID_INT4, 4}, {SQL_OID_INT2, 2}, {SQL_OID_BOOL, 1}};
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        if (oid == whole[i].oid && len == whole[i].len) {
            *ret = get_signed(bytes, len);
            return 0;
        }
    }
    return oid == SQL_OID_NUMERIC ? get_numeric(bytes, len, ret) : -EBADMSG;
}

/* The bytes of one element, without its length; NULL: NULL. */
static const void *element(const struct sql_column *c, size_t row, unsigned char number[8],
                           size_t *ret_len)
{
    switch (c->type) {
    case SQL_INT:
        sql_binary_put_int(c->ints[row], number);
        *ret_len = 8;
        return number;
    case SQL_TEXT:
        *ret_len = c->texts[row] ? strlen(c->texts[row]) : 0;
        return c->texts[row];
    case SQL_BYTES:
        *ret_len = c->lens[row];
        return c->bytes[row];
    }
    return NULL;
}

size_t sql_binary_array_size(const struct sql_column *column, size_t n_rows)
{
    assert(column);
    if (n_rows == 0)
        return ARRAY_HEAD_EMPTY_BYTES;
    size_t size = ARRAY_HEAD_BYTES;
    for (size_t row = 0; row < n_rows; row++) {
        unsigned char number[8];
        size_t len = 0;
        size += 4 + (element(column, row, number, &len) ? len : 0);
    }
    return size;
}

void sql_binary_put_array(const struct sql_column *column, size_t n_rows, unsigned char *out)
{
    assert(column && out);
    if (n_rows == 0) { /* no dimensions */
        put_32(put_32(put_32(out, 0), 0), sql_binary_oid(column->type));
        return;
    }
    unsigned char *nulls = out + 4;
    bool any_null = false;
    out = put_32(out, 1);
    out = put_32(out, 0);
    out = put_32(out, sql_binary_oid(column->type));
    out = put_32(out, (uint32_t)n_rows);
    out = put_32(out, 1);
    for (size_t row = 0; row < n_rows; row++) {
        unsigned char number[8];
        size_t len = 0;
        const void *bytes = element(column, row, number, &len);
        any_null = any_null || !bytes;
        out = put_32(out, bytes ? (uint32_t)len : UINT32_MAX);
        if (bytes)
            out = (unsigned char *)mempcpy(out, bytes, len);
    }
    put_32(nulls, any_null);
}
