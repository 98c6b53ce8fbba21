/* SPDX-License-Identifier: Apache-2.0 */
/* MT-SICS: "S S" + number of 10 right-aligned + blank + unit. Answers to S, SI and SIR begin with
 * S; to a tare with T; TA is the stored tare. */
#include <string.h>

#include "scale_field.h"

#define NUMBER_LEN 10
#define UNIT_MAX 3

struct answer {
    const char *text; /* the whole line without its end */
    enum scale_reply reply;
    enum scale_status status;
};

static const struct answer answers[] = {
    {"S I", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
    {"S +", SCALE_REPLY_NOTICE, SCALE_OVERLOAD},
    {"S -", SCALE_REPLY_NOTICE, SCALE_UNDERLOAD},
    {"T I", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
    {"T +", SCALE_REPLY_NOTICE, SCALE_OVERLOAD},
    {"T -", SCALE_REPLY_NOTICE, SCALE_UNDERLOAD},
    {"TI I", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
    {"TI +", SCALE_REPLY_NOTICE, SCALE_OVERLOAD},
    {"TI -", SCALE_REPLY_NOTICE, SCALE_UNDERLOAD},
    {"Z A", SCALE_REPLY_ZEROED, SCALE_UNKNOWN},
    {"Z I", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
    {"Z +", SCALE_REPLY_NOTICE, SCALE_OVERLOAD},
    {"Z -", SCALE_REPLY_NOTICE, SCALE_UNDERLOAD},
    {"TA I", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
    {"TAC A", SCALE_REPLY_UNTARED, SCALE_UNKNOWN},
    {"TAC I", SCALE_REPLY_NOTICE, SCALE_NOT_READY},
    {"ES", SCALE_REPLY_SYNTAX_ERROR, SCALE_ERROR},
    {"ET", SCALE_REPLY_TRANSMISSION_ERROR, SCALE_ERROR},
    {"EL", SCALE_REPLY_LOGICAL_ERROR, SCALE_ERROR},
};

struct head {
    const char *text;
    enum scale_reply reply;
    enum scale_status status;
    enum scale_kind kind;
};

/* What stands before a number. */
static const struct head heads[] = {
    {"S S ", SCALE_REPLY_WEIGHT, SCALE_STABLE, SCALE_DISPLAYED},
    {"S D ", SCALE_REPLY_WEIGHT, SCALE_MOTION, SCALE_DISPLAYED},
    {"T S ", SCALE_REPLY_TARED, SCALE_STABLE, SCALE_TARE},
    {"TI S ", SCALE_REPLY_TARED, SCALE_STABLE, SCALE_TARE},
    {"TI D ", SCALE_REPLY_TARED, SCALE_MOTION, SCALE_TARE},
    {"TA A ", SCALE_REPLY_TARED, SCALE_STABLE, SCALE_TARE},
};

static int starts(const uint8_t *b, size_t len, const char *text)
{
    size_t n = strlen(text);
    return len >= n && memcmp(b, text, n) == 0;
}

static enum scale_frame_error decode_number(const uint8_t *b, size_t len, const struct head *h,
                                            struct scale_frame *f)
{
    size_t at = strlen(h->text);
    if (len < at + NUMBER_LEN + 2 || len > at + NUMBER_LEN + 1 + UNIT_MAX)
        return SCALE_BAD_LENGTH;
    f->reply = h->reply;
    f->reading.status = h->status;
    f->reading.kind = h->kind;
    enum scale_frame_error err = scale_field_number(b + at, NUMBER_LEN, &f->reading);
    if (err)
        return err;
    at += NUMBER_LEN;
    return b[at] == ' ' ? scale_field_unit(b + at + 1, len - at - 1, &f->reading) : SCALE_BAD_UNIT;
}

enum scale_frame_error scale_decode_mtsics(const uint8_t *b, size_t len, struct scale_frame *f)
{
    if (!scale_field_ends_line(b, len) || len < 4 || strchr("STZE", b[0]) == NULL || b[0] == '\0')
        return SCALE_BAD_LENGTH;
    len -= 2;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        if (len == strlen(answers[i].text) && starts(b, len, answers[i].text)) {
            f->reply = answers[i].reply;
            f->reading.status = answers[i].status;
            return SCALE_FRAME_GOOD;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (starts(b, len, heads[i].text))
            return decode_number(b, len, &heads[i], f);
    return SCALE_BAD_STATUS;
}
