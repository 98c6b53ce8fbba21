/* SPDX-License-Identifier: Apache-2.0 */
/* Automatic output of Rinstrum's R300, R400 and C500: STX, sign, seven characters, status, ETX. */
#include "scale_field.h"

#define STX 0x02
#define ETX 0x03
#define NUMBER_LEN 7

struct letter {
    uint8_t sent;
    enum scale_status status;
    enum scale_kind kind;
};

static const struct letter letters[] = {
    {'G', SCALE_STABLE, SCALE_GROSS},        {'N', SCALE_STABLE, SCALE_NET},
    {'U', SCALE_UNDERLOAD, SCALE_DISPLAYED}, {'O', SCALE_OVERLOAD, SCALE_DISPLAYED},
    {'M', SCALE_MOTION, SCALE_DISPLAYED},    {'E', SCALE_ERROR, SCALE_DISPLAYED},
};

static enum scale_frame_error letter_of(uint8_t sent, struct scale_frame *f)
{
    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        if (letters[i].sent != sent)
            continue;
        f->reading.status = letters[i].status;
        f->reading.kind = letters[i].kind;
        f->reply = scale_reading_usable(&f->reading) ? SCALE_REPLY_WEIGHT : SCALE_REPLY_NOTICE;
        return SCALE_FRAME_GOOD;
    }
    return SCALE_BAD_STATUS;
}

static enum scale_frame_error signed_number(const uint8_t *b, struct scale_reading *r)
{
    if (b[0] != ' ' && b[0] != '-' && b[0] != '+')
        return SCALE_BAD_NUMBER;
    return scale_field_number(b, 1 + NUMBER_LEN, r);
}

enum scale_frame_error scale_decode_rinstrum1(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len != 11 || b[0] != STX || b[10] != ETX)
        return SCALE_BAD_LENGTH;
    enum scale_frame_error err = letter_of(b[9], f);
    if (err || f->reply == SCALE_REPLY_NOTICE)
        return err;
    return signed_number(b + 1, &f->reading);
}

/* S1 G N U O E, S2 motion, S3 centre of zero, S4 range or '-', three of unit (blank in motion) */
enum scale_frame_error scale_decode_rinstrum2(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len != 17 || b[0] != STX || b[16] != ETX)
        return SCALE_BAD_LENGTH;
    enum scale_frame_error err = b[9] == 'M' ? SCALE_BAD_STATUS : letter_of(b[9], f);
    if (err)
        return err;
    if ((b[10] != 'M' && b[10] != ' ') || (b[11] != 'Z' && b[11] != ' ') ||
        (b[12] != '-' && (b[12] < '0' || b[12] > '9')))
        return SCALE_BAD_STATUS;
    if (f->reply == SCALE_REPLY_NOTICE)
        return SCALE_FRAME_GOOD;
    if (b[10] == 'M')
        f->reading.status = SCALE_MOTION;
    err = signed_number(b + 1, &f->reading);
    if (err)
        return err;
    int blank = b[13] == ' ' && b[14] == ' ' && b[15] == ' ';
    if (blank && b[10] == 'M')
        return SCALE_FRAME_GOOD;
    return scale_field_unit(b + 13, 3, &f->reading);
}
