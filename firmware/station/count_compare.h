/* SPDX-License-Identifier: Apache-2.0 */
/* station/count_compare.h -- a finished blind count of one bin against the books: does it differ
 * much, is something missing, what is booked. It tells nobody a number. */
#pragma once

#include "step.h"

#define COUNT_LOTS_MAX 48 /* in one bin; with the counted lines a unit of entries takes them */

struct count_lots {
    struct {
        char sku[ENTRY_SKU_SIZE];
        struct offer lot;
    } lots[COUNT_LOTS_MAX];
    size_t count;
    bool full;
};

/* What the books expect in work.bin now. */
NODISCARD int count_expected(struct step *s, struct count_lots *ret);

/* Whether anything was moved in work.bin since the count began: 1 or 0. */
NODISCARD int count_disturbed(struct step *s);

/* Whether any batch differs by more than conf.recount_permille of what is expected. */
bool count_differs(const struct step *s, const struct count_lots *b);

/* Whether a batch that is expected was not counted at all. */
bool count_misses(const struct work *w, const struct count_lots *b);

/* Books the count, makes the reply and begins new work. */
NODISCARD int count_book(struct step *s, const struct count_lots *b);
