/* SPDX-License-Identifier: Apache-2.0 */
/* bench/forecast_sets.h -- reads the open demand sets from a folder of plain CSV files and lays
 * them out as series of equal length for the measuring protocol. Knows files and columns, no model.
 */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define FORECAST_SETS 9

struct forecast_set {
    const char *name;
    const char *source; /* the file's name without .csv */
    uint32_t train;     /* periods that a method may see */
    uint32_t horizon;   /* periods behind them that it is measured on */
    uint32_t life;      /* periods of remaining life in the expiry protocol; 0: not part of it */
    uint32_t origins;   /* how many, one life apart, the expiry protocol looks back from; 0 is 1 */
    uint32_t dead;      /* horizon of the dead-stock protocol; 0: not part of it */
    uint32_t n;
    double *y; /* n rows of train + horizon values */
};

const double *forecast_set_row(const struct forecast_set *set, uint32_t i);

/* Reads every set whose file is in the folder; the others have n = 0. -errno of the files, -EINVAL
 * for a malformed one with *reterr, -ENOMEM. Free with forecast_sets_free, also after a failure. */
NODISCARD int forecast_sets_load(const char *folder, struct forecast_set sets[FORECAST_SETS],
                                 struct diag *reterr);
void forecast_sets_free(struct forecast_set sets[FORECAST_SETS]);
