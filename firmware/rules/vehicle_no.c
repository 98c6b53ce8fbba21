/* SPDX-License-Identifier: Apache-2.0 */
#include "vehicle_no.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* A is a letter, 9 a digit. */
static const char *const shapes[] = {"AA999999",    "AA99A9999",  "AA99AA9999",
                                     "AA99AAA9999", "AA999A9999", "AAA9999"};

/* Defence, temporary, Bhutan, Nepal: the prefix, then letters and digits in any order. */
static const char *const prefixes[] = {"DF", "TM", "BP", "NP"};

#define PREFIX_LEN 2
#define PREFIXED_LEN_MIN 7

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_left_out(char c)
{
    return c == ' ' || c == '-' || (c >= '\t' && c <= '\r');
}

int vehicle_no_normalise(const char *typed, char *buf, size_t size)
{
    assert(typed && buf);
    size_t len = 0;
    for (const char *c = typed; *c; c++)
        len += !is_left_out(*c);
    if (len >= size)
        return -ENAMETOOLONG;
    for (const char *c = typed; *c; c++)
        if (!is_left_out(*c))
            *buf++ = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    *buf = '\0';
    return 0;
}

static bool has_shape(const char *no, const char *shape)
{
    for (; *no && *shape; no++, shape++)
        if (*shape == 'A' ? !is_letter(*no) : !is_digit(*no))
            return false;
    return *no == *shape; /* both at their end */
}

static bool has_prefix(const char *no)
{
    size_t len = 0;
    for (; no[len]; len++)
        if (!is_letter(no[len]) && !is_digit(no[len]))
            return false;
    if (len < PREFIXED_LEN_MIN || len > VEHICLE_NO_LEN_MAX)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        if (strncmp(no, prefixes[i], PREFIX_LEN) == 0)
            return true;
    return false;
}

bool vehicle_no_valid(const char *normalised)
{
    assert(normalised);
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        if (has_shape(normalised, shapes[i]))
            return true;
    return has_prefix(normalised);
}
