/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/lane_terms.h -- what it costs to move goods on a road (orchestrator/road.h): as the
 * distributor has written it down, or by the trade's usual rates. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue_index.h"
#include "road.h"
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

/* Rates of 2026: 0.60 rupees a kg and 0.0022 a kg-km; 450 rupees a lorry, 3.20 a km, and 450
 * between, 120 inside states; 2.5 t, three of them. Pure. */
struct lane_terms lane_terms_usual(const struct road *road, const struct site *from,
                                   const struct site *to);

/* 1 with *ret; 0: the lane is closed, or nobody knows how far it is. */
NODISCARD int lane_terms_read(struct sql *s, const struct site *from, const struct site *to,
                              struct lane_terms *ret);
