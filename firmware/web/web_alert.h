/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_alert.h -- acknowledging and snoozing alerts: one entry each, in the journal's open
 * transaction, so that they share the commit of the station's group. */
#pragma once

#include "attr.h"
#include "web.h"
#include "web_exchange.h"

/* The request is ROUTE_ACKNOWLEDGE or ROUTE_SNOOZE; worker is who asks.
 *   -ENOENT  no such alert is open
 *   else as journal_append() */
NODISCARD int web_alert_write(const struct web_request *r, const struct web_floor *floor,
                              const char *worker);
