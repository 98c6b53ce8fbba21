/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void form_write(FILE *f, bool first, const char *name, const char *value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*-._";
    assert(f && name && value);
    fprintf(f, "%s%s=", first ? "" : "&", name);
    for (; *value; value++) {
        if (strchr(plain, *value))
            fputc(*value, f);
        else
            fprintf(f, "%%%02X", (unsigned char)*value);
    }
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* The next character of a value. -1: none that may stand there. */
static int take_char(const char **at, const char *end)
{
    const char *c = (*at)++;
    if (*c != '%')
        return *c == '+' ? ' ' : *c == '\0' ? -1 : (unsigned char)*c;
    int high = end - c > 2 ? digit(c[1]) : -1;
    int low = end - c > 2 ? digit(c[2]) : -1;
    if (high < 0 || low < 0 || high + low == 0)
        return -1;
    *at = c + 3;
    return high * 16 + low;
}

static int decode(const char *from, const char *end, char **ret)
{
    char *text = malloc((size_t)(end - from) + 1);
    size_t len = 0;
    if (!text)
        return -ENOMEM;
    while (from < end) {
        int c = take_char(&from, end);
        if (c < 0) {
            free(text);
            return -EBADMSG;
        }
        text[len++] = (char)c;
    }
    text[len] = '\0';
    *ret = text;
    return 0;
}

int form_find(const char *body, size_t len, const char *name, char **ret)
{
    assert(body && name && ret);
    const char *end = body + len;
    size_t name_len = strlen(name);
    while (body < end) {
        const char *next = memchr(body, '&', (size_t)(end - body));
        const char *stop = next ? next : end;
        if ((size_t)(stop - body) > name_len && body[name_len] == '=' &&
            memcmp(body, name, name_len) == 0)
            return decode(body + name_len + 1, stop, ret);
        body = next ? next + 1 : end;
    }
    return -ENOENT;
}
