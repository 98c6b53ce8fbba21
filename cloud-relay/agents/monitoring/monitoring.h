/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monitoring/monitoring.h -- the agent that watches what comes in: it tells InventoryUpdated for
 * each change of a batch's stock, and raises alerts for what is out of the ordinary and for what an
 * appliance itself warned of. It keeps no totals: those are sums over folds and scores. */
#pragma once

#include "agent.h"

extern const struct agent agent_monitoring;
