/* SPDX-License-Identifier: GPL-3.0-or-later */
/* agents/agents.h -- the table of all agents of this release, in the order in which a worker gives
 * them their steps: facts first, then decisions on them. Each stands in a folder of its own, and is
 * what orchestrator/agent.h describes. */
#pragma once

#include <stddef.h>

#include "agent.h"

extern const struct agent agent_monitoring;   /* monitoring/ */
extern const struct agent agent_analysis;     /* analysis/ */
extern const struct agent agent_reallocation; /* reallocation/ */
extern const struct agent agent_compliance;   /* compliance/ */
extern const struct agent agent_liquidation;  /* liquidation/ */
extern const struct agent agent_notification; /* notification/ */

/* Static. */
const struct agent *const *agents_all(size_t *ret_count);
