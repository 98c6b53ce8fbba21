/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/instore.h -- numbers that a shop's own scale prints: an item and a weight, price or count
 * inside 13 digits, laid out as the shop chose. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define INSTORE_LEN 13
#define INSTORE_ITEM_SIZE 11 /* ten digits at most, and a NUL */
#define INSTORE_AMOUNT_SIZE 11

enum instore_measure {
    INSTORE_WEIGHT, /* W: grams */
    INSTORE_PRICE,  /* P: paise */
    INSTORE_COUNT,  /* N: pieces */
};

/* A layout, as 13 characters: two digits of prefix, I item, W, P or N amount, V its verifier, K
 * check digit. "21IIIIIWWWWWK". */
struct instore_rule {
    char layout[INSTORE_LEN + 1];
    /* Whether V is checked: weights 3, 1, 3, 1 ... from the left over the amount. Real scales use
     * national tables, so it is off unless somebody knows. */
    bool verify;
};

struct instore {
    char item[INSTORE_ITEM_SIZE];
    char amount[INSTORE_AMOUNT_SIZE];
    enum instore_measure measure;
    int64_t value; /* the amount as a number: grams, paise or pieces */
};

/* Reads a layout. -EINVAL with *reterr saying what is wrong with it. */
NODISCARD int instore_rule_parse(const char *layout, bool verify, struct instore_rule *ret,
                                 struct diag *reterr);

/* Takes 13 digits (their check digit has been seen to) apart. 1: another prefix, the rule says
 * nothing. -EBADMSG: the verifier is wrong. 0: *ret is set. */
NODISCARD int instore_read(const struct instore_rule *rule, const char digits[INSTORE_LEN],
                           struct instore *ret);
