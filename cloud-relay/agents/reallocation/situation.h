/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/situation.h -- the stock that will not sell in time, and everything that decides
 * what is best done with it, as one state of the data: cases, sites, lanes, demand. It is read
 * once, and gives the planner its input. Decides nothing. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "budget.h"
#include "lane_terms.h"
#include "learning.h"
#include "lots.h"
#include "recovery.h"
#include "returns.h"
#include "stock_goods.h"

#define SITUATION_LOTS_MAX 20000 /* cases that are planned for at once, oldest first */

struct situation_sku {
    char sku[ENTRY_SKU_SIZE];
    const struct catalogue_sku *facts; /* borrowed from the catalogue for this piece of work */
    int64_t case_units;
    int64_t price_paise; /* a base unit to the retailer */
};

struct situation_lot {
    struct recovery_case c;
    uint32_t sku, site; /* indices */
    int64_t free_units; /* sellable and promised to nobody */
    int64_t units;      /* of these, in whole cases */
    int32_t days_left;
    int32_t discount_permille; /* of the first and ... */
    int32_t deepest_permille;  /* ... of the second step of the ladder */
    /* What may go back (returns.h): terms is an index, or SITUATION_NO_TERMS. */
    size_t terms;
    int64_t case_paise;         /* landed cost of a case */
    int64_t credit_paise;       /* a case, by the terms */
    int64_t back_freight_paise; /* a case, when we pay it */
    int64_t claimed_paise;      /* of the supplier by the site, besides */
};
#define SITUATION_NO_TERMS SIZE_MAX

struct situation_lane {
    uint32_t from, to; /* indices of sites */
    struct lane_terms terms;
};

struct situation {
    int32_t today;
    const struct site *sites; /* borrowed, as facts */
    size_t sites_count;
    struct situation_sku *skus;
    size_t skus_count;
    struct situation_lot *lots;
    size_t lots_count;
    struct situation_lane *lanes;
    size_t lanes_count;
    struct returns_terms *terms; /* of the suppliers of lots that may go back */
    size_t terms_count;
    struct learning *learning;
    struct budget budget;
    struct lots_input input; /* its arrays are owned */
};

/* 1 with *ret: there is something to plan; 0: no case waits. */
NODISCARD int situation_read(struct agent_step *step, struct situation **ret);
void situation_free(struct situation *t);
DEFINE_AUTO(situation);

/* No transfer of that SKU on that lane any more. -ENOMEM. */
NODISCARD int situation_bar(struct situation *t, uint32_t sku, uint32_t lane);

/* Expected sales at a site within so many days, by 1000: from the spans of the demand. */
int64_t situation_window_milli(const struct situation *t, uint32_t sku, uint32_t site,
                               int32_t days);
