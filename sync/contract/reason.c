/* SPDX-License-Identifier: Apache-2.0 */
#include "reason.h"

#include <assert.h>
#include <string.h>

/* Rows of a kind stand together. */
static const struct reason reasons[] = {
    {"damaged", ENTRY_RETURNED, false, false},
    {"expired", ENTRY_RETURNED, false, false},
    {"near_expiry", ENTRY_RETURNED, false, false},
    {"not_sold", ENTRY_RETURNED, false, false},
    {"wrong_goods", ENTRY_RETURNED, false, false},
    {"refused", ENTRY_RETURNED, false, false},

    {"short", ENTRY_LOST, false, false},
    {"damaged", ENTRY_LOST, false, false},

    {"expired", ENTRY_SENT_BACK, false, false},
    {"near_expiry", ENTRY_SENT_BACK, false, false},
    {"damaged", ENTRY_SENT_BACK, false, false},
    {"recall", ENTRY_SENT_BACK, false, false},

    {"expired", ENTRY_DISPOSED, true, false},
    {"damaged", ENTRY_DISPOSED, true, false},
    {"sample", ENTRY_DISPOSED, true, false},
    {"recall", ENTRY_DISPOSED, true, false},
    {"other", ENTRY_DISPOSED, true, true},

    {"found", ENTRY_ADJUSTED, false, false},
    {"missing", ENTRY_ADJUSTED, true, false},
    {"stolen", ENTRY_ADJUSTED, true, false},
    {"breakage", ENTRY_ADJUSTED, true, false},
    {"keying_error", ENTRY_ADJUSTED, false, false},
    {"other", ENTRY_ADJUSTED, true, true},

    {"expired", ENTRY_RESTATED, false, false},
    {"damaged", ENTRY_RESTATED, false, false},
    {"recall", ENTRY_RESTATED, false, false},
    {"inspected_good", ENTRY_RESTATED, false, false},
    {"inspected_bad", ENTRY_RESTATED, false, false},
    {"short_life", ENTRY_RESTATED, false, false},
    {"clock_doubtful", ENTRY_RESTATED, false, false},

    {"wrong_batch", ENTRY_CORRECTED_OUT, false, false},
    {"wrong_expiry", ENTRY_CORRECTED_OUT, false, false},
    {"wrong_mrp", ENTRY_CORRECTED_OUT, false, false},
    {"wrong_batch", ENTRY_CORRECTED_IN, false, false},
    {"wrong_expiry", ENTRY_CORRECTED_IN, false, false},
    {"wrong_mrp", ENTRY_CORRECTED_IN, false, false},

    /* Why a worker took another batch than FEFO's. */
    {"blocked", ENTRY_PICKED, false, false},
    {"not_found", ENTRY_PICKED, false, false},
    {"damaged", ENTRY_PICKED, false, false},
    {"customer_wish", ENTRY_PICKED, false, false},
};

const struct reason *reason_list(enum entry_kind kind, size_t *ret_count)
{
    assert(ret_count);
    const struct reason *first = NULL;
    *ret_count = 0;
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (reasons[i].kind != kind)
            continue;
        if (!first)
            first = &reasons[i];
        ++*ret_count;
    }
    return first;
}

const struct reason *reason_find(enum entry_kind kind, const char *code)
{
    assert(code);
    size_t count = 0;
    const struct reason *list = reason_list(kind, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].code, code) == 0)
            return &list[i];
    return NULL;
}
