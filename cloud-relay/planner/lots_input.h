/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/lots_input.h -- the input of lots.h before it becomes networks: what is refused, and an
 * order of its own, so that the caller's does not matter. Private to lots*.c. */
#pragma once

#include "attr.h"
#include "lots.h"

/* Says what of which is wrong. -EINVAL. */
NODISCARD int lots_refuse(struct diag *reterr, const char *what, uint64_t id, const char *why);

/* Ranges, and that what is named is there. -EINVAL with *reterr. */
NODISCARD int lots_check(const struct lots_input *in, struct diag *reterr);

/* Pointers into the caller's arrays, sorted, so that its order does not matter. */
struct lots_sorted {
    const struct lots_sku **sku;
    const struct lots_lot **lot;       /* by SKU, id */
    const struct lots_demand **demand; /* by SKU, site */
    const struct lots_lane **lane;     /* by from, to, id */
    const struct lots_bar **bar;       /* by SKU, lane */
};
NODISCARD int lots_sort(const struct lots_input *in, struct lots_sorted **ret); /* -ENOMEM */
void lots_sorted_free(struct lots_sorted *s);
DEFINE_AUTO(lots_sorted);

/* As in lots_sorted.bar, for bsearch(). */
int lots_by_bar(const void *a, const void *b);

/* That nothing comes twice. -EINVAL with *reterr, -ENOMEM. */
NODISCARD int lots_check_doubles(const struct lots_input *in, const struct lots_sorted *s,
                                 struct diag *reterr);
