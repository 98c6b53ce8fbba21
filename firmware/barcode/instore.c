/* SPDX-License-Identifier: Apache-2.0 */
#include "instore.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define PREFIX_LEN 2
#define AMOUNT_LETTERS "WPN"

/* Length of the run of `letter` at text. */
static size_t run(const char *text, char letter)
{
    size_t n = 0;
    while (text[n] == letter)
        n++;
    return n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int instore_rule_parse(const char *layout, bool verify, struct instore_rule *ret,
                       struct diag *reterr)
{
    assert(layout && ret);
    size_t len = strlen(layout);
    if (len != INSTORE_LEN || !is_digit(layout[0]) || !is_digit(layout[1]) ||
        layout[INSTORE_LEN - 1] != 'K') {
        diag_set(reterr, 0, "\"%.20s\" is no layout: 2 digits, 10 letters and K", layout);
        return -EINVAL;
    }
    /* One run of items, one of the amount, and perhaps a V anywhere between. */
    size_t items = 0;
    size_t amounts = 0;
    size_t verifiers = 0;
    for (const char *p = layout + PREFIX_LEN; *p != 'K';) {
        size_t n = run(p, *p);
        if (*p == 'I')
            items++;
        else if (strchr(AMOUNT_LETTERS, *p))
            amounts++;
        else if (*p == 'V' && n == 1)
            verifiers++;
        else
            items = INSTORE_LEN; /* a letter that means nothing */
        p += n;
    }
    if (items != 1 || amounts != 1 || verifiers > 1) {
        diag_set(reterr, 0,
                 "\"%.20s\": one run of I, one of W, P or N, and at most one V are allowed",
                 layout);
        return -EINVAL;
    }
    *ret = (struct instore_rule){.verify = verify};
    memcpy(ret->layout, layout, INSTORE_LEN + 1);
    return 0;
}

/* Copies the digits at which the layout has `letter`. */
static void pick(const char *layout, const char *digits, char letter, char *out)
{
    for (size_t i = 0; i < INSTORE_LEN; i++)
        if (layout[i] == letter)
            *out++ = digits[i];
    *out = '\0';
}

static char verifier(const char *amount)
{
    unsigned sum = 0;
    for (size_t i = 0; amount[i]; i++)
        sum += (unsigned)(amount[i] - '0') * (i % 2 == 0 ? 3 : 1);
    return (char)('0' + (10 - sum % 10) % 10);
}

int instore_read(const struct instore_rule *rule, const char digits[INSTORE_LEN],
                 struct instore *ret)
{
    assert(rule && digits && ret);
    if (memcmp(rule->layout, digits, PREFIX_LEN) != 0)
        return 1;
    const char *amount_at = strpbrk(rule->layout, AMOUNT_LETTERS);
    assert(amount_at);

    struct instore r = {.measure = *amount_at == 'W'   ? INSTORE_WEIGHT
                                   : *amount_at == 'P' ? INSTORE_PRICE
                                                       : INSTORE_COUNT};
    pick(rule->layout, digits, 'I', r.item);
    pick(rule->layout, digits, *amount_at, r.amount);
    const char *v = strchr(rule->layout, 'V');
    if (rule->verify && v && digits[v - rule->layout] != verifier(r.amount))
        return -EBADMSG;
    for (const char *p = r.amount; *p; p++)
        r.value = r.value * 10 + (*p - '0');
    *ret = r;
    return 0;
}
