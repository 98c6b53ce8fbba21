/* SPDX-License-Identifier: Apache-2.0 */
#include "movement.h"

#include <assert.h>
#include <stddef.h>

#include "shelf_life.h"

/* Goods on hold wait for a person: they may go home, but are not destroyed before the hold has been
 * lifted. Quarantined goods must be released before they are sold or sent on. */
static const struct {
    bool permitted[MOVEMENT_COUNT];
    enum movement_refusal refusal;
} statuses[STOCK_STATUS_COUNT] = {
    [STOCK_SELLABLE] = {{true, true, true, true, true, true}, MOVEMENT_PERMITTED},
    [STOCK_QUARANTINE] = {{[MOVEMENT_SUPPLIER_RETURN] = true,
                           [MOVEMENT_DISPOSAL] = true,
                           [MOVEMENT_ADJUSTMENT] = true,
                           [MOVEMENT_RELOCATION] = true},
                          MOVEMENT_IN_QUARANTINE},
    [STOCK_HOLD] = {{[MOVEMENT_SUPPLIER_RETURN] = true,
                     [MOVEMENT_ADJUSTMENT] = true,
                     [MOVEMENT_RELOCATION] = true},
                    MOVEMENT_ON_HOLD},
    [STOCK_EXPIRED] = {{[MOVEMENT_SUPPLIER_RETURN] = true,
                        [MOVEMENT_DISPOSAL] = true,
                        [MOVEMENT_ADJUSTMENT] = true,
                        [MOVEMENT_RELOCATION] = true},
                       MOVEMENT_EXPIRED},
};

enum movement_refusal movement_judge(enum movement movement, enum stock_status status,
                                     int32_t expiry_day, int32_t day)
{
    assert((size_t)movement < MOVEMENT_COUNT && (size_t)status < STOCK_STATUS_COUNT);
    if (!statuses[status].permitted[movement])
        return statuses[status].refusal;
    if (shelf_life_expired(expiry_day, day) && !statuses[STOCK_EXPIRED].permitted[movement])
        return MOVEMENT_EXPIRED;
    return MOVEMENT_PERMITTED;
}

const char *movement_name(enum movement movement)
{
    static const char *const names[MOVEMENT_COUNT] = {
        [MOVEMENT_SALE] = "sale",
        [MOVEMENT_TRANSFER] = "transfer",
        [MOVEMENT_SUPPLIER_RETURN] = "supplier_return",
        [MOVEMENT_DISPOSAL] = "disposal",
        [MOVEMENT_ADJUSTMENT] = "adjustment",
        [MOVEMENT_RELOCATION] = "relocation",
    };
    assert((size_t)movement < MOVEMENT_COUNT);
    return names[movement];
}

const char *movement_refusal_text(enum movement_refusal refusal)
{
    switch (refusal) {
    case MOVEMENT_PERMITTED:
        return "permitted";
    case MOVEMENT_EXPIRED:
        return "the goods are past their date";
    case MOVEMENT_ON_HOLD:
        return "the goods are on hold";
    case MOVEMENT_IN_QUARANTINE:
        return "the goods are in quarantine";
    }
    return "unknown";
}
