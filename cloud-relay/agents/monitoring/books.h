/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monitoring/books.h -- watches that stock is conserved over the network (orchestrator's
 * conservation.h): what the books do not explain raises an alert, once a difference. It mends
 * nothing: either an entry was folded wrongly, or rows were changed by hand. */
#pragma once

#include "agent.h"
#include "attr.h"

#define BOOKS_ALERTS_MAX 20 /* at a time: what is wrong with more has one cause */

NODISCARD int books_watch(struct agent_step *step);
