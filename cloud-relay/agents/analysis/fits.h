/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis/fits.h -- what all sites teach about each: the pool of demand, and the season of each
 * category in each state. Fitted weekly, kept in the store, and read by every scoring. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "score.h"

#define FITS_DAYS 7           /* between two fits */
#define FITS_POOL_PAIRS 400   /* that the pool is fitted over */
#define FITS_SEASON_DAYS 1120 /* of history that a season looks at */

struct fits; /* in memory, for one piece of work */

/* Reads what is in force: a pool that was never fitted is vague, a season flat. */
NODISCARD int fits_read(struct sql *s, struct fits **ret);
void fits_free(struct fits *f);
DEFINE_AUTO(fits);

const struct demand_pool *fits_pool(const struct fits *f);
const struct season *fits_season(const struct fits *f, uint8_t state, const char *category);

/* Whether it is time to fit again: the last one is FITS_DAYS old, of another release, or missing
 * though there is something to learn from. 1, 0, or negative. */
NODISCARD int fits_due(struct sql *s, int32_t today);

/* Fitting: read in one transaction, compute outside of any, write in another. */
struct fitting;
NODISCARD int fitting_read(struct sql *s, const struct catalogue_index *catalogue, int32_t today,
                           struct fitting **ret);
NODISCARD int fitting_compute(struct fitting *f);
NODISCARD int fitting_write(struct sql *s, const struct fitting *f);
void fitting_free(struct fitting *f);
DEFINE_AUTO(fitting);

/* Takes over the rows of history documents that have a newer version than the one read last. 1:
 * some were; the pairs they speak of are marked as changed. -EINVAL *reterr: a document that cannot
 * be read. */
NODISCARD int fits_take_history(struct sql *s, int64_t now_ms, struct diag *reterr);
