/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis/analysis.h -- the agent that finds stock which will not sell in time, at every site: it
 * scores each SKU after each change and once a day, tells DeadStockDetected once an episode, opens
 * and closes cases, and keeps the forecasts. It proposes nothing. */
#pragma once

#include "agent.h"
#include "score.h"

extern const struct agent agent_analysis;

/* The tenant's rules for a category at a territory, as scoring wants them. Rules that contradict
 * each other are bent to the nearest that do not: never slow later than dead. */
struct score_terms analysis_terms(const struct setting_book *settings, const char *category,
                                  const char *territory);
