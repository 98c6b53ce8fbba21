/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/relay_mind.h -- the agents that this relayd runs, as a worker's mind. */
#pragma once

#include "worker.h"

extern const struct worker_mind relay_mind;
