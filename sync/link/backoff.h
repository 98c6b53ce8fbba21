/* SPDX-License-Identifier: Apache-2.0 */
/* link/backoff.h -- how long to wait before asking once more: 1 s to 5 min, exponential with full
 * jitter, so that appliances that lost the relay together do not come back together (M. Brooker,
 * "Exponential backoff and jitter", 2015). Pure: the generator is the caller's. */
#pragma once

#include <stdint.h>

#include "rng.h"

#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 300000

/* Uniform in [BACKOFF_MIN_MS, min(BACKOFF_MAX_MS, 2 s * 2^attempt)]; attempt counts from 0. */
int64_t backoff_ms(struct rng *rng, uint32_t attempt);

/* The same with another longest delay, from BACKOFF_MIN_MS on. */
int64_t backoff_within_ms(struct rng *rng, uint32_t attempt, int64_t longest_ms);
