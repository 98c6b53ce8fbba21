/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/territory_draw.h -- draws a distributor's territories with lots at risk: sites around
 * hubs, lanes, SKUs, demand, distressed lots and their outcomes, by the distribution facts of the
 * reallocation problem. A 64-bit seed fixes everything, on every machine. */
#pragma once

#include <stdint.h>

#include "lots.h"

struct territory_sizes {
    uint32_t sites;
    uint32_t skus;
    uint64_t seed;
};

struct territory;

/* Ends the program when memory runs out: for benchmarks and tests alone. */
struct territory *territory_draw(const struct territory_sizes *sizes);
const struct lots_input *territory_input(const struct territory *t); /* borrowed */
void territory_free(struct territory *t);
