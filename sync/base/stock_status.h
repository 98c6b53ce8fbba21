/* SPDX-License-Identifier: Apache-2.0 */
/* base/stock_status.h -- in which state units of a batch lie. Which movement a state permits is a
 * rule (rules/movement.h). The numbers travel in entries: they never change their meaning. */
#pragma once

#include "attr.h"

enum stock_status {
    STOCK_SELLABLE = 0,
    STOCK_QUARANTINE = 1, /* returned or doubtful goods: inspected before anything else */
    STOCK_HOLD = 2,       /* blocked by a person or a recall */
    STOCK_EXPIRED = 3,    /* past its printed day, set apart */
};
#define STOCK_STATUS_COUNT 4

const char *stock_status_name(enum stock_status status); /* static; the word used on the wire */

/* -EINVAL for another word. */
NODISCARD int stock_status_parse(const char *name, enum stock_status *ret);
