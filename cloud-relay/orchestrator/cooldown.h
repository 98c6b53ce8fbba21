/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/cooldown.h -- goods that were just moved, or whose move was just refused or undone,
 * rest: so that stock does not travel to and fro. A lot at a site, and a SKU on a lane in both
 * directions; an offer of a lot that was refused, or that nobody could be asked. Kept as timers
 * (timer.h): over when they ring. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"

/* Until when the lot must not leave that site; 0: it may. */
NODISCARD int cooldown_lot(struct sql *s, const char *site, const char *sku,
                           const struct batch_key *batch, int64_t *ret_until_ms);

/* Until when the SKU must not be moved from one site to the other; 0: it may. */
NODISCARD int cooldown_lane(struct sql *s, const char *from_site, const char *to_site,
                            const char *sku, int64_t *ret_until_ms);

/* The lot rests at both ends, the SKU on the way back. Moves an earlier end out, never in. */
NODISCARD int cooldown_moved(struct sql *s, const char *from_site, const char *to_site,
                             const char *sku, const struct batch_key *batch, int64_t until_ms);

/* Until when the lot is not offered at a lower price; 0: it may be. */
NODISCARD int cooldown_offer(struct sql *s, const char *site, const char *sku,
                             const struct batch_key *batch, int64_t *ret_until_ms);
NODISCARD int cooldown_not_offered(struct sql *s, const char *site, const char *sku,
                                   const struct batch_key *batch, int64_t until_ms);

/* The SKU rests on this lane alone: rejected, expired or undone. */
NODISCARD int cooldown_refused(struct sql *s, const char *from_site, const char *to_site,
                               const char *sku, int64_t until_ms);
