/* SPDX-License-Identifier: Apache-2.0 */
/* contract/urgency.h -- which entries should not wait for others on their way to the relay: the one
 * table that appliance and relay read. It orders nothing by itself. Pure.
 *
 *   gathers   goes with those around it, when a batch is full or the interval is over
 *   flushes   takes all that stands before it along at once: goods that travel, states that change
 *   early     besides, is told ahead of a long backlog (notice.h): a person has to decide upon it,
 *             and it says by itself what about, so that nothing before it has to be known
 *
 * Early are: what the appliance alerts of; a document that went down and was refused; a lot that a
 * person blocked. An agent of the relay raises an alert for each, by an id that follows from the
 * entry: told twice, in either order, it is one alert. What is understood only with what stands
 * before it (a transfer that arrives short, stock that falls below nothing) keeps its turn. */
#pragma once

#include "entry.h"

enum entry_urgency { ENTRY_GATHERS, ENTRY_FLUSHES, ENTRY_EARLY };

enum entry_urgency entry_urgency(const struct entry *e);
