/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <assert.h>
#include <stdint.h>

/* The number of bytes of the character at p and its code point, or 0 when it is malformed:
 * overlong, a surrogate, above U+10FFFF, or cut (RFC 3629 section 3). */
static int decode(const unsigned char *p, uint32_t *ret)
{
    static const struct {
        unsigned char mask, lead;
        int len;
        uint32_t least;
    } forms[] = {
        {0x80, 0x00, 1, 0},
        {0xE0, 0xC0, 2, 0x80},
        {0xF0, 0xE0, 3, 0x800},
        {0xF8, 0xF0, 4, 0x10000},
    };
    for (int f = 0; f < 4; f++) {
        if ((p[0] & forms[f].mask) != forms[f].lead)
            continue;
        uint32_t c = p[0] & (unsigned char)~forms[f].mask;
        for (int i = 1; i < forms[f].len; i++) {
            if ((p[i] & 0xC0) != 0x80) /* the NUL ends here too */
                return 0;
            c = c << 6 | (p[i] & 0x3F);
        }
        if (c < forms[f].least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            return 0;
        *ret = c;
        return forms[f].len;
    }
    return 0;
}

bool utf8_is_clean(const char *text)
{
    assert(text);
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        uint32_t c = 0;
        int len = decode(p, &c);
        if (len == 0 || c < 0x20 || (c >= 0x7F && c <= 0x9F))
            return false;
        p += len;
    }
    return true;
}
