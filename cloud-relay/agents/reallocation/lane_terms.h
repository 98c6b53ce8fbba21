/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/lane_terms.h -- what it takes to move goods from one site to another: a lane that
 * the distributor has written down, or one that follows from the map and the trade's usual rates.
 * Pure but for lane_terms_read(). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue_index.h"
#include "sql.h"

struct lane_terms {
    int64_t km;
    int64_t lead_days;
    int64_t paise_a_kg;
    int64_t paise_a_truck; /* pick-up, docket, papers; the vehicle */
    int64_t kg_a_truck;
    int64_t trucks;
    int64_t least_kg;
};

/* By road from the map: 15 km and 1.3 times the straight line. Rates: domain facts of 2026 (0.60
 * rupees a kg and 0.0022 a kg-km; 450 rupees a lorry, 3.20 a km and 450 between, 120 inside states;
 * 2.5 t, three of them; a day and one for each 350 km begun). */
struct lane_terms lane_terms_usual(const struct site *from, const struct site *to);

/* The lane of the table: 1; it is closed: 0; none is written down: the usual one, 1. */
NODISCARD int lane_terms_read(struct sql *s, const struct site *from, const struct site *to,
                              struct lane_terms *ret);
