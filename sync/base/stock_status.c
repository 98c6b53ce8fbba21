/* SPDX-License-Identifier: Apache-2.0 */
#include "stock_status.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const char *const names[STOCK_STATUS_COUNT] = {
    [STOCK_SELLABLE] = "sellable",
    [STOCK_QUARANTINE] = "quarantine",
    [STOCK_HOLD] = "hold",
    [STOCK_EXPIRED] = "expired",
};

const char *stock_status_name(enum stock_status status)
{
    assert((int)status >= 0 && (int)status < STOCK_STATUS_COUNT);
    return names[status];
}

int stock_status_parse(const char *name, enum stock_status *ret)
{
    assert(name && ret);
    for (int i = 0; i < STOCK_STATUS_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *ret = (enum stock_status)i;
            return 0;
        }
    return -EINVAL;
}
