/* SPDX-License-Identifier: Apache-2.0 */
/* rules/pack.h -- quantities in packs: cases, inners and pieces are exact multiples of the base
 * unit, and are added up and taken apart without loss. Which barcode is which pack is the
 * catalogue's. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define PACK_SIZES_MAX 4
#define PACK_TEXT_SIZE 128

struct pack_size {
    const char *one;  /* "case": borrowed */
    const char *many; /* "cases" */
    int64_t units;    /* base units in one */
};

/* Largest first; the last is the base unit itself. */
struct pack_sizes {
    struct pack_size sizes[PACK_SIZES_MAX];
    size_t count;
};

/* -EINVAL unless there is a size, each has names and fewer units than the one before, and the last
 * has one. The other functions assert a table that passed. */
NODISCARD int pack_check(const struct pack_sizes *packs);

/* Base units of so many of each size: mixed cases and loose pieces on one line.
 *   -EINVAL  a count is negative
 *   -ERANGE  the sum does not fit */
NODISCARD int pack_total(const struct pack_sizes *packs, const int64_t counts[],
                         int64_t *ret_units);

/* As many large packs as go in; the counts add up to `units` again. units >= 0. */
void pack_split(const struct pack_sizes *packs, int64_t units, int64_t ret_counts[]);

/* "2 cases + 3 pieces"; "0 pieces"; a minus sign goes before the whole: "-(1 case + 1 piece)".
 * Returns buf; text beyond its size is cut, which four names of up to 8 bytes never reach. */
const char *pack_format(const struct pack_sizes *packs, int64_t units, char buf[PACK_TEXT_SIZE]);
