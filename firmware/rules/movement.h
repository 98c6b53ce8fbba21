/* SPDX-License-Identifier: Apache-2.0 */
/* rules/movement.h -- which movements units may make in the status in which they lie. It moves
 * nothing. Whoever books a movement asks here: scan, proposal and API alike. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "stock_status.h"

enum movement {
    MOVEMENT_SALE,
    MOVEMENT_TRANSFER, /* to another site */
    MOVEMENT_SUPPLIER_RETURN,
    MOVEMENT_DISPOSAL,
    MOVEMENT_ADJUSTMENT, /* counts and corrections */
    MOVEMENT_RELOCATION, /* from bin to bin of a site */
};
#define MOVEMENT_COUNT 6

enum movement_refusal {
    MOVEMENT_PERMITTED,
    MOVEMENT_EXPIRED, /* by status or by the printed day, whichever knows first */
    MOVEMENT_ON_HOLD,
    MOVEMENT_IN_QUARANTINE,
};

/* expiry_day: the last day on which the goods are good (the printed day, or the last of a printed
 * month); CIVIL_NONE: no date. `day` is the Indian civil day of the movement; with a clock in
 * doubt, the latest day that it may be. Food Safety and Standards Act 2006, section 27(2). */
enum movement_refusal movement_judge(enum movement movement, enum stock_status status,
                                     int32_t expiry_day, int32_t day);

const char *movement_name(enum movement movement);                /* static; as on the wire */
const char *movement_refusal_text(enum movement_refusal refusal); /* static; for a person */
