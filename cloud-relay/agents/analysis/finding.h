/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis/finding.h -- what a scored pair leads to: the event of an episode, cases that open, that
 * get new figures, and that close because their stock is gone or sells again. */
#pragma once

#include "agent.h"
#include "attr.h"
#include "pair.h"

/* In the transaction that writes the pair's scores. The errors of the store. */
NODISCARD int finding_tell(struct agent_step *step, const struct pair *p);
