/* SPDX-License-Identifier: Apache-2.0 */
/* browser/host_goods.h -- a small warehouse for tests of the screen: products, bins, workers,
 * orders, what was sold before, and the stock that lies there: SOAP-75 is dead, HAIR-200 slow.
 * Dates are counted from the day on which it is made. */
#pragma once

#include "attr.h"
#include "diag.h"
#include "journal.h"

/* Applies the documents, takes the stock over and commits. As master_apply() and
 * opening_import(). Workers: W01 Ramesh (hi) and W02 Anita (en, supervisor), both with PIN 2468. */
NODISCARD int host_goods_apply(struct journal *j, const struct journal_time *time,
                               struct diag *reterr);
