/* SPDX-License-Identifier: Apache-2.0 */
/* journal/referred.h -- what an entry that corrects an earlier one has to be known of that one,
 * kept beside the entry that corrects it: the earlier one may be deleted first. With it an entry
 * can be folded by itself, whatever came before it is still there or not.
 *
 *   adjusted  the movement that it takes back, also through an undoing that it undoes
 *   bound     the capture whose code it names, when it has none of its own */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "db.h"
#include "diag.h"
#include "entry.h"

/* Looks up what e refers to, once, and keeps it. e itself need not be stored yet.
 *   -EINVAL  it is of an entry up to `floor`, and not known any more: *reterr says so */
NODISCARD int referred_keep(struct db *db, const struct entry *e, int64_t floor,
                            struct diag *reterr);

/* 1 and *ret; 0: e refers to nothing, or to what never was there. */
NODISCARD int referred_get(struct db *db, const struct entry *e, struct entry *ret);

NODISCARD int referred_put(struct db *db, int64_t seq, const struct entry *referred);

/* Drops what entries up to that one refer to. */
NODISCARD int referred_drop(struct db *db, int64_t up_to);
