/* SPDX-License-Identifier: Apache-2.0 */
#include "zpl_read.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the commands before a field have set for it. */
struct state {
    uint16_t x;
    uint16_t y;
    enum zpl_read_kind kind;
    char hex;    /* ^FH: the escape; 0: none */
    char escape; /* ^BX: the escape */
    int open;    /* ^FD seen, ^FS missing */
};

typedef int (*command_fn)(struct zpl_read *label, struct state *s, const char *arg, size_t len);

static int two_numbers(const char *arg, size_t len, unsigned ret[2])
{
    char text[32];
    if (len >= sizeof(text))
        return -EINVAL;
    memcpy(text, arg, len);
    text[len] = '\0';
    return sscanf(text, "%u,%u", &ret[0], &ret[1]);
}

static int on_nothing(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    (void)label;
    (void)s;
    (void)arg;
    (void)len;
    return 0;
}

static int on_width(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    unsigned n[2];
    (void)s;
    if (two_numbers(arg, len, n) != 1)
        return -EINVAL;
    label->width_dots = (uint16_t)n[0];
    return 0;
}

static int on_length(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    unsigned n[2];
    (void)s;
    if (two_numbers(arg, len, n) != 1)
        return -EINVAL;
    label->length_dots = (uint16_t)n[0];
    return 0;
}

static int on_copies(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    unsigned n[2];
    (void)s;
    if (two_numbers(arg, len, n) != 1)
        return -EINVAL;
    label->copies = (int)n[0];
    return 0;
}

static int on_place(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    unsigned n[2];
    (void)label;
    if (two_numbers(arg, len, n) != 2)
        return -EINVAL;
    *s = (struct state){.x = (uint16_t)n[0], .y = (uint16_t)n[1], .kind = ZPL_READ_TEXT};
    return 0;
}

static int on_hex(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    (void)label;
    s->hex = len > 0 ? arg[0] : '_'; /* the preset of ^FH */
    return 0;
}

/* ^BXo,h,s,c,r,f,g: g, the seventh, is the escape. */
static int on_datamatrix(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    int commas = 0;
    size_t at = 0;
    (void)label;
    while (at < len && commas < 6)
        commas += arg[at++] == ',';
    s->kind = ZPL_READ_DATAMATRIX;
    s->escape = at < len ? arg[at] : '~';
    return 0;
}

static int on_code128(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    (void)label;
    if (len == 0 || arg[len - 1] != 'D')
        return -EINVAL;
    s->kind = ZPL_READ_GS1_128;
    return 0;
}

static struct zpl_read_field *new_field(struct zpl_read *label, const struct state *s)
{
    if (label->count == ZPL_READ_FIELDS_MAX)
        return NULL;
    struct zpl_read_field *f = &label->fields[label->count++];
    *f = (struct zpl_read_field){.kind = s->kind, .x = s->x, .y = s->y};
    return f;
}

/* ^GFA,total,total,row,data */
static int on_graphic(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    unsigned total = 0;
    unsigned again = 0;
    unsigned row = 0;
    int head = 0;
    char text[64];
    snprintf(text, sizeof(text), "%.*s", (int)(len < 63 ? len : 63), arg);
    if (sscanf(text, "A,%u,%u,%u,%n", &total, &again, &row, &head) != 3 || head == 0 || row == 0 ||
        total != again || len - (size_t)head != 2 * (size_t)total || total % row != 0)
        return -EINVAL;
    s->kind = ZPL_READ_BITMAP;
    struct zpl_read_field *f = new_field(label, s);
    if (!f)
        return -EINVAL;
    snprintf(f->text, sizeof(f->text), "%ux%u", row, total / row);
    s->open = 1;
    return 0;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* ^FH: the escape and two digits are a byte. Returns the length, or -EINVAL. */
static int unhex(const struct state *s, const char *arg, size_t len, char *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (!s->hex || arg[i] != s->hex) {
            ret[n++] = arg[i];
            continue;
        }
        if (i + 2 >= len)
            return -EINVAL;
        int high = hex_digit(arg[i + 1]);
        int low = hex_digit(arg[i + 2]);
        if (high < 0 || low < 0)
            return -EINVAL;
        ret[n++] = (char)(high << 4 | low);
        i += 2;
    }
    return (int)n;
}

/* What the bars or modules hold, in the words of a scanner. */
static int scan(struct state *s, const char *data, size_t len, char ret[ZPL_READ_TEXT_MAX])
{
    size_t n = 3;
    size_t i = 0;
    const char *prefix = s->kind == ZPL_READ_GS1_128 ? "]C1" : "]d1";
    if (s->kind == ZPL_READ_DATAMATRIX && len >= 2 && data[0] == s->escape && data[1] == '1') {
        s->kind = ZPL_READ_GS1_DATAMATRIX;
        prefix = "]d2";
        i = 2;
    }
    memcpy(ret, prefix, 3);
    for (; i < len; i++) {
        char c = data[i];
        if (s->kind == ZPL_READ_GS1_128) {
            if (c == '(' || c == ')')
                continue;
            if (c == '>' && (++i == len || data[i] != '8'))
                return -EINVAL;
            c = c == '>' ? '\x1d' : c;
        } else if (c == s->escape) {
            if (++i == len || (data[i] != '1' && data[i] != s->escape))
                return -EINVAL;
            c = data[i] == '1' ? '\x1d' : s->escape;
        }
        ret[n++] = c;
    }
    ret[n] = '\0';
    return 0;
}

static int on_data(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    char data[ZPL_READ_TEXT_MAX];
    char text[ZPL_READ_TEXT_MAX] = "";
    if (len >= sizeof(data) - 4)
        return -EINVAL;
    int n = unhex(s, arg, len, data);
    if (n < 0)
        return n;
    if (s->kind == ZPL_READ_TEXT) {
        memcpy(text, data, (size_t)n);
    } else {
        int err = scan(s, data, (size_t)n, text);
        if (err < 0)
            return err;
    }
    struct zpl_read_field *f = new_field(label, s);
    if (!f)
        return -EINVAL;
    memcpy(f->text, text, sizeof(text));
    s->open = 1;
    return 0;
}

static int on_field_end(struct zpl_read *label, struct state *s, const char *arg, size_t len)
{
    (void)label;
    (void)arg;
    if (!s->open || len > 0)
        return -EINVAL;
    *s = (struct state){0};
    return 0;
}

static const struct {
    const char *name;
    command_fn fn;
} commands[] = {
    {"FD", on_data},    {"FS", on_field_end},  {"FO", on_place},   {"FH", on_hex},
    {"A0", on_nothing}, {"BX", on_datamatrix}, {"BC", on_code128}, {"BY", on_nothing},
    {"GF", on_graphic}, {"CI", on_nothing},    {"LH", on_nothing}, {"PW", on_width},
    {"LL", on_length},  {"PQ", on_copies},
};

static int obey(struct zpl_read *label, struct state *s, const char *command, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (len >= 2 && memcmp(commands[i].name, command, 2) == 0)
            return commands[i].fn(label, s, command + 2, len - 2);
    return -EINVAL;
}

int zpl_read(const char *label, size_t len, struct zpl_read *ret)
{
    assert(label && ret);
    struct zpl_read *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    struct state s = {0};
    int err = len >= 3 && memcmp(label, "^XA", 3) == 0 ? 0 : -EINVAL;
    int ended = 0;
    r->copies = 1;
    size_t at = 3;
    while (err == 0 && !ended) {
        if (at >= len || label[at] != '^') {
            err = -EINVAL;
            break;
        }
        const char *end = memchr(label + at + 1, '^', len - at - 1);
        size_t length = end ? (size_t)(end - label) - at - 1 : len - at - 1;
        if (!end && length >= 2 && memcmp(label + at + 1, "XZ", 2) == 0)
            ended = 1;
        else
            err = obey(r, &s, label + at + 1, length);
        at += length + 1;
    }
    if (err == 0)
        *ret = *r;
    free(r);
    return err;
}
