/* SPDX-License-Identifier: Apache-2.0 */
/* Toledo continuous output: STX SWA SWB SWC, six digits of weight, six of tare, CR, and in the long
 * form a checksum. Three status words carry point, sign, state and unit. */
#include <string.h>

#include "scale_field.h"

#define STX 0x02
#define DIGITS 6
#define WORD_ALWAYS 0x20 /* bit 5 of each status word */
#define SWA_POINT 0x07
#define SWB_NET 0x01
#define SWB_NEGATIVE 0x02
#define SWB_OUT_OF_RANGE 0x04
#define SWB_MOTION 0x08
#define SWB_KG 0x10
#define SWB_NOT_ZEROED 0x40
#define SWC_UNIT 0x07

static enum scale_frame_error digits_of(const uint8_t *field, struct scale_reading *r)
{
    if (memchr(field, '.', DIGITS) || memchr(field, '-', DIGITS) || memchr(field, '+', DIGITS))
        return SCALE_BAD_NUMBER; /* point and sign are in the status words */
    if (field[DIGITS - 1] == ' ')
        return SCALE_BAD_NUMBER;
    return scale_field_number(field, DIGITS, r);
}

/* SWC bits 0-2; 0 leaves it to SWB (IND445 manual). */
static enum scale_frame_error unit_of(uint8_t swb, uint8_t swc, struct scale_reading *r)
{
    static const enum scale_unit other[] = {SCALE_UNIT_NONE, SCALE_UNIT_G, SCALE_UNIT_T,
                                            SCALE_UNIT_OZ};
    unsigned index = swc & SWC_UNIT;
    if (index >= ARRAY_LEN(other))
        return SCALE_BAD_UNIT;
    if (index == 0)
        r->unit = swb & SWB_KG ? SCALE_UNIT_KG : SCALE_UNIT_LB;
    else
        r->unit = other[index];
    return SCALE_FRAME_GOOD;
}

static void state_of(uint8_t swb, struct scale_frame *f)
{
    struct scale_reading *r = &f->reading;
    r->kind = swb & SWB_NET ? SCALE_NET : SCALE_GROSS;
    if (swb & SWB_OUT_OF_RANGE)
        r->status = swb & SWB_NEGATIVE ? SCALE_UNDERLOAD : SCALE_OVERLOAD;
    else if (swb & SWB_NOT_ZEROED)
        r->status = SCALE_NOT_READY;
    else
        r->status = swb & SWB_MOTION ? SCALE_MOTION : SCALE_STABLE;
    f->reply = scale_reading_usable(r) ? SCALE_REPLY_WEIGHT : SCALE_REPLY_NOTICE;
}

/* The first 17 bytes, which both forms share; bit 7 is masked off already. */
static enum scale_frame_error decode_words(const uint8_t *b, struct scale_frame *f)
{
    uint8_t swa = b[1];
    uint8_t swb = b[2];
    uint8_t swc = b[3];
    if (!(swa & swb & swc & WORD_ALWAYS))
        return SCALE_BAD_STATUS;
    state_of(swb, f);
    if (f->reply == SCALE_REPLY_NOTICE)
        return SCALE_FRAME_GOOD;

    struct scale_reading tare = {0};
    enum scale_frame_error err = digits_of(b + 4, &f->reading);
    if (!err)
        err = digits_of(b + 4 + DIGITS, &tare);
    if (err)
        return err;
    /* The point's code: 0 is x100, 1 is x10, 2 is x1, 3 is one decimal, and so on. */
    unsigned point = swa & SWA_POINT;
    for (unsigned i = point; i < 2; i++)
        f->reading.counts *= 10;
    f->reading.decimals = (uint8_t)(point > 2 ? point - 2 : 0);
    if (swb & SWB_NEGATIVE)
        f->reading.counts = -f->reading.counts;
    return unit_of(swb, swc, &f->reading);
}

static enum scale_frame_error decode(const uint8_t *bytes, size_t len, size_t want,
                                     struct scale_frame *f)
{
    uint8_t b[18];
    if (len != want)
        return SCALE_BAD_LENGTH;
    for (size_t i = 0; i < len; i++)
        b[i] = bytes[i] & 0x7f; /* 7E1 is common: the parity bit may be left in */
    if (b[0] != STX || b[16] != '\r')
        return SCALE_BAD_LENGTH;
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += b[i];
    if (want == 18 && (sum & 0x7f) != 0)
        return SCALE_BAD_CHECKSUM;
    return decode_words(b, f);
}

enum scale_frame_error scale_decode_toledo17(const uint8_t *b, size_t len, struct scale_frame *f)
{
    return decode(b, len, 17, f);
}

enum scale_frame_error scale_decode_toledo18(const uint8_t *b, size_t len, struct scale_frame *f)
{
    return decode(b, len, 18, f);
}
