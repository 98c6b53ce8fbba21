/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <assert.h>

#include "attr.h"

size_t utf8_next(const char *text, uint32_t *ret_code)
{
    assert(text && ret_code);
    const unsigned char *p = (const unsigned char *)text;
    static const struct {
        unsigned char mask, lead;
        size_t len;
        uint32_t least; /* shorter forms are not allowed */
    } forms[] = {
        {0x80, 0x00, 1, 0},
        {0xE0, 0xC0, 2, 0x80},
        {0xF0, 0xE0, 3, 0x800},
        {0xF8, 0xF0, 4, 0x10000},
    };
    for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
        if ((p[0] & forms[f].mask) != forms[f].lead)
            continue;
        uint32_t c = p[0] & (unsigned char)~forms[f].mask;
        for (size_t i = 1; i < forms[f].len; i++) {
            if ((p[i] & 0xC0) != 0x80) /* the NUL ends here too */
                return 0;
            c = c << 6 | (p[i] & 0x3F);
        }
        if (c < forms[f].least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            return 0;
        *ret_code = c;
        return forms[f].len;
    }
    return 0;
}

bool utf8_is_clean(const char *text)
{
    assert(text);
    while (*text) {
        uint32_t c = 0;
        size_t len = utf8_next(text, &c);
        if (len == 0 || c < 0x20 || (c >= 0x7F && c <= 0x9F))
            return false;
        text += len;
    }
    return true;
}
