/* SPDX-License-Identifier: Apache-2.0 */
/* station/bin_suggest.h -- where goods should be put away. The rule: a rack bin where the same SKU
 * lies and there is room, else the first empty one with room; both in walking order. It only
 * suggests: the bin that is scanned counts. */
#pragma once

#include "step.h"

#define BIN_SUGGEST_BINS_MAX 1024 /* rack bins of a site that are looked at */

/* 1 and ret_bin; 0 when no bin has room. `from` is where the goods lie now: never suggested. */
NODISCARD int bin_suggest(struct step *s, const struct catalogue_sku *product, int64_t qty,
                          const char *from, char ret_bin[ENTRY_BIN_SIZE]);
