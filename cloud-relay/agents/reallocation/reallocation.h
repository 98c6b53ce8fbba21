/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/reallocation.h -- the agent that says what is best done with stock at risk over all
 * sites at once: move it to where it sells, clear it by an offer, send it back to its supplier,
 * or write it off. It makes proposals; compliance, limits and people decide, scans carry out. */
#pragma once

#include "agent.h"

extern const struct agent agent_reallocation;
