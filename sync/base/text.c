/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int text_copy(char *dst, size_t size, const char *src)
{
    assert(dst && src);
    return text_copy_n(dst, size, src, strlen(src));
}

int text_copy_n(char *dst, size_t size, const char *src, size_t len)
{
    assert(dst && size > 0 && (src || len == 0));
    if (len >= size)
        return -ENAMETOOLONG;
    if (len > 0 && memchr(src, '\0', len))
        return -EINVAL;
    if (len > 0)
        memcpy(dst, src, len);
    dst[len] = '\0';
    return 0;
}

void text_cut(char *dst, size_t size, const char *src)
{
    assert(dst && size > 0 && src);
    size_t len = strnlen(src, size);
    if (len == size) {
        len = size - 1;
        while (len > 0 && ((unsigned char)src[len] & 0xC0) == 0x80)
            len--; /* src[len] is inside a character: step back to its first byte */
    }
    memcpy(dst, src, len);
    dst[len] = '\0';
}

bool text_is_code(const char *text)
{
    assert(text);
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return len > 0 && text[0] != ' ' && text[len - 1] != ' ';
}
