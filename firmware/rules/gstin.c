/* SPDX-License-Identifier: Apache-2.0 */
#include "gstin.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "attr.h"
#include "states.h"

#define ALPHABET "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ALPHABET_LEN 36
#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define COUNTS "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" /* registrations in a state; never 0 */

#define STATE_LEN 2 /* the PAN follows the state */

/* What each position may hold: ^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]$ */
static const char *const allowed[GSTIN_LEN] = {
    DIGITS,   DIGITS, LETTERS, LETTERS, LETTERS, LETTERS, LETTERS,
    DIGITS,   DIGITS, DIGITS,  DIGITS,  LETTERS, COUNTS,  "Z123456789ABDEFGHIJ",
    ALPHABET,
};

/* Bytes of white space at the head of text: ASCII blanks, and the no-break space that numbers bring
 * along when they are pasted from a web page. */
static size_t blank_at(const char *text)
{
    if (*text == ' ' || (*text >= '\t' && *text <= '\r'))
        return 1;
    return strncmp(text, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static const char *trimmed(const char *text, size_t *ret_len)
{
    for (size_t blank = blank_at(text); blank > 0; blank = blank_at(text))
        text += blank;
    size_t end = 0; /* behind the last byte that is not blank */
    for (size_t i = 0; text[i];) {
        size_t blank = blank_at(text + i);
        i += blank > 0 ? blank : 1;
        if (blank == 0)
            end = i;
    }
    *ret_len = end;
    return text;
}

/* UTF-8 characters, so that a stray letter is reported as FORMAT and not as LENGTH. */
static size_t characters(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

char gstin_check_char(const char *first14)
{
    assert(first14);
    unsigned sum = 0;
    for (size_t i = 0; i < GSTIN_LEN - 1; i++) {
        const char *at = first14[i] ? strchr(ALPHABET, first14[i]) : NULL;
        assert(at);
        unsigned product = (unsigned)(at - ALPHABET) * (i % 2 == 0 ? 1 : 2);
        sum += product / ALPHABET_LEN + product % ALPHABET_LEN;
    }
    return ALPHABET[(ALPHABET_LEN - sum % ALPHABET_LEN) % ALPHABET_LEN];
}

enum gstin_reason gstin_read(const char *typed, struct gstin *ret)
{
    assert(typed && ret);
    size_t len = 0;
    const char *text = trimmed(typed, &len);
    if (characters(text, len) != GSTIN_LEN)
        return GSTIN_LENGTH;
    if (len != GSTIN_LEN)
        return GSTIN_FORMAT; /* letters outside ASCII */

    struct gstin g = {0};
    for (size_t i = 0; i < GSTIN_LEN; i++) {
        g.text[i] = upper(text[i]);
        if (!strchr(allowed[i], g.text[i]))
            return GSTIN_FORMAT;
    }
    g.state = (uint8_t)((g.text[0] - '0') * 10 + (g.text[1] - '0'));
    memcpy(g.pan, g.text + STATE_LEN, GSTIN_PAN_LEN);

    const struct states_row *state = states_find(g.state);
    if (!state || !states_registers(state))
        return GSTIN_STATE;
    if (g.text[GSTIN_LEN - 1] != gstin_check_char(g.text))
        return GSTIN_CHECKSUM;
    *ret = g;
    return state->kind == STATES_LEGACY ? GSTIN_LEGACY_STATE : GSTIN_OK;
}

const char *gstin_reason_name(enum gstin_reason reason)
{
    switch (reason) {
    case GSTIN_OK:
        return "OK";
    case GSTIN_LEGACY_STATE:
        return "LEGACY_STATE";
    case GSTIN_LENGTH:
        return "LENGTH";
    case GSTIN_FORMAT:
        return "FORMAT";
    case GSTIN_STATE:
        return "STATE";
    case GSTIN_CHECKSUM:
        return "CHECKSUM";
    }
    return "unknown";
}

const char *gstin_verdict_name(enum gstin_reason reason)
{
    if (reason == GSTIN_OK)
        return "valid";
    return reason == GSTIN_LEGACY_STATE ? "legacy" : "invalid";
}

bool gstin_same_person(const struct gstin *a, const struct gstin *b)
{
    assert(a && b);
    return strcmp(a->pan, b->pan) == 0;
}

bool gstin_same_registration(const struct gstin *a, const struct gstin *b)
{
    assert(a && b);
    return strcmp(a->text, b->text) == 0;
}
