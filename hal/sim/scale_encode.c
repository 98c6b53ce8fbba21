/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_encode.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STX "\x02"
#define ETX "\x03"
#define TEXT_SIZE 96 /* room for any digits: what is too long is refused by its length */

static int negative(const struct scale_reading *r)
{
    return r->counts < 0;
}

/* The digits without a sign; zero-filled to width when `fill` is '0', right-aligned when blank. */
static int digits(const struct scale_reading *r, int width, char fill, char ret[DECIMAL_TEXT_SIZE])
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(llabs(r->counts), r->decimals, text);
    int len = (int)strlen(text);
    if (len > width)
        return -EINVAL;
    memset(ret, fill, (size_t)(width - len));
    memcpy(ret + (width - len), text, (size_t)len + 1);
    return 0;
}

/* A field of `width` with its sign directly before the digits. */
static int signed_digits(const struct scale_reading *r, int width, char ret[DECIMAL_TEXT_SIZE])
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(r->counts, r->decimals, text);
    if ((int)strlen(text) > width)
        return -EINVAL;
    snprintf(ret, DECIMAL_TEXT_SIZE, "%*s", width, text);
    return 0;
}

static void append_xor(char *line, size_t from)
{
    size_t len = strlen(line);
    unsigned sum = 0;
    for (size_t i = from; i < len; i++)
        sum ^= (unsigned char)line[i];
    snprintf(line + len, TEXT_SIZE - len, "%02X", sum);
}

static int needs_unit(const struct scale_reading *r)
{
    return r->unit == SCALE_UNIT_NONE ? -EINVAL : 0;
}

static int write_mtsics(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    (void)p;
    char number[DECIMAL_TEXT_SIZE];
    switch (r->status) {
    case SCALE_OVERLOAD:
        return snprintf(line, TEXT_SIZE, "S +\r\n");
    case SCALE_UNDERLOAD:
        return snprintf(line, TEXT_SIZE, "S -\r\n");
    case SCALE_NOT_READY:
        return snprintf(line, TEXT_SIZE, "S I\r\n");
    case SCALE_ERROR:
        return snprintf(line, TEXT_SIZE, "EL\r\n");
    case SCALE_STABLE:
    case SCALE_MOTION:
    case SCALE_UNKNOWN:
        break;
    }
    if (signed_digits(r, 10, number) < 0 || needs_unit(r) < 0)
        return -EINVAL;
    return snprintf(line, TEXT_SIZE, "S %c %s %s\r\n", r->status == SCALE_STABLE ? 'S' : 'D',
                    number, scale_unit_name(r->unit));
}

static const char *header(const struct scale_reading *r)
{
    switch (r->status) {
    case SCALE_STABLE:
        return "ST";
    case SCALE_MOTION:
    case SCALE_UNKNOWN:
        return "US";
    case SCALE_OVERLOAD:
    case SCALE_UNDERLOAD:
        return "OL";
    case SCALE_ERROR:
    case SCALE_NOT_READY:
        return NULL;
    }
    return NULL;
}

/* The number of an A&D or CAS frame; out of range only its sign means something. */
static int range_digits(const struct scale_reading *r, int width, char *ret)
{
    if (r->status != SCALE_OVERLOAD && r->status != SCALE_UNDERLOAD)
        return needs_unit(r) < 0 ? -EINVAL : signed_digits(r, width, ret);
    memset(ret, ' ', (size_t)width);
    ret[width] = '\0';
    ret[0] = r->status == SCALE_UNDERLOAD ? '-' : ' ';
    return 0;
}

static int write_and17(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    (void)p;
    char number[DECIMAL_TEXT_SIZE];
    const char *unit = r->unit == SCALE_UNIT_PCS ? "PC" : scale_unit_name(r->unit);
    if (r->status == SCALE_NOT_READY)
        return snprintf(line, TEXT_SIZE, "I\r\n");
    if (r->status == SCALE_OVERLOAD || r->status == SCALE_UNDERLOAD)
        return snprintf(line, TEXT_SIZE, "OL,%c99999.99 kg\r\n",
                        r->status == SCALE_OVERLOAD ? '+' : '-');
    if (!header(r) || needs_unit(r) < 0 || digits(r, 8, '0', number) < 0)
        return -EINVAL;
    return snprintf(line, TEXT_SIZE, "%s,%c%s%3s\r\n", header(r), negative(r) ? '-' : '+', number,
                    unit);
}

static int write_cas(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    char number[DECIMAL_TEXT_SIZE];
    const char *unit = r->unit == SCALE_UNIT_PCS ? "PC" : scale_unit_name(r->unit);
    if (r->status == SCALE_ERROR)
        return snprintf(line, TEXT_SIZE, "ERR01\r\n");
    if (!header(r) || range_digits(r, 8, number) < 0)
        return -EINVAL;
    const char *kind = r->kind == SCALE_NET ? "NT" : "GS";
    if (p == SCALE_AND18)
        return snprintf(line, TEXT_SIZE, "%s,%s,%s%2s\r\n", header(r), kind, number, unit);
    unsigned lamp =
        0x80u | (r->status == SCALE_STABLE ? 0x40u : 0) | (r->kind == SCALE_NET ? 0x02u : 0x04u);
    return snprintf(line, TEXT_SIZE, "%s,%s,1%c,%s %2s\r\n", header(r), kind, (int)lamp, number,
                    unit);
}

static int write_cas10(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    (void)p;
    char number[DECIMAL_TEXT_SIZE];
    if (!scale_reading_usable(r) || signed_digits(r, 8, number) < 0)
        return -EINVAL;
    return snprintf(line, TEXT_SIZE, "%s\r\n", number);
}

static unsigned toledo_swb(const struct scale_reading *r)
{
    unsigned swb = 0x20;
    swb |= r->kind == SCALE_NET ? 0x01 : 0;
    swb |= negative(r) || r->status == SCALE_UNDERLOAD ? 0x02 : 0;
    swb |= r->status == SCALE_OVERLOAD || r->status == SCALE_UNDERLOAD ? 0x04 : 0;
    swb |= r->status == SCALE_MOTION || r->status == SCALE_UNKNOWN ? 0x08 : 0;
    swb |= r->unit == SCALE_UNIT_KG ? 0x10 : 0;
    swb |= r->status == SCALE_NOT_READY ? 0x40 : 0;
    return swb;
}

static int write_toledo(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    static const char other_units[] = {[SCALE_UNIT_KG] = 0,
                                       [SCALE_UNIT_LB] = 0,
                                       [SCALE_UNIT_G] = 1,
                                       [SCALE_UNIT_T] = 2,
                                       [SCALE_UNIT_OZ] = 3};
    int64_t counts = llabs(r->counts);
    if (r->decimals > 5 || counts > 999999 || r->status == SCALE_ERROR)
        return -EINVAL;
    if (scale_reading_usable(r) && (r->unit == SCALE_UNIT_NONE || r->unit == SCALE_UNIT_PCS))
        return -EINVAL;
    unsigned swc = 0x20u | (r->unit < ARRAY_LEN(other_units) ? (unsigned)other_units[r->unit] : 0);
    int len = snprintf(line, TEXT_SIZE, STX "%c%c%c%06d000000\r", (int)(0x2au + r->decimals),
                       (int)toledo_swb(r), (int)swc, (int)counts);
    if (p == SCALE_TOLEDO17)
        return len;
    unsigned sum = 0;
    for (int i = 0; i < len; i++)
        sum += (unsigned char)line[i];
    line[len] = (char)(-sum & 0x7f);
    return len + 1;
}

static int write_yaohua_xor(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    (void)p;
    if (!scale_reading_usable(r) || r->decimals > 4 || llabs(r->counts) > 999999)
        return -EINVAL;
    snprintf(line, TEXT_SIZE, STX "%c%06d%u", negative(r) ? '-' : '+', (int)llabs(r->counts),
             r->decimals);
    append_xor(line, 1);
    strcat(line, ETX);
    return (int)strlen(line);
}

static int write_yaohua_equals(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    char number[DECIMAL_TEXT_SIZE];
    if (!scale_reading_usable(r) || digits(r, 7, '0', number) < 0)
        return -EINVAL;
    char sign = negative(r) ? '-' : '0';
    if (p == SCALE_YAOHUA_FWD)
        return snprintf(line, TEXT_SIZE, "=%c%s", sign, number);
    line[0] = '=';
    for (int i = 0; i < 7; i++)
        line[1 + i] = number[6 - i];
    line[8] = sign;
    line[9] = '\0';
    return 9;
}

static int write_yaohua_w(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    static const char kinds[] = {'w', 'w', 'n', 't'};
    char number[DECIMAL_TEXT_SIZE];
    (void)p;
    if (!scale_reading_usable(r) || digits(r, 7, '0', number) < 0 ||
        strlen(scale_unit_name(r->unit)) != 2)
        return -EINVAL;
    return snprintf(line, TEXT_SIZE, "w%c%s%s%s\r\n", kinds[r->kind], negative(r) ? "-" : "",
                    number, scale_unit_name(r->unit));
}

static int write_yaohua_wg(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    char number[DECIMAL_TEXT_SIZE];
    (void)p;
    if (r->status == SCALE_OVERLOAD || r->status == SCALE_UNDERLOAD)
        return snprintf(line, TEXT_SIZE, "         %s23\r\n",
                        r->status == SCALE_OVERLOAD ? "OL" : "LO");
    if (!scale_reading_usable(r) || r->unit != SCALE_UNIT_KG ||
        digits(r, negative(r) ? 6 : 7, '0', number) < 0)
        return -EINVAL;
    snprintf(line, TEXT_SIZE, "W%c%s%skg", r->kind == SCALE_NET ? 'N' : 'G', negative(r) ? "-" : "",
             number);
    append_xor(line, 0);
    strcat(line, "\r\n");
    return (int)strlen(line);
}

static int write_rinstrum(enum scale_protocol p, const struct scale_reading *r, char *line)
{
    static const char states[] = {
        [SCALE_OVERLOAD] = 'O', [SCALE_UNDERLOAD] = 'U', [SCALE_ERROR] = 'E'};
    char number[DECIMAL_TEXT_SIZE] = "      0";
    if (r->status == SCALE_NOT_READY || (scale_reading_usable(r) && digits(r, 7, ' ', number) < 0))
        return -EINVAL;
    int moving = r->status == SCALE_MOTION || r->status == SCALE_UNKNOWN;
    int state = scale_reading_usable(r) ? (r->kind == SCALE_NET ? 'N' : 'G') : states[r->status];
    int sign = negative(r) ? '-' : ' ';
    if (p == SCALE_RINSTRUM1)
        return snprintf(line, TEXT_SIZE, STX "%c%s%c" ETX, sign, number, moving ? 'M' : state);
    if (!moving && scale_reading_usable(r) && needs_unit(r) < 0)
        return -EINVAL;
    return snprintf(line, TEXT_SIZE, STX "%c%s%c%c -%3s" ETX, sign, number, state,
                    moving ? 'M' : ' ', scale_unit_name(r->unit));
}

typedef int (*write_fn)(enum scale_protocol p, const struct scale_reading *r, char *line);

static const write_fn writers[SCALE_PROTOCOLS] = {
    [SCALE_MTSICS] = write_mtsics,
    [SCALE_AND17] = write_and17,
    [SCALE_AND18] = write_cas,
    [SCALE_CAS22] = write_cas,
    [SCALE_CAS10] = write_cas10,
    [SCALE_TOLEDO17] = write_toledo,
    [SCALE_TOLEDO18] = write_toledo,
    [SCALE_YAOHUA_XOR] = write_yaohua_xor,
    [SCALE_YAOHUA_REV] = write_yaohua_equals,
    [SCALE_YAOHUA_FWD] = write_yaohua_equals,
    [SCALE_YAOHUA_W] = write_yaohua_w,
    [SCALE_YAOHUA_WG] = write_yaohua_wg,
    [SCALE_RINSTRUM1] = write_rinstrum,
    [SCALE_RINSTRUM2] = write_rinstrum,
};

int scale_encode(enum scale_protocol protocol, const struct scale_reading *r,
                 uint8_t ret[SCALE_FRAME_MAX])
{
    assert(protocol < SCALE_PROTOCOLS && r && ret);
    char line[TEXT_SIZE] = "";
    int len = writers[protocol](protocol, r, line);
    if (len < 0 || len > SCALE_FRAME_MAX)
        return -EINVAL;
    memcpy(ret, line, (size_t)len);
    return len;
}
