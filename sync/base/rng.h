/* SPDX-License-Identifier: Apache-2.0 */
/* base/rng.h -- a seeded generator for simulations and demo data: the same seed gives the same
 * numbers on every machine. Not for keys. xoshiro256** seeded by splitmix64 (Blackman and Vigna,
 * "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021). */
#pragma once

#include <stdint.h>

struct rng {
    uint64_t s[4];
};

struct rng rng_seed(uint64_t seed);
uint64_t rng_next(struct rng *r);

/* Uniform in [0, n), without the bias of a bare remainder. n > 0. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* Uniform in [0, 1). */
double rng_unit(struct rng *r);
