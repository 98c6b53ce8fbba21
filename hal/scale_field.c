/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_field.h"

#include <assert.h>
#include <string.h>

static size_t skip_blanks(const uint8_t *field, size_t len, size_t at)
{
    while (at < len && field[at] == ' ')
        at++;
    return at;
}

enum scale_frame_error scale_field_number(const uint8_t *field, size_t len, struct scale_reading *r)
{
    assert(len <= SCALE_FRAME_MAX); /* so that the digits fit an int64_t: fields are 10 at most */
    size_t at = skip_blanks(field, len, 0);
    int negative = at < len && field[at] == '-';
    if (at < len && (field[at] == '-' || field[at] == '+'))
        at = skip_blanks(field, len, at + 1);

    int64_t counts = 0;
    uint8_t digits = 0;
    uint8_t decimals = 0;
    int point = 0;
    for (; at < len && field[at] != ' '; at++) {
        if (field[at] == '.' && !point) {
            point = 1;
        } else if (field[at] >= '0' && field[at] <= '9') {
            counts = counts * 10 + (field[at] - '0');
            digits++;
            decimals = (uint8_t)(decimals + point);
        } else {
            return SCALE_BAD_NUMBER;
        }
        if (digits > 12)
            return SCALE_BAD_NUMBER;
    }
    if (digits == 0 || decimals > DECIMAL_PLACES_MAX || skip_blanks(field, len, at) != len)
        return SCALE_BAD_NUMBER;
    r->counts = negative ? -counts : counts;
    r->decimals = decimals;
    return SCALE_FRAME_GOOD;
}

enum scale_frame_error scale_field_sign(uint8_t sign, struct scale_reading *r)
{
    if (sign == '-' && r->counts >= 0)
        r->counts = -r->counts;
    else if (sign != '+' && sign != ' ' && sign != '0')
        return SCALE_BAD_NUMBER;
    return SCALE_FRAME_GOOD;
}

enum scale_frame_error scale_field_unit(const uint8_t *field, size_t len, struct scale_reading *r)
{
    static const struct {
        const char *sent;
        enum scale_unit unit;
    } known[] = {
        {"g", SCALE_UNIT_G},     {"kg", SCALE_UNIT_KG},   {"t", SCALE_UNIT_T},
        {"lb", SCALE_UNIT_LB},   {"oz", SCALE_UNIT_OZ},   {"PC", SCALE_UNIT_PCS},
        {"pcs", SCALE_UNIT_PCS}, {"PCS", SCALE_UNIT_PCS},
    };
    size_t from = skip_blanks(field, len, 0);
    size_t to = len;
    while (to > from && field[to - 1] == ' ')
        to--;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strlen(known[i].sent) == to - from &&
            memcmp(known[i].sent, field + from, to - from) == 0) {
            r->unit = known[i].unit;
            return SCALE_FRAME_GOOD;
        }
    }
    return SCALE_BAD_UNIT;
}

int scale_field_xor_agrees(const uint8_t *bytes, size_t len, const uint8_t check[2])
{
    static const char hex[] = "0123456789ABCDEF";
    uint8_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum ^= bytes[i];
    return check[0] == (uint8_t)hex[sum >> 4] && check[1] == (uint8_t)hex[sum & 15];
}

int scale_field_ends_line(const uint8_t *bytes, size_t len)
{
    return len >= 2 && bytes[len - 2] == '\r' && memchr(bytes, '\n', len) == &bytes[len - 1];
}
