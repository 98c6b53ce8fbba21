/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue_column.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "catalogue.h"
#include "civil.h"
#include "decimal.h"
#include "text.h"
#include "utf8.h"

static int refuse(const struct column *c, const char *value, int line, struct diag *reterr,
                  const char *allowed)
{
    char shown[41];
    text_cut(shown, sizeof(shown), value);
    if (!utf8_is_clean(shown))
        strcpy(shown, "(not clean UTF-8)");
    diag_set(reterr, line, "%s = \"%s\": %s", c->name, shown, allowed);
    return -EINVAL;
}

static bool all_in(const char *text, const char *set)
{
    return text[strspn(text, set)] == '\0';
}

static int take_text(const struct column *c, const char *value, void *field, int line,
                     struct diag *reterr)
{
    char allowed[64];
    bool clean = c->type == COLUMN_CODE ? text_is_code(value) : utf8_is_clean(value);
    if (clean && text_copy(field, c->size, value) == 0)
        return 0;
    snprintf(allowed, sizeof(allowed), "at most %zu bytes of %s", c->size - 1,
             c->type == COLUMN_CODE ? "printable ASCII, no blank at an end" : "clean UTF-8");
    return refuse(c, value, line, reterr, allowed);
}

static int take_digits(const struct column *c, const char *value, void *field, int line,
                       struct diag *reterr)
{
    size_t len = strlen(value);
    if ((len != 4 && len != 6 && len != 8) || !all_in(value, "0123456789"))
        return refuse(c, value, line, reterr, "4, 6 or 8 digits");
    return text_copy(field, c->size, value);
}

static int take_gstin(const struct column *c, const char *value, void *field, int line,
                      struct diag *reterr)
{
    if (strlen(value) != 15 || !all_in(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        return refuse(c, value, line, reterr, "15 digits and capital letters");
    return text_copy(field, c->size, value);
}

/* GS1 General Specifications, section 7.9: from the right, digits weigh 1 (the check digit), 3, 1,
 * 3 ...; the sum is a multiple of ten. */
static bool gtin_checks(const char *gtin14)
{
    int sum = 0;
    for (int i = 0; i < 14; i++)
        sum += (gtin14[i] - '0') * (i % 2 == 0 ? 3 : 1);
    return sum % 10 == 0;
}

static int take_gtin(const struct column *c, const char *value, void *field, int line,
                     struct diag *reterr)
{
    size_t len = strlen(value);
    if ((len != 8 && len != 12 && len != 13 && len != 14) || !all_in(value, "0123456789"))
        return refuse(c, value, line, reterr, "8, 12, 13 or 14 digits");
    char gtin[CATALOGUE_GTIN_SIZE] = "00000000000000";
    memcpy(gtin + 14 - len, value, len);
    if (!gtin_checks(gtin))
        return refuse(c, value, line, reterr, "its check digit is wrong");
    return text_copy(field, c->size, gtin);
}

static void put_i32(void *field, int64_t v)
{
    int32_t narrow = (int32_t)v;
    memcpy(field, &narrow, sizeof(narrow));
}

void column_clear(const struct column *c, void *field)
{
    if (c->type == COLUMN_DAY)
        put_i32(field, CIVIL_NONE);
}

static int take_number(const struct column *c, const char *value, void *field, int line,
                       struct diag *reterr)
{
    unsigned places = c->type == COLUMN_MONEY ? 2 : 0;
    int64_t v = 0;
    if (decimal_parse(value, places, &v) < 0 || v < c->min || v > c->max) {
        char allowed[2 * DECIMAL_TEXT_SIZE + 32];
        char min[DECIMAL_TEXT_SIZE];
        char max[DECIMAL_TEXT_SIZE];
        snprintf(allowed, sizeof(allowed), "%s to %s", decimal_format(c->min, places, min),
                 decimal_format(c->max, places, max));
        return refuse(c, value, line, reterr, allowed);
    }
    if (c->type == COLUMN_I32)
        put_i32(field, v);
    else
        memcpy(field, &v, sizeof(v));
    return 0;
}

static int take_day(const struct column *c, const char *value, void *field, int line,
                    struct diag *reterr)
{
    int32_t day = 0;
    if (civil_parse(value, &day) < 0)
        return refuse(c, value, line, reterr, "a date YYYY-MM-DD");
    put_i32(field, day);
    return 0;
}

static int word_index(const struct column *c, const char *word, size_t len)
{
    for (int i = 0; c->words[i]; i++)
        if (strlen(c->words[i]) == len && memcmp(c->words[i], word, len) == 0)
            return i;
    return -1;
}

static int refuse_word(const struct column *c, const char *value, int line, struct diag *reterr)
{
    char allowed[80] = "";
    size_t n = 0;
    for (int i = 0; c->words[i]; i++)
        n += (size_t)snprintf(allowed + n, sizeof(allowed) - n, "%s%s", i ? ", " : "", c->words[i]);
    return refuse(c, value, line, reterr, allowed);
}

static int take_words(const struct column *c, const char *value, void *field, int line,
                      struct diag *reterr)
{
    int64_t bits = 0;
    for (const char *at = value;; at++) {
        size_t len = strcspn(at, "+");
        int i = word_index(c, at, len);
        if (i < 0 || (bits & (INT64_C(1) << i)))
            return refuse_word(c, value, line, reterr);
        bits |= INT64_C(1) << i;
        at += len;
        if (*at == '\0')
            break;
    }
    memcpy(field, &bits, sizeof(bits));
    return 0;
}

int column_take(const struct column *c, const char *value, void *field, int line,
                struct diag *reterr)
{
    int word = 0;
    switch (c->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        return take_text(c, value, field, line, reterr);
    case COLUMN_DIGITS:
        return take_digits(c, value, field, line, reterr);
    case COLUMN_GTIN:
        return take_gtin(c, value, field, line, reterr);
    case COLUMN_GSTIN:
        return take_gstin(c, value, field, line, reterr);
    case COLUMN_I32:
    case COLUMN_I64:
    case COLUMN_MONEY:
        return take_number(c, value, field, line, reterr);
    case COLUMN_DAY:
        return take_day(c, value, field, line, reterr);
    case COLUMN_WORDS:
        return take_words(c, value, field, line, reterr);
    case COLUMN_WORD:
    case COLUMN_NAMED:
        word = word_index(c, value, strlen(value));
        if (word < 0)
            return refuse_word(c, value, line, reterr);
        if (c->type == COLUMN_NAMED)
            return text_copy(field, c->size, value);
        put_i32(field, word);
        return 0;
    }
    return -EINVAL;
}

static size_t put_quoted(const char *text, char *at)
{
    if (!strpbrk(text, ",\"")) {
        size_t len = strlen(text);
        memcpy(at, text, len);
        return len;
    }
    size_t n = 0;
    at[n++] = '"';
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            at[n++] = '"';
        at[n++] = *c;
    }
    at[n++] = '"';
    return n;
}

static int64_t get_i32(const void *field)
{
    int32_t v;
    memcpy(&v, field, sizeof(v));
    return v;
}

static int64_t get_i64(const void *field)
{
    int64_t v;
    memcpy(&v, field, sizeof(v));
    return v;
}

static size_t put_words(const struct column *c, int64_t bits, char *at)
{
    size_t n = 0;
    for (int i = 0; c->words[i]; i++) {
        if (!(bits & (INT64_C(1) << i)))
            continue;
        if (n > 0)
            at[n++] = '+';
        n += put_quoted(c->words[i], at + n);
    }
    return n;
}

size_t column_put(const struct column *c, const void *field, char *at)
{
    char text[DECIMAL_TEXT_SIZE];
    switch (c->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
    case COLUMN_DIGITS:
    case COLUMN_GTIN:
    case COLUMN_GSTIN:
    case COLUMN_NAMED:
        return put_quoted(field, at);
    case COLUMN_I32:
        return put_quoted(decimal_format(get_i32(field), 0, text), at);
    case COLUMN_I64: /* 0 is "not there" where only more is allowed */
        return get_i64(field) < c->min ? 0
                                       : put_quoted(decimal_format(get_i64(field), 0, text), at);
    case COLUMN_MONEY:
        return put_quoted(decimal_format(get_i64(field), 2, text), at);
    case COLUMN_DAY:
        return put_quoted(civil_format((int32_t)get_i32(field), text), at);
    case COLUMN_WORD:
        return put_quoted(c->words[get_i32(field)], at);
    case COLUMN_WORDS:
        return put_words(c, get_i64(field), at);
    }
    return 0;
}
