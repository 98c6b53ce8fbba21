/* SPDX-License-Identifier: Apache-2.0 */
#include "zpl.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

#define GS1_128_DATA_MAX 48 /* GS1 General Specifications, 5.4 */
#define INDIC_FIRST 0x0900  /* Devanagari .. Sinhala, Unicode blocks */
#define INDIC_LAST 0x0dff

static void fail(struct zpl *z, int err)
{
    if (z->err == 0)
        z->err = err;
}

static void add(struct zpl *z, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(struct zpl *z, const char *fmt, ...)
{
    if (z->err < 0)
        return;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(z->buf + z->len, z->size - z->len, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= z->size - z->len)
        fail(z, -ENOSPC);
    else
        z->len += (size_t)n;
}

static int check_text(const char *utf8)
{
    if (!utf8_is_clean(utf8))
        return -EINVAL;
    while (*utf8) {
        uint32_t code = 0;
        utf8 += utf8_next(utf8, &code);
        if (code >= INDIC_FIRST && code <= INDIC_LAST)
            return -ENOTSUP;
    }
    return 0;
}

struct zpl zpl_start(char *buf, size_t size, const struct zpl_media *media)
{
    assert(buf && size > 0 && media);
    struct zpl z = {.buf = buf, .size = size};
    add(&z, "^XA^CI28^LH0,0^PW%u^LL%u", media->width_dots, media->length_dots);
    return z;
}

/* ^FH\ makes \NN a byte, so that no text can hold a command. */
void zpl_text(struct zpl *z, uint16_t x, uint16_t y, uint16_t height, const char *utf8)
{
    assert(z && utf8);
    int err = check_text(utf8);
    if (err < 0)
        fail(z, err);
    add(z, "^FO%u,%u^A0N,%u,%u^FH\\^FD", x, y, height, height);
    for (const char *c = utf8; *c; c++)
        add(z, strchr("^~\\", *c) ? "\\%02X" : "%c", (unsigned char)*c);
    add(z, "^FS");
}

/* GS1's character set 82 (General Specifications, figure 7.11-1). */
static int in_set_82(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("!\"%&'()*+,-./:;<=>?_", c));
}

/* ^BX with '_' stated as its escape, for the preset differs by firmware: _1 is FNC1, __ is '_'. */
static void datamatrix(struct zpl *z, int gs1, uint16_t module_dots, const char *payload)
{
    add(z, "^BXN,%u,200,,,,_^FH\\^FD%s", module_dots, gs1 ? "_1" : "");
    for (const char *c = payload; *c; c++) {
        if (gs1 ? !in_set_82(*c) && *c != ZPL_GS : *c < 0x20 || *c > 0x7e)
            fail(z, -EINVAL);
        if (gs1 && *c == ZPL_GS)
            add(z, "_1");
        else if (*c == '_')
            add(z, "__");
        else
            add(z, strchr("^~\\", *c) ? "\\%02X" : "%c", (unsigned char)*c);
    }
    add(z, "^FS");
}

/* Elements whose length the first two digits of the identifier give need no FNC1 behind them (GS1
 * General Specifications, figure 7.8.5-2). */
static int has_fixed_length(const char *ai)
{
    static const char fixed[] = "00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41";
    const char two[3] = {ai[0], ai[1], '\0'};
    return strstr(fixed, two) != NULL;
}

/* The length of "(01)" with its brackets; 0 when none stands here. */
static size_t identifier(const char *s)
{
    size_t digits = s[0] == '(' ? strspn(s + 1, "0123456789") : 0;
    return digits >= 2 && digits <= 4 && s[1 + digits] == ')' ? digits + 2 : 0;
}

/* Mode D takes brackets, strips them for the bars, adds the first FNC1 and prints them below. */
static void gs1_128(struct zpl *z, uint16_t module_dots, uint16_t height_dots, const char *payload)
{
    add(z, "^BY%u,3,%u^BCN,%u,Y,N,N,D^FD", module_dots, height_dots, height_dots);
    int separate = 0;
    size_t data = 0;
    const char *c = payload;
    if (identifier(c) == 0)
        fail(z, -EINVAL);
    while (*c && z->err == 0) {
        size_t n = identifier(c);
        if (n > 0) {
            add(z, "%s%.*s", separate ? ">8" : "", (int)n, c);
            data += n - 2 + (separate ? 1 : 0);
            separate = !has_fixed_length(c + 1);
            c += n;
        } else if (!in_set_82(*c) || *c == '(' || *c == ')' || *c == '>') {
            fail(z, -EINVAL); /* '>' begins an escape of ^BC; brackets would be taken away */
        } else {
            add(z, "%c", *c++);
            data++;
        }
    }
    if (data > GS1_128_DATA_MAX)
        fail(z, -EINVAL);
    add(z, "^FS");
}

void zpl_symbol(struct zpl *z, enum zpl_symbol symbol, uint16_t x, uint16_t y, uint16_t module_dots,
                uint16_t height_dots, const char *payload)
{
    assert(z && payload);
    if (payload[0] == '\0' || strlen(payload) > ZPL_SYMBOL_MAX) {
        fail(z, -EINVAL);
        return;
    }
    add(z, "^FO%u,%u", x, y);
    switch (symbol) {
    case ZPL_GS1_DATAMATRIX:
        datamatrix(z, 1, module_dots, payload);
        break;
    case ZPL_DATAMATRIX:
        datamatrix(z, 0, module_dots, payload);
        break;
    case ZPL_GS1_128:
        gs1_128(z, module_dots, height_dots, payload);
        break;
    }
}

void zpl_bitmap(struct zpl *z, uint16_t x, uint16_t y, const struct zpl_bitmap *bitmap)
{
    assert(z && bitmap && bitmap->bits);
    unsigned row = (bitmap->width_dots + 7u) / 8;
    unsigned total = row * bitmap->height_dots;
    if (total == 0) {
        fail(z, -EINVAL);
        return;
    }
    add(z, "^FO%u,%u^GFA,%u,%u,%u,", x, y, total, total, row);
    for (unsigned i = 0; i < total; i++)
        add(z, "%02X", bitmap->bits[i]);
    add(z, "^FS");
}

int zpl_finish(struct zpl *z, int copies)
{
    assert(z);
    if (copies < 1 || copies > ZPL_COPIES_MAX)
        fail(z, -EINVAL);
    add(z, "^PQ%d^XZ\n", copies);
    return z->err < 0 ? z->err : (int)z->len;
}
