/* SPDX-License-Identifier: Apache-2.0 */
#include "printer_status.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define STX '\x02'
#define ETX '\x03'
#define LINES 3
#define FIELDS_MAX 16

/* Places in the lines, ZPL II Programming Guide, ~HS. */
#define LINE1_PAPER_OUT 1
#define LINE1_PAUSE 2
#define LINE1_FORMATS 4
#define LINE1_BUFFER_FULL 5
#define LINE2_HEAD_UP 2
#define LINE2_RIBBON_OUT 3
#define LINE2_REMAINING 8
#define LINE1_FIELDS 12
#define LINE2_FIELDS 11

/* Reads the numbers between commas. Returns how many, or -EBADMSG. */
static int numbers(const char *line, size_t len, int32_t ret[FIELDS_MAX])
{
    int n = 0;
    int32_t value = 0;
    int digits = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && line[i] >= '0' && line[i] <= '9' && digits < 8) {
            value = value * 10 + (line[i] - '0');
            digits++;
        } else if ((i == len || line[i] == ',') && digits > 0 && n < FIELDS_MAX) {
            ret[n++] = value;
            value = 0;
            digits = 0;
        } else {
            return -EBADMSG;
        }
    }
    return n;
}

static enum printer_state state_of(const int32_t one[FIELDS_MAX], const int32_t two[FIELDS_MAX])
{
    if (two[LINE2_HEAD_UP])
        return PRINTER_HEAD_OPEN;
    if (one[LINE1_PAPER_OUT])
        return PRINTER_PAPER_OUT;
    if (two[LINE2_RIBBON_OUT])
        return PRINTER_RIBBON_OUT;
    if (one[LINE1_BUFFER_FULL])
        return PRINTER_BUFFER_FULL;
    return one[LINE1_PAUSE] ? PRINTER_PAUSED : PRINTER_READY;
}

int printer_status_read(const char *answer, size_t len, struct printer_status *ret)
{
    assert((answer || len == 0) && ret);
    int32_t fields[LINES][FIELDS_MAX] = {{0}};
    int counts[LINES] = {0};
    size_t at = 0;
    for (int i = 0; i < LINES; i++) {
        const char *start = at < len ? memchr(answer + at, STX, len - at) : NULL;
        const char *end = start ? memchr(start, ETX, len - (size_t)(start - answer)) : NULL;
        if (!end)
            return -EAGAIN;
        counts[i] = numbers(start + 1, (size_t)(end - start) - 1, fields[i]);
        at = (size_t)(end - answer) + 1;
    }
    if (counts[0] != LINE1_FIELDS || counts[1] != LINE2_FIELDS || counts[2] < 1)
        return -EBADMSG;
    *ret = (struct printer_status){.state = state_of(fields[0], fields[1]),
                                   .formats_waiting = fields[0][LINE1_FORMATS],
                                   .labels_remaining = fields[1][LINE2_REMAINING]};
    return 0;
}

size_t printer_status_write(const struct printer_status *status, char *ret)
{
    assert(status && ret && status->state != PRINTER_SILENT);
    enum printer_state s = status->state;
    int n =
        snprintf(ret, PRINTER_ANSWER_MAX,
                 "\x02"
                 "030,%d,%d,0240,%03d,%d,0,0,000,0,0,0\x03\r\n"
                 "\x02"
                 "000,0,%d,%d,0,2,4,0,%08d,1,000\x03\r\n"
                 "\x02"
                 "1234,0\x03\r\n",
                 s == PRINTER_PAPER_OUT, s == PRINTER_PAUSED, (int)(status->formats_waiting % 1000),
                 s == PRINTER_BUFFER_FULL, s == PRINTER_HEAD_OPEN, s == PRINTER_RIBBON_OUT,
                 (int)(status->labels_remaining % 100000000));
    return (size_t)n;
}

const char *printer_state_name(enum printer_state state)
{
    switch (state) {
    case PRINTER_READY:
        return "ready";
    case PRINTER_PAUSED:
        return "paused";
    case PRINTER_BUFFER_FULL:
        return "buffer_full";
    case PRINTER_RIBBON_OUT:
        return "ribbon_out";
    case PRINTER_PAPER_OUT:
        return "paper_out";
    case PRINTER_HEAD_OPEN:
        return "head_open";
    case PRINTER_SILENT:
        return "silent";
    }
    return "";
}
