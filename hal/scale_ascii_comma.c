/* SPDX-License-Identifier: Apache-2.0 */
/* The family of A&D and CAS: "ST,GS,..." with a line end, and CAS's bare number. */
#include <string.h>

#include "scale_field.h"

#define NUMBER_LEN 8

/* CAS lamp byte, CI-600D manual. */
#define LAMP_ALWAYS 0x80
#define LAMP_STABLE 0x40

struct status_code {
    char code[3];
    enum scale_status status;
};

static const struct status_code status_codes[] = {
    {"ST", SCALE_STABLE},
    {"US", SCALE_MOTION},
    {"OL", SCALE_OVERLOAD},
    {"QT", SCALE_STABLE}, /* and17: counting; the unit says pieces */
};

static enum scale_frame_error status_of(const uint8_t *b, int counting, struct scale_reading *r)
{
    for (size_t i = 0; i < ARRAY_LEN(status_codes); i++) {
        if (memcmp(b, status_codes[i].code, 2) != 0 || (!counting && b[0] == 'Q'))
            continue;
        r->status = status_codes[i].status;
        return SCALE_FRAME_GOOD;
    }
    return SCALE_BAD_STATUS;
}

static enum scale_frame_error kind_of(const uint8_t *b, struct scale_reading *r)
{
    if (memcmp(b, "GS", 2) == 0)
        r->kind = SCALE_GROSS;
    else if (memcmp(b, "NT", 2) == 0)
        r->kind = SCALE_NET;
    else
        return SCALE_BAD_STATUS;
    return SCALE_FRAME_GOOD;
}

/* Number and unit, unless the weight is out of range: then the digits mean nothing, and only a
 * minus among them tells which end of the range was left. */
static enum scale_frame_error weigh(const uint8_t *number, size_t number_len, const uint8_t *unit,
                                    size_t unit_len, struct scale_frame *f)
{
    if (f->reading.status == SCALE_OVERLOAD) {
        f->reply = SCALE_REPLY_NOTICE;
        if (memchr(number, '-', number_len))
            f->reading.status = SCALE_UNDERLOAD;
        return SCALE_FRAME_GOOD;
    }
    enum scale_frame_error err = scale_field_number(number, number_len, &f->reading);
    return err ? err : scale_field_unit(unit, unit_len, &f->reading);
}

/* Lines without a weight: A&D's "EC,E2", "?" and "I"; CAS's "ERR" and a code. */
static int is_remark(const uint8_t *line, size_t len, struct scale_frame *f)
{
    static const struct {
        const char *line;
        enum scale_reply reply;
        enum scale_status status;
    } remarks[] = {
        {"?", SCALE_REPLY_SYNTAX_ERROR, SCALE_ERROR},
        {"I", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
        {"EC,E0", SCALE_REPLY_TRANSMISSION_ERROR, SCALE_ERROR},
        {"EC,E1", SCALE_REPLY_SYNTAX_ERROR, SCALE_ERROR},
        {"EC,E2", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
        {"EC,E4", SCALE_REPLY_SYNTAX_ERROR, SCALE_ERROR},
        {"EC,E6", SCALE_REPLY_SYNTAX_ERROR, SCALE_ERROR},
        {"EC,E7", SCALE_REPLY_LOGICAL_ERROR, SCALE_ERROR},
    };
    for (size_t i = 0; i < ARRAY_LEN(remarks); i++) {
        if (len == strlen(remarks[i].line) && memcmp(line, remarks[i].line, len) == 0) {
            f->reply = remarks[i].reply;
            f->reading.status = remarks[i].status;
            return 1;
        }
    }
    return 0;
}

static int is_cas_error(const uint8_t *line, size_t len, struct scale_frame *f)
{
    if (len < 3 || len > 6 || memcmp(line, "ERR", 3) != 0)
        return 0;
    f->reply = SCALE_REPLY_NOTICE;
    f->reading.status = SCALE_ERROR;
    return 1;
}

/* HH,+NNNNNNNNUUU */
enum scale_frame_error scale_decode_and17(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (!scale_field_ends_line(b, len))
        return SCALE_BAD_LENGTH;
    if (is_remark(b, len - 2, f))
        return SCALE_FRAME_GOOD;
    if (len != 17 || b[2] != ',')
        return SCALE_BAD_LENGTH;
    enum scale_frame_error err = status_of(b, 1, &f->reading);
    return err ? err : weigh(b + 3, 1 + NUMBER_LEN, b + 12, 3, f);
}

/* HH,KK,NNNNNNNNUU */
enum scale_frame_error scale_decode_and18(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (!scale_field_ends_line(b, len))
        return SCALE_BAD_LENGTH;
    if (is_cas_error(b, len - 2, f))
        return SCALE_FRAME_GOOD;
    if (len != 18 || b[2] != ',' || b[5] != ',')
        return SCALE_BAD_LENGTH;
    enum scale_frame_error err = status_of(b, 0, &f->reading);
    if (!err)
        err = kind_of(b + 3, &f->reading);
    return err ? err : weigh(b + 6, NUMBER_LEN, b + 14, 2, f);
}

/* HH,KK,IL,NNNNNNNN UU with I the device and L its lamps */
enum scale_frame_error scale_decode_cas22(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (!scale_field_ends_line(b, len))
        return SCALE_BAD_LENGTH;
    if (is_cas_error(b, len - 2, f))
        return SCALE_FRAME_GOOD;
    if (len != 22 || b[2] != ',' || b[5] != ',' || b[8] != ',')
        return SCALE_BAD_LENGTH;
    enum scale_frame_error err = status_of(b, 0, &f->reading);
    if (!err)
        err = kind_of(b + 3, &f->reading);
    if (err)
        return err;
    if ((b[7] & LAMP_ALWAYS) == 0)
        return SCALE_BAD_STATUS;
    /* When header and lamp differ, the weight is not one to rely on. */
    if (f->reading.status == SCALE_STABLE && (b[7] & LAMP_STABLE) == 0)
        f->reading.status = SCALE_MOTION;
    return weigh(b + 9, NUMBER_LEN, b + 17, 3, f);
}

enum scale_frame_error scale_decode_cas10(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (len != NUMBER_LEN + 2 || !scale_field_ends_line(b, len))
        return SCALE_BAD_LENGTH;
    f->reading.status = SCALE_UNKNOWN;
    return scale_field_number(b, NUMBER_LEN, &f->reading);
}
