/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1_code.h"

#include <assert.h>
#include <string.h>

bool gs1_code_known(enum gs1_code_kind kind, const char *code, size_t len)
{
    assert(code || len == 0);
    const struct gs1_code_list *list = &gs1_code_lists[kind];
    if (len == 0 || len > list->width)
        return false;
    char want[GS1_CODE_LEN_MAX + 1] = {0};
    assert(list->width < sizeof(want));
    memcpy(want, code, len);

    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(want, list->codes + middle * (list->width + 1U), list->width);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
