/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/flow_lemon.h -- the cost of an optimal flow by LEMON's NetworkSimplex (C++), for
 * comparison. Aborts when there is none. */
#pragma once

#include "netflow.h"

#ifdef __cplusplus
extern "C" {
#endif

int64_t flow_lemon(const struct netflow_network *n);

#ifdef __cplusplus
}
#endif
