/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/road.h -- the way between two sites: the tenant's lane where there is one, else what
 * follows from the map. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue_index.h"
#include "sql.h"

struct road {
    int32_t km;
    int32_t lead_days;
    bool open;  /* false: the tenant has closed the lane */
    bool known; /* a lane of the tenant's, not the map */
};

/* Both must have a place on the map, or km is 0. Estimates: 15 km and 1.3 times the straight line,
 * a day and another for each 350 km begun. */
NODISCARD int road_between(struct sql *s, const struct site *from, const struct site *to,
                           struct road *ret);
