/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1_content.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "check_digit.h"
#include "civil.h"
#include "gs1_ai_table.h"
#include "gs1_code.h"

/* Number of n digits; the caller has seen that they are digits. */
static int number(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static bool in_set(char c, unsigned set)
{
    return (gs1_charsets[(unsigned char)c] & set) != 0;
}

static bool is_digit(char c)
{
    return in_set(c, GS1_DIGITS);
}

static bool all_zero(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != '0')
            return false;
    return true;
}

static bool csum(const char *text, size_t len)
{
    return check_digit_good(text, len);
}

/* Two check characters (GS1 General Specifications, 7.9.5): the others, as digits of base 82, are
 * weighted by the primes counted from the right; the sum modulo 1021 is written in base 32. */
static bool csumalpha(const char *text, size_t len)
{
    static const char set82[] =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    static const char base32[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    static const uint8_t primes[] = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
                                     41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
    if (len < 3 || len - 2 > sizeof(primes))
        return false;
    unsigned sum = 0;
    for (size_t i = 0; i < len - 2; i++) {
        const char *at = memchr(set82, text[i], sizeof(set82) - 1);
        if (!at)
            return false;
        sum += (unsigned)(at - set82) * primes[len - 3 - i];
    }
    sum %= 1021;
    return text[len - 2] == base32[sum / 32] && text[len - 1] == base32[sum % 32];
}

static bool four_digits(const char *text, size_t len)
{
    return len >= 4 && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]) &&
           is_digit(text[3]);
}

/* A key begins with its owner's company prefix, which has four digits at least. */
static bool gcppos1(const char *text, size_t len)
{
    return four_digits(text, len);
}

static bool gcppos2(const char *text, size_t len)
{
    return len > 0 && four_digits(text + 1, len - 1);
}

static bool month_has_day(int year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= civil_days_in_month(year, month);
}

static bool yymmdd(const char *text, size_t len)
{
    return len == 6 &&
           month_has_day(2000 + number(text, 2), number(text + 2, 2), number(text + 4, 2));
}

static bool yymmd0(const char *text, size_t len)
{
    if (len != 6)
        return false;
    int day = number(text + 4, 2); /* 00: the last of the month */
    return month_has_day(2000 + number(text, 2), number(text + 2, 2), day == 0 ? 1 : day);
}

static bool yyyymmdd(const char *text, size_t len)
{
    return len == 8 && month_has_day(number(text, 4), number(text + 4, 2), number(text + 6, 2));
}

static bool hh(const char *text, size_t len)
{
    return len == 2 && number(text, 2) < 24;
}

static bool mi(const char *text, size_t len)
{
    return len == 2 && number(text, 2) < 60;
}

static bool hhmi(const char *text, size_t len)
{
    return len == 4 && hh(text, 2) && mi(text + 2, 2);
}

static bool iso3166(const char *text, size_t len)
{
    return gs1_code_known(GS1_CODE_ISO3166, text, len);
}

static bool iso3166999(const char *text, size_t len)
{
    return gs1_code_known(GS1_CODE_ISO3166999, text, len);
}

static bool iso3166alpha2(const char *text, size_t len)
{
    return gs1_code_known(GS1_CODE_ISO3166ALPHA2, text, len);
}

static bool iso4217(const char *text, size_t len)
{
    return gs1_code_known(GS1_CODE_ISO4217, text, len);
}

static bool packagetype(const char *text, size_t len)
{
    return gs1_code_known(GS1_CODE_PACKAGETYPE, text, len);
}

static bool mediatype(const char *text, size_t len)
{
    return gs1_code_known(GS1_CODE_MEDIATYPE, text, len);
}

static bool one_of(const char *allowed, const char *text, size_t len)
{
    return len == 1 && text[0] != '\0' && strchr(allowed, text[0]);
}

static bool yesno(const char *text, size_t len)
{
    return one_of("01", text, len);
}

static bool winding(const char *text, size_t len)
{
    return one_of("019", text, len);
}

static bool iso5218(const char *text, size_t len)
{
    return one_of("0129", text, len);
}

static bool hyphen(const char *text, size_t len)
{
    return one_of("-", text, len);
}

static bool importeridx(const char *text, size_t len)
{
    return len == 1 && in_set(text[0], GS1_BASE64URL);
}

static bool zero(const char *text, size_t len)
{
    return all_zero(text, len);
}

static bool nonzero(const char *text, size_t len)
{
    return !all_zero(text, len);
}

static bool nozeroprefix(const char *text, size_t len)
{
    return len > 0 && text[0] != '0'; /* the reference refuses a single 0 too */
}

static bool pieceoftotal(const char *text, size_t len)
{
    size_t half = len / 2;
    return len % 2 == 0 && !all_zero(text, half) && !all_zero(text + half, half) &&
           memcmp(text, text + half, half) <= 0;
}

static bool posinseqslash(const char *text, size_t len)
{
    const char *slash = memchr(text, '/', len);
    if (!slash)
        return false;
    size_t before = (size_t)(slash - text);
    size_t behind = len - before - 1;
    for (size_t i = 0; i < len; i++)
        if (i != before && !is_digit(text[i]))
            return false;
    if (before == 0 || behind == 0 || text[0] == '0' || slash[1] == '0')
        return false;
    return before < behind || (before == behind && memcmp(text, slash + 1, behind) <= 0);
}

/* In ten-millionths of a degree, counted from the south pole and from the antimeridian. */
static bool latitude(const char *text, size_t len)
{
    return len == 10 && memcmp(text, "1800000000", 10) <= 0;
}

static bool longitude(const char *text, size_t len)
{
    return len == 10 && memcmp(text, "3600000000", 10) <= 0;
}

static bool hex(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static bool pcenc(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '%' && (len - i < 3 || !hex(text[i + 1]) || !hex(text[i + 2])))
            return false;
    return true;
}

static bool hasnondigit(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return true;
    return false;
}

/* ISO 13616: country and check digits are moved behind the rest, letters become 10 to 35, and the
 * number is 1 modulo 97. */
static bool iban(const char *text, size_t len)
{
    if (len < 5 || !iso3166alpha2(text, 2) || !is_digit(text[2]) || !is_digit(text[3]))
        return false;
    unsigned rest = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[(i + 4) % len];
        if (is_digit(c))
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else if (c >= 'A' && c <= 'Z')
            rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
        else
            return false;
    }
    return rest == 1;
}

struct content_test {
    bool (*passes)(const char *text, size_t len);
    enum gs1_fault fault;
};

static const struct content_test tests[] = {
    [GS1_TEST_CSUM] = {csum, GS1_CHECK_DIGIT},
    [GS1_TEST_CSUMALPHA] = {csumalpha, GS1_CHECK_PAIR},
    [GS1_TEST_GCPPOS1] = {gcppos1, GS1_COMPANY_PREFIX},
    [GS1_TEST_GCPPOS2] = {gcppos2, GS1_COMPANY_PREFIX},
    [GS1_TEST_YYMMDD] = {yymmdd, GS1_DATE},
    [GS1_TEST_YYMMD0] = {yymmd0, GS1_DATE},
    [GS1_TEST_YYYYMMDD] = {yyyymmdd, GS1_DATE},
    [GS1_TEST_HHMI] = {hhmi, GS1_TIME},
    [GS1_TEST_HH] = {hh, GS1_TIME},
    [GS1_TEST_MI] = {mi, GS1_TIME},
    [GS1_TEST_SS] = {mi, GS1_TIME}, /* seconds run as minutes do */
    [GS1_TEST_ISO3166] = {iso3166, GS1_CONTENT},
    [GS1_TEST_ISO3166999] = {iso3166999, GS1_CONTENT},
    [GS1_TEST_ISO3166ALPHA2] = {iso3166alpha2, GS1_CONTENT},
    [GS1_TEST_ISO4217] = {iso4217, GS1_CONTENT},
    [GS1_TEST_PACKAGETYPE] = {packagetype, GS1_CONTENT},
    [GS1_TEST_MEDIATYPE] = {mediatype, GS1_CONTENT},
    [GS1_TEST_YESNO] = {yesno, GS1_CONTENT},
    [GS1_TEST_WINDING] = {winding, GS1_CONTENT},
    [GS1_TEST_ZERO] = {zero, GS1_CONTENT},
    [GS1_TEST_NONZERO] = {nonzero, GS1_CONTENT},
    [GS1_TEST_NOZEROPREFIX] = {nozeroprefix, GS1_CONTENT},
    [GS1_TEST_PIECEOFTOTAL] = {pieceoftotal, GS1_CONTENT},
    [GS1_TEST_POSINSEQSLASH] = {posinseqslash, GS1_CONTENT},
    [GS1_TEST_HYPHEN] = {hyphen, GS1_CONTENT},
    [GS1_TEST_IMPORTERIDX] = {importeridx, GS1_CONTENT},
    [GS1_TEST_LATITUDE] = {latitude, GS1_CONTENT},
    [GS1_TEST_LONGITUDE] = {longitude, GS1_CONTENT},
    [GS1_TEST_PCENC] = {pcenc, GS1_CONTENT},
    [GS1_TEST_HASNONDIGIT] = {hasnondigit, GS1_CONTENT},
    [GS1_TEST_ISO5218] = {iso5218, GS1_CONTENT},
    [GS1_TEST_IBAN] = {iban, GS1_CONTENT},
};

enum gs1_fault gs1_content_check(enum gs1_test test, const char *text, size_t len)
{
    assert(test > GS1_TEST_NONE && test < ARRAY_LEN(tests));
    return tests[test].passes(text, len) ? GS1_FINE : tests[test].fault;
}

const char *gs1_fault_name(enum gs1_fault fault)
{
    static const char *const names[] = {
        [GS1_FINE] = "",
        [GS1_NO_SYMBOLOGY_ID] = "NO_SYMBOLOGY_ID",
        [GS1_UNSUPPORTED_SYMBOLOGY] = "UNSUPPORTED_SYMBOLOGY",
        [GS1_EMPTY] = "EMPTY",
        [GS1_CARET] = "CARET",
        [GS1_TOO_LONG] = "TOO_LONG",
        [GS1_UNKNOWN_AI] = "UNKNOWN_AI",
        [GS1_VALUE_EMPTY] = "VALUE_EMPTY",
        [GS1_VALUE_LENGTH] = "VALUE_LENGTH",
        [GS1_VALUE_TOO_LONG] = "VALUE_TOO_LONG",
        [GS1_CHARSET] = "CHARSET",
        [GS1_CHECK_DIGIT] = "CHECK_DIGIT",
        [GS1_CHECK_PAIR] = "CHECK_PAIR",
        [GS1_COMPANY_PREFIX] = "COMPANY_PREFIX",
        [GS1_DATE] = "DATE",
        [GS1_TIME] = "TIME",
        [GS1_CONTENT] = "CONTENT",
        [GS1_EXCLUDED_PAIR] = "EXCLUDED_PAIR",
        [GS1_REQUIRED_MISSING] = "REQUIRED_MISSING",
        [GS1_REPEAT_DIFFERS] = "REPEAT_DIFFERS",
        [GS1_SERIAL_REQUIRED] = "SERIAL_REQUIRED",
        [GS1_BRACKET_SYNTAX] = "BRACKET_SYNTAX",
        [GS1_PRIMARY_LENGTH] = "PRIMARY_LENGTH",
        [GS1_PRIMARY_DIGITS] = "PRIMARY_DIGITS",
        [GS1_PRIMARY_CHECK] = "PRIMARY_CHECK",
        [GS1_URI_SYNTAX] = "URI_SYNTAX",
        [GS1_URI_NULL] = "URI_NULL",
        [GS1_DL_NO_KEY] = "DL_NO_KEY",
        [GS1_DL_PATH_ORDER] = "DL_PATH_ORDER",
        [GS1_DL_SHOULD_BE_PATH] = "DL_SHOULD_BE_PATH",
        [GS1_DL_NOT_ATTRIBUTE] = "DL_NOT_ATTRIBUTE",
        [GS1_DL_DUPLICATE] = "DL_DUPLICATE",
        [GS1_AMOUNT_CHECK] = "AMOUNT_CHECK",
    };
    assert((size_t)fault < ARRAY_LEN(names));
    return names[fault];
}
