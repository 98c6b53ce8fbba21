/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/learning.h -- what earlier transfers teach the next plan: how much of the sales that
 * were predicted at a site came, what a way truly cost beside what was predicted (its freight, of
 * those whose freight somebody entered; the goods that were lost on it, of all), and how often
 * people agreed. Each is one factor, shrunk towards "as predicted" while outcomes are few, held
 * within bounds, told with every proposal made by it, and forgotten from a date that the tenant
 * sets. It changes no setting and no forecast. Pure but for learning_read(). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "entry.h"

#define LEARNING_AS_PREDICTED 1000 /* permille */
#define LEARNING_LEAST 500
#define LEARNING_MOST 1500
#define LEARNING_PRIOR 4 /* outcomes that "as predicted" counts for */

/* Outcomes of one kind. What was predicted is taken before correction: a prediction that was made
 * with a factor counts divided by it, or the factor would unlearn itself. */
struct learning_sum {
    int64_t outcomes;
    int64_t predicted_paise;
    int64_t actual_paise;
};
void learning_add(struct learning_sum *sum, int64_t predicted_paise, int64_t with_permille,
                  int64_t actual_paise);

/* (n actual + LEARNING_PRIOR predicted) / ((n + LEARNING_PRIOR) predicted), by 1000 and bounded. */
int32_t learning_permille(const struct learning_sum *sum);

struct learning_site { /* a destination */
    char site[ENTRY_PARTY_SIZE];
    struct learning_sum sales;
    int64_t decided, agreed; /* by people */
};
struct learning_way {
    char from[ENTRY_PARTY_SIZE], to[ENTRY_PARTY_SIZE];
    struct learning_sum freight; /* and handling: as entered (true_cost.h), beside the prediction */
    struct learning_sum lost;    /* goods, beside the predicted cost of all transfers */
};
struct learning {
    struct learning_site *sites;
    struct learning_way *ways;
    size_t sites_count, ways_count;
};

/* From transfers that ended since the setting learning.since, of the last learning.days; sales
 * count once the goods have had learning.sales_days to be sold, or their last day is over. Nothing
 * when learning.on is false. */
NODISCARD int learning_read(struct agent_step *step, struct learning **ret);
void learning_free(struct learning *l);
DEFINE_AUTO(learning);

/* LEARNING_AS_PREDICTED where nothing is known. */
int32_t learning_sales(const struct learning *l, const char *to_site);
int32_t learning_cost(const struct learning *l, const char *from_site, const char *to_site);

/* What a cost is to be multiplied by: the freight's factor, and what was lost for each rupee of
 * cost on top, shrunk likewise. */
int32_t learning_way_permille(const struct learning_way *way);
/* Of what was put before people, 500 to 1000. */
int32_t learning_agreement(const struct learning *l, const char *to_site);
