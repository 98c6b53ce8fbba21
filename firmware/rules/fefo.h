/* SPDX-License-Identifier: Apache-2.0 */
/* rules/fefo.h -- first expired, first out: from which lots of one SKU an order is picked. It
 * reserves nothing and knows no walking distance. Pure; works on the caller's arrays.
 *
 * Order: expiry (without a date last), the day the batch was received (its age; unknown first),
 * batch number, MRP (lower first), id. Ids differ, so there are no ties, and the result does not
 * depend on the order in which lots are given. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "movement.h"
#include "shelf_life.h"
#include "stock_status.h"

#define FEFO_LOTS_MAX 1024 /* lots of one SKU at a site; a warehouse has some dozens */

struct fefo_lot {
    uint64_t id; /* the caller's; unique among the lots */
    struct shelf_life_goods goods;
    int32_t received_day; /* of the batch, surviving transfers; CIVIL_NONE: not known */
    const char *batch;    /* borrowed; "": no number */
    int64_t mrp_paise;
    enum stock_status status;
    int64_t free_units; /* not promised to anyone; zero and negative lots are passed over */
};

struct fefo_request {
    int64_t wanted_units;
    enum movement movement; /* MOVEMENT_SALE, or another that statuses permit or not */
    int32_t today;          /* the latest day that it may be */
    int32_t delivery_day; /* on which the receiver's minimum is tested, for a sale or a transfer */
    struct shelf_life_min min;
    bool fewest_lots; /* as few lots as possible; among such choices the one FEFO prefers */
};

struct fefo_line {
    size_t lot; /* index into the caller's lots */
    int64_t units;
};

struct fefo_result {
    size_t lines; /* in picking order */
    int64_t allocated_units;
    int64_t short_units;      /* wanted - allocated */
    int64_t blocked_units;    /* free, but their status or date does not permit the movement */
    int64_t short_life_units; /* free, but with too little life for the receiver */
};

/* < 0 when a is picked before b, > 0 when after. */
int fefo_compare(const struct fefo_lot *a, const struct fefo_lot *b);

/* Fills lines[], which has room for `count`. Borrows the lots for the call.
 *   -E2BIG   more than FEFO_LOTS_MAX lots
 *   -EINVAL  wanted_units is negative, the delivery lies before today, or min is out of range
 *   -ERANGE  the free units do not add up in 64 bits */
NODISCARD int fefo_allocate(const struct fefo_lot *lots, size_t count,
                            const struct fefo_request *request, struct fefo_line *ret_lines,
                            struct fefo_result *ret);
