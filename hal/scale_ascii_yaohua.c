/* SPDX-License-Identifier: Apache-2.0 */
/* The outputs of Yaohua's XK3190 family, which many names sell. */
#include <string.h>

#include "scale_field.h"

#define STX 0x02
#define ETX 0x03
#define NUMBER_LEN 7
#define POINT_MAX 4

/* STX, sign, six digits, decimals, two check characters, ETX */
enum scale_frame_error scale_decode_yaohua_xor(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len != 12 || b[0] != STX || b[11] != ETX)
        return SCALE_BAD_LENGTH;
    if (!scale_field_xor_agrees(b + 1, 8, b + 9))
        return SCALE_BAD_CHECKSUM;
    f->reading.status = SCALE_UNKNOWN;
    for (size_t i = 2; i < 8; i++)
        if (b[i] < '0' || b[i] > '9')
            return SCALE_BAD_NUMBER;
    if (b[8] < '0' || b[8] > '0' + POINT_MAX || (b[1] != '+' && b[1] != '-'))
        return SCALE_BAD_NUMBER;
    enum scale_frame_error err = scale_field_number(b + 2, 6, &f->reading);
    f->reading.decimals = (uint8_t)(b[8] - '0');
    return err ? err : scale_field_sign(b[1], &f->reading);
}

static enum scale_frame_error decode_equals(const uint8_t number[NUMBER_LEN], uint8_t sign,
                                            struct scale_frame *f)
{
    f->reading.status = SCALE_UNKNOWN;
    if (sign != '0' && sign != '-')
        return SCALE_BAD_NUMBER;
    if (number[0] == '-' || number[0] == '+')
        return SCALE_BAD_NUMBER;
    enum scale_frame_error err = scale_field_number(number, NUMBER_LEN, &f->reading);
    return err ? err : scale_field_sign(sign, &f->reading);
}

/* '=', seven characters from the last to the first, sign */
enum scale_frame_error scale_decode_yaohua_rev(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len != 9 || b[0] != '=')
        return SCALE_BAD_LENGTH;
    uint8_t number[NUMBER_LEN];
    for (size_t i = 0; i < NUMBER_LEN; i++)
        number[i] = b[NUMBER_LEN - i];
    return decode_equals(number, b[8], f);
}

/* '=', sign, seven characters */
enum scale_frame_error scale_decode_yaohua_fwd(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len != 9 || b[0] != '=')
        return SCALE_BAD_LENGTH;
    return decode_equals(b + 2, b[1], f);
}

/* ww, wn or wt, seven to nine characters with or without a minus before them, kg or lb */
enum scale_frame_error scale_decode_yaohua_w(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len < 13 || len > 16 || !scale_field_ends_line(b, len) || b[0] != 'w')
        return SCALE_BAD_LENGTH;
    f->reading.status = SCALE_UNKNOWN;
    switch (b[1]) {
    case 'w':
        f->reading.kind = SCALE_GROSS;
        break;
    case 'n':
        f->reading.kind = SCALE_NET;
        break;
    case 't':
        f->reading.kind = SCALE_TARE;
        break;
    default:
        return SCALE_BAD_STATUS;
    }
    enum scale_frame_error err = scale_field_number(b + 2, len - 6, &f->reading);
    return err ? err : scale_field_unit(b + len - 4, 2, &f->reading);
}

/* WG or WN, seven characters, kg, two check characters; nine blanks and OL or LO out of range */
enum scale_frame_error scale_decode_yaohua_wg(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len != 15 || !scale_field_ends_line(b, len) || (b[0] != 'W' && b[0] != ' '))
        return SCALE_BAD_LENGTH;
    if (!scale_field_xor_agrees(b, 11, b + 11))
        return SCALE_BAD_CHECKSUM;
    if (b[0] == ' ') {
        f->reply = SCALE_REPLY_NOTICE;
        if (memcmp(b, "         OL", 11) == 0)
            f->reading.status = SCALE_OVERLOAD;
        else if (memcmp(b, "         LO", 11) == 0)
            f->reading.status = SCALE_UNDERLOAD;
        else
            return SCALE_BAD_STATUS;
        return SCALE_FRAME_GOOD;
    }
    f->reading.status = SCALE_UNKNOWN;
    if (b[1] != 'G' && b[1] != 'N')
        return SCALE_BAD_STATUS;
    f->reading.kind = b[1] == 'G' ? SCALE_GROSS : SCALE_NET;
    enum scale_frame_error err = scale_field_number(b + 2, NUMBER_LEN, &f->reading);
    return err ? err : scale_field_unit(b + 9, 2, &f->reading);
}
