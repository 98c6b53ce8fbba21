/* SPDX-License-Identifier: Apache-2.0 */
#include "gtin.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "check_digit.h"

#define UPCE_LEN 6
#define UPCA_LEN 12

/* GS1 prefixes: the first three digits of the 13-digit form (GS1 General Specifications, 1.4.2). */
struct prefix_range {
    uint16_t first;
    uint16_t last;
    enum gtin_class class;
};

static const struct prefix_range ranges_13[] = {
    {20, 29, GTIN_RESTRICTED},   {40, 49, GTIN_RESTRICTED}, {50, 59, GTIN_COUPON},
    {200, 299, GTIN_RESTRICTED}, {977, 977, GTIN_SERIAL},   {978, 979, GTIN_BOOK},
    {980, 984, GTIN_COUPON},     {990, 999, GTIN_COUPON},
};

/* The same of the 8-digit form, a range of its own. */
static const struct prefix_range ranges_8[] = {
    {0, 99, GTIN_RESTRICTED},
    {200, 299, GTIN_RESTRICTED},
};

static enum gtin_class by_prefix(const struct prefix_range *ranges, size_t count, const char *text,
                                 enum gtin_class otherwise)
{
    int prefix = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    for (size_t i = 0; i < count; i++)
        if (prefix >= ranges[i].first && prefix <= ranges[i].last)
            return ranges[i].class;
    return otherwise;
}

enum gtin_class gtin_classify(const char text[GTIN_LEN])
{
    assert(text);
    if (text[0] == '9')
        return GTIN_14_VARIABLE;
    if (text[0] != '0')
        return GTIN_14;
    if (memcmp(text, "000000", 6) == 0)
        return by_prefix(ranges_8, ARRAY_LEN(ranges_8), text + 6, GTIN_8);
    return by_prefix(ranges_13, ARRAY_LEN(ranges_13), text + 1, text[1] == '0' ? GTIN_12 : GTIN_13);
}

/* A UPC-E of six digits is a UPC-A with a run of zeros left out; its last digit says where (GS1
 * General Specifications, 5.2.2.4.2). */
static void expand_upce(const char e[UPCE_LEN], char upca[UPCA_LEN])
{
    static const char *const layouts[10] = {
        /* letters are the digits of e, the rest stands for itself; the system digit is 0 */
        "0abf0000cde", "0abf0000cde", "0abf0000cde", "0abc00000de", "0abcd00000e",
        "0abcde0000f", "0abcde0000f", "0abcde0000f", "0abcde0000f", "0abcde0000f",
    };
    const char *layout = layouts[e[UPCE_LEN - 1] - '0'];
    for (size_t i = 0; i < UPCA_LEN - 1; i++)
        upca[i] = layout[i] >= 'a' ? e[layout[i] - 'a'] : layout[i];
    upca[UPCA_LEN - 1] = check_digit(upca, UPCA_LEN - 1);
}

static bool length_fits(enum symbology_content carrier, size_t len)
{
    switch (carrier) {
    case SYMBOLOGY_EAN13:
    case SYMBOLOGY_ITF_STRIPPED:
        return len == 13;
    case SYMBOLOGY_EAN8:
        return len == 8;
    case SYMBOLOGY_ITF:
        return len == 14;
    case SYMBOLOGY_UPCE:
        return len == UPCE_LEN;
    case SYMBOLOGY_NONE:
    case SYMBOLOGY_LINK:
    case SYMBOLOGY_CODE128:
    case SYMBOLOGY_TEXT:
    case SYMBOLOGY_ELEMENTS:
        return len == 8 || (len >= 12 && len <= 14);
    case SYMBOLOGY_ADD_ON:
        return false;
    }
    return false;
}

enum gtin_fault gtin_read(enum symbology_content carrier, const char *digits, size_t len,
                          struct gtin *ret)
{
    assert((digits || len == 0) && ret);
    if (!length_fits(carrier, len))
        return GTIN_LENGTH;
    for (size_t i = 0; i < len; i++)
        if (digits[i] < '0' || digits[i] > '9')
            return GTIN_DIGITS;

    struct gtin g = {.text = "00000000000000"};
    char *end = g.text + GTIN_LEN;
    if (carrier == SYMBOLOGY_UPCE) {
        expand_upce(digits, end - UPCA_LEN);
    } else if (carrier == SYMBOLOGY_ITF_STRIPPED) {
        memcpy(g.text, digits, len);
        g.text[len] = check_digit(digits, len);
    } else {
        if (!check_digit_good(digits, len))
            return GTIN_CHECK_DIGIT;
        memcpy(end - len, digits, len);
    }
    g.class = gtin_classify(g.text);
    *ret = g;
    return GTIN_FINE;
}

const char *gtin_class_name(enum gtin_class class)
{
    switch (class) {
    case GTIN_8:
        return "gtin8";
    case GTIN_12:
        return "gtin12";
    case GTIN_13:
        return "gtin13";
    case GTIN_14:
        return "gtin14";
    case GTIN_14_VARIABLE:
        return "gtin14_variable";
    case GTIN_RESTRICTED:
        return "restricted";
    case GTIN_COUPON:
        return "coupon";
    case GTIN_SERIAL:
        return "serial";
    case GTIN_BOOK:
        return "book";
    }
    return "";
}

const char *gtin_fault_name(enum gtin_fault fault)
{
    switch (fault) {
    case GTIN_FINE:
        return "";
    case GTIN_DIGITS:
        return "DIGITS";
    case GTIN_LENGTH:
        return "LENGTH";
    case GTIN_CHECK_DIGIT:
        return "CHECK_DIGIT";
    }
    return "";
}
