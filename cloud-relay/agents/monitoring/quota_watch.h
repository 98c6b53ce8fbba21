/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monitoring/quota_watch.h -- says once a day which quotas are nearly used up or exceeded. What is
 * beyond one is stopped where it is asked for, or, of entries, never. */
#pragma once

#include "agent.h"
#include "attr.h"

NODISCARD int quota_watch(struct agent_step *step);
